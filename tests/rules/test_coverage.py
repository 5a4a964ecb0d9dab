"""Which areas a service says that it serves: all of what is certain, none of what is not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.coverage import (
    CoverageArea,
    CoverageKind,
    county_label,
    describe_area,
    read_coverage,
)

COUNTIES = frozenset(
    {
        "CA:alameda county",
        "CA:contra costa county",
        "CA:marin county",
        "CA:san francisco county",
        "CA:san mateo county",
        "GA:cook county",
        "IL:cook county",
        "IL:dupage county",
        "IL:lake county",
        "IN:lake county",
        "LA:orleans parish",
        "MD:prince george's county",
        "MO:st. louis city",
        "MO:st. louis county",
        "MT:lewis and clark county",
        "OR:washington county",
        "VA:king and queen county",
    }
)


def read(text: str, state: str | None = None) -> list[str]:
    return [f"{area.kind} {area.value}" for area in read_coverage({"name": text}, state, COUNTIES)]


@pytest.mark.parametrize(
    ("text", "state", "areas"),
    [
        ("San Mateo County", "CA", ["county CA:san mateo county"]),
        ("SAN MATEO COUNTY", "California", ["county CA:san mateo county"]),
        ("Cook County, IL", "CA", ["county IL:cook county"]),
        ("Cook County Illinois", None, ["county IL:cook county"]),
        ("Cook County (IL)", None, ["county IL:cook county"]),
        ("Cook County", "IL", ["county IL:cook county"]),
        ("St Louis County", "MO", ["county MO:st. louis county"]),
        ("Saint Louis City", "MO", ["county MO:st. louis city"]),
        ("Prince Georges County", "MD", ["county MD:prince george's county"]),
        ("Du Page County", "IL", ["county IL:dupage county"]),
        ("Orleans Parish", "LA", ["county LA:orleans parish"]),
        ("City and County of San Francisco", "CA", ["county CA:san francisco county"]),
        ("Residents of Marin County only", "CA", ["county CA:marin county"]),
    ],
)
def test_one_county_is_understood(text: str, state: str | None, areas: list[str]) -> None:
    assert read(text, state) == areas


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("Alameda and Contra Costa Counties", "CA CA"),
        ("Alameda, Contra Costa, and Marin Counties", "CA CA CA"),
        ("Alameda County, San Mateo County", "CA CA"),
        ("Cook & Lake Counties, Illinois", "IL IL"),
        ("Lake County, IN, Cook County, IL", "IN IL"),
        ("Lake County, Indiana; Lake County, Illinois", "IN IL"),
        ("King and Queen County, Virginia and Marin County, California", "VA CA"),
        ("Lewis and Clark County", "MT"),
    ],
)
def test_several_counties_are_understood(text: str, states: str) -> None:
    areas = read_coverage({"name": text}, "CA", COUNTIES)
    assert " ".join(area.value[:2] for area in areas) == states


def test_a_county_of_another_state_than_the_owners_must_be_the_only_one_of_its_name() -> None:
    assert read("San Mateo County", "NV") == ["county CA:san mateo county"]
    assert read("Cook County", "CA") == []
    assert read("Cook County", None) == []


@pytest.mark.parametrize(
    ("text", "state", "areas"),
    [
        ("Statewide", "IL", ["state IL"]),
        ("Statewide", None, []),
        ("Illinois statewide", None, ["state IL"]),
        ("Illinois", None, ["state IL"]),
        ("the entire State of Illinois", None, ["state IL"]),
        ("Illinois, Indiana and Ohio", None, ["state IL", "state IN", "state OH"]),
        ("OR, WA", None, ["state OR", "state WA"]),
        ("in or me", None, []),
        ("Washington, DC", None, ["state DC"]),
        ("New York State", None, ["state NY"]),
        ("Nationwide", None, ["nation US"]),
        ("United States", "IL", ["nation US"]),
    ],
)
def test_states_and_the_nation_are_understood(
    text: str, state: str | None, areas: list[str]
) -> None:
    assert read(text, state) == areas


def test_a_state_that_is_also_a_city_is_not_guessed() -> None:
    assert read("New York", "NY") == []
    assert read("Washington", "WA") == []


def test_zip_codes_are_understood_and_a_state_after_them_adds_nothing() -> None:
    assert read("94063, 94025-1234 and 94110") == ["zip 94063", "zip 94025", "zip 94110"]
    assert read("ZIP codes: 94063") == ["zip 94063"]
    assert read("94063, CA") == ["zip 94063"]


@pytest.mark.parametrize(
    "text",
    [
        *("Northern Illinois", "Colma", "Belmont, San Mateo County", "Parts of Cook County"),
        *("Cook County except Chicago", "Greater Bay Area", "Cook County, WI", "Nowhere County"),
        *("Cook, Lake County", "County", "", ",;", "1234", "All"),
    ],
)
def test_what_is_not_certain_in_full_gives_no_area(text: str) -> None:
    assert read(text, "IL") == []


def test_the_extent_comes_first_then_the_name_then_the_description() -> None:
    row = {"extent": "94063", "name": "Illinois", "description": "Nationwide"}
    for key, kind in (("extent", "zip"), ("name", "state"), ("description", "nation")):
        assert [area.kind for area in read_coverage(row, None, COUNTIES)] == [kind]
        row[key] = "the area described elsewhere"


def test_the_text_of_a_drawing_is_not_read_as_words() -> None:
    row = {"extent": "94063", "extent_type": "geojson", "name": "Illinois"}
    assert [area.value for area in read_coverage(row, None, COUNTIES)] == ["IL"]


def test_a_drawn_circle_is_a_centre_and_a_radius() -> None:
    row = {"extent": "41.8, -87.7, 16.09344", "extent_type": "Circle", "name": "Illinois"}
    circle = CoverageArea(CoverageKind.CIRCLE, "", 41.8, -87.7, 16.09344)
    assert read_coverage(row, None, COUNTIES) == (circle,)
    assert describe_area(circle) == "Within 10 miles of 41.8000, -87.7000"


@pytest.mark.parametrize(
    "extent",
    ["", "41.8,-87.7", "91,0,5", "0,181,5", "0,0,0", "0,0,-5", "0,0,nan", "0,0,inf", "a,b,c"],
)
def test_a_circle_that_is_none_gives_no_area(extent: str) -> None:
    row = {"extent": extent, "extent_type": "circle", "name": "Illinois"}
    assert read_coverage(row, None, COUNTIES) == ()


@pytest.mark.parametrize(
    ("area", "words"),
    [
        (CoverageArea(CoverageKind.NATION, "US"), "Anywhere in the United States"),
        (CoverageArea(CoverageKind.STATE, "IL"), "Anywhere in Illinois"),
        (CoverageArea(CoverageKind.STATE, "DC"), "Anywhere in the District of Columbia"),
        (CoverageArea(CoverageKind.COUNTY, "IL:cook county"), "Cook County, IL"),
        (CoverageArea(CoverageKind.ZIP, "94063"), "ZIP code 94063"),
    ],
)
def test_areas_are_said_in_plain_words(area: CoverageArea, words: str) -> None:
    assert describe_area(area) == words


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("IL:dupage county", "DuPage County, IL"),
        ("IL:mchenry county", "McHenry County, IL"),
        ("MD:prince george's county", "Prince George's County, MD"),
        ("IA:o'brien county", "O'Brien County, IA"),
        ("FL:miami-dade county", "Miami-Dade County, FL"),
        ("MN:lake of the woods county", "Lake of the Woods County, MN"),
    ],
)
def test_county_names_are_written_as_people_write_them(key: str, label: str) -> None:
    assert county_label(key) == label


@given(st.sets(st.sampled_from(sorted(COUNTIES)), min_size=1, max_size=6))
def test_any_list_of_counties_with_their_states_is_understood(keys: set[str]) -> None:
    text = "; ".join(county_label(key) for key in keys)
    assert {area.value for area in read_coverage({"name": text}, None, COUNTIES)} == keys


@given(
    st.dictionaries(
        st.sampled_from(("name", "description", "extent", "extent_type")),
        st.none() | st.text() | st.text("cookunty ,;&and()ILS0123456789-\n"),
    ),
    st.none() | st.text(max_size=5),
)
def test_no_text_ever_raises(row: dict[str, Any], state: str | None) -> None:
    for area in read_coverage(row, state, COUNTIES):
        assert describe_area(area)
        assert area.kind is not CoverageKind.COUNTY or area.value in COUNTIES
