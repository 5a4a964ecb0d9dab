"""Answers a search from one generation of the index.

Best first: the score by words (see `scoring`), lessened by distance. The score of a service is
that of its best matching document times a share between a half and one: 1 at the asked point,
3/4 at 20 km, near 1/2 far away. Distance thus never halves a score, and what answers an
understood need stays before what merely has a word. A document that covers the asked point
counts as at most 20 km away, one of which nothing is known as far away.
Without words all scores are 0, and best first is nearest first.
"""

from dataclasses import dataclass

import numpy as np

from search_index.columns import Flags, RowNumbers
from search_index.documents import Hit, MatchedBy, SearchRequest, SearchResults, SortOrder
from search_index.filters import facets, filters, passing_all
from search_index.geography import Floats, geodesic_km
from search_index.nearby import Nearby, nearby
from search_index.request_check import check
from search_index.scoring import answer
from search_index.snapshot import Snapshot
from search_index.understand import Meaning, Understanding

NEAR_KM = 20.0


def search(
    snapshot: Snapshot, understanding: Understanding, request: SearchRequest
) -> SearchResults:
    """Return a page of hits with counts. Raises InvalidRequest."""
    check(request)
    meaning = understanding.meaning(request.words)
    matched, scores = _by_words(snapshot, meaning, request)
    rows = np.flatnonzero(matched)
    place = nearby(rows, snapshot.points, snapshot.facts, request)
    passing = filters(snapshot.facts, request)
    counts = facets(place.rows, snapshot.facts, request, passing)
    found = _by_service(snapshot, place.take(passing_all(place.rows, passing)), scores, request)
    page = _order(found, request)[request.offset : request.offset + request.limit]
    hits = tuple(_hit(snapshot, found, int(place), request) for place in page)
    return SearchResults(len(found.services), hits, counts, meaning.concepts)


def _by_words(snapshot: Snapshot, meaning: Meaning, request: SearchRequest) -> tuple[Flags, Floats]:
    if not request.words.strip():
        return snapshot.live, np.zeros(snapshot.facts.size)
    return answer(meaning, snapshot.texts, snapshot.facts.categories, snapshot.live)


@dataclass(frozen=True, slots=True)
class _Services:
    """Services found, each with its nearest location, its score, and how many locations match."""

    services: RowNumbers
    nearest: Nearby
    scores: Floats
    locations: RowNumbers


def _by_service(
    snapshot: Snapshot, place: Nearby, scores: Floats, request: SearchRequest
) -> _Services:
    """Group documents by service: the nearest stands for it, then the best, then the first id."""
    services = snapshot.facts.service.codes[place.rows]
    locations = snapshot.facts.location.codes[place.rows]
    own = scores[place.rows]
    order = np.lexsort((locations, -own, place.distances_km, services))
    services, own, place = services[order], own[order], place.take(order)
    starts = np.flatnonzero(np.diff(services, prepend=-1))
    best = np.maximum.reduceat(own, starts) if starts.size else own
    nearest = place.take(starts)
    sizes = np.diff(starts, append=services.size)
    return _Services(services[starts], nearest, best * _share(nearest, request), sizes)


def _share(nearest: Nearby, request: SearchRequest) -> Floats:
    """Return what distance leaves of a score; all of it where no place was asked."""
    if request.latitude is None:
        return np.ones(nearest.rows.size)
    near = np.where(nearest.by_coverage, NEAR_KM, np.inf)
    distances = np.minimum(nearest.distances_km, near)
    return np.asarray(0.5 + 0.5 / (1 + distances / NEAR_KM))


def _order(found: _Services, request: SearchRequest) -> RowNumbers:
    distances = found.nearest.distances_km
    if request.sort is SortOrder.NEAREST:
        return np.lexsort((found.services, -found.scores, distances))
    return np.lexsort((found.services, distances, -found.scores))


def _hit(snapshot: Snapshot, found: _Services, place: int, request: SearchRequest) -> Hit:
    facts, row = snapshot.facts, found.nearest.rows[place]
    return Hit(
        service_id=facts.service.names[found.services[place]],
        organization_id=facts.organization.names[facts.organization.codes[row]],
        location_id=facts.location.names[facts.location.codes[row]] or None,
        score=float(found.scores[place]),
        distance_km=_shown_km(snapshot, int(row), request),
        matched_by=_matched_by(found.nearest, place),
        locations=int(found.locations[place]),
    )


def _shown_km(snapshot: Snapshot, row: int, request: SearchRequest) -> float | None:
    latitude, longitude = snapshot.points.latitudes[row], snapshot.points.longitudes[row]
    if request.latitude is None or request.longitude is None or np.isnan(latitude):
        return None
    return geodesic_km(request.latitude, request.longitude, float(latitude), float(longitude))


def _matched_by(nearest: Nearby, place: int) -> MatchedBy:
    if nearest.by_point[place]:
        return MatchedBy.POINT
    return MatchedBy.COVERAGE if nearest.by_coverage[place] else MatchedBy.NONE
