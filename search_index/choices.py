"""How many services have each value that a search can be narrowed to.

All values of all facets are numbered in one go, so that they are counted in one go.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.columns import Arrays, Flags, Names, RowNumbers, ragged

COUNTED = ("categories", "languages", "accessibility", "cost", "delivery")
FLAGS = ("accepting", "partner")
FLAGGED = "yes"

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Choices:
    """The values of all facets that each row of a segment has.

    Row i has the codes `codes[starts[i]:starts[i + 1]]`; those of a facet are `ranges[facet]`.
    `values` are the values by code.
    """

    starts: RowNumbers
    codes: RowNumbers
    values: Sequence[str]
    ranges: Mapping[str, slice]

    @classmethod
    def of(cls, arrays: Arrays, names: Mapping[str, Names]) -> "Choices":
        """Return the choices that `side_by_side` gave as arrays, with the names of each facet."""
        values: list[str] = []
        ranges = {}
        for facet in (*COUNTED, *FLAGS):
            own = [FLAGGED] if facet in FLAGS else list(names[facet])
            ranges[facet] = slice(len(values), len(values) + len(own))
            values += own
        return cls(arrays["starts"], arrays["codes"], values, ranges)

    def counts(self, rows: RowNumbers, services: RowNumbers, several: Flags) -> Counts:
        """Count by code the services that have it among some rows.

        `services` has the service of each row of the segment, and `several` tells which rows
        share theirs with another.
        """
        shared = several[rows]
        _, found = ragged(self.starts, rows[~shared])
        counts = np.bincount(self.codes[found], minlength=len(self.values))
        rows = rows[shared]
        if rows.size:
            places, found = ragged(self.starts, rows)
            pairs = services[rows].astype(np.int64)[places] * len(self.values) + self.codes[found]
            pairs.sort()
            once = pairs[np.diff(pairs, prepend=-1).nonzero()[0]]
            counts += np.bincount(once % len(self.values), minlength=len(self.values))
        return counts


class AllChoices:
    """The choices of several segments together, by facet and in the order of their values."""

    def __init__(self, segments: Sequence[Choices]) -> None:
        known: dict[str, set[str]] = {facet: {FLAGGED} for facet in FLAGS}
        for facet in COUNTED:
            known[facet] = set().union(*(one.values[one.ranges[facet]] for one in segments))
        self._values = {facet: sorted(known[facet]) for facet in (*COUNTED, *FLAGS)}
        numbers = {
            pair: number
            for number, pair in enumerate(
                (facet, value) for facet, values in self._values.items() for value in values
            )
        }
        self._size = len(numbers)
        self._numbers = [
            np.array([numbers[pair] for pair in _pairs(one)], dtype=np.intp) for one in segments
        ]

    def together(self, counts: Sequence[Counts | None]) -> dict[str, dict[str, int]]:
        """Add up the counts of each segment by facet and value: a service lies in one of them."""
        total = np.zeros(self._size, dtype=np.int64)
        for numbers, own in zip(self._numbers, counts, strict=True):
            if own is not None:
                total[numbers] += own
        found = total.tolist()
        named: dict[str, dict[str, int]] = {}
        start = 0
        for facet, values in self._values.items():
            own_counts = found[start : start + len(values)]
            start += len(values)
            if facet in FLAGS:
                named[facet] = dict(zip(values, own_counts, strict=True))
            else:
                some = compress(own_counts, own_counts)
                named[facet] = dict(zip(compress(values, own_counts), some, strict=True))
        return named


def _pairs(choices: Choices) -> Iterator[tuple[str, str]]:
    for facet, own in choices.ranges.items():
        for value in choices.values[own]:
            yield facet, value


def side_by_side(
    columns: Sequence[tuple[RowNumbers, RowNumbers, int]],
) -> dict[str, NDArray[Any]]:
    """Return one column of several, given as (starts, codes, how many codes there are).

    The codes of each are numbered on from those of the columns before it.
    """
    starts = np.sum([own for own, _, _ in columns], axis=0)
    codes = np.empty(int(starts[-1]), dtype=np.int32)
    place = starts[:-1].copy()
    numbered = 0
    for own, found, count in columns:
        lengths = np.diff(own)
        codes[(place - own[:-1]).repeat(lengths) + np.arange(found.size)] = found + numbered
        place += lengths
        numbered += count
    narrow = np.uint16 if numbered <= np.iinfo(np.uint16).max else np.int32
    return {"starts": starts.astype(np.int32), "codes": codes.astype(narrow)}
