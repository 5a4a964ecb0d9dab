"""How well documents answer words: Whoosh's BM25F, read from arrays.

A field's weight multiplies how often a word stands in it, before repetition saturates; each
field counts for itself, and the scores of all fields are added up. Rarity and average lengths
are those of the whole generation, deleted documents included, as Whoosh has it.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.candidates import Candidates
from search_index.columns import RowNumbers
from search_index.facts import FIELD_WEIGHTS, TEXT_FIELDS
from search_index.geography import Floats
from search_index.postings import FIELDS, LENGTH_OF_BYTE
from search_index.ranking import WEIGHTS
from search_index.segment import Segment
from search_index.understand import SAID_STEPS

# The usual free parameters of BM25: how much length counts, how soon repetition stops counting.
LENGTH_SHARE = 0.75
SATURATION = 1.2

_TERMS_KEPT = 20_000
_LISTS_KEPT = 128
_NEEDS_KEPT = 1_000
_NAME, _ORGANIZATION = TEXT_FIELDS.index("name"), TEXT_FIELDS.index("organization")

Scores = NDArray[np.float32]
Places = RowNumbers


class Term(NamedTuple):
    """A term in all segments: its first and last entry in each, and its rarity.

    `worth` is the rarity in each field, as it counts; `rarity` that where it is least rare, and
    0 for a term that nowhere is.
    """

    entries: tuple[tuple[int, int], ...]
    worth: Floats
    rarity: float


class Having(NamedTuple):
    """Who has a term: anywhere, in the name, and in the name of the organization, by place.

    `values` says what it is worth to each of `places`, where a place may come several times.
    """

    places: Places
    values: Floats
    in_name: Places
    in_organization: Places


def _having(places: Places, values: Floats, fields: NDArray[np.uint16]) -> Having:
    return Having(
        places,
        values.astype(np.float32),
        places[(fields == _NAME).nonzero()[0]],
        places[(fields == _ORGANIZATION).nonzero()[0]],
    )


class Statistics:
    """What scoring needs to know of one generation."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = [segment.postings for segment in segments]
        self._needs = [segment.facts.needs for segment in segments]
        self._count = max(1, sum(segment.size for segment in segments))
        lengths = sum((postings.lengths for postings in self._segments), np.zeros(FIELDS))
        average = np.where(lengths > 0, lengths / self._count, 1.0)
        share = LENGTH_SHARE * LENGTH_OF_BYTE / average[:, np.newaxis]
        weights = np.array(list(FIELD_WEIGHTS.values()))[:, np.newaxis]
        # By code of an entry: how often a word must stand there to be worth half of all.
        self._halves = (SATURATION * (1 - LENGTH_SHARE + share) / weights).reshape(-1)
        self.term = lru_cache(_TERMS_KEPT)(self._term)
        self.need = lru_cache(_NEEDS_KEPT)(self._need)
        self._whole = lru_cache(_LISTS_KEPT)(self._whole_list)

    def _term(self, text: str) -> Term:
        """Return what is known of a term."""
        found = [segment.find(text) for segment in self._segments]
        frequency = np.zeros(FIELDS)
        for segment, (number, _, _) in zip(self._segments, found, strict=True):
            if number >= 0:
                frequency += segment.frequencies[number]
        rarity = np.log(self._count / (frequency + 1)) + 1
        entries = tuple((first, last) for _, first, last in found)
        least = float(rarity.min()) if frequency.any() else 0.0
        return Term(entries, rarity * (SATURATION + 1), least)

    def _need(self, code: str, number: int) -> tuple[RowNumbers, Scores]:
        """Return the rows of a segment that are about a need, and what that is worth to each."""
        count = sum(len(needs.rows_with(code)) for needs in self._needs)
        rarity = (math.log(self._count / (count + 1)) + 1) * (SATURATION + 1)
        needs = self._needs[number]
        having = needs.having(code)
        strengths = needs.weights[having].astype(np.float32) / SAID_STEPS
        worth = WEIGHTS.need * rarity * strengths / (strengths + WEIGHTS.need_half)
        return needs.rows[having], worth.astype(np.float32)

    def having(self, text: str, number: int, candidates: Candidates) -> Having | None:
        """Return which candidates of segment `number` have a term, None when none in it has."""
        first, last = self.term(text).entries[number]
        if first == last:
            return None
        if candidates.everything:
            return self._whole(text, number)
        return self._some(text, number, candidates)

    def add(self, scores: Scores, text: str, number: int, candidates: Candidates) -> Having | None:
        """Add what a term is worth to the scores of the candidates of segment `number`.

        Returns which of them have it.
        """
        having = self.having(text, number, candidates)
        if having is None:
            return None
        np.add.at(scores, having.places, having.values)
        return having

    def places(self, text: str, number: int, candidates: Candidates) -> Places:
        """Return the places of the candidates of segment `number` that have a term."""
        first, last = self.term(text).entries[number]
        return candidates.places_of(self._segments[number].rows[first:last])[0]

    def _some(self, text: str, number: int, candidates: Candidates) -> Having:
        postings, term = self._segments[number], self.term(text)
        first, last = term.entries[number]
        places, kept = candidates.places_of(postings.rows[first:last])
        codes, counts = postings.codes[first:last][kept], postings.counts[first:last][kept]
        fields = codes >> 8
        values = self._values(codes, counts, term.worth[fields])
        return _having(places, values, fields)

    def _whole_list(self, text: str, number: int) -> Having:
        """Return all rows of a segment that have a term, each once."""
        postings, term = self._segments[number], self.term(text)
        first, last = term.entries[number]
        rows, codes = postings.rows[first:last], postings.codes[first:last]
        fields = codes >> 8
        values = self._values(codes, postings.counts[first:last], term.worth[fields])
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        found = _having(rows.astype(np.intp), values, fields)
        return found._replace(
            places=found.places[starts], values=np.add.reduceat(found.values, starts)
        )

    def _values(
        self,
        codes: NDArray[np.uint16],
        counts: NDArray[np.uint16],
        worth: Floats,
    ) -> Floats:
        values = counts + self._halves[codes]
        np.divide(counts, values, out=values)
        values *= worth
        return np.asarray(values)
