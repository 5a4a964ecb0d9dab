"""Distances, circles and the boxes around them."""

import math

from benchmarks.texts import Record

Box = tuple[float, float, float, float]

EARTH_KM = 6371.0088

_ROUNDING_DEGREES = 1e-6


def point_of(record: Record) -> tuple[float, float] | None:
    """Return latitude and longitude, or None for a record without a place."""
    latitude, longitude = record.get("latitude"), record.get("longitude")
    return None if latitude is None or longitude is None else (latitude, longitude)


def distance_km(latitude: float, longitude: float, other: float, other_longitude: float) -> float:
    """Return the great-circle distance of two points in degrees."""
    north = math.radians(other - latitude)
    east = math.radians(other_longitude - longitude)
    along = math.cos(math.radians(latitude)) * math.cos(math.radians(other))
    chord = math.sin(north / 2) ** 2 + along * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


def box_around(latitude: float, longitude: float, radius_km: float) -> Box:
    """Return south, west, north, east of a box that holds the whole circle, in degrees.

    Where the circle holds a pole or crosses the 180th meridian the box goes around the earth.
    """
    angle = radius_km / EARTH_KM
    reach = math.degrees(angle) + _ROUNDING_DEGREES
    south, north = max(-90.0, latitude - reach), min(90.0, latitude + reach)
    if south == -90 or north == 90:
        return south, -180.0, north, 180.0
    widest = math.sin(angle) / math.cos(math.radians(latitude))
    side = math.degrees(math.asin(min(1.0, widest))) + _ROUNDING_DEGREES
    west, east = longitude - side, longitude + side
    if west < -180 or east > 180:
        west, east = -180.0, 180.0
    return south, west, north, east
