"""The rows of one segment among which a search looks, numbered by place."""

from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.columns import RowNumbers
from search_index.geography import box
from search_index.segment import BANDS, Segment, band_of

# Beyond so many bands all rows with a point are looked at: fewer steps, though more rows.
_MOST_BANDS = 64


class Candidates:
    """Ranges of rows, one after another, and rows besides: the first row has place 0."""

    def __init__(
        self, segment: Segment, ranges: list[tuple[int, int]], others: RowNumbers | None = None
    ) -> None:
        """`ranges` (first, last exclusive) and `others` ascend, and no row comes twice."""
        self._segment = segment
        self._ranges = [pair for pair in ranges if pair[0] < pair[1]]
        self._others = others
        self._shifts = []
        self.size = 0
        for first, last in self._ranges:
            self._shifts.append(first - self.size)
            self.size += last - first
        self.everything = self.size == segment.size
        self._bounds = np.array(self._ranges, dtype=np.int32).reshape(-1)
        if others is not None:
            self.size += len(others)

    @classmethod
    def all_of(cls, segment: Segment) -> "Candidates":
        """Return all rows."""
        return cls(segment, [(0, segment.size)])

    @classmethod
    def around(
        cls, segment: Segment, latitude: float, longitude: float, radius_km: float
    ) -> "Candidates":
        """Return rows among which all are that lie within a radius."""
        south, north, meridians = box(latitude, longitude, radius_km)
        first, last = band_of(south), min(band_of(north), BANDS - 1)
        if last - first >= _MOST_BANDS:
            return cls(segment, [(0, segment.with_point)])
        starts = segment.bands[first : last + 2].tolist()
        longitudes = segment.points.longitudes
        ranges = []
        for start, end in pairwise(starts):
            if start < end:
                along = longitudes[start:end]
                for west, east in meridians:
                    left = start + int(along.searchsorted(west))
                    ranges.append((left, start + int(along.searchsorted(east, "right"))))
        return cls(segment, ranges)

    def together_with(self, rows: RowNumbers) -> "Candidates":
        """Return these and other rows (ascending)."""
        if self.everything or not rows.size:
            return self
        # A row is in a range when an odd number of bounds lie before it.
        inside = self._bounds.searchsorted(rows, "right") % 2 == 1
        return Candidates(self._segment, self._ranges, rows[~inside])

    def rows(self, places: RowNumbers) -> RowNumbers:
        """Return the rows at some places."""
        return places if self.everything else self._rows[places]

    def places_of(self, rows: RowNumbers) -> RowNumbers:
        """Return the places of those of some rows (ascending) that are here.

        One row may come several times. The places are as wide as pointers: as indices they are
        twice as fast.
        """
        return self.cut(rows, rows)[0]

    def cut(self, rows: RowNumbers, values: NDArray[Any]) -> tuple[RowNumbers, NDArray[Any]]:
        """Return the places of those of some rows (ascending) that are here, and their values."""
        if self.everything:
            return rows.astype(np.intp), values
        if self._others is not None:
            places = self._slots[rows]
            here = (places >= 0).nonzero()[0]
            return places[here], values[here]
        pieces, kept = [], []
        cuts = rows.searchsorted(self._bounds).tolist()
        for shift, start, end in zip(self._shifts, cuts[::2], cuts[1::2], strict=True):
            if start < end:
                pieces.append(np.subtract(rows[start:end], shift, dtype=np.intp))
                kept.append(values[start:end])
        if not pieces:
            return _NO_PLACES, values[:0]
        if len(pieces) == 1:
            return pieces[0], kept[0]
        return np.concatenate(pieces), np.concatenate(kept)

    @cached_property
    def _rows(self) -> NDArray[np.int32]:
        parts = [np.arange(*pair, dtype=np.int32) for pair in self._ranges]
        others = [] if self._others is None else [self._others]
        return np.concatenate([*parts, *others, _NO_ROWS])

    @cached_property
    def _slots(self) -> RowNumbers:
        slots = np.full(self._segment.size, -1, dtype=np.intp)
        slots[self._rows] = np.arange(self.size, dtype=np.intp)
        return slots


_NO_ROWS = np.zeros(0, dtype=np.int32)
_NO_PLACES = np.zeros(0, dtype=np.intp)
