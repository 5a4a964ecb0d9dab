"""The demo network: fictional agencies on real geography, whole and rich."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import zipcodes
from geopy.distance import geodesic
from jsonschema import Draft202012Validator, FormatChecker

from referral_hub.rules.coverage import read_coverage
from referral_hub.rules.intake import AnswerKind, Answers, Question, take_answers
from referral_hub.rules.places import county_key
from referral_hub.rules.schedules import read_schedule
from referral_hub.vocabulary import needs
from seed.demo_network import (
    demo_capacities,
    demo_confidential_locations,
    demo_documents,
    demo_partners,
    demo_questions,
)

TODAY = date(2026, 11, 18)
AGENCIES = list(demo_documents(TODAY))
SERVICES = [service for agency in AGENCIES for service in agency["services"]]
LOCATIONS = [place for agency in AGENCIES for place in agency.get("locations", [])]
LINKS = [link for service in SERVICES for link in service.get("service_at_locations", [])]
CONFIDENTIAL = {str(location_id) for location_id in demo_confidential_locations()}
ZIP_CODES = {row["zip_code"]: row for row in zipcodes.filter_by(state="IL", active=True)}
REFERENCES = {"taxonomy_term", "location", "program", "unit"}
"""Keys under which records stand that are only referred to."""


def codes(service: dict[str, Any]) -> set[str]:
    return {attribute["taxonomy_term"]["code"] for attribute in service["attributes"]}


def domains(service: dict[str, Any]) -> set[str]:
    return {code.partition(".")[0] for code in codes(service)}


def ids_of(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from ids_of(each)
    elif isinstance(value, dict):
        yield value["id"]
        for name, child in value.items():
            if name not in REFERENCES:
                yield from ids_of(child)


def test_it_has_about_forty_agencies_and_a_hundred_and_fifty_services() -> None:
    assert 38 <= len(AGENCIES) <= 46
    assert 145 <= len(SERVICES) <= 165


@pytest.mark.parametrize("domain", ["housing", "health", "education", "legal"])
def test_each_of_the_four_domains_is_well_covered(domain: str) -> None:
    assert sum(domain in domains(service) for service in SERVICES) >= 25


def test_every_service_says_which_needs_it_answers() -> None:
    assert all(codes(service) for service in SERVICES)
    assert {needs()[code].level for service in SERVICES for code in codes(service)} == {3}


def test_ids_and_names_are_unique() -> None:
    assert max(Counter(ids_of(AGENCIES)).values()) == 1
    assert len({agency["name"] for agency in AGENCIES}) == len(AGENCIES)


def test_verification_dates_follow_the_day() -> None:
    later = list(demo_documents(date(2027, 11, 18)))
    newest = max(s["assured_date"] for a in later for s in a["services"] if "assured_date" in s)
    assert "2027-11-01" < newest <= "2027-11-18"


def test_the_same_day_gives_the_same_network() -> None:
    assert list(demo_documents(TODAY)) == AGENCIES


def test_every_place_lies_where_its_zip_code_says() -> None:
    for place in LOCATIONS:
        if place["id"] in CONFIDENTIAL:
            continue
        zip_code = ZIP_CODES[place["addresses"][0]["postal_code"]]
        middle = (float(zip_code["lat"]), float(zip_code["long"]))
        assert geodesic(middle, (place["latitude"], place["longitude"])).km < 3, place["name"]


def test_a_confidential_place_states_no_street_and_no_point() -> None:
    hidden = [place for place in LOCATIONS if place["id"] in CONFIDENTIAL]
    assert hidden
    for place in hidden:
        assert {"latitude", "longitude"}.isdisjoint(place)
        assert [address["address_1"] for address in place["addresses"]] == [""]


def test_telephones_and_addresses_are_fictional() -> None:
    text = json.dumps(AGENCIES)
    numbers = re.findall(r'"number": "([^"]+)"', text)
    assert all(re.fullmatch(r"\d{3}-555-01\d\d", number) for number in numbers)
    area_codes = {area_code for row in ZIP_CODES.values() for area_code in row["area_codes"]}
    assert {number[:3] for number in numbers} <= area_codes
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


def test_what_services_ask_is_answered_as_it_is_asked() -> None:
    assert {asked.kind for asked in demo_questions()} == {"choice", "yes_no", "number", "text"}
    for asked in demo_questions():
        question = Question(asked.text, AnswerKind(asked.kind), asked.choices, asked.required)
        for number in range(len(asked.answers)):
            answer = {asked.service_id: asked.answer(number)}
            (taken,) = take_answers({asked.service_id: question}, Answers(answer))
            assert taken.value is not None or not asked.required


def test_all_hours_and_areas_are_understood() -> None:
    rows = [
        row for record in (*SERVICES, *LOCATIONS, *LINKS) for row in record.get("schedules", [])
    ]
    assert [row for row in rows if not read_schedule(row).is_certain] == []
    counties = frozenset(county_key("IL", row["county"]) for row in ZIP_CODES.values())
    areas = [area for service in SERVICES for area in service.get("service_areas", [])]
    assert [area for area in areas if not read_coverage(area, "IL", counties)] == []


def test_a_van_has_the_hours_of_each_stop() -> None:
    (van,) = (service for service in SERVICES if service["name"] == "Mobile Shower Van")
    stops = [link["schedules"] for link in van["service_at_locations"]]
    assert [[row["byday"] for row in rows] for rows in stops] == [["MO"], ["WE"], ["FR"]]


def test_most_agencies_are_partners_and_some_are_only_listed() -> None:
    partners = {str(organization_id) for organization_id in demo_partners()}
    listed = {agency["id"] for agency in AGENCIES} - partners
    assert partners <= {agency["id"] for agency in AGENCIES}
    assert 5 <= len(listed) < len(partners)


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
