"""What distance, the place named, and the small things leave of a score; and of what it is made.

See `ranking` for the weights.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from search_index.answering import Answering
from search_index.candidates import Candidates
from search_index.columns import Flags
from search_index.documents import Hit, PlaceKind, SearchRequest
from search_index.facts import NEVER
from search_index.geography import Floats
from search_index.nearby import Found, nearby
from search_index.ranking import WEIGHTS
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
    locations of a service match, the one that is shown is explained.
    """
    parts: dict[str, dict[str, float]] = {}
    for number, part in enumerate(snapshot.parts):
        for service, steps in _steps(snapshot, number, part, meaning, request, hits):
            parts[service] = steps
    return tuple(hit._replace(parts=parts.get(hit.service_id, {})) for hit in hits)


def _steps(
    snapshot: Snapshot,
    number: int,
    part: Part,
    meaning: Meaning,
    request: SearchRequest,
    hits: Sequence[Hit],
) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield (service, what each step adds) for the hits that are in a segment."""
    rows = np.array(sorted(_rows(part, hits)), dtype=np.int32)
    if not rows.size:
        return
    noted: list[tuple[str, Floats]] = []
    among = Candidates.some_of(part.segment, rows)
    answering = Answering(
        snapshot, number, among, meaning, lambda name, scores: noted.append((name, scores.copy()))
    )
    answering.answer()
    scores: Floats = noted[-1][1] if noted else np.zeros(rows.size, dtype=np.float32)
    wide = replace(request, radius_km=None)
    found = nearby(rows, scores, part.segment, part.neighbourhoods.of(wide).covering, wide)
    for name, factor in _factors(part, found, request, meaning):
        scores = scores * factor
        noted.append((name, scores))
    services = part.segment.facts.service.of_rows(rows)
    for place, service in enumerate(services):
        steps: dict[str, float] = {}
        before = 0.0
        for name, after in noted:
            if float(after[place]) != before:
                steps[name] = steps.get(name, 0.0) + float(after[place]) - before
            before = float(after[place])
        yield service, steps


def _rows(part: Part, hits: Sequence[Hit]) -> Iterator[int]:
    """Yield the rows of the hits that are in a segment."""
    facts = part.segment.facts
    for hit in hits:
        service = facts.service.names.find(hit.service_id)
        location = facts.location.names.find(hit.location_id or "")
        if service >= 0 and location >= 0:
            here = (facts.service.codes == service) & (facts.location.codes == location)
            if part.live is not None:
                here &= part.live
            yield from np.flatnonzero(here)[:1].tolist()


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
