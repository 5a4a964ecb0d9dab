"""The demo network: fictional agencies on real geography, whole and rich."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import zipcodes
from geopy.distance import geodesic
from jsonschema import Draft202012Validator, FormatChecker

from seed.demo_network import demo_capacities, demo_confidential_locations, demo_documents

TODAY = date(2026, 11, 18)
AGENCIES = list(demo_documents(TODAY))
SERVICES = [service for agency in AGENCIES for service in agency["services"]]
LOCATIONS = [place for agency in AGENCIES for place in agency.get("locations", [])]
CONFIDENTIAL = {str(location_id) for location_id in demo_confidential_locations()}


def domains(service: dict[str, Any]) -> set[str]:
    terms = (attribute["taxonomy_term"]["code"] for attribute in service["attributes"])
    return {code.partition(".")[0] for code in terms}


def test_it_has_about_forty_agencies_and_a_hundred_and_fifty_services() -> None:
    assert 38 <= len(AGENCIES) <= 46
    assert 145 <= len(SERVICES) <= 165


@pytest.mark.parametrize("domain", ["housing", "health", "education", "legal"])
def test_each_of_the_four_domains_is_well_covered(domain: str) -> None:
    assert sum(domain in domains(service) for service in SERVICES) >= 25


def test_ids_and_names_are_unique() -> None:
    ids = [record["id"] for record in (*AGENCIES, *SERVICES, *LOCATIONS)]
    assert len(set(ids)) == len(ids)
    assert len({agency["name"] for agency in AGENCIES}) == len(AGENCIES)


def test_the_same_day_gives_the_same_network() -> None:
    assert list(demo_documents(TODAY)) == AGENCIES


def test_every_place_lies_where_its_zip_code_says() -> None:
    for place in LOCATIONS:
        if place["id"] in CONFIDENTIAL:
            continue
        (zip_code,) = zipcodes.matching(place["addresses"][0]["postal_code"])
        middle = (float(zip_code["lat"]), float(zip_code["long"]))
        assert geodesic(middle, (place["latitude"], place["longitude"])).km < 5, place["name"]


def test_a_confidential_place_states_no_street_and_no_point() -> None:
    hidden = [place for place in LOCATIONS if place["id"] in CONFIDENTIAL]
    assert hidden
    for place in hidden:
        assert "latitude" not in place
        assert place["addresses"][0]["address_1"] == ""


def test_telephones_and_addresses_are_fictional() -> None:
    text = json.dumps(AGENCIES)
    numbers = re.findall(r'"number": "([^"]+)"', text)
    assert all(re.fullmatch(r"\d{3}-555-01\d\d", number) for number in numbers)
    hosts = re.findall(r"(?:https?://|@)([a-z0-9.-]+)", text)
    assert all(host.endswith("example.org") for host in hosts)


def test_no_listing_says_help_with_rent_so_that_search_must_understand_it() -> None:
    assert "help with rent" not in json.dumps(AGENCIES).casefold()


def test_it_is_rich_in_what_people_filter_by() -> None:
    languages = {row["name"] for service in SERVICES for row in service.get("languages", [])}
    assert len(languages) >= 6
    assert sum("schedules" in record for record in (*SERVICES, *LOCATIONS)) > 80
    assert sum("eligibility_description" in service for service in SERVICES) > 140
    assert sum("service_at_locations" not in service for service in SERVICES) >= 5
    assert sum("assured_date" not in service for service in SERVICES) >= 5
    states = Counter(capacity.state for capacity in demo_capacities())
    assert set(states) == {"open", "limited", "waiting_list", "closed"}


def test_links_lead_to_the_agencys_own_places() -> None:
    for agency in AGENCIES:
        own = {place["id"] for place in agency.get("locations", [])}
        for service in agency["services"]:
            for link in service.get("service_at_locations", []):
                assert link["location"]["id"] in own


def test_every_agency_is_valid_hsds(test_data: Path) -> None:
    schema = json.loads((test_data / "hsds/3.2.3/schema/compiled/organization.json").read_text())
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    places = {place["id"]: place for place in LOCATIONS}
    for agency in json.loads(json.dumps(AGENCIES)):
        for service in agency["services"]:
            for link in service.get("service_at_locations", []):
                link["location"] = places[link["location"]["id"]]
        assert [error.message for error in validator.iter_errors(agency)] == []
