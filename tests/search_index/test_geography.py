import math

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import example, given
from hypothesis import strategies as st

from search_index.geography import Points, box, error_km

latitudes = st.floats(-90, 90) | st.sampled_from([-90.0, -0.0, 0.0, 1e-9, 89.9999, 90.0])
longitudes = st.floats(-180, 180) | st.sampled_from([-180.0, -179.9999, 0.0, 179.9999, 180.0])
places = st.tuples(latitudes, longitudes)


def points(*pairs: tuple[float, float]) -> Points:
    return Points.of(np.array([one[0] for one in pairs]), np.array([one[1] for one in pairs]))


@given(places, places)
@example((0.0, 0.0), (0.0, 180.0))
@example((0.5, 0.0), (-0.5, 179.7))
@example((90.0, 0.0), (-90.0, 12.0))
def test_distances_are_geodesic_anywhere_on_earth(
    here: tuple[float, float], there: tuple[float, float]
) -> None:
    distance = points(there).distances_km(*here)[0]
    assert distance == pytest.approx(geodesic(here, there).km, abs=2e-6)


def in_box(place: tuple[float, float], here: tuple[float, float], radius_km: float) -> bool:
    south, north, meridians = box(*here, radius_km)
    return south <= place[0] <= north and any(west <= place[1] <= east for west, east in meridians)


@given(places, places, st.floats(0, 1))
@example((0.0, -179.9999), (0.0, 179.9999), 0.0)
@example((89.9999, 0.0), (89.9999, 180.0), 0.0)
def test_the_box_of_a_radius_never_misses_a_point_within_it(
    here: tuple[float, float], there: tuple[float, float], slack_km: float
) -> None:
    assert in_box(there, here, geodesic(here, there).km + slack_km)


def test_the_box_of_a_radius_leaves_out_what_is_plainly_too_far() -> None:
    assert not in_box((37.0, -122.0), (37.15, -122.0), 15.0)
    assert not in_box((37.0, -122.0), (37.0, -122.2), 15.0)


@given(places, places)
@example((0.5, 0.0), (-0.5, 179.7))
def test_a_rough_distance_is_as_wrong_as_it_says_and_no_more(
    here: tuple[float, float], there: tuple[float, float]
) -> None:
    rough = points(there).roughly_km(*here)
    assert abs(rough[0] - geodesic(here, there).km) <= error_km(rough)[0]


def test_a_rough_distance_nearby_is_right_to_the_millimetre() -> None:
    here, there = (41.85, -87.65), (42.05, -88.05)
    rough = points(there).roughly_km(*here)[0]
    assert rough == pytest.approx(geodesic(here, there).km, abs=1e-6)


def test_a_missing_point_is_infinitely_far() -> None:
    assert points((math.nan, math.nan)).roughly_km(0.0, 0.0)[0] == math.inf


@given(places, places)
def test_the_edge_of_a_radius_belongs_to_it_and_no_more(
    here: tuple[float, float], there: tuple[float, float]
) -> None:
    radius = geodesic(here, there).km
    point = points(there)
    distances = point.roughly_km(*here)
    assert point.within(*here, radius, distances).all()
    assert not point.within(*here, math.nextafter(radius, -1), distances).any()


def test_both_ways_to_write_the_date_line_are_one_place() -> None:
    assert points((10.0, -180.0)).distances_km(10.0, 180.0)[0] == 0


def test_a_pole_is_one_place_at_any_longitude() -> None:
    assert points((90.0, 77.0)).distances_km(90.0, -12.0)[0] == 0
