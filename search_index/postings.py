"""Whoosh's posting lists as arrays: which documents have a word, how often, and where."""

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import TermNotFound

from search_index.columns import RowNumbers
from search_index.errors import damage_named
from search_index.schema import TEXT_FIELDS

_WORDS_KEPT = 256

FieldPostings = tuple[RowNumbers, NDArray[np.float64]]


class Postings:
    """The posting lists of one generation of the index, deleted documents left out."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        # Whoosh's matchers move one file position of the reader, whoever reads.
        self._lock = Lock()
        self._read = lru_cache(_WORDS_KEPT)(partial(_read, reader, self._lock))

    def of(self, stem: str) -> Sequence[FieldPostings]:
        """Return for each text field the rows (ascending) that have a stem, and how often."""
        return self._read(stem)

    def of_phrase(self, stems: Sequence[str]) -> RowNumbers:
        """Return the rows that have stems one after another in one text field."""
        lists = [self.of(stem) for stem in stems]
        found = [np.array([], dtype=np.intp)]
        for column, field in enumerate(TEXT_FIELDS):
            rows = lists[0][column][0]
            for postings in lists[1:]:
                rows = np.intersect1d(rows, postings[column][0], assume_unique=True)
            with self._lock, damage_named():
                found.append(_rows_in_order(self._reader, field, stems, rows))
        return np.unique(np.concatenate(found))


def _read(reader: Any, lock: Lock, stem: str) -> Sequence[FieldPostings]:
    with lock, damage_named():
        return [_read_field(reader, field, stem) for field in TEXT_FIELDS]


def _read_field(reader: Any, field: str, stem: str) -> FieldPostings:
    rows: list[int] = []
    counts: list[float] = []
    for matcher, offset in _matchers(reader, field, stem):
        while matcher.is_active():
            rows.append(matcher.id() + offset)
            counts.append(matcher.weight())
            matcher.next()
    return np.array(rows, dtype=np.intp), np.array(counts, dtype=np.float64)


def _rows_in_order(reader: Any, field: str, stems: Sequence[str], rows: RowNumbers) -> RowNumbers:
    """Return those of the rows, which have all the stems, that have them one after another."""
    if not rows.size:
        return rows
    # The place where the phrase would start, as each of its stems sees it.
    starts: list[set[int]] = [set() for _ in rows]
    for number, stem in enumerate(stems):
        for place, position in _positions(reader, field, stem, rows):
            own = {spot - number for spot in position}
            starts[place] = own if number == 0 else starts[place] & own
    return rows[[bool(found) for found in starts]]


def _positions(
    reader: Any, field: str, stem: str, rows: RowNumbers
) -> Iterator[tuple[int, list[int]]]:
    """Yield for each of the rows, which have the stem, its place among them and the positions."""
    place = 0
    for matcher, offset in _matchers(reader, field, stem):
        while place < rows.size and matcher.is_active():
            row = int(rows[place])
            matcher.skip_to(row - offset)
            if not matcher.is_active() or matcher.id() + offset != row:
                break
            yield place, matcher.value_as("positions")
            place += 1


def _matchers(reader: Any, field: str, stem: str) -> Iterator[tuple[Any, int]]:
    """Yield the matcher of each segment that has a stem, with the row of its first document."""
    for leaf, offset in reader.leaf_readers():
        try:
            yield leaf.postings(field, stem), offset
        except TermNotFound:
            continue
