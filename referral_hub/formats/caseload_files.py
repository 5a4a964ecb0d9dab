"""How the work of a team is shared, as a file for people."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from referral_hub.formats.cells import safe_cell

COLUMNS = (
    "worker", "points", "against_band", "against_median", "cases", "cases_not_weighed", "overdue",
)  # fmt: skip


def caseload_csv(rows: Iterable[Sequence[str | int | float]]) -> Iterator[str]:
    """The lines of a CSV file, RFC 4180, with a head; no text is taken for a formula. Numbers stay
    numbers, those below zero too."""
    yield _line(COLUMNS)
    for row in rows:
        yield _line(safe_cell(cell) if isinstance(cell, str) else f"{cell:g}" for cell in row)


def _line(cells: Iterable[str]) -> str:
    text = StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
