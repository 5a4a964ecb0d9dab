"""Distances on the WGS84 ellipsoid: many at once for choosing, geopy's for what is shown."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
from geopy.distance import geodesic
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_EQUATOR_KM = 6378.137
_FLATTENING = 1 / 298.257223563
_MOST_ROUNDS = 20
_CONVERGED = 1e-12
_MILLIMETRE_KM = 1e-6
_METRE_KM = 1e-3


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
        return cls(latitudes, longitudes, _in_space(latitudes, longitudes))

    def known(self) -> Flags:
        """Tell which points are there at all."""
        return ~np.isnan(self.latitudes)

    def take(self, rows: NDArray[np.intp] | Flags) -> "Points":
        """Return the points of some rows."""
        return Points(self.latitudes[rows], self.longitudes[rows], self.space[rows])

    def perhaps_within(self, latitude: float, longitude: float, radius_km: float | Floats) -> Flags:
        """Tell quickly which points may lie within a radius. It never misses one.

        The straight line through the earth is never longer than the way over its surface.
        """
        centre = _in_space(np.array([latitude]), np.array([longitude]))
        straight = np.sqrt(np.square(self.space - centre).sum(axis=1))
        return np.asarray(straight <= np.asarray(radius_km) + _MILLIMETRE_KM)

    def distances_km(self, latitude: float, longitude: float) -> Floats:
        """Return the distance of each point, exact to the millimetre; every point must be there."""
        distances = _vincenty_km(latitude, longitude, self.latitudes, self.longitudes)
        for row in np.flatnonzero(np.isnan(distances)):
            distances[row] = self._geodesic_km(latitude, longitude, int(row))
        return np.round(distances, 6)

    def within(
        self, latitude: float, longitude: float, radius_km: float | Floats, distances_km: Floats
    ) -> Flags:
        """Tell which points lie within a radius (or each within its own). The edge belongs to it.

        `distances_km` are those of `distances_km()`; near the edge geopy's geodesic decides.
        """
        radii = np.broadcast_to(np.asarray(radius_km, dtype=np.float64), distances_km.shape)
        inside = distances_km <= radii
        for row in np.flatnonzero(np.abs(distances_km - radii) < _METRE_KM):
            inside[row] = self._geodesic_km(latitude, longitude, int(row)) <= radii[row]
        return np.asarray(inside)

    def _geodesic_km(self, latitude: float, longitude: float, row: int) -> float:
        own = float(self.latitudes[row]), float(self.longitudes[row])
        return geodesic_km(latitude, longitude, *own)


def _in_space(latitudes: Floats, longitudes: Floats) -> Floats:
    """Return earth-centred coordinates in kilometres, shape (n, 3)."""
    phi, lam = np.radians(latitudes), np.radians(longitudes)
    squared_eccentricity = _FLATTENING * (2 - _FLATTENING)
    normal = _EQUATOR_KM / np.sqrt(1 - squared_eccentricity * np.sin(phi) ** 2)
    across = normal * np.cos(phi)
    up = normal * (1 - squared_eccentricity) * np.sin(phi)
    return np.stack([across * np.cos(lam), across * np.sin(lam), up], axis=1)


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
        lam, step = following, np.abs(following - lam)
        if not (step > _CONVERGED).any():
            break
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
