"""Distances on the WGS84 ellipsoid: many at once for choosing, geopy's for what is shown."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

import numpy as np
from geopy.distance import geodesic
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Flags = NDArray[np.bool_]

_EQUATOR_KM = 6378.137
_FLATTENING = 1 / 298.257223563
_SQUARED_ECCENTRICITY = _FLATTENING * (2 - _FLATTENING)
_MOST_ROUNDS = 20
_CONVERGED = 1e-12
_MILLIMETRE_KM = 1e-6
# The ellipsoid is where the squares of the coordinates, each times its own of these, add up to 1.
_BENDING = np.array([1.0, 1.0, (1 - _FLATTENING) ** -2]) / _EQUATOR_KM**2
_MEAN_KM = 6371.0
_POLE_KM = 6335.4
_BOX_SLACK = 0.01
# Up to here the arc of `_arc_of_space_km` is right to a tenth of a millimetre.
_NEAR_KM = 250.0


@lru_cache(maxsize=10_000)
def geodesic_km(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> float:
    """Return the geodesic distance of two WGS84 points in kilometres."""
    return float(geodesic((latitude, longitude), (other_latitude, other_longitude)).km)


@dataclass(frozen=True, slots=True)
class Points:
    """Points in WGS84 degrees (NaN = none), shape (n,), and where they lie in space, (n, 3) km."""

    latitudes: Floats
    longitudes: Floats
    space: Floats

    @classmethod
    def of(cls, latitudes: Floats, longitudes: Floats) -> Self:
        """Return the points of two arrays of degrees."""
        return cls(latitudes, longitudes, in_space(latitudes, longitudes))

    def take(self, rows: NDArray[np.integer[Any]] | Flags) -> "Points":
        """Return the points of some rows."""
        return Points(self.latitudes[rows], self.longitudes[rows], self.space[rows])

    def roughly_km(
        self, latitude: float, longitude: float, rows: NDArray[np.integer[Any]] | None = None
    ) -> Floats:
        """Return about how far each point is: right to the millimetre nearby (see `error_km`).

        It is the straight line through the earth bent over a sphere; inf for a missing point.
        With `rows` only those points are looked at.
        """
        way = self.space if rows is None else self.space[rows]
        way = way - _in_space(latitude, longitude)
        half = np.einsum("ij,ij->i", way, way)
        np.sqrt(half, out=half)
        half *= 1 / (2 * _MEAN_KM)
        # Nearly antipodal points are farther apart than the sphere is wide. NaN stays NaN.
        rough = np.arcsin(np.minimum(half, 1.0, out=half), out=half)
        rough *= 2 * _MEAN_KM
        rough[np.isnan(rough)] = np.inf
        return np.asarray(rough)

    def within(
        self,
        latitude: float,
        longitude: float,
        radius_km: float | Floats,
        rough_km: Floats,
        rows: NDArray[np.integer[Any]] | None = None,
    ) -> Flags:
        """Tell which points lie within a radius (or each within its own). The edge belongs to it.

        `rough_km` are those of `roughly_km()`, of the same rows; near the edge geopy's geodesic
        decides.
        """
        # Whoever is doubtful is about a radius away, and as doubtful as the radius.
        doubt = 1.1 * error_km(radius_km)
        beyond = rough_km - radius_km
        inside = beyond < -doubt
        doubtful = (beyond <= doubt) & ~inside
        for place in doubtful.nonzero()[0].tolist():
            row = place if rows is None else rows[place]
            own = float(self.latitudes[row]), float(self.longitudes[row])
            radius = np.broadcast_to(radius_km, rough_km.shape)[place]
            inside[place] = geodesic_km(latitude, longitude, *own) <= radius
        return np.asarray(inside)

    def distances_km(self, latitude: float, longitude: float) -> Floats:
        """Return the geodesic distance of each point to the millimetre; NaN for a missing one."""
        distances = _arc_of_space_km(np.array(_in_space(latitude, longitude)), self.space)
        far = (distances > _NEAR_KM).nonzero()[0]
        if far.size:
            there = self.latitudes[far], self.longitudes[far]
            distances[far] = _vincenty_km(latitude, longitude, *there)
            for row in far[np.isnan(distances[far])].tolist():
                own = float(self.latitudes[row]), float(self.longitudes[row])
                distances[row] = geodesic_km(latitude, longitude, *own)
        return np.asarray(distances.round(6))


def box(
    latitude: float, longitude: float, radius_km: float
) -> tuple[float, float, tuple[tuple[float, float], ...]]:
    """Return the least and the most latitude of a circle, and its ranges of longitude.

    The box may be larger than the circle, never smaller. Two ranges where the 180th meridian
    goes through it.
    """
    reach = radius_km * (1 + _BOX_SLACK) + _MILLIMETRE_KM
    turn = reach / _POLE_KM
    south, north = latitude - math.degrees(turn), latitude + math.degrees(turn)
    ratio = math.sin(min(turn, math.pi / 2)) / max(math.cos(math.radians(latitude)), 1e-12)
    if south <= -90 or north >= 90 or ratio >= 1:
        return max(south, -90.0), min(north, 90.0), ((-180.0, 180.0),)
    aside = math.degrees(math.asin(ratio)) * (1 + _BOX_SLACK)
    west, east = longitude - aside, longitude + aside
    if aside >= 180:
        return south, north, ((-180.0, 180.0),)
    if west < -180:
        return south, north, ((-180.0, east), (west + 360, 180.0))
    if east > 180:
        return south, north, ((-180.0, east - 360), (west, 180.0))
    return south, north, ((west, east),)


def error_km(kilometres: Any) -> Any:
    """Return how wrong rough distances of about so many kilometres may be, with room to spare.

    Over a short way the earth is a sphere but for its curvature, which differs by 1 % from place
    to place; over a long way the flattening counts, most of all to the other side of the earth.
    """
    share = 0.01 * (kilometres / _MEAN_KM) ** 2 + 1e-9
    if isinstance(kilometres, float):
        return kilometres * min(share, 0.05) + _MILLIMETRE_KM
    return kilometres * np.minimum(share, 0.05) + _MILLIMETRE_KM


def in_space(latitudes: Floats, longitudes: Floats) -> Floats:
    """Return earth-centred coordinates of points in degrees, in kilometres, shape (n, 3)."""
    phi, lam = np.radians(latitudes), np.radians(longitudes)
    normal = _EQUATOR_KM / np.sqrt(1 - _SQUARED_ECCENTRICITY * np.sin(phi) ** 2)
    across = normal * np.cos(phi)
    up = normal * (1 - _SQUARED_ECCENTRICITY) * np.sin(phi)
    return np.stack([across * np.cos(lam), across * np.sin(lam), up], axis=1)


def _in_space(latitude: float, longitude: float) -> tuple[float, float, float]:
    """Return the same of one point: an array of one would take ten times as long."""
    phi, lam = math.radians(latitude), math.radians(longitude)
    normal = _EQUATOR_KM / math.sqrt(1 - _SQUARED_ECCENTRICITY * math.sin(phi) ** 2)
    across = normal * math.cos(phi)
    up = normal * (1 - _SQUARED_ECCENTRICITY) * math.sin(phi)
    return across * math.cos(lam), across * math.sin(lam), up


def _arc_of_space_km(here: Floats, there: Floats) -> Floats:
    """Return the length of the arc over the straight line from a point in space to others.

    Over a short way a geodesic is bent like the earth in its middle, cut in its direction.
    """
    way, middle = there - here, (there + here) / 2
    squared = np.einsum("ij,ij->i", way, way)
    upright = middle * _BENDING
    size = np.einsum("ij,ij->i", upright, middle) / np.einsum("ij,ij->i", upright, upright)
    bent = np.einsum("ij,ij->i", way * _BENDING, way)
    bent *= bent
    bent *= size
    # The square of the sine of half the angle; nothing is bent over no way at all.
    bent /= 4 * np.maximum(squared, _MILLIMETRE_KM**2)
    # The beginning of the series of the arcsine.
    return np.asarray(np.sqrt(squared) * (1 + bent * (1 / 6 + bent * (3 / 40))))


def _vincenty_km(
    latitude: float, longitude: float, latitudes: Floats, longitudes: Floats
) -> Floats:
    """Return distances by Vincenty's inverse formula; NaN where it fails (nearly antipodal)."""
    flat = 1 - _FLATTENING
    first, second = np.arctan(flat * np.tan(np.radians([latitude]))), np.radians(latitudes)
    second = np.arctan(flat * np.tan(second))
    sin1, cos1, sin2, cos2 = np.sin(first), np.cos(first), np.sin(second), np.cos(second)
    turn = np.radians((longitudes - longitude + 180) % 360 - 180)
    lam, step = turn, np.full(turn.shape, np.inf)
    for _ in range(_MOST_ROUNDS):
        sin_lam, cos_lam = np.sin(lam), np.cos(lam)
        sin_sigma = np.hypot(cos2 * sin_lam, cos1 * sin2 - sin1 * cos2 * cos_lam)
        cos_sigma = sin1 * sin2 + cos1 * cos2 * cos_lam
        sigma = np.arctan2(sin_sigma, cos_sigma)
        sin_alpha = _quotient(cos1 * cos2 * sin_lam, sin_sigma)
        cos2_alpha = 1 - sin_alpha**2
        middle = cos_sigma - _quotient(2 * sin1 * sin2, cos2_alpha)
        bend = _FLATTENING / 16 * cos2_alpha * (4 + _FLATTENING * (4 - 3 * cos2_alpha))
        curve = middle + bend * cos_sigma * (2 * middle**2 - 1)
        following = turn + (1 - bend) * _FLATTENING * sin_alpha * (sigma + bend * sin_sigma * curve)
        step = np.abs(following - lam)
        going = step > _CONVERGED
        if not going.any():
            break
        # Who has arrived stays: no distance depends on which others are asked for.
        lam = np.where(going, following, lam)
    distances = _arc_km(sigma, sin_sigma, cos_sigma, cos2_alpha, middle)
    failed = (step > _CONVERGED) | (np.abs(lam) > np.pi)
    return np.where(failed, np.nan, distances)


def _arc_km(
    sigma: Floats, sin_sigma: Floats, cos_sigma: Floats, cos2_alpha: Floats, middle: Floats
) -> Floats:
    """Return the length on the ellipsoid of an arc on Vincenty's auxiliary sphere."""
    pole_km = _EQUATOR_KM * (1 - _FLATTENING)
    u2 = cos2_alpha * (_EQUATOR_KM**2 - pole_km**2) / pole_km**2
    a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
    b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
    inner = cos_sigma * (2 * middle**2 - 1)
    outer = b / 6 * middle * (4 * sin_sigma**2 - 3) * (4 * middle**2 - 3)
    delta = b * sin_sigma * (middle + b / 4 * (inner - outer))
    return np.asarray(pole_km * a * (sigma - delta))


def _quotient(above: Floats, below: Floats) -> Floats:
    """Divide, with 0 where the divisor is 0: coincident points, and the equator."""
    return np.divide(above, below, out=np.zeros(below.shape), where=below != 0)
