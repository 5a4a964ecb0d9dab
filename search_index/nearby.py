"""Where "nearby" is: an office within the radius, or a service that covers the asked point."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.columns import Flags, RowNumbers
from search_index.documents import AreaKind, SearchRequest
from search_index.facts import Facts, area_key
from search_index.geography import Floats, Points


@dataclass(frozen=True, slots=True)
class Nearby:
    """Documents the place of a search leaves: their rows, kilometres (inf = unknown), and why."""

    rows: RowNumbers
    distances_km: Floats
    by_point: Flags
    by_coverage: Flags

    def take(self, chosen: Flags | NDArray[np.intp]) -> "Nearby":
        """Return some of them."""
        return Nearby(
            self.rows[chosen],
            self.distances_km[chosen],
            self.by_point[chosen],
            self.by_coverage[chosen],
        )


def nearby(rows: RowNumbers, points: Points, facts: Facts, request: SearchRequest) -> Nearby:
    """Return which of the rows the place of a request leaves.

    Without a point all of them, with nothing known of distance. With a point but no radius all
    of them. With a radius those within it (the edge belongs to it), and those whose coverage
    holds the point when the request wants coverage.
    """
    latitude, longitude = request.latitude, request.longitude
    nowhere = np.zeros(rows.size, dtype=np.bool_)
    if latitude is None or longitude is None:
        return Nearby(rows, np.full(rows.size, np.inf), nowhere, nowhere)
    covered = _covering(facts, request, latitude, longitude)[rows] if request.coverage else nowhere
    candidates = points.take(rows)
    inside = candidates.known()
    if request.radius_km is not None:
        inside &= candidates.perhaps_within(latitude, longitude, request.radius_km)
        chosen = inside | covered
        rows, candidates = rows[chosen], candidates.take(chosen)
        inside, covered = inside[chosen], covered[chosen]
    known = candidates.known()
    distances = np.full(rows.size, np.inf)
    distances[known] = candidates.take(known).distances_km(latitude, longitude)
    found = Nearby(rows, distances, inside, covered)
    if request.radius_km is None:
        return found
    inside[inside] = candidates.take(inside).within(
        latitude, longitude, request.radius_km, distances[inside]
    )
    return found.take(inside | covered)


def _covering(facts: Facts, request: SearchRequest, latitude: float, longitude: float) -> Flags:
    """Tell which documents state a coverage area that holds the asked point."""
    asked = [
        (AreaKind.NATION, "US" if request.state else None),
        (AreaKind.STATE, request.state),
        (AreaKind.COUNTY, request.county),
        (AreaKind.ZIP, request.zip),
    ]
    keys = [area_key(kind, value) for kind, value in asked if value]
    covering = facts.areas.any_of(keys, facts.size)
    centres = Points.of(facts.circles.numbers[:, 0], facts.circles.numbers[:, 1])
    radii = facts.circles.numbers[:, 2]
    near = np.flatnonzero(centres.perhaps_within(latitude, longitude, radii))
    centres, radii = centres.take(near), radii[near]
    distances = centres.distances_km(latitude, longitude)
    holding = centres.within(latitude, longitude, radii, distances)
    covering[facts.circles.rows[near[holding]]] = True
    return covering
