"""Answers a search from one generation of the index.

A service has the score of its best matching document, and is where its nearest one is. What the
scores are made of stands in `ranking`. Without words all scores are 0: nearest first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import starmap
from typing import Any

import numpy as np

from search_index.analysis import stem
from search_index.answering import Answering
from search_index.columns import RowNumbers
from search_index.documents import (
    Hit,
    MatchedBy,
    Relaxation,
    SearchRequest,
    SearchResults,
    SortOrder,
)
from search_index.filters import Counted, facets, filters, passing_all, together
from search_index.geography import Floats, Points, geodesic_km
from search_index.nearby import ROUGH_ENOUGH_KM, Found, nearby
from search_index.placing import explained, ranked
from search_index.relaxing import relaxations
from search_index.request_check import check
from search_index.segment import Segment
from search_index.snapshot import Snapshot
from search_index.spelling import Speller
from search_index.understand import Meaning, Understanding, Where

# A place in the words is believed if anything is so near to it; not when the person is so far
# from it.
_REACH_KM, _FAR_KM = 40.0, 150.0

# Above so many keys the best of each block of keys are compared first.
_LARGE, _BLOCK = 4_096, 64


def search(
    snapshot: Snapshot, understanding: Understanding, request: SearchRequest
) -> SearchResults:
    """Return a page of hits with counts. Raises InvalidRequest."""
    check(request)
    meaning, meant = _understood(snapshot, understanding, request)
    asked = _at_the_place_named(request, meaning)
    found, counts = _in_all_segments(snapshot, meaning, asked)
    total = _total(found)
    hits = _page(snapshot, found, asked) if total else ()
    return SearchResults(
        total,
        explained(snapshot, meaning, asked, hits) if request.explain else hits,
        together(counts, snapshot.choices, request) if request.facets else {},
        meaning.concepts,
        meaning.people,
        meaning.where.place if meaning.where else None,
        meaning.where.words if meaning.where else "",
        did_you_mean=meant,
        corrected=meant is not None,
        relax=() if total else tuple(_relaxations(snapshot, understanding, request, meaning)),
    )


def _in_all_segments(
    snapshot: Snapshot, meaning: Meaning, request: SearchRequest
) -> tuple[list["_Services"], list[Counted | None]]:
    answers = [
        _in_segment(snapshot, number, meaning, request) for number in range(len(snapshot.parts))
    ]
    return [services for services, _ in answers], [counts for _, counts in answers]


def _total(found: list["_Services"]) -> int:
    return sum(len(services.found.rows) for services in found)


def _relaxations(
    snapshot: Snapshot, understanding: Understanding, request: SearchRequest, meaning: Meaning
) -> Iterator[Relaxation]:
    """Return what would give results: each is counted by the search that it stands for."""
    silent = replace(request, facets=False, explain=False)

    def count(**other: Any) -> int:
        asked = replace(silent, **other)
        understood, _ = _understood(snapshot, understanding, asked)
        there = _at_the_place_named(asked, understood)
        return _total(_in_all_segments(snapshot, understood, there)[0])

    def means(words: str) -> Meaning:
        return _understood(snapshot, understanding, replace(silent, words=words))[0]

    return relaxations(request, meaning, count, means)


def _understood(
    snapshot: Snapshot, understanding: Understanding, request: SearchRequest
) -> tuple[Meaning, str | None]:
    """Return what the words mean, and how they were rewritten where nothing knew a word."""
    near = snapshot.middle
    if request.latitude is not None and request.longitude is not None:
        near = (round(request.latitude, 1), round(request.longitude, 1))
    with_place = request.place_in_words
    meaning = understanding.meaning(request.words, near, with_place)
    if meaning.where and not _is_believed(snapshot, request, meaning.where):
        with_place = False
        meaning = understanding.meaning(request.words, near, with_place)
    strange = {word for word in meaning.plain if not snapshot.knows(word)}
    if strange and request.correct:
        strange -= understanding.words_of_places(request.words)
    if not strange or not request.correct:
        return meaning, None
    speller = _speller(snapshot, understanding)
    meant = speller.correct_text(
        request.words, lambda word: word not in strange, understanding.is_of_place
    )
    if meant is None:
        return meaning, None
    return understanding.meaning(meant, near, with_place), meant


def _is_believed(snapshot: Snapshot, request: SearchRequest, where: Where) -> bool:
    """Tell whether a place in the words is meant as one.

    A name that may be somebody's, or a quarter's, is believed where there is anything to find,
    and by who is not far from there.
    """
    if where.sure:
        return True
    place = where.place
    if request.latitude is not None and request.longitude is not None:
        km = geodesic_km(request.latitude, request.longitude, place.latitude, place.longitude)
        if km > _FAR_KM + place.radius_km:
            return False
    return snapshot.is_near(place.latitude, place.longitude, place.radius_km + _REACH_KM)


def _speller(snapshot: Snapshot, understanding: Understanding) -> Speller:
    """Return who guesses mistyped words so that they find something."""

    def finds(before: str, guess: str, after: str) -> bool:
        if all(map(snapshot.knows, guess.split())):
            return True
        meaning = understanding.meaning(f"{before} {guess} {after}", None, False)
        said = set(map(stem, guess.split()))
        return bool(meaning.people) or any(
            snapshot.answers(unit)
            for unit in meaning.units
            if not said.isdisjoint(part for word in unit.words for part in word)
        )

    return snapshot.speller(
        understanding.phrases, understanding.spanish_words, finds, understanding.english
    )


def _at_the_place_named(request: SearchRequest, meaning: Meaning) -> SearchRequest:
    """Return a request that names its place in the words alone as one for that place."""
    if meaning.where is None or request.latitude is not None:
        return request
    place, radius = meaning.where.place, request.radius_km
    return replace(
        request,
        latitude=place.latitude,
        longitude=place.longitude,
        radius_km=None if radius is None else radius + place.radius_km,
        zip=place.zip,
        county=place.county,
        state=place.state,
    )


@dataclass(slots=True)
class _Services:
    """Services found in a segment: the best row of each, and how many locations match."""

    found: Found
    locations: RowNumbers | None = None

    def take(self, chosen: RowNumbers) -> "_Services":
        kept = None if self.locations is None else self.locations[chosen]
        return _Services(self.found.take(chosen), kept)


_NO_SERVICES = _Services(
    Found(np.zeros(0, np.intp), np.zeros(0), np.zeros(0), np.zeros(0, np.bool_), None)
)


def _in_segment(
    snapshot: Snapshot, number: int, meaning: Meaning, request: SearchRequest
) -> tuple[_Services, Counted | None]:
    """Return the services of a segment that answer, and the counts of its facets."""
    part = snapshot.parts[number]
    segment = part.segment
    place = part.neighbourhoods.of(request)
    if not place.candidates.size:
        return _NO_SERVICES, None
    if request.words.strip() and not meaning.is_place_alone:
        rows, scores = Answering(snapshot, number, place.candidates, meaning).answer()
    else:
        rows = place.candidates.all_rows()
        scores = np.zeros(rows.size, dtype=np.float32)
    if part.live is not None:
        live = part.live[rows]
        rows, scores = rows[live], scores[live]
    found = nearby(rows, scores, segment, place.covering, request)
    passing = filters(found.rows, segment.facts, request)
    counts = None
    if request.facets:
        counts = facets(found.rows, segment.facts, segment.several, request, passing)
    if passing:
        found = found.take(passing_all(found.rows, passing))
    services = _by_service(segment, found)
    services.found.scores = ranked(part, services.found, request, meaning)
    return services, counts


def _by_service(segment: Segment, found: Found) -> _Services:
    """Group documents by service: the nearest stands for it, then the best, then the first id."""
    if not segment.several_at_all:
        return _Services(found)
    shared = segment.several[found.rows]
    together = shared.nonzero()[0]
    if not together.size:
        return _Services(found)
    rows, scores = found.rows[together], found.scores[together]
    services = segment.facts.service.codes[rows]
    locations = segment.facts.location.codes[rows]
    far = np.zeros(rows.size) if found.rough_km is None else found.rough_km[together]
    order = np.lexsort((locations, -scores, far, services))
    starts = np.diff(services[order], prepend=-1).nonzero()[0]
    alone = (~shared).nonzero()[0]
    chosen = found.take(np.concatenate([alone, together[order[starts]]]))
    chosen.scores[alone.size :] = np.maximum.reduceat(scores[order], starts)
    counts = np.ones(chosen.rows.size, dtype=np.intp)
    counts[alone.size :] = np.diff(starts, append=rows.size)
    return _Services(chosen, counts)


def _page(snapshot: Snapshot, found: list[_Services], request: SearchRequest) -> tuple[Hit, ...]:
    """Return the hits of the asked page, in their order over all segments."""
    wanted = request.offset + request.limit
    parts = [
        (part.segment, services.take(_first(part.segment, services, wanted, request)))
        for part, services in zip(snapshot.parts, found, strict=True)
        if services.found.rows.size
    ]
    if len(parts) == 1:
        segment, services = parts[0]
        kept = np.arange(request.offset, len(services.found.rows))
        return tuple(_hits(segment, services.take(kept), request))
    ranked = sorted(
        (*key, number, place)
        for number, (segment, services) in enumerate(parts)
        for place, key in enumerate(_sort_keys(segment, services, request))
    )[request.offset : wanted]
    chosen = [[place for *_, at, place in ranked if at == number] for number in range(len(parts))]
    hits = [
        iter(_hits(segment, services.take(np.array(places, dtype=np.intp)), request))
        for (segment, services), places in zip(parts, chosen, strict=True)
    ]
    return tuple(next(hits[number]) for *_, number, _ in ranked)


def _sort_keys(
    segment: Segment, services: _Services, request: SearchRequest
) -> Iterator[tuple[float, float, str]]:
    """Yield by what services are ordered, the id last."""
    primary, secondary = _keys(services.found, request)
    names = segment.facts.service.of_rows(services.found.rows)
    return zip(primary.tolist(), secondary.tolist(), names, strict=True)


def _first(
    segment: Segment, services: _Services, wanted: int, request: SearchRequest
) -> RowNumbers:
    """Return the places of the services that come first, in their order."""
    primary, secondary = _keys(services.found, request)
    if primary.size > wanted:
        chosen = (primary <= _limit(primary, wanted)).nonzero()[0]
        primary, secondary = primary[chosen], secondary[chosen]
    else:
        chosen = np.arange(primary.size)
    codes = segment.facts.service.codes[services.found.rows[chosen]]
    order = np.lexsort((codes, secondary, primary))
    return np.asarray(chosen[order[:wanted]])


def _limit(keys: Floats, wanted: int) -> float:
    """Return a key up to which there are as many as wanted, and few more: ties, and then some."""
    if keys.size > _LARGE and wanted < keys.size // _BLOCK:
        # The best of each block are enough to know how good one must be: a fraction to sort.
        even = keys[: keys.size // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
        keys = even.min(axis=1)
    return float(np.partition(keys, wanted - 1)[wanted - 1])


def _keys(found: Found, request: SearchRequest) -> tuple[Floats, Floats]:
    """Return what services are ordered by, first and second, least first."""
    scores = -found.scores
    if found.rough_km is None:
        return scores, scores
    nearest = request.sort is SortOrder.NEAREST
    return (found.rough_km, scores) if nearest else (scores, found.rough_km)


def _hits(segment: Segment, services: _Services, request: SearchRequest) -> list[Hit]:
    """Return services as hits, in their order."""
    facts, found = segment.facts, services.found
    rows, size = found.rows, len(found.rows)
    columns = (
        facts.service.of_rows(rows),
        facts.organization.of_rows(rows),
        [location or None for location in facts.location.of_rows(rows)],
        found.scores.tolist(),
        _distances(segment.points, found, request),
        _matched_by(found),
        [1] * size if services.locations is None else services.locations.tolist(),
    )
    return list(starmap(Hit, zip(*columns, strict=True)))


def _distances(points: Points, found: Found, request: SearchRequest) -> list[float | None]:
    """Return the geodesic distance of each service to the millimetre; None when there is none."""
    if found.rough_km is None or request.latitude is None or request.longitude is None:
        return [None] * len(found.rows)
    distances = found.rough_km.round(6)
    far = (distances > ROUGH_ENOUGH_KM).nonzero()[0]
    if far.size:
        there = points.take(found.rows[far])
        distances[far] = there.distances_km(request.latitude, request.longitude)
    # NaN is not itself.
    return [km if km == km else None for km in distances.tolist()]


def _matched_by(found: Found) -> list[MatchedBy]:
    if found.inside is None:
        return [MatchedBy.NONE] * len(found.rows)
    otherwise = found.covered if found.covered is not None else np.zeros_like(found.inside)
    return [
        MatchedBy.POINT if inside else MatchedBy.COVERAGE if covered else MatchedBy.NONE
        for inside, covered in zip(found.inside.tolist(), otherwise.tolist(), strict=True)
    ]
