"""Boxes hold their circles, and distances are those of the globe."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.circles import EARTH_KM, box_around, distance_km

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


def test_a_degree_of_latitude_is_111_km() -> None:
    assert distance_km(41, -87, 42, -87) == pytest.approx(EARTH_KM * math.pi / 180)


def test_half_the_globe_is_the_farthest() -> None:
    assert distance_km(0, 0, 0, 180) == pytest.approx(EARTH_KM * math.pi)


@given(LATITUDES, LONGITUDES, st.floats(0, 25_000), LATITUDES, LONGITUDES)
@example(51.0, 179.9, 50.0, 51.0, -179.9)
@example(89.9, 0.0, 50.0, 89.9, 180.0)
def test_the_box_holds_the_whole_circle(
    latitude: float, longitude: float, radius_km: float, other: float, other_longitude: float
) -> None:
    south, west, north, east = box_around(latitude, longitude, radius_km)
    if distance_km(latitude, longitude, other, other_longitude) <= radius_km:
        assert south <= other <= north
        assert west <= other_longitude <= east


def test_the_box_is_hardly_larger_than_the_circle() -> None:
    south, west, north, east = box_around(41.8781, -87.6298, 15)
    assert distance_km(south, -87.6298, north, -87.6298) == pytest.approx(30, rel=0.001)
    assert distance_km(41.8781, west, 41.8781, east) == pytest.approx(30, rel=0.001)
