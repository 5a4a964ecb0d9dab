"""Which stated points are believed, which are repaired, and which are refused."""

import math

from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.coordinates import Basis, Bounds, Judgement, judge_coordinates

CALIFORNIA = (Bounds(32.5, -124.5, 42.0, -114.1),)
ALASKA = (Bounds(51.2, -180.0, 71.5, -129.9), Bounds(51.2, 172.3, 53.1, 180.0))
GUAM = (Bounds(13.2, 144.6, 13.7, 145.0),)
SAN_FRANCISCO = (37.75, -122.41)

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


def point(judged: Judgement) -> tuple[float | None, float | None]:
    return judged.latitude, judged.longitude


def mercator(latitude: float, longitude: float) -> tuple[float, float]:
    """Northing and easting in metres of EPSG:3857."""
    radius = 6378137.0
    north = radius * math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
    return north, radius * math.radians(longitude)


def test_a_point_in_its_state_stands_as_stated() -> None:
    judged = judge_coordinates(*SAN_FRANCISCO, CALIFORNIA)
    assert judged == Judgement(*SAN_FRANCISCO, Basis.STATED)


def test_no_coordinates_at_all_are_no_problem() -> None:
    assert judge_coordinates(None, None, CALIFORNIA) == Judgement(None, None, Basis.NONE)


def test_half_a_pair_is_a_problem_that_names_the_missing_half() -> None:
    judged = judge_coordinates(None, -122.41, CALIFORNIA)
    assert (judged.basis, judged.code) == (Basis.NONE, "coordinates-incomplete")
    assert "latitude" in judged.reason
    assert "longitude" in judge_coordinates(37.75, None, CALIFORNIA).reason


def test_zero_zero_is_a_missing_place() -> None:
    judged = judge_coordinates(0.0, 0.0, ())
    assert (point(judged), judged.code) == ((None, None), "coordinates-zero")


def test_one_true_zero_is_a_valid_place() -> None:
    assert judge_coordinates(0.0, 9.45, ()).basis is Basis.STATED
    assert judge_coordinates(51.48, 0.0, ()).basis is Basis.STATED


def test_one_zero_outside_the_stated_state_is_refused() -> None:
    assert judge_coordinates(0.0, -122.41, CALIFORNIA).code == "coordinates-outside-state"


def test_values_that_are_no_numbers_are_refused() -> None:
    for value in (math.nan, math.inf, -math.inf):
        assert judge_coordinates(value, -122.41, CALIFORNIA).code == "coordinates-not-numbers"


def test_exchanged_latitude_and_longitude_are_put_right() -> None:
    judged = judge_coordinates(-122.41, 37.75, CALIFORNIA)
    assert (point(judged), judged.basis) == (SAN_FRANCISCO, Basis.SWAPPED)
    assert judged.code == "coordinates-swapped"


def test_a_possible_but_exchanged_pair_is_put_right_by_its_state() -> None:
    assert point(judge_coordinates(-89.5, 30.4, (Bounds(30.2, -91.7, 35.0, -88.1),))) == (
        30.4,
        -89.5,
    )


def test_a_lost_sign_is_put_right() -> None:
    judged = judge_coordinates(37.75, 122.41, CALIFORNIA)
    assert (point(judged), judged.basis) == (SAN_FRANCISCO, Basis.SIGN)


def test_a_lost_sign_and_exchanged_values_are_put_right_together() -> None:
    assert point(judge_coordinates(122.41, 37.75, CALIFORNIA)) == SAN_FRANCISCO


def test_a_minus_too_many_is_put_right_in_the_east() -> None:
    assert point(judge_coordinates(13.45, -144.75, GUAM)) == (13.45, 144.75)


def test_a_sign_is_never_turned_without_a_stated_state() -> None:
    assert point(judge_coordinates(37.75, 122.41, ())) == (37.75, 122.41)


def test_metres_of_a_web_map_become_degrees() -> None:
    judged = judge_coordinates(4547675.35, -13627665.27, CALIFORNIA)
    assert judged.basis is Basis.MERCATOR
    assert judged.latitude is not None
    assert judged.longitude is not None
    assert math.isclose(judged.latitude, 37.7749, abs_tol=1e-5)
    assert math.isclose(judged.longitude, -122.4194, abs_tol=1e-5)


def test_metres_in_the_other_order_become_degrees_too() -> None:
    north, east = mercator(*SAN_FRANCISCO)
    assert judge_coordinates(east, north, CALIFORNIA).basis is Basis.MERCATOR


def test_metres_outside_the_stated_state_are_refused() -> None:
    north, east = mercator(40.7, -74.0)
    assert judge_coordinates(north, east, CALIFORNIA).code == "coordinates-impossible"


def test_metres_without_a_state_are_used_unless_they_lie_at_zero() -> None:
    assert judge_coordinates(*mercator(*SAN_FRANCISCO), ()).basis is Basis.MERCATOR
    assert judge_coordinates(250.0, -300.0, ()).code == "coordinates-impossible"


def test_a_point_just_over_the_border_is_believed_and_one_further_is_not() -> None:
    assert judge_coordinates(42.2, -120.0, CALIFORNIA).basis is Basis.STATED
    judged = judge_coordinates(42.3, -120.0, CALIFORNIA)
    assert (point(judged), judged.code) == ((None, None), "coordinates-outside-state")


def test_alaska_lies_on_both_sides_of_the_180th_meridian() -> None:
    assert judge_coordinates(52.7, 174.1, ALASKA).basis is Basis.STATED
    assert judge_coordinates(61.2, -149.9, ALASKA).basis is Basis.STATED


def test_an_impossible_point_is_refused() -> None:
    assert judge_coordinates(3775.0, -122.41, CALIFORNIA).code == "coordinates-impossible"
    assert judge_coordinates(37750000.0, -122410000.0, ()).code == "coordinates-impossible"


@given(st.none() | st.floats(), st.none() | st.floats(), st.sampled_from([(), CALIFORNIA, ALASKA]))
def test_any_pair_is_judged_and_only_true_points_of_the_state_are_used(
    latitude: float | None, longitude: float | None, bounds: tuple[Bounds, ...]
) -> None:
    judged = judge_coordinates(latitude, longitude, bounds)
    if judged.latitude is None or judged.longitude is None:
        assert judged.basis is Basis.NONE
    else:
        assert abs(judged.latitude) <= 90
        assert abs(judged.longitude) <= 180
        assert not bounds or any(
            box.contains(judged.latitude, judged.longitude, 0.25) for box in bounds
        )
    assert bool(judged.code) == bool(judged.reason)


@given(st.floats(32.5, 42.0), st.floats(-124.5, -114.1))
def test_every_repair_finds_the_point_that_was_meant(latitude: float, longitude: float) -> None:
    north, east = mercator(latitude, longitude)
    for spoilt in (
        (longitude, latitude),
        (latitude, -longitude),
        (-longitude, latitude),
        (north, east),
    ):
        judged = judge_coordinates(*spoilt, CALIFORNIA)
        assert judged.latitude is not None
        assert judged.longitude is not None
        assert math.isclose(judged.latitude, latitude, abs_tol=1e-6)
        assert math.isclose(judged.longitude, longitude, abs_tol=1e-6)
        assert judged.code


@given(latitudes, longitudes)
def test_without_a_state_every_possible_point_but_zero_is_believed(
    latitude: float, longitude: float
) -> None:
    stated = judge_coordinates(latitude, longitude, ()).basis is Basis.STATED
    assert stated == (latitude != 0 or longitude != 0)
