"""The rows of one segment among which a search looks, numbered by place."""

from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.columns import RowNumbers
from search_index.geography import box
from search_index.segment import BANDS, Segment, along, band_of

# Beyond so many bands all rows with a point are looked at: fewer steps, though more rows.
_MOST_BANDS = 64
# A box may be larger than its circle: this much is more than its edges can be rounded by.
_EDGE_DEGREES = 1e-6
# To look up where a range begins and ends takes as long as to look at so many rows.
_ROWS_A_RANGE = 16

Run = tuple[int, int]


class Candidates:
    """Ranges of rows, one after another: the first row has place 0."""

    def __init__(self, segment: Segment, bounds: RowNumbers) -> None:
        """`bounds` are the first row of each range and the one after its last, ascending."""
        self._segment = segment
        self._bounds = bounds.astype(np.int32)
        starts, ends = self._bounds[::2], self._bounds[1::2]
        self._lengths = ends - starts
        self._ends = self._lengths.cumsum()
        # What the rows of each range have more than their places.
        self._shifts = ends - self._ends
        self.size = int(self._ends[-1]) if self._ends.size else 0
        self.everything = self.size == segment.size

    @classmethod
    def all_of(cls, segment: Segment) -> "Candidates":
        """Return all rows."""
        return cls(segment, np.array([0, segment.size]))

    @classmethod
    def some_of(cls, segment: Segment, rows: RowNumbers) -> "Candidates":
        """Return some rows, which ascend."""
        return cls(segment, _around_each(rows))

    @classmethod
    def around(
        cls, segment: Segment, latitude: float, longitude: float, radius_km: float
    ) -> "Candidates":
        """Return rows among which all are that lie within a radius."""
        south, north, meridians = box(latitude, longitude, radius_km)
        first, last = band_of(south), min(band_of(north), BANDS - 1)
        if last - first >= _MOST_BANDS:
            return cls(segment, np.array([0, segment.with_point]))
        edges = [
            along(band, edge)
            for band in range(first, last + 1)
            for west, east in meridians
            for edge in (west - _EDGE_DEGREES, east + _EDGE_DEGREES)
        ]
        # At the 180th meridian two ranges of a band may touch.
        bounds = np.maximum.accumulate(segment.along.searchsorted(edges))
        return cls(segment, _without_empty(bounds))

    def together_with(self, rows: RowNumbers) -> "Candidates":
        """Return these and other rows (ascending)."""
        if self.everything or not rows.size:
            return self
        # A row is in a range when an odd number of bounds lie before it.
        outside = rows[self._bounds.searchsorted(rows, "right") % 2 == 0]
        bounds = np.concatenate([self._bounds, _around_each(outside)])
        # Where one range ends and the next begins, their order does not matter.
        bounds.sort()
        return Candidates(self._segment, bounds)

    def rows(self, places: RowNumbers) -> RowNumbers:
        """Return the rows at some places."""
        if self._shifts.size == 1:
            return np.asarray(places + self._shifts[0])
        return np.asarray(places + self._shifts[self._ends.searchsorted(places, "right")])

    def all_rows(self) -> RowNumbers:
        """Return all of them, in turn."""
        return np.asarray(np.arange(self.size) + self._shifts.repeat(self._lengths))

    def find(
        self, rows: RowNumbers, values: NDArray[Any], runs: Sequence[Run]
    ) -> tuple[RowNumbers, NDArray[Any], list[int]]:
        """Return the places and values of the entries of some runs of a column that are here.

        The rows of a run ascend; one may come several times. The third are the numbers of
        entries found up to the end of each run. Places are as wide as pointers: as indices they
        are twice as fast.
        """
        if not runs or not self._shifts.size:
            return _NO_PLACES, values[:0], [0] * len(runs)
        # A circle has a hundred ranges: to look them up pays for long runs, and for short ones
        # it is less to look at every row.
        many = sum(last - first for first, last in runs)
        if many < self._shifts.size * len(runs) * _ROWS_A_RANGE:
            return self._find_by_row(rows, values, runs)
        return self._find_by_range(rows, values, runs)

    def places_of(self, rows: RowNumbers) -> RowNumbers:
        """Return the places of those of some rows (ascending) that are here."""
        return self.find(rows, rows, [(0, rows.size)])[0]

    def _find_by_range(
        self, rows: RowNumbers, values: NDArray[Any], runs: Sequence[Run]
    ) -> tuple[RowNumbers, NDArray[Any], list[int]]:
        """Look up where the ranges begin and end in each run."""
        cuts = np.empty((len(runs), self._bounds.size), dtype=np.intp)
        for number, (first, last) in enumerate(runs):
            cuts[number] = rows[first:last].searchsorted(self._bounds)
            cuts[number] += first
        starts = cuts[:, ::2].reshape(-1)
        counts = cuts[:, 1::2].reshape(-1) - starts
        ends = counts.cumsum()
        piece = np.arange(counts.size).repeat(counts)
        found = (starts - ends + counts)[piece]
        found += np.arange(piece.size)
        places = rows[found] - np.concatenate([self._shifts] * len(runs))[piece]
        return places, values[found], ends[self._shifts.size - 1 :: self._shifts.size].tolist()

    def _find_by_row(
        self, rows: RowNumbers, values: NDArray[Any], runs: Sequence[Run]
    ) -> tuple[RowNumbers, NDArray[Any], list[int]]:
        """Look at every row of the runs: of many ranges, most are in none."""
        places = self._places[np.concatenate([rows[first:last] for first, last in runs])]
        here = (places >= 0).nonzero()[0]
        whole = np.concatenate([values[first:last] for first, last in runs])
        ends = list(accumulate(last - first for first, last in runs))
        return places[here].astype(np.intp), whole[here], here.searchsorted(ends).tolist()

    @property
    def most_bytes(self) -> int:
        """How many bytes they may come to take, with the place of each row."""
        if self.everything:
            return 0
        arrays = (self._bounds, self._lengths, self._ends, self._shifts)
        return 4 * self._segment.size + sum(array.nbytes for array in arrays)

    @cached_property
    def _places(self) -> NDArray[np.int32]:
        """The place of each row of the segment, -1 for one that is not here."""
        places = np.full(self._segment.size, -1, dtype=np.int32)
        places[self.all_rows()] = np.arange(self.size, dtype=np.int32)
        return places


def _around_each(rows: RowNumbers) -> NDArray[np.integer[Any]]:
    """Return the bounds of ranges of one row."""
    return np.stack([rows, rows + 1], axis=1).reshape(-1)


def _without_empty(bounds: RowNumbers) -> RowNumbers:
    """Return the bounds of those ranges that have any row."""
    some = bounds[::2] < bounds[1::2]
    return bounds if some.all() else np.asarray(bounds[some.repeat(2)])


_NO_PLACES = np.zeros(0, dtype=np.intp)
