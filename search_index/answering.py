"""Which documents of a segment answer the words of a search, and how well by words alone."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

import numpy as np

from search_index.candidates import Candidates
from search_index.columns import Flags, RowNumbers
from search_index.lexicon import Stems
from search_index.ranking import WEIGHTS
from search_index.scoring import Having, Places, Scores
from search_index.snapshot import Snapshot
from search_index.understand import Meaning, Unit, Word, is_asking

# Whoever is called by so many words at most comes first.
_MOST_NAMED = 8

Note = Callable[[str, Scores], None]


def _unnoted(name: str, scores: Scores) -> None:
    """Let a step pass."""


class Answering:
    """Finds the candidates of one segment that answer a meaning.

    Any thing asked for will do; quoted phrases must be there, and then the rest only ranks. What
    is left out counts against all. A meaning with exclusions alone is answered by all others, an
    empty one by none.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        number: int,
        among: Candidates,
        meaning: Meaning,
        note: Note | None = None,
    ) -> None:
        """`note` is told the scores of all candidates after each step, by the name of the step."""
        self._note = note or _unnoted
        self._part = snapshot.parts[number]
        self._among = among
        self._meaning = meaning
        self._rarity = snapshot.statistics.rarity
        telling = sum(len(_telling(unit.words)) for unit in meaning.units)
        self._names_tell = 1 < telling <= _MOST_NAMED
        self._having = snapshot.statistics.having(
            _stems(meaning), number, among, named=self._names_tell
        )
        self._needs = snapshot.statistics.needs(_codes(meaning), number, among)
        self._everybody = bool(meaning.required) or (not meaning.units and bool(meaning.excluded))
        # Who has which words in its name, and in the name of its organization: a bit for each.
        self._words_named = 0
        self._named = np.zeros((2, among.size if self._names_tell else 0), dtype=np.uint8)

    def answer(self) -> tuple[RowNumbers, Scores]:
        """Return the rows that answer, and their scores by words."""
        meaning = self._meaning
        scores = self._zeros()
        answered = [self._score(unit, scores) for unit in meaning.units]
        matched = self._matched(answered)
        if len(answered) > 1:
            scores *= self._completeness(answered)
            self._note("complete", scores)
        if meaning.required:
            self._require(meaning.required, scores, matched)
        for stems in meaning.excluded:
            matched[self._phrase(stems)] = False
        if self._names_tell:
            called = (self._named == (1 << self._words_named) - 1).any(axis=0)
            scores[called.nonzero()[0]] *= np.float32(1 + WEIGHTS.named)
            self._note("called so", scores)
        for group in meaning.people:
            places = self._among.places_of(self._part.segment.facts.people.rows_with(group))
            scores[places] *= np.float32(1 + WEIGHTS.people)
            self._note(f"for {group}", scores)
        places = matched.nonzero()[0]
        return self._among.rows(places), scores[places]

    def _matched(self, answered: list[Scores]) -> Flags:
        """Tell who answers anything asked for; words by which people ask are nothing.

        Neither are those of the place.
        """
        if self._everybody or not answered:
            return np.full(self._among.size, self._everybody)
        pairs = list(zip(self._meaning.units, answered, strict=True))
        pairs = [pair for pair in pairs if not pair[0].of_place] or pairs
        telling = [share for unit, share in pairs if not unit.asking] or [s for _, s in pairs]
        matched = telling[0] > 0
        for share in telling[1:]:
            matched |= share > 0
        return matched

    def _completeness(self, answered: list[Scores]) -> Scores:
        """Return what is left of a score by the share of things asked for that are answered."""
        share = answered[0].copy()
        for one in answered[1:]:
            share += one
        share *= np.float32(WEIGHTS.complete / len(answered))
        share += np.float32(1 - WEIGHTS.complete)
        return share

    def _score(self, unit: Unit, scores: Scores) -> Scores:
        """Add what a unit is worth to the scores, and return how much of it each answers."""
        if len(unit.words) == 1 and not unit.instead and not unit.loosely:
            answered = self._words(unit.words, scores)
        else:
            own = self._zeros()
            answered = self._words(unit.words, own)
            if unit.codes:
                # Words of a phrase say little apart: a "child" makes no "child custody".
                own *= answered * np.float32(1 - WEIGHTS.partial) + np.float32(WEIGHTS.partial)
            self._or_instead(unit.instead, own, answered, WEIGHTS.instead)
            if unit.loosely:
                self._or_instead([unit.loosely], own, answered, WEIGHTS.loosely)
            scores += own
        self._note("words", scores)
        for code in unit.codes:
            if code in self._needs:
                places, worth = self._needs[code]
                scores[places] += worth
                answered[places] = 1
        for code in unit.related:
            if code in self._needs:
                places, worth = self._needs[code]
                # Being about something of the kind ranks who is found, and finds nobody.
                scores[places] += np.float32(WEIGHTS.related) * worth
        self._note("needs", scores)
        return answered

    def _or_instead(
        self, instead: Sequence[Stems], own: Scores, answered: Scores, weight: float
    ) -> None:
        """Raise scores, and shares answered, to those of other words for the same."""
        for stems in instead:
            other = self._zeros()
            found = self._words([(stem,) for stem in stems], other, named=False)
            other *= found
            other *= np.float32(weight)
            np.maximum(own, other, out=own)
            np.maximum(answered, found, out=answered)

    def _words(self, words: Sequence[Word], scores: Scores, *, named: bool = True) -> Scores:
        """Add what words are worth to the scores, and return which share of them each has.

        A rare word is a larger share. Words by which people ask count for the share only where
        there are no others. `named` asks for who is called so, too.
        """
        telling = _telling(words)
        rarities = [max(map(self._rarity, stems)) for stems in telling]
        total = sum(rarities) or 1.0
        shares = dict(zip(telling, rarities, strict=True))
        answered = self._zeros()
        named = named and self._names_tell
        for stems in words:
            share = shares.get(stems)
            for stem in stems:
                having = self._having.get(stem)
                if having is None or not having.places.size:
                    continue
                np.add.at(scores, having.places, having.values)
                if share is None:
                    continue
                # A place that comes twice is counted once.
                answered[having.places] += np.float32(share / total)
                if named:
                    self._name(having)
            self._words_named += named and share is not None
        return answered

    def _name(self, having: Having) -> None:
        """Note who has the word at hand in a name."""
        bit = np.uint8(1 << self._words_named)
        if having.in_name.size:
            self._named[0, having.in_name] |= bit
        if having.in_organization.size:
            self._named[1, having.in_organization] |= bit

    def _require(self, required: Sequence[Stems], scores: Scores, matched: Flags) -> None:
        for stems in required:
            matched &= self._flags(self._phrase(stems))
            for having in filter(None, map(self._having.get, stems)):
                np.add.at(scores, having.places, having.values)
        self._note("words", scores)

    def _phrase(self, stems: Stems) -> Places:
        """Return the places of the candidates that have stems one after another in one field."""
        if not all(stem in self._having for stem in stems):
            return _NOBODY
        places = np.unique(self._having[stems[0]].places)
        if len(stems) == 1:
            return places
        for stem in stems[1:]:
            places = np.intersect1d(places, self._having[stem].places)
        rows = self._among.rows(places)
        found = self._part.segment.reader.rows_in_order(stems, rows)
        return np.asarray(places[np.isin(rows, found)])

    def _flags(self, places: Places) -> Flags:
        flags = np.zeros(self._among.size, dtype=np.bool_)
        flags[places] = True
        return flags

    def _zeros(self) -> Scores:
        return np.zeros(self._among.size, dtype=np.float32)


def _telling(words: Sequence[Word]) -> Sequence[Word]:
    """Return the words that are not those by which people ask, unless all are."""
    return [stems for stems in words if not is_asking(stems)] or words


def _stems(meaning: Meaning) -> Iterable[str]:
    """Return all stems that a meaning names, each once."""
    words = (word for unit in meaning.units for word in unit.words)
    other = (stems for unit in meaning.units for stems in (*unit.instead, unit.loosely))
    return dict.fromkeys(
        chain.from_iterable((*words, *other, *meaning.required, *meaning.excluded))
    )


def _codes(meaning: Meaning) -> Iterable[str]:
    """Return all needs that a meaning names, and those around them, each once."""
    return dict.fromkeys(code for unit in meaning.units for code in (*unit.codes, *unit.related))


_NOBODY = np.zeros(0, dtype=np.intp)
