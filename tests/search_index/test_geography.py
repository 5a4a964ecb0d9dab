import math

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import example, given
from hypothesis import strategies as st

from search_index.geography import Points

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


@given(places, places, st.floats(0, 1))
def test_the_quick_look_never_misses_a_point_within_the_radius(
    here: tuple[float, float], there: tuple[float, float], slack_km: float
) -> None:
    radius = geodesic(here, there).km + slack_km
    assert points(there).perhaps_within(*here, radius).all()


def test_the_quick_look_leaves_out_what_is_plainly_too_far() -> None:
    assert not points((37.0, -122.0)).perhaps_within(37.1, -122.0, 10.0).any()


@given(places, places)
def test_the_edge_of_a_radius_belongs_to_it_and_no_more(
    here: tuple[float, float], there: tuple[float, float]
) -> None:
    radius = geodesic(here, there).km
    point = points(there)
    distances = point.distances_km(*here)
    assert point.within(*here, radius, distances).all()
    assert not point.within(*here, math.nextafter(radius, -1), distances).any()


def test_both_ways_to_write_the_date_line_are_one_place() -> None:
    assert points((10.0, -180.0)).distances_km(10.0, 180.0)[0] == 0


def test_a_pole_is_one_place_at_any_longitude() -> None:
    assert points((90.0, 77.0)).distances_km(90.0, -12.0)[0] == 0
