"""How well documents answer words: Whoosh's BM25F, read from arrays.

A field's weight multiplies how often a word stands in it, before repetition saturates; each
field counts for itself, and the scores of all fields are added up. Rarity and average lengths
are those of the whole generation, deleted documents included, as Whoosh has it. A word that
stands more than 65,535 times in a field of a document counts as if that were all, where Whoosh
goes on: no listing is like that.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.candidates import Candidates
from search_index.columns import RowNumbers
from search_index.facts import FIELD_WEIGHTS, TEXT_FIELDS
from search_index.geography import Floats
from search_index.postings import COUNT_BITS, FIELDS, LENGTH_OF_BYTE
from search_index.ranking import WEIGHTS
from search_index.remembering import Remembered
from search_index.segment import Segment
from search_index.understand import SAID_STEPS

# The usual free parameters of BM25: how much length counts, how soon repetition stops counting.
LENGTH_SHARE = 0.75
SATURATION = 1.2

_TERMS_KEPT = 20_000
# Lists of a whole segment: of a common word they are as long as the index.
_WORDS_BYTES, _NEEDS_BYTES = 48_000_000, 16_000_000
_NEEDS_KEPT = 1_000
_WEIGHTS = np.arange(256, dtype=np.float32)
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

    Besides, who has it in the name, and who in the name of the organization.
    """

    places: Places
    values: Scores
    in_name: Places
    in_organization: Places


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
        self._need = lru_cache(_NEEDS_KEPT)(self._need_worth)
        self._whole = Remembered(self._whole_list, _bytes_of, _WORDS_BYTES)
        self._whole_need = Remembered(self._all_about, _bytes_of, _NEEDS_BYTES)

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

    def having(
        self, texts: Iterable[str], number: int, candidates: Candidates, *, named: bool = False
    ) -> dict[str, Having]:
        """Return for each of some terms which candidates of segment `number` have it.

        Terms that none in the segment has are left out. Who is called so is told if `named`.
        """
        found = {text: self.term(text) for text in texts}
        terms = {
            text: term
            for text, term in found.items()
            if term.entries[number][0] < term.entries[number][1]
        }
        if candidates.everything:
            return {text: self._whole(text, number) for text in terms}
        some = self._some(list(terms.values()), number, candidates, named=named)
        return dict(zip(terms, some, strict=True))

    def rarity(self, text: str) -> float:
        """Return how rare a term is."""
        return self.term(text).rarity

    def needs(
        self, codes: Iterable[str], number: int, candidates: Candidates
    ) -> dict[str, tuple[Places, Scores]]:
        """Return which candidates of segment `number` are about each of some needs.

        And what that is worth to each.
        """
        needs = self._needs[number]
        runs = {code: needs.having(code) for code in codes}
        runs = {code: run for code, run in runs.items() if run.start < run.stop}
        if not runs:
            return {}
        if candidates.everything:
            return {code: self._whole_need(code, number) for code in runs}
        places, weights, ends = candidates.find(
            needs.rows, needs.weights, [(run.start, run.stop) for run in runs.values()]
        )
        return {
            code: (places[start:end], self._need(code)[weights[start:end]])
            for code, start, end in zip(runs, [0, *ends], ends, strict=False)
        }

    def _need_worth(self, code: str) -> Scores:
        """Return what being about a need is worth, by how plainly a document says it."""
        count = sum(len(needs.rows_with(code)) for needs in self._needs)
        rarity = (math.log(self._count / (count + 1)) + 1) * (SATURATION + 1)
        strengths = _WEIGHTS / SAID_STEPS
        worth = WEIGHTS.need * rarity * strengths / (strengths + WEIGHTS.need_half)
        return worth.astype(np.float32)

    def _all_about(self, code: str, number: int) -> tuple[Places, Scores]:
        """Return all rows of a segment that are about a need, and what that is worth to each."""
        needs = self._needs[number]
        run = needs.having(code)
        return needs.rows[run].astype(np.intp), self._need(code)[needs.weights[run]]

    def _some(
        self, terms: Sequence[Term], number: int, candidates: Candidates, *, named: bool
    ) -> Iterator[Having]:
        """Yield which candidates have each of some terms."""
        if not terms:
            return
        postings = self._segments[number]
        runs = [term.entries[number] for term in terms]
        places, contents, ends = candidates.find(postings.rows, postings.contents, runs)
        starts = [0, *ends]
        fields = contents >> 24
        counts = [end - start for start, end in pairwise(starts)]
        entry = np.arange(0, len(terms) * FIELDS, FIELDS).repeat(counts)
        entry += fields
        worth = np.concatenate([term.worth for term in terms])
        values = self._values(contents, worth[entry])
        names = organizations = [_NONE] * len(terms)
        if named:
            names = _in_field(fields, _NAME, places, starts)
            organizations = _in_field(fields, _ORGANIZATION, places, starts)
        for one, (start, end) in enumerate(pairwise(starts)):
            yield Having(places[start:end], values[start:end], names[one], organizations[one])

    def _whole_list(self, text: str, number: int) -> Having:
        """Return all rows of a segment that have a term, each once."""
        postings, term = self._segments[number], self.term(text)
        first, last = term.entries[number]
        places = postings.rows[first:last].astype(np.intp)
        contents = postings.contents[first:last]
        fields = contents >> 24
        values = self._values(contents, term.worth[fields])
        starts = np.diff(places, prepend=-1).nonzero()[0]
        return Having(
            places[starts],
            np.add.reduceat(values, starts),
            places[fields == _NAME],
            places[fields == _ORGANIZATION],
        )

    def _values(self, contents: NDArray[np.uint32], worth: Floats) -> Scores:
        """Return what entries are worth."""
        often = contents & np.uint32(COUNT_BITS)
        values = often + self._halves[contents >> 16]
        np.divide(often, values, out=values)
        values *= worth
        return np.asarray(values, dtype=np.float32)


def _bytes_of(arrays: Iterable[NDArray[Any]]) -> int:
    return sum(array.nbytes for array in arrays)


def _in_field(
    fields: NDArray[np.integer[Any]], field: int, places: Places, starts: list[int]
) -> list[Places]:
    """Return the places of the entries of a field, from each start to the next."""
    here = (fields == field).nonzero()[0]
    found, cuts = places[here], here.searchsorted(starts).tolist()
    return [found[start:end] for start, end in pairwise(cuts)]


_NONE: Places = np.zeros(0, dtype=np.intp)
