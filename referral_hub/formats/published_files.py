"""What the network published, as a file for people."""

from collections.abc import Iterable, Iterator, Sequence

from referral_hub.formats.cells import csv_line

HIDDEN = "hidden"


def published_csv(head: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> Iterator[str]:
    """The lines of a CSV file, RFC 4180, with a head; what is hidden says so."""
    yield csv_line(head)
    for row in rows:
        yield csv_line(HIDDEN if cell is None else str(cell) for cell in row)
