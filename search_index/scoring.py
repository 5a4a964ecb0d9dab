"""How well documents answer words: Whoosh's BM25F, read from arrays.

A field's weight multiplies how often a word stands in it, before repetition saturates; each
field counts for itself, and the scores of all fields are added up. Rarity and average lengths
are those of the whole generation, deleted documents included, as Whoosh has it.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

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
_COUNT_BITS = np.uint32(0xFFFF)
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
    """Who has a term, and what it is worth to each; a place may come several times.

    `entry_places` and `entry_fields` say in which fields, entry by entry.
    """

    places: Places
    values: Scores
    entry_places: Places
    entry_fields: NDArray[np.integer[Any]]

    @property
    def in_name(self) -> Places:
        """Who has the term in the name."""
        return np.asarray(self.entry_places[(self.entry_fields == _NAME).nonzero()[0]])

    @property
    def in_organization(self) -> Places:
        """Who has the term in the name of the organization."""
        return np.asarray(self.entry_places[(self.entry_fields == _ORGANIZATION).nonzero()[0]])


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
        return candidates.places_of(self._segments[number].rows[first:last])

    def _some(self, text: str, number: int, candidates: Candidates) -> Having:
        postings, term = self._segments[number], self.term(text)
        first, last = term.entries[number]
        places, contents = candidates.cut(postings.rows[first:last], postings.contents[first:last])
        fields = contents >> 24
        return Having(places, self._values(contents, term.worth[fields]), places, fields)

    def _whole_list(self, text: str, number: int) -> Having:
        """Return all rows of a segment that have a term, each once."""
        postings, term = self._segments[number], self.term(text)
        first, last = term.entries[number]
        places = postings.rows[first:last].astype(np.intp)
        contents = postings.contents[first:last]
        fields = contents >> 24
        values = self._values(contents, term.worth[fields])
        starts = np.flatnonzero(np.diff(places, prepend=-1))
        return Having(places[starts], np.add.reduceat(values, starts), places, fields)

    def _values(self, contents: NDArray[np.uint32], worth: Floats) -> Scores:
        """Return what entries are worth."""
        often = contents & _COUNT_BITS
        values = often + self._halves[contents >> 16]
        np.divide(often, values, out=values)
        values *= worth
        return np.asarray(values, dtype=np.float32)
