"""The quality of the directory as a file for people."""

from collections.abc import Iterable, Iterator, Sequence

from referral_hub.formats.cells import csv_line

COLUMNS = (
    "by", "key", "name", "services", "verified_up_to_3_months", "verified_3_to_6_months",
    "verified_6_to_12_months", "verified_over_12_months", "never_verified", "completeness",
    "incomplete", "possible_duplicates", "open_corrections", "searches_without_results",
)  # fmt: skip


def quality_csv(rows: Iterable[Sequence[str | int]]) -> Iterator[str]:
    """The lines of a CSV file, RFC 4180, with a head; no cell is taken for a formula."""
    yield csv_line(COLUMNS)
    for row in rows:
        yield csv_line(map(str, row))
