"""Generated services are many, lifelike, whole, and the same every time."""

import json
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from itertools import islice
from math import cos, radians
from pathlib import Path
from typing import Any

import pytest
import zipcodes
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from referral_hub.rules.coverage import CoverageKind, read_coverage
from referral_hub.rules.places import county_key
from referral_hub.vocabulary import needs
from seed.generate_large import large_documents

Json = dict[str, Any]
SCHEMA = Path("hsds/3.2.3/schema/compiled/organization.json")
RECTANGLES = (
    (24.3, 49.4, -125.0, -66.9),
    (51.0, 71.5, -180.0, -129.9),
    (18.8, 22.3, -160.4, -154.7),
    (17.6, 18.6, -67.5, -64.5),
    (13.2, 13.7, 144.6, 145.0),
)
"""South, north, west, east: the mainland, Alaska, Hawaii, Puerto Rico with its neighbors, Guam."""


@pytest.fixture(scope="module")
def documents() -> list[Json]:
    return list(large_documents(2000))


@pytest.fixture(scope="module")
def services(documents: list[Json]) -> list[Json]:
    return [service for document in documents for service in document["services"]]


@pytest.fixture(scope="module")
def locations(documents: list[Json]) -> list[Json]:
    return [location for document in documents for location in document["locations"]]


@pytest.fixture(scope="module")
def zip_codes() -> dict[str, Json]:
    """Every ZIP code of the country where homes are."""
    rows = zipcodes.filter_by(active=True, zip_code_type="STANDARD")
    return {row["zip_code"]: row for row in rows}


@pytest.mark.parametrize("count", [0, 1, 2, 7, 100])
def test_there_are_exactly_as_many_services_as_asked_for(count: int) -> None:
    documents = large_documents(count)
    assert sum(len(document["services"]) for document in documents) == count


def test_a_negative_count_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="-1"):
        large_documents(-1)


def test_they_come_one_by_one() -> None:
    assert len(list(islice(large_documents(10**12), 3))) == 3


def test_they_are_the_same_every_time() -> None:
    assert list(large_documents(100)) == list(large_documents(100))


def test_another_seed_gives_others() -> None:
    ids = {seed: set(_ids(list(large_documents(50, seed)))) for seed in (1, 2)}
    assert ids[1].isdisjoint(ids[2])


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60))
def test_a_larger_run_begins_with_a_smaller_one(small: int, more: int) -> None:
    *smaller, last = large_documents(small)
    larger = list(large_documents(small + more))
    assert smaller == larger[: len(smaller)]
    whole = larger[len(smaller)]
    assert last == whole | {"services": whole["services"][: len(last["services"])]}


def test_no_id_is_used_twice(documents: list[Json]) -> None:
    assert max(Counter(_ids(documents)).values()) == 1


def test_they_are_valid_hsds(documents: list[Json], test_data: Path) -> None:
    schema = json.loads((test_data / SCHEMA).read_text("utf-8"))
    checker = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator(schema, format_checker=checker)
    sample = [_written_out(document) for document in documents[:40]]
    assert [error.message for each in sample for error in validator.iter_errors(each)] == []


def test_every_location_is_near_its_zip_code(
    locations: list[Json], zip_codes: dict[str, Json]
) -> None:
    assert max(_kilometers(location, zip_codes) for location in locations) < 2


def test_every_location_is_in_the_united_states(locations: list[Json]) -> None:
    assert all(_in_the_country(location) for location in locations)


def test_they_stand_all_over_the_country(locations: list[Json]) -> None:
    states = {location["addresses"][0]["state_province"] for location in locations}
    assert len(states) >= 45


def test_many_stand_close_together(locations: list[Json]) -> None:
    squares = Counter((int(each["latitude"]), int(each["longitude"])) for each in locations)
    assert sum(number for _, number in squares.most_common(20)) > len(locations) / 4


def test_services_refer_to_locations_of_their_own_organization(documents: list[Json]) -> None:
    for document in documents:
        own = {location["id"] for location in document["locations"]}
        assert {link["location"]["id"] for link in _links(document)} <= own


def test_a_service_without_a_location_says_whom_it_serves(services: list[Json]) -> None:
    placeless = [service for service in services if "service_at_locations" not in service]
    assert 0 < len(placeless) < len(services) / 5
    assert all(service["service_areas"] for service in placeless)


def test_areas_are_understood(services: list[Json], zip_codes: dict[str, Json]) -> None:
    counties = frozenset(county_key(row["state"], row["county"]) for row in zip_codes.values())
    areas = [area for service in services for area in service.get("service_areas", ())]
    read = [read_coverage(area, None, counties) for area in areas]
    assert Counter(len(each) for each in read).keys() == {1}
    assert {each[0].kind for each in read} == {CoverageKind.STATE, CoverageKind.COUNTY}


def test_needs_are_those_of_the_vocabulary(services: list[Json]) -> None:
    for term in _terms(services):
        need = needs()[term["code"]]
        assert (need.level, str(need.id), need.label) == (3, term["id"], term["name"])


def test_some_services_say_no_need(services: list[Json]) -> None:
    silent = sum("attributes" not in service for service in services)
    assert 0.25 < silent / len(services) < 0.35


def test_few_needs_make_up_most_and_nearly_all_occur(services: list[Json]) -> None:
    numbers = Counter(term["code"] for term in _terms(services))
    common = sum(number for _, number in numbers.most_common(20))
    assert common > numbers.total() / 3
    assert len(numbers) > 150


def test_many_words_are_rare(services: list[Json]) -> None:
    words = Counter(word for service in services for word in service["description"].split())
    assert len(words) > 2000
    assert sum(number == 1 for number in words.values()) > len(words) / 4


def test_they_are_lean(documents: list[Json], services: list[Json]) -> None:
    assert len(list(_ids(documents))) <= 8 * len(services)


def _ids(value: Any) -> Iterator[str]:
    """The ids of all rows. Terms and the locations of links are only referred to."""
    if isinstance(value, list):
        for each in value:
            yield from _ids(each)
    elif isinstance(value, dict):
        yield value["id"]
        for name, child in value.items():
            if name not in {"taxonomy_term", "location"}:
                yield from _ids(child)


def _written_out(document: Json) -> Json:
    """The organization with whole locations where links only name them."""
    document = deepcopy(document)
    locations = {location["id"]: location for location in document["locations"]}
    for link in _links(document):
        link["location"] = locations[link["location"]["id"]]
    return document


def _links(document: Json) -> Iterator[Json]:
    for service in document["services"]:
        yield from service.get("service_at_locations", ())


def _terms(services: list[Json]) -> Iterator[Json]:
    for service in services:
        for attribute in service.get("attributes", ()):
            yield attribute["taxonomy_term"]


def _kilometers(location: Json, zip_codes: dict[str, Json]) -> float:
    """How far a location is from the middle of its ZIP code, on a flat map."""
    middle = zip_codes[location["addresses"][0]["postal_code"]]
    latitude, longitude = float(middle["lat"]), float(middle["long"])
    north = location["latitude"] - latitude
    east = (location["longitude"] - longitude) * cos(radians(latitude))
    return 111.2 * (north**2 + east**2) ** 0.5


def _in_the_country(location: Json) -> bool:
    latitude, longitude = location["latitude"], location["longitude"]
    return any(
        south < latitude < north and west < longitude < east
        for south, north, west, east in RECTANGLES
    )
