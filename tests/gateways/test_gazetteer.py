"""Places of the United States, found without a network in real data."""

import threading
from contextlib import suppress
from math import isclose
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.gateways.gazetteer import MOST_CHOICES, Gazetteer
from referral_hub.rules.coordinates import Basis, judge_coordinates
from referral_hub.rules.places import STATES, AmbiguousPlace, Place, PlaceKind, PlaceNotFound


def near(place: Place | None, latitude: float, longitude: float, degrees: float = 0.1) -> bool:
    return (
        place is not None
        and isclose(place.latitude, latitude, abs_tol=degrees)
        and isclose(place.longitude, longitude, abs_tol=degrees)
    )


def choices(gazetteer: Gazetteer, text: str) -> tuple[str, ...]:
    with pytest.raises(AmbiguousPlace) as problem:
        gazetteer.find(text)
    return problem.value.choices


# ZIP codes


def test_a_zip_code_knows_its_city_county_state_and_time_zone(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("94110") == Place(
        "San Francisco, CA 94110",
        37.7509,
        -122.4153,
        PlaceKind.ZIP,
        "94110",
        "San Francisco",
        "CA:san francisco county",
        "CA",
        "America/Los_Angeles",
    )


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("20735", "Clinton, MD 20735"),
        (" 94110-1234 ", "San Francisco, CA 94110"),
        ("Chicago, IL 60629", "Chicago, IL 60629"),
        ("chicago il 60629", "Chicago, IL 60629"),
        ("IL 60629", "Chicago, IL 60629"),
        ("Springfield 62701", "Springfield, IL 62701"),
    ],
)
def test_a_zip_code_is_found_alone_or_after_its_city(
    gazetteer: Gazetteer, text: str, label: str
) -> None:
    assert gazetteer.find(text).label == label


def test_a_zip_code_of_post_boxes_is_found(gazetteer: Gazetteer) -> None:
    assert near(gazetteer.find("60690"), 41.88, -87.63)


def test_a_zip_code_without_a_point_lies_at_the_centre_of_its_city(gazetteer: Gazetteer) -> None:
    assert near(gazetteer.find("35270"), 33.5, -86.8)


@pytest.mark.parametrize("text", ["00000", "09001", "1234", "123456"])
def test_a_zip_code_that_lies_nowhere_is_not_found(gazetteer: Gazetteer, text: str) -> None:
    with pytest.raises(PlaceNotFound):
        gazetteer.find(text)


# Cities


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("st. louis, mo", "Saint Louis, MO"),
        ("SAINT LOUIS Missouri", "Saint Louis, MO"),
        ("Cicero, IL", "Cicero, IL"),
        ("Cicero,Illinois, USA", "Cicero, IL"),
        ("Washington DC", "Washington, DC"),
        ("Washington, D.C.", "Washington, DC"),
        ("New York New York", "New York, NY"),
        ("Charleston West Virginia", "Charleston, WV"),
        ("Ft. Worth TX", "Fort Worth, TX"),
        ("winston-salem nc", "Winston Salem, NC"),
        ("O'Fallon, MO", "O Fallon, MO"),
        ("McHenry IL", "Mc Henry, IL"),
        ("Peñuelas, Puerto Rico", "Penuelas, PR"),
        ("Charlotte Amalie, U.S. Virgin Islands", "Charlotte Amalie, VI"),
        ("Clayton, MO", "Clayton, MO"),
        ("Rocky Mount NC", "Rocky Mount, NC"),
    ],
)
def test_a_city_is_found_however_it_is_written(gazetteer: Gazetteer, text: str, label: str) -> None:
    found = gazetteer.find(text)
    assert (found.label, found.kind, found.zip) == (label, PlaceKind.CITY, None)


def test_a_city_lies_at_the_mean_of_its_own_zip_codes(gazetteer: Gazetteer) -> None:
    assert near(gazetteer.find("Chicago, IL"), 41.87, -87.68, 0.05)
    assert near(gazetteer.find("Cicero, IL"), 41.8378, -87.7602, 0.001)


def test_a_city_knows_its_county_and_time_zone(gazetteer: Gazetteer) -> None:
    found = gazetteer.find("Indianapolis, IN")
    assert (found.city, found.county) == ("Indianapolis", "IN:marion county")
    assert found.time_zone == "America/Indiana/Indianapolis"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Chicago", "Chicago, IL"),
        ("New York", "New York, NY"),
        ("nyc", "NYC, NY"),
        ("washington", "Washington, DC"),
        ("St Louis", "Saint Louis, MO"),
    ],
)
def test_a_name_that_one_city_dominates_needs_no_state(
    gazetteer: Gazetteer, text: str, label: str
) -> None:
    assert gazetteer.find(text).label == label


def test_a_name_of_many_cities_asks_back_largest_first(gazetteer: Gazetteer) -> None:
    found = choices(gazetteer, "springfield")
    assert found[:3] == ("Springfield, MA", "Springfield, IL", "Springfield, MO")
    assert len(found) == MOST_CHOICES


@pytest.mark.parametrize("text", ["springfield", "Cicero", "Portland", "Cook County", "Rocky Mt"])
def test_every_choice_names_one_place(gazetteer: Gazetteer, text: str) -> None:
    for choice in choices(gazetteer, text):
        assert gazetteer.find(choice).label == choice


@pytest.mark.parametrize(
    "text",
    [
        *("Zzyzx", "Zzyzx, CA", "Boston IA", "Chicago, CA", "Paris, France", "Illinois", "CA"),
        *("", "   ", ",", "x" * 500, "北京", "\0", "'", "No Such County, IL", "Zzyzx 60629"),
    ],
)
def test_what_is_no_place_is_not_found(gazetteer: Gazetteer, text: str) -> None:
    with pytest.raises(PlaceNotFound):
        gazetteer.find(text)


# Counties


@pytest.mark.parametrize("text", ["Cook County, IL", "cook county illinois", "COOK COUNTY IL"])
def test_a_county_is_found_by_name_and_state(gazetteer: Gazetteer, text: str) -> None:
    found = gazetteer.find(text)
    assert (found.label, found.kind) == ("Cook County, IL", PlaceKind.COUNTY)
    assert found.county == "IL:cook county"
    assert near(found, 41.85, -87.77)


def test_a_county_of_one_state_needs_no_state(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("San Mateo County").label == "San Mateo County, CA"


def test_a_county_of_several_states_asks_back(gazetteer: Gazetteer) -> None:
    assert choices(gazetteer, "Cook County")[0] == "Cook County, IL"


def test_each_county_has_one_key_however_it_is_spelt(gazetteer: Gazetteer) -> None:
    keys = gazetteer.county_keys()
    assert {"IL:cook county", "LA:orleans parish", "MO:st. louis city"} <= keys
    assert {"NY:st. lawrence county", "NY:st lawrence county"} & keys == {"NY:st. lawrence county"}
    assert 3100 < len(keys) < 3300


# Points


@pytest.mark.parametrize(
    "text", ["37.75,-122.41", "37.75, -122.41", "37.75 -122.41", "37.75;−122.41"]
)
def test_a_typed_point_is_a_place_with_the_facts_around_it(gazetteer: Gazetteer, text: str) -> None:
    found = gazetteer.find(text)
    assert (found.latitude, found.longitude, found.kind) == (37.75, -122.41, PlaceKind.POINT)
    assert (found.zip, found.county) == ("94110", "CA:san francisco county")
    assert found.time_zone == "America/Los_Angeles"


@pytest.mark.parametrize("text", ["91,0", "0,181", "-90.1,0"])
def test_a_typed_point_off_the_earth_is_not_found(gazetteer: Gazetteer, text: str) -> None:
    with pytest.raises(PlaceNotFound):
        gazetteer.find(text)


def test_a_point_far_from_any_zip_code_has_no_facts(gazetteer: Gazetteer) -> None:
    for point in ((0.0, 0.0), (51.5, -0.1), (90.0, 180.0), (-90.0, -180.0)):
        found = gazetteer.zip_of_point(*point)
        assert (found.zip, found.state, found.time_zone) == (None, None, None)


def test_a_point_in_the_wilderness_has_the_facts_of_a_village(gazetteer: Gazetteer) -> None:
    assert gazetteer.zip_of_point(66.0, -153.5).state == "AK"


@given(st.floats(), st.floats())
def test_any_point_on_earth_is_answered_and_any_other_is_refused(
    gazetteer: Gazetteer, latitude: float, longitude: float
) -> None:
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        assert gazetteer.zip_of_point(latitude, longitude).kind is PlaceKind.POINT
    else:
        with pytest.raises(ValueError, match="no such point"):
            gazetteer.zip_of_point(latitude, longitude)


# Addresses


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("123 Main St, Chicago, IL 60629", "Chicago, IL 60629"),
        ("123 Main St, Chicago, IL, USA", "Chicago, IL"),
        ("123 Main St, 60629", "Chicago, IL 60629"),
    ],
)
def test_an_address_lies_in_the_area_that_it_ends_with(
    gazetteer: Gazetteer, text: str, label: str
) -> None:
    assert gazetteer.area_of_address(text).label == label


@pytest.mark.parametrize("text", ["Paris, California", "12 Main St", "12 Main St, Illinois"])
def test_what_does_not_end_with_an_area_is_no_address(gazetteer: Gazetteer, text: str) -> None:
    with pytest.raises(PlaceNotFound):
        gazetteer.area_of_address(text)


@pytest.mark.parametrize(
    ("postal_code", "city", "state", "label"),
    [
        ("60629", "Chicago", "IL", "Chicago, IL 60629"),
        ("60629-1234", None, None, "Chicago, IL 60629"),
        ("2139", "Cambridge", "MA", "Cambridge, MA 02139"),
        (None, "st louis", "Missouri", "Saint Louis, MO"),
        ("00000", "Chicago", "IL", "Chicago, IL"),
        ("60629", "Boston", "MA", "Boston, MA"),
    ],
)
def test_an_address_without_a_point_lies_at_its_zip_code_or_else_its_city(
    gazetteer: Gazetteer, postal_code: str | None, city: str | None, state: str | None, label: str
) -> None:
    found = gazetteer.approximate_point(postal_code, city, state)
    assert found is not None
    assert found.label == label


@pytest.mark.parametrize(
    ("postal_code", "city", "state"),
    [
        (None, None, None),
        (None, "Chicago", None),
        ("10001", None, "CA"),
        ("2139", None, None),
        ("M5V 2T6", "Toronto", "ON"),
        ("", "Nowhere", "IL"),
    ],
)
def test_an_address_that_says_too_little_or_contradicts_itself_has_no_point(
    gazetteer: Gazetteer, postal_code: str | None, city: str | None, state: str | None
) -> None:
    assert gazetteer.approximate_point(postal_code, city, state) is None


# Facts


def test_time_zones_are_known_by_zip_code(gazetteer: Gazetteer) -> None:
    assert gazetteer.time_zone_of("85001-1234") == "America/Phoenix"
    assert gazetteer.time_zone_of("00000") is None
    assert gazetteer.time_zone_of(None) is None


@pytest.mark.parametrize(
    ("city", "latitude", "longitude"),
    [
        ("CA", 37.77, -122.42),
        ("AK", 71.29, -156.79),
        ("AK", 52.71, 174.11),
        ("Hawaii", 19.73, -155.09),
        ("PR", 18.47, -66.11),
        ("GU", 13.44, 144.79),
        ("DC", 38.9, -77.04),
    ],
)
def test_the_bounds_of_a_state_hold_its_towns(
    gazetteer: Gazetteer, city: str, latitude: float, longitude: float
) -> None:
    bounds = gazetteer.state_bounds(city)
    assert bounds
    assert judge_coordinates(latitude, longitude, bounds).basis is Basis.STATED


def test_no_state_but_alaska_and_hawaii_is_wider_than_texas(gazetteer: Gazetteer) -> None:
    texas = gazetteer.state_bounds("TX")[0]
    for state in STATES.keys() - {"AK", "HI"}:
        for box in gazetteer.state_bounds(state):
            assert box.east - box.west <= texas.east - texas.west
            assert box.north - box.south <= texas.north - texas.south


def test_a_state_of_too_few_zip_codes_and_an_unknown_one_have_no_bounds(
    gazetteer: Gazetteer,
) -> None:
    assert [gazetteer.state_bounds(state) for state in ("AS", "AE", "XX", "")] == [()] * 4


@given(st.text(max_size=40) | st.text("aeorst ,.'-0123456789ILCA", max_size=20))
def test_no_text_ever_breaks_the_look_up(gazetteer: Gazetteer, text: str) -> None:
    with suppress(PlaceNotFound, AmbiguousPlace):
        assert gazetteer.find(text).label


def test_threads_may_share_a_gazetteer_that_is_not_read_yet(
    gazetteer: Gazetteer, zip_folder: Path
) -> None:
    fresh = Gazetteer(zip_folder)
    found: list[Place] = []
    threads = [threading.Thread(target=lambda: found.append(fresh.find("94110"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [gazetteer.find("94110")] * 4
