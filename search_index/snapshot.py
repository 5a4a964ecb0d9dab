"""One generation of the index, loaded: it stays as it is while it is searched."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
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
from search_index.nearby import Neighbourhoods
from search_index.scoring import Statistics
from search_index.segment import Segment
from search_index.spelling import Finds, Speller, any_finds
from search_index.understand import Unit

Version = tuple[str, int]

_SAMPLED = 2_000


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


class Snapshot:
    """The segments of one generation, and what is known of all of them together."""

    def __init__(self, folder: Path, version: Version, known: Mapping[str, Segment]) -> None:
        """Load what the folder holds at a version. `known` are segments opened before."""
        self.version = version
        storage = FileStorage(str(folder))
        segments = read_contents(folder, version[1])
        self.parts = [Part(storage, folder, known, told) for told in segments]
        self._speller: Speller | None = None
        self._spelling = Lock()
        self.statistics = Statistics([part.segment for part in self.parts])

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
        """Tell whether any document has a folded word, in either language."""
        return any(self._has_stem(stem(token)) for token in (word, SPANISH + word))

    def _has_stem(self, part: str) -> bool:
        return any(first < last for first, last in self.statistics.term(part).entries)

    def answers(self, unit: Unit) -> bool:
        """Tell whether any document is about a need of a unit, or has the words for it."""
        return not self._needs_known.isdisjoint(unit.codes) or any(
            all(map(self._has_stem, stems)) for stems in unit.instead
        )

    def is_near(self, latitude: float, longitude: float, km: float) -> bool:
        """Tell whether any document may be within so many kilometres of a point."""
        return any(
            Candidates.around(part.segment, latitude, longitude, km).size for part in self.parts
        )

    def speller(
        self, phrases: tuple[str, ...], spanish: Collection[str] = (), finds: Finds = any_finds
    ) -> Speller:
        """Return who guesses what mistyped words mean, by these phrases and all documents.

        See `Speller` for the rest.
        """
        with self._spelling:
            if self._speller is None:
                counts: Counter[str] = Counter()
                for part in self.parts:
                    words = part.segment.postings
                    counts.update(dict(zip(words.words, words.word_counts.tolist(), strict=True)))
                known = sorted(counts)
                uses = [counts[word] for word in known]
                self._speller = Speller(known, uses, phrases, spanish, finds)
            return self._speller

    def needs_answered(self) -> Counter[str]:
        """Return how many documents are about each need."""
        counts: Counter[str] = Counter()
        for part in self.parts:
            needs = part.segment.facts.needs
            counts.update(dict(zip(needs.names, np.diff(needs.firsts).tolist(), strict=True)))
        return counts

    def service_names(self, typed: str, limit: int) -> list[tuple[str, int]]:
        """Return names of services that go on as typed, with counts, best first."""
        return _together(part.segment.service_names.starting(typed, limit) for part in self.parts)

    def organization_names(self, typed: str, limit: int) -> list[tuple[str, int]]:
        """Return names of organizations that go on as typed, with counts, best first."""
        lists = (part.segment.organization_names.starting(typed, limit) for part in self.parts)
        return _together(lists)

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
