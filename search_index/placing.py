"""What distance, the place named, and the small things leave of a score; and of what it is made.

See `ranking` for the weights.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from search_index.answering import Answering
from search_index.candidates import Candidates
from search_index.columns import Flags, RowNumbers
from search_index.documents import Hit, PlaceKind, SearchRequest
from search_index.facts import NEVER
from search_index.geography import Floats
from search_index.nearby import Found, nearby
from search_index.ranking import WEIGHTS
from search_index.scoring import Scores
from search_index.snapshot import Part, Snapshot
from search_index.understand import Meaning, Where

_DAYS_OF_A_YEAR = 365


def ranked(part: Part, found: Found, request: SearchRequest, meaning: Meaning) -> Floats:
    """Return the scores by which services are ordered."""
    scores = found.scores
    for _, factor in _factors(part, found, request, meaning):
        scores = scores * factor
    return scores


def explained(
    snapshot: Snapshot, meaning: Meaning, request: SearchRequest, hits: Sequence[Hit]
) -> tuple[Hit, ...]:
    """Return hits that tell of what their scores are made, step by step.

    Each part is what a step adds, or takes off; together they are the score. Where several
    locations of a service match, the words are those of the best one, as in the score.
    """
    parts: dict[str, dict[str, float]] = {}
    for number, part in enumerate(snapshot.parts):
        parts |= _steps(snapshot, number, part, meaning, request, hits)
    return tuple(hit._replace(parts=parts.get(hit.service_id, {})) for hit in hits)


def _steps(
    snapshot: Snapshot,
    number: int,
    part: Part,
    meaning: Meaning,
    request: SearchRequest,
    hits: Sequence[Hit],
) -> dict[str, dict[str, float]]:
    """Return what each step adds, by service, for the hits that are in a segment."""
    rows = part.segment.facts.service.rows_called(hit.service_id for hit in hits)
    if part.live is not None:
        rows = rows[part.live[rows]]
    if not rows.size:
        return {}
    noted: list[tuple[str, Scores]] = []
    among = Candidates.some_of(part.segment, rows)
    answering = Answering(
        snapshot, number, among, meaning, lambda name, scores: noted.append((name, scores.copy()))
    )
    answering.answer()
    words = noted[-1][1] if noted else np.zeros(rows.size, dtype=np.float32)
    wide = replace(request, radius_km=None)
    found = nearby(rows, words, part.segment, part.neighbourhoods.of(wide).covering, wide)
    factors = list(_factors(part, found, request, meaning))
    return {
        hit.service_id: _differences(_scores_of(hit, *places, noted, words, factors))
        for hit in hits
        if (places := _places_of(part, rows, hit)) is not None
    }


def _places_of(part: Part, rows: RowNumbers, hit: Hit) -> tuple[RowNumbers, int] | None:
    """Return where among some rows those of a hit are, and which of them is the one shown."""
    facts = part.segment.facts
    service = facts.service.names.find(hit.service_id)
    location = facts.location.names.find(hit.location_id or "")
    own = np.flatnonzero(facts.service.codes[rows] == service)
    shown = own[facts.location.codes[rows[own]] == location]
    return (own, int(shown[0])) if shown.size else None


def _scores_of(
    hit: Hit,
    own: RowNumbers,
    shown: int,
    noted: Sequence[tuple[str, Scores]],
    words: Scores,
    factors: Sequence[tuple[str, Floats]],
) -> Iterator[tuple[str, float]]:
    """Yield the score of a hit after each step, by name.

    Its words are those of the location that gave the score, its factors those of the one shown.
    """
    left = math.prod(float(factor[shown]) for _, factor in factors)
    telling = own[np.abs(words[own] * left - hit.score).argmin()]
    for name, scores in noted:
        yield name, float(scores[telling])
    score = float(words[telling])
    for name, factor in factors:
        score *= float(factor[shown])
        yield name, score


def _differences(scores: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return what each step adds to the score before it, if anything."""
    steps: dict[str, float] = {}
    before = 0.0
    for name, after in scores:
        if after != before:
            steps[name] = steps.get(name, 0.0) + after - before
        before = after
    return steps


def _factors(
    part: Part, found: Found, request: SearchRequest, meaning: Meaning
) -> Iterator[tuple[str, Floats]]:
    """Yield by what scores are multiplied, with its name."""
    if meaning.where is not None:
        yield "place", 1 - WEIGHTS.place + WEIGHTS.place * _there(part, found, meaning.where)
    elif found.rough_km is not None:
        yield "distance", _nearness(found.rough_km, found.covered)
    facts, rows = part.segment.facts, found.rows
    if request.now is not None and part.segment.ever_verified:
        yield "verified", 1 + WEIGHTS.verified * _freshness(facts.verified[rows], request.now)
    if part.segment.ever_accepting:
        yield "takes referrals", 1 + WEIGHTS.accepting * facts.accepting[rows]
    if part.segment.ever_partner:
        yield "in the network", 1 + WEIGHTS.partner * facts.partner[rows]


def _nearness(distances: Floats, covered: Flags | None) -> Floats:
    """Return what distance leaves of a score. Who covers the point is at most `near_km` away."""
    if covered is not None:
        distances = np.where(covered, np.minimum(distances, WEIGHTS.near_km), distances)
    nearness = WEIGHTS.far * WEIGHTS.near_km / (WEIGHTS.near_km + distances)
    nearness += 1 - WEIGHTS.far
    return nearness


def _there(part: Part, found: Found, where: Where) -> Floats:
    """Return how surely documents are in a place named, from 0 to 1.

    Who says the name is there, unless far from it; the others are the less so the farther out.
    """
    place = where.place
    rough = part.segment.points.roughly_km(place.latitude, place.longitude, found.rows)
    outside = np.maximum(rough - place.radius_km, 0.0)
    wide = place.kind in (PlaceKind.COUNTY, PlaceKind.STATE)
    there = (WEIGHTS.within_wide if wide else WEIGHTS.within) / (1 + outside / WEIGHTS.around_km)
    unknown = np.isinf(rough)
    there[unknown] = WEIGHTS.place_unknown
    says = part.saying(found.rows, where.names)
    there[says & (unknown | (outside < WEIGHTS.around_km))] = 1.0
    far = says & (there < WEIGHTS.place_said)
    there[far] = WEIGHTS.place_said
    return np.asarray(there)


def _freshness(verified: NDArray[np.int32], now: datetime) -> Floats:
    """Return how fresh dates are: 1 today, 0 a year ago and before, and for those never."""
    age = now.date().toordinal() - verified
    fresh = np.clip(1 - age / _DAYS_OF_A_YEAR, 0.0, 1.0)
    fresh[verified == NEVER] = 0.0
    return np.asarray(fresh)
