"""Words one after another: what arrays do not tell, Whoosh's matchers do."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from whoosh.reading import TermNotFound

from search_index.columns import RowNumbers


def rows_in_order(reader: Any, field: str, stems: Sequence[str], rows: RowNumbers) -> RowNumbers:
    """Return those of some rows (ascending) that have stems one after another in a field."""
    # The places where the phrase would start, as each of its stems sees it, by row.
    starts: dict[int, set[int]] = {int(row): set() for row in rows}
    for number, stem in enumerate(stems):
        found = {
            row: {spot - number for spot in spots}
            for row, spots in _positions(reader, field, stem, sorted(starts))
        }
        starts = {
            row: spots if number == 0 else starts[row] & spots for row, spots in found.items()
        }
    return np.array([row for row, spots in starts.items() if spots], dtype=np.intp)


def _positions(
    reader: Any, field: str, stem: str, rows: Sequence[int]
) -> Iterator[tuple[int, list[int]]]:
    """Yield (row, positions) of those of some rows that have a stem in a field."""
    try:
        matcher = reader.postings(field, stem)
    except TermNotFound:
        return
    for row in rows:
        if matcher.is_active():
            matcher.skip_to(row)
        if not matcher.is_active():
            return
        if matcher.id() == row:
            yield row, matcher.value_as("positions")
