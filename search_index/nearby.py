"""Where "nearby" is: an office within the radius, or a service that covers the asked point."""

from dataclasses import dataclass

import numpy as np

from search_index.candidates import Candidates
from search_index.columns import Flags, RowNumbers, among
from search_index.documents import AreaKind, SearchRequest, SortOrder
from search_index.facts import Facts, area_key
from search_index.geography import Floats, Points
from search_index.remembering import Remembered
from search_index.segment import Segment

# Up to here a rough distance is right to the millimetre.
ROUGH_ENOUGH_KM = 40.0
# For each segment: where the rows of a place are found takes as much as the segment is long.
_PLACES_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a search in one segment: whom to look at, and who covers the point."""

    candidates: Candidates
    covering: RowNumbers


@dataclass(slots=True)
class Found:
    """Documents found in one segment: rows, scores, and where they are.

    `rough_km` is inf where nothing is known. `inside` tells which lie within the radius (all
    with a point when there is none), `covered` which state to serve the asked point. None stands
    for columns in which all are alike: no place was asked, nobody covers it.
    """

    rows: RowNumbers
    scores: Floats
    rough_km: Floats | None
    inside: Flags | None
    covered: Flags | None

    def take(self, chosen: Flags | RowNumbers) -> "Found":
        """Return some of them."""
        if chosen.dtype == np.bool_:
            chosen = chosen.nonzero()[0]
        return Found(
            self.rows[chosen],
            self.scores[chosen],
            None if self.rough_km is None else self.rough_km[chosen],
            None if self.inside is None else self.inside[chosen],
            None if self.covered is None else self.covered[chosen],
        )


class Neighbourhoods:
    """Whom to look at in one segment for a place; places asked lately are remembered."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._everybody = Place(Candidates.all_of(segment), _NOBODY)
        self._around = Remembered(self._look_around, _bytes_of, _PLACES_BYTES)

    def of(self, request: SearchRequest) -> Place:
        """Return among which rows those are that the place of a request leaves.

        Without a radius all rows. With one those about within it, and those whose coverage
        holds the point when the request wants coverage.
        """
        if request.latitude is None or request.longitude is None:
            return self._everybody
        if request.radius_km is None and not request.coverage:
            return self._everybody
        asked = (request.zip, request.county, request.state) if request.coverage else None
        return self._around(request.latitude, request.longitude, request.radius_km, asked)

    def _look_around(
        self,
        latitude: float,
        longitude: float,
        radius_km: float | None,
        asked: tuple[str | None, str | None, str | None] | None,
    ) -> Place:
        covering: RowNumbers = _NOBODY
        if asked is not None:
            covering = _covering(self._segment.facts, asked, latitude, longitude)
        if radius_km is None:
            return Place(self._everybody.candidates, covering)
        around = Candidates.around(self._segment, latitude, longitude, radius_km)
        return Place(around.together_with(covering), covering)


def _bytes_of(place: Place) -> int:
    return place.candidates.most_bytes + place.covering.nbytes


def nearby(
    rows: RowNumbers,
    scores: Floats,
    segment: Segment,
    covering: RowNumbers,
    request: SearchRequest,
) -> Found:
    """Return which of the rows the place of a request leaves.

    Without a point all of them, with nothing known of distance. With a point but no radius all
    of them. With a radius those within it (the edge belongs to it), and those that cover the
    point.
    """
    latitude, longitude, radius = request.latitude, request.longitude, request.radius_km
    if latitude is None or longitude is None:
        return Found(rows, scores, None, None, None)
    points = segment.points
    rough = points.roughly_km(latitude, longitude, rows)
    if request.sort is SortOrder.NEAREST:
        # What people compare by distance alone must not be off by the shape of the earth.
        far = ((rough > ROUGH_ENOUGH_KM) & np.isfinite(rough)).nonzero()[0]
        rough[far] = points.take(rows[far]).distances_km(latitude, longitude)
    covered = among(rows, covering)
    if radius is None:
        return Found(rows, scores, rough, np.isfinite(rough), covered)
    inside = points.within(latitude, longitude, radius, rough, rows)
    found = Found(rows, scores, rough, inside, covered)
    return found.take(inside if covered is None else inside | covered)


def _covering(
    facts: Facts,
    asked: tuple[str | None, str | None, str | None],
    latitude: float,
    longitude: float,
) -> RowNumbers:
    """Return the rows that state a coverage area that holds the asked point, ascending."""
    zip_code, county, state = asked
    areas = [
        (AreaKind.NATION, "US" if state else None),
        (AreaKind.STATE, state),
        (AreaKind.COUNTY, county),
        (AreaKind.ZIP, zip_code),
    ]
    found = [facts.areas.rows_with(area_key(kind, value)) for kind, value in areas if value]
    if facts.circles.numbers.size:
        circles = facts.circles.numbers
        centres, radii = Points.of(circles[:, 0], circles[:, 1]), circles[:, 2]
        rough = centres.roughly_km(latitude, longitude)
        holding = centres.within(latitude, longitude, radii, rough)
        found.append(facts.circles.owners_of(holding.nonzero()[0]))
    return np.unique(np.concatenate(found)) if found else _NOBODY


_NOBODY = np.zeros(0, dtype=np.int32)
