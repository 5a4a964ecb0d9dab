"""Is a stated point believable? Repairs what is plain, refuses what cannot be used, says why."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MARGIN_DEGREES = 0.25
"""A point this little outside a state's box still counts as inside: borders are not boxes."""

_MERCATOR_HALF_METRES = math.pi * 6378137.0
_NEAR_ZERO_DEGREES = 1.0
_EARTH_KM = 6371.0088


class Basis(StrEnum):
    """Where a point comes from: the record as it stands, a repair of it, or a look-up."""

    STATED = "stated"
    SWAPPED = "swapped"
    SIGN = "sign"
    MERCATOR = "mercator"
    ZIP = "zip"
    CITY = "city"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box in degrees WGS84, west <= east; a state across the 180th meridian has two."""

    south: float
    west: float
    north: float
    east: float

    def contains(self, latitude: float, longitude: float, margin: float = 0.0) -> bool:
        """True inside the box or within `margin` degrees of it."""
        return (
            self.south - margin <= latitude <= self.north + margin
            and self.west - margin <= longitude <= self.east + margin
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """The point to use, if any. `code` is empty when nothing was wrong; people read `reason`."""

    latitude: float | None
    longitude: float | None
    basis: Basis
    code: str = ""
    reason: str = ""


def judge_coordinates(
    latitude: float | None, longitude: float | None, state_bounds: Sequence[Bounds]
) -> Judgement:
    """Judge a stated pair (degrees WGS84 are expected) against the boxes of the stated state.

    Without boxes every possible point is taken as stated. Never raises.
    """
    if latitude is None and longitude is None:
        return Judgement(None, None, Basis.NONE)
    if latitude is None or longitude is None:
        missing = "latitude" if latitude is None else "longitude"
        return _refused("coordinates-incomplete", f"The {missing} is missing.")
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return _refused("coordinates-not-numbers", "The coordinates are not numbers.")
    if latitude == 0 and longitude == 0:
        return _refused("coordinates-zero", "The coordinates are 0 and 0, so the place is missing.")
    if _is_believable(latitude, longitude, state_bounds):
        return Judgement(latitude, longitude, Basis.STATED)
    return _repaired(latitude, longitude, state_bounds) or _hopeless(latitude, longitude)


def _refused(code: str, reason: str) -> Judgement:
    return Judgement(None, None, Basis.NONE, code, reason)


def _hopeless(latitude: float, longitude: float) -> Judgement:
    if _is_possible(latitude, longitude):
        return _refused(
            "coordinates-outside-state", "The point is outside the state of the address."
        )
    return _refused("coordinates-impossible", "There is no such point on Earth.")


def _repaired(
    latitude: float, longitude: float, state_bounds: Sequence[Bounds]
) -> Judgement | None:
    repair = _from_mercator(latitude, longitude, state_bounds)
    if repair:
        return repair
    if _is_believable(longitude, latitude, state_bounds):
        return _exchanged(longitude, latitude)
    if _is_believable(latitude, -longitude, state_bounds):
        return Judgement(
            latitude,
            -longitude,
            Basis.SIGN,
            "coordinates-sign",
            "The longitude had the wrong sign (east for west). It was turned round.",
        )
    if _is_believable(longitude, -latitude, state_bounds):
        return _exchanged(longitude, -latitude)
    return None


def _exchanged(latitude: float, longitude: float) -> Judgement:
    return Judgement(
        latitude,
        longitude,
        Basis.SWAPPED,
        "coordinates-swapped",
        "Latitude and longitude stood in each other's place. They were exchanged.",
    )


def _from_mercator(
    northing: float, easting: float, state_bounds: Sequence[Bounds]
) -> Judgement | None:
    """Metres of EPSG:3857, in either order, as degrees."""
    if min(abs(northing), abs(easting)) <= 180:
        return None
    for north, east in ((northing, easting), (easting, northing)):
        if max(abs(north), abs(east)) > _MERCATOR_HALF_METRES:
            continue
        longitude = east / _MERCATOR_HALF_METRES * 180
        latitude = math.degrees(math.atan(math.sinh(north / _MERCATOR_HALF_METRES * math.pi)))
        near_zero = max(abs(latitude), abs(longitude)) < _NEAR_ZERO_DEGREES
        if not near_zero and _is_believable(latitude, longitude, state_bounds):
            return Judgement(
                latitude,
                longitude,
                Basis.MERCATOR,
                "coordinates-mercator",
                "The point was given in metres of a web map. It was changed to degrees.",
            )
    return None


def _is_possible(latitude: float, longitude: float) -> bool:
    return abs(latitude) <= 90 and abs(longitude) <= 180


def _is_believable(latitude: float, longitude: float, state_bounds: Sequence[Bounds]) -> bool:
    if not _is_possible(latitude, longitude):
        return False
    return not state_bounds or any(
        box.contains(latitude, longitude, MARGIN_DEGREES) for box in state_bounds
    )


def distance_km(
    latitude: float, longitude: float, to_latitude: float, to_longitude: float
) -> float:
    """How far two points in degrees WGS84 are from each other, along a sphere."""
    north, to_north = math.radians(latitude), math.radians(to_latitude)
    half_up = math.sin((to_north - north) / 2) ** 2
    half_across = math.sin(math.radians(to_longitude - longitude) / 2) ** 2
    share = half_up + math.cos(north) * math.cos(to_north) * half_across
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, share)))
