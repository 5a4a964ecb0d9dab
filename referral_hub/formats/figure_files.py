"""Figures of referrals as files for people: each row says of which days it is, and as of when."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from referral_hub.formats.cells import csv_line
from referral_hub.rules.measures import Rate

Cell = str | int | float | datetime | None
RATE_COLUMNS = (
    "met", "of", "rate", "low", "high", "still_open", "maturing", "left_out",
)  # fmt: skip
FIGURE_COLUMNS = ("since", "until", "as_of", "kind", "key", "name", "number", *RATE_COLUMNS)
COMPARISON_COLUMNS = (
    "since", "until", "as_of", "by", "key", "name", "sent", "figure", *RATE_COLUMNS, "position",
)  # fmt: skip
REFERRAL_COLUMNS = (
    "id", "side", "from_agency", "to_agency", "need", "service", "priority", "status",
    "first_sent_at", "status_since", "due_at", "worker",
)  # fmt: skip


def figures_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a CSV file, RFC 4180, with a head; no cell is taken for a formula."""
    yield csv_line(columns)
    for row in rows:
        yield csv_line(_text(cell) for cell in row)


def rate_cells(rate: Rate) -> tuple[Cell, ...]:
    """A figure with what it is of; shares are from 0 to 1, and empty where there is none."""
    share, interval = rate.share, rate.share.interval()
    known = share.rate is not None
    return (
        share.met, share.of, share.rate, interval.low if known else None,
        interval.high if known else None, rate.still_open, rate.maturing,
        sum(rate.left_out.values()),
    )  # fmt: skip


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.6f}"
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat(timespec="seconds")
    return "" if cell is None else str(cell)
