"""One generation of the index, loaded: it stays as it is while it is searched."""

from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence, Set
from copy import copy
from functools import cached_property, partial
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage

from search_index.analysis import SPANISH, stem
from search_index.candidates import Candidates
from search_index.choices import AllChoices
from search_index.columns import Flags, RowNumbers
from search_index.contents import read_contents
from search_index.facts import Record
from search_index.gazetteer import Point
from search_index.geography import Floats
from search_index.name_list import Counts
from search_index.nearby import Neighbourhoods
from search_index.postings import COUNT_BITS
from search_index.scoring import Statistics
from search_index.segment import Segment
from search_index.spelling import Finds, Speller, any_finds
from search_index.understand import Unit

Version = tuple[str, int]

_SAMPLED = 2_000
_MOST_READ = 200


class Part:
    """One segment as it is in this generation."""

    def __init__(self, storage: Any, folder: Path, known: Mapping[str, Segment], told: Any) -> None:
        """`told` is what Whoosh's table of contents says of the segment."""
        self.name: str = told.segment_id()
        self.segment = known.get(self.name) or Segment.open(storage, folder, told)
        deleted = list(told.deleted_docs())
        self.live: Flags | None = None
        if deleted:
            self.live = np.ones(self.segment.size, dtype=np.bool_)
            self.live[deleted] = False
        self.count = self.segment.size - len(deleted)
        self.neighbourhoods = Neighbourhoods(self.segment)
        self._name_counts: tuple[Counts, Counts] | None = None

    def without(self, services: Set[str]) -> "Part":
        """Return the part as it is when some services are deleted, too."""
        rows = self.segment.facts.service.rows_called(services)
        if not rows.size:
            return self
        other = copy(self)
        other.live = (
            np.ones(self.segment.size, dtype=np.bool_) if self.live is None else (self.live.copy())
        )
        other.live[rows] = False
        other.count = int(other.live.sum())
        other._name_counts = None
        return other

    def has(self, term: str) -> bool:
        """Tell whether a live document has a term."""
        return bool(self._live_among(self._entries(term)).any())

    def any_live(self, candidates: Candidates) -> bool:
        """Tell whether any of some rows is of a live document."""
        if self.live is None:
            return candidates.size > 0
        return bool(self.live[candidates.all_rows()].any())

    def needs_answered(self) -> dict[str, int]:
        """Return how many live documents are about each need."""
        needs = self.segment.facts.needs
        counts = np.diff(needs.firsts)
        if self.live is not None:
            before = np.concatenate([[0], self.live[needs.rows].cumsum()])
            counts = np.diff(before[needs.firsts])
        return dict(zip(needs.names, counts.tolist(), strict=True))

    def says(self, word: str) -> bool:
        """Tell whether a live document has a folded word, written so.

        Words of one stem share their entries. A word that stands more often in all documents
        than its stem does in the deleted ones is in a live one; else some of these are read. One
        that is in none of them is taken for gone: what is deleted must not come back.
        """
        postings = self.segment.postings
        number = postings.words.find(word)
        if number < 0 or self.live is None:
            return number >= 0
        deleted, rows = 0, []
        for term in _terms_of(word):
            entries = self._entries(term)
            live = self._live_among(entries)
            deleted += int((postings.contents[entries][~live] & COUNT_BITS).sum())
            rows += np.unique(postings.rows[entries][live])[:_MOST_READ].tolist()
        return postings.word_counts[number] > deleted or any(
            word in _words_of(self.segment.reader.record(row)) for row in rows
        )

    def _entries(self, term: str) -> slice:
        _, first, last = self.segment.postings.find(term)
        return slice(first, last)

    def _live_among(self, entries: slice) -> Flags:
        """Tell which of some entries are of live documents."""
        rows = self.segment.postings.rows[entries]
        return np.ones(rows.size, dtype=np.bool_) if self.live is None else self.live[rows]

    def service_names(self, typed: str, limit: int) -> list[tuple[str, int]]:
        """Return names of services that go on as typed, best first, with counts."""
        counts = self._counts_of_names()
        names = self.segment.service_names.names
        return names.starting(typed, limit, counts and counts[0])

    def organization_names(self, typed: str, limit: int) -> list[tuple[str, int]]:
        """Return names of organizations that go on as typed, best first, with counts."""
        counts = self._counts_of_names()
        names = self.segment.organization_names.names
        return names.starting(typed, limit, counts and counts[1])

    def _counts_of_names(self) -> tuple[Counts, Counts] | None:
        """Return how many live rows have each name; None when all that there are do."""
        if self.live is not None and self._name_counts is None:
            segment = self.segment
            self._name_counts = (
                segment.service_names.counts(self.live),
                segment.organization_names.counts(self.live),
            )
        return self._name_counts

    def records(self) -> Iterator[Record]:
        """Yield the stored record of each live document."""
        for row in range(self.segment.size):
            if self.live is None or self.live[row]:
                yield self.segment.reader.record(row)

    def saying(self, rows: RowNumbers, names: Sequence[Sequence[str]]) -> Flags:
        """Tell which of some rows have all stems of one of these names, wherever."""
        postings = self.segment.postings
        said = np.zeros(rows.size, dtype=np.bool_)
        for name in names:
            whole = np.ones(rows.size, dtype=np.bool_)
            for part in name:
                _, first, last = postings.find(part)
                whole &= np.isin(rows, postings.rows[first:last])
            said |= whole
        return said


class _Words:
    """The words of all documents of a generation, deleted ones too, to guess among."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._speller: Speller | None = None
        self._spelling = Lock()

    def speller(
        self, phrases: tuple[str, ...], spanish: Collection[str], english: Container[str] | None
    ) -> Speller:
        """Return who guesses by these phrases and all words: what it needs is made once."""
        with self._spelling:
            if self._speller is None:
                counts: Counter[str] = Counter()
                for segment in self._segments:
                    words = segment.postings
                    counts.update(dict(zip(words.words, words.word_counts.tolist(), strict=True)))
                known = sorted(counts)
                uses = [counts[word] for word in known]
                self._speller = Speller(known, uses, phrases, spanish, english=english)
            return self._speller


class Snapshot:
    """The segments of one generation, and what is known of all of them together."""

    def __init__(self, folder: Path, version: Version, known: Mapping[str, Segment]) -> None:
        """Load what the folder holds at a version. `known` are segments opened before."""
        self.version = version
        storage = FileStorage(str(folder))
        segments = read_contents(folder, version[1])
        self.parts = [Part(storage, folder, known, told) for told in segments]
        self._words = _Words([part.segment for part in self.parts])
        self._speller: Speller | None = None
        self._narrower: tuple[Set[str], Snapshot] | None = None
        self.statistics = Statistics([part.segment for part in self.parts])

    def without(self, services: Set[str]) -> "Snapshot":
        """Return the snapshot as it is when some services are deleted, too.

        The last one is remembered: the same services are withheld from many searches.
        """
        if not services:
            return self
        known = self._narrower
        if known is not None and known[0] == services:
            return known[1]
        narrower = copy(self)
        narrower.parts = [part.without(services) for part in self.parts]
        narrower._speller = narrower._narrower = None
        for counted in ("_needs_known", "needs_ranked"):
            narrower.__dict__.pop(counted, None)
        self._narrower = services, narrower
        return narrower

    @cached_property
    def middle(self) -> Point | None:
        """Where most documents are: whoever names a place of many means the one near here."""
        if not self.parts:
            return None
        latitudes = np.concatenate([_sample(part.segment.points.latitudes) for part in self.parts])
        longitudes = np.concatenate(
            [_sample(part.segment.points.longitudes) for part in self.parts]
        )
        if np.isnan(latitudes).all():
            return None
        return round(float(np.nanmedian(latitudes)), 1), round(float(np.nanmedian(longitudes)), 1)

    @cached_property
    def _needs_known(self) -> frozenset[str]:
        """The needs that any document is about."""
        return frozenset(code for code, count in self.needs_answered().items() if count)

    @cached_property
    def choices(self) -> AllChoices:
        """What searches can be narrowed to."""
        return AllChoices([part.segment.facts.choices for part in self.parts])

    def knows(self, word: str) -> bool:
        """Tell whether any document has a folded word or its stem, in either language."""
        return any(self._has_stem(term) for term in _terms_of(word))

    def _has_stem(self, part: str) -> bool:
        return any(each.has(part) for each in self.parts)

    def answers(self, unit: Unit) -> bool:
        """Tell whether any document is about a need of a unit, or has the words for it."""
        return not self._needs_known.isdisjoint(unit.codes) or any(
            all(map(self._has_stem, stems)) for stems in unit.instead
        )

    def is_near(self, latitude: float, longitude: float, km: float) -> bool:
        """Tell whether any document may be within so many kilometres of a point."""
        return any(
            part.any_live(Candidates.around(part.segment, latitude, longitude, km))
            for part in self.parts
        )

    def speller(
        self,
        phrases: tuple[str, ...],
        spanish: Collection[str] = (),
        finds: Finds = any_finds,
        english: Container[str] | None = None,
    ) -> Speller:
        """Return who guesses what mistyped words mean, by these phrases and all documents.

        See `Speller` for the rest.
        """
        if self._speller is None:
            # Of the parts and not of the snapshot: nothing then holds itself, and files close.
            says = partial(_any_says, self.parts)
            self._speller = self._words.speller(phrases, spanish, english).among(says)
        return self._speller.that_finds(finds)

    def needs_answered(self) -> Counter[str]:
        """Return how many live documents are about each need."""
        counts: Counter[str] = Counter()
        for part in self.parts:
            counts.update(part.needs_answered())
        return counts

    @cached_property
    def needs_ranked(self) -> dict[str, int]:
        """The needs that any document is about, by how many are: most have the highest number.

        Small changes of the counts mostly leave it as it is.
        """
        counts = +self.needs_answered()
        ranks = {count: rank for rank, count in enumerate(sorted(set(counts.values())), 1)}
        return {code: ranks[count] for code, count in counts.items()}

    def service_names(self, typed: str, limit: int) -> list[tuple[str, int]]:
        """Return names of services that go on as typed, with counts, best first."""
        return _together(part.service_names(typed, limit) for part in self.parts)

    def organization_names(self, typed: str, limit: int) -> list[tuple[str, int]]:
        """Return names of organizations that go on as typed, with counts, best first."""
        return _together(part.organization_names(typed, limit) for part in self.parts)

    @property
    def segments(self) -> dict[str, Segment]:
        """The segments by name."""
        return {part.name: part.segment for part in self.parts}

    def records(self) -> Iterator[Record]:
        """Yield the stored record of each live document."""
        for part in self.parts:
            yield from part.records()

    def count(self) -> int:
        """Return how many documents are live."""
        return sum(part.count for part in self.parts)


def _any_says(parts: Sequence[Part], word: str) -> bool:
    """Tell whether a live document of any part has a folded word, written so."""
    return any(part.says(word) for part in parts)


def _terms_of(word: str) -> tuple[str, str]:
    """Return the terms under which a folded word stands, in either language."""
    return stem(word), stem(SPANISH + word)


def _words_of(record: Record) -> set[str]:
    """Return the folded words of a document, in either language."""
    return {token.removeprefix(SPANISH) for text in record.texts for token in text.split()}


def _sample(values: Floats) -> Floats:
    """Return some thousands of values at most, from everywhere among them."""
    return values[:: max(1, len(values) // _SAMPLED)]


def _together(lists: Iterable[list[tuple[str, int]]]) -> list[tuple[str, int]]:
    """Join lists of names with counts: a name once, in the best place that it has in any."""
    places: dict[str, tuple[int, int]] = {}
    for names in lists:
        for place, (name, count) in enumerate(names):
            best, total = places.get(name, (place, 0))
            places[name] = (min(best, place), total - count)
    ranked = sorted(places.items(), key=lambda entry: (entry[1], entry[0]))
    return [(name, -total) for name, (_, total) in ranked]
