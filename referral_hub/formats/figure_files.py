"""Figures of referrals as files for people: each row says what was asked, so that it can stand
alone."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from referral_hub.formats.cells import csv_line
from referral_hub.rules.measures import Rate

Cell = str | int | float | datetime | None
ASKED_COLUMNS = ("since", "until", "as_of", "whose", "filters")
"""What all files of figures begin with: days of sending, the time for which they hold, whose
referrals they are of, and what else was asked for, in words."""
RATE_COLUMNS = (
    "met", "of", "rate", "low", "high", "still_open", "maturing", "left_out",
)  # fmt: skip
FIGURE_COLUMNS = (*ASKED_COLUMNS, "kind", "key", "name", "number", *RATE_COLUMNS)
COMPARISON_COLUMNS = (
    *ASKED_COLUMNS, "by", "key", "name", "sent", "figure", *RATE_COLUMNS, "position",
)  # fmt: skip
REFERRAL_COLUMNS = (
    *ASKED_COLUMNS, "id", "side", "from_agency", "to_agency", "need", "service", "priority",
    "status", "first_sent_at", "status_since", "due_at", "worker",
)  # fmt: skip


def figures_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a CSV file, RFC 4180, with a head; no cell is taken for a formula."""
    yield csv_line(columns)
    for row in rows:
        yield csv_line(map(cell_text, row))


def rate_cells(rate: Rate) -> tuple[Cell, ...]:
    """A figure with what it is of; shares are from 0 to 1, and empty where there is none."""
    share, interval = rate.share, rate.share.interval()
    known = share.rate is not None
    return (
        share.met, share.of, share.rate, interval.low if known else None,
        interval.high if known else None, rate.still_open, rate.maturing,
        sum(rate.left_out.values()),
    )  # fmt: skip


def cell_text(cell: Cell) -> str:
    """A cell as it is written: times in UTC, nothing where there is no value."""
    if isinstance(cell, float):
        return f"{cell:.6f}"
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat(timespec="seconds")
    return "" if cell is None else str(cell)
