"""All places of the United States by name, and what people type about them."""

from pathlib import Path
from shutil import copytree

import pytest

from referral_hub.gateways.search_places import search_places
from referral_hub.rules.places import STATES
from referral_hub.vocabulary import needs
from search_index.analysis import words
from search_index.documents import NamedPlace, PlaceKind
from search_index.gazetteer import Gazetteer, Point
from search_index.place_text import as_written
from search_index.place_words import find_place


@pytest.fixture(scope="module")
def folder(zip_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of its own with the prepared ZIP codes."""
    return copytree(zip_folder, tmp_path_factory.mktemp("places") / "kept")


@pytest.fixture(scope="module")
def places(folder: Path) -> Gazetteer:
    """The whole gazetteer."""
    return search_places(folder)


def only(places: Gazetteer, name: str, kind: PlaceKind, state: str) -> NamedPlace:
    (found,) = [place for place in places.find(name) if (place.kind, place.state) == (kind, state)]
    return found


# What is in it


def test_it_is_kept_for_later_processes(folder: Path, places: Gazetteer) -> None:
    kept = next(folder.glob("search-places-*.npz"))
    before = kept.stat().st_mtime_ns
    assert len(search_places(folder).key) == len(places.key)
    assert kept.stat().st_mtime_ns == before


def test_a_zip_code_is_a_place(places: Gazetteer) -> None:
    found = only(places, "60629", PlaceKind.ZIP, "IL")
    assert (found.label, found.zip, found.county) == (
        "Chicago, IL 60629",
        "60629",
        "IL:cook county",
    )
    assert 2 < found.radius_km < 8


def test_a_remote_zip_code_reaches_farther(places: Gazetteer) -> None:
    assert only(places, "89301", PlaceKind.ZIP, "NV").radius_km > 20


def test_a_city_reaches_over_its_zip_codes(places: Gazetteer) -> None:
    chicago = only(places, "Chicago", PlaceKind.CITY, "IL")
    assert (chicago.label, chicago.county) == ("Chicago, IL", "IL:cook county")
    assert (chicago.latitude, chicago.longitude) == pytest.approx((41.87, -87.68), abs=0.05)
    assert 12 < chicago.radius_km < 25
    assert chicago.weight > 50
    assert only(places, "Cicero", PlaceKind.CITY, "IL").radius_km >= 5


def test_boroughs_are_places(places: Gazetteer) -> None:
    assert only(places, "Brooklyn", PlaceKind.CITY, "NY").county == "NY:kings county"
    assert only(places, "Queens", PlaceKind.COUNTY, "NY").county == "NY:queens county"
    assert only(places, "Manhattan", PlaceKind.COUNTY, "NY").county == "NY:new york county"


def test_a_county_is_a_place_by_its_key(places: Gazetteer) -> None:
    assert only(places, "Cook County", PlaceKind.COUNTY, "IL").county == "IL:cook county"
    assert only(places, "St Louis City", PlaceKind.COUNTY, "MO").county == "MO:st. louis city"
    assert only(places, "Orleans Parish", PlaceKind.COUNTY, "LA").radius_km >= 10


@pytest.mark.parametrize("code", sorted(set(STATES) - {"FM"}))  # no point is known there
def test_every_state_is_a_place_by_name_and_code(places: Gazetteer, code: str) -> None:
    by_name = only(places, STATES[code], PlaceKind.STATE, code)
    assert only(places, code, PlaceKind.STATE, code).label == by_name.label == STATES[code]


def test_a_state_reaches_to_its_farthest_zip_code(places: Gazetteer) -> None:
    assert 600 < only(places, "Texas", PlaceKind.STATE, "TX").radius_km < 800


def test_a_short_form_of_a_city_is_shown_in_full(places: Gazetteer) -> None:
    assert only(places, "Colo Spgs", PlaceKind.CITY, "CO").label == "Colorado Springs, CO"


def test_names_that_the_post_office_does_not_accept_are_no_places(places: Gazetteer) -> None:
    assert places.find("Internal Revenue Service") == places.find("FBI") == ()


def test_the_likeliest_place_is_completed_first(places: Gazetteer) -> None:
    chicago = (41.88, -87.63)
    assert places.completing("chic", 3)[0].label == "Chicago, IL"
    assert "Cicero, IL" in [place.label for place in places.completing("ci", 3, chicago)]
    assert places.completing("6062", 3)[0].label == "Chicago, IL 60620"


# What people type

PHRASES = (
    *("food bank", "food pantry", "mobile pantry", "learn to read", "help with reading", "shelter"),
    *("legal aid", "rent help", "rent assistance", "dentist", "child care", "comida", "diapers"),
    *(
        "medical center",
        "legal services",
        "legal clinic",
        "free clinic",
        "housing",
        "utility bills",
    ),
    *("home repair", "health care", "senior center", "crisis line", "ayuda con la renta"),
)

CHICAGO, LOS_ANGELES, ALBANY = (41.88, -87.63), (34.05, -118.25), (42.65, -73.75)
NEW_YORK, SEATTLE, MOBILE = (40.71, -74.0), (47.61, -122.33), (30.69, -88.04)


def found_in(places: Gazetteer, text: str, near: Point | None) -> tuple[str, str] | None:
    run = list(words(text))
    known = set()
    for phrase in map(str.split, PHRASES):
        for start in range(len(run)):
            if run[start : start + len(phrase)] == phrase:
                known.update(range(start, start + len(phrase)))
    found = find_place(
        run,
        places,
        written=as_written(text),
        near=near,
        taken=lambda start, end: not known.isdisjoint(range(start, end)),
    )
    return found and (" ".join(run[found.start : found.end]), found.place.label)


@pytest.mark.parametrize(
    ("text", "near", "run", "label"),
    [
        ("dentist 60629", None, "60629", "Chicago, IL 60629"),
        ("diapers 10001-2345", None, "10001 2345", "New York, NY 10001"),
        ("chicago il 60629 diapers", None, "chicago il 60629", "Chicago, IL 60629"),
        ("shelter st louis mo", None, "st louis mo", "Saint Louis, MO"),
        ("food pantry near Akron Ohio", None, "near akron ohio", "Akron, OH"),
        ("diapers ft worth tx", None, "ft worth tx", "Fort Worth, TX"),
        ("Mt. Vernon, NY food pantry", None, "mt vernon ny", "Mount Vernon, NY"),
        ("food bank o'fallon mo", None, "ofallon mo", "O Fallon, MO"),
        ("la grange il dentist", None, "la grange il", "La Grange, IL"),
        ("dentist lagrange illinois", None, "lagrange illinois", "La Grange, IL"),
        ("East St. Louis IL shelter", None, "east st louis il", "East Saint Louis, IL"),
        ("free clinic washington dc", None, "washington dc", "Washington, DC"),
        ("Winston-Salem NC shelter", None, "winston salem nc", "Winston Salem, NC"),
        ("baton rouge louisiana", None, "baton rouge louisiana", "Baton Rouge, LA"),
        ("free clinic in San Juan Puerto Rico", None, "in san juan puerto rico", "San Juan, PR"),
        ("clinica dental en aurora co", None, "en aurora co", "Aurora, CO"),
        ("shelter new york new york", None, "new york new york", "New York, NY"),
        ("dentist hollywood ca", None, "hollywood ca", "Hollywood, CA"),
        ("shelter mobile al", None, "mobile al", "Mobile, AL"),
        ("rent help in Reading, PA", None, "in reading pa", "Reading, PA"),
        ("normal il food pantry", None, "normal il", "Normal, IL"),
        ("food pantry orange ca", None, "orange ca", "Orange, CA"),
        ("food pantry in hope ar", None, "in hope ar", "Hope, AR"),
        ("shelter columbus ohio", None, "columbus ohio", "Columbus, OH"),
        ("legal aid Cook County", None, "cook county", "Cook County, IL"),
        (
            "housing in Los Angeles county now",
            None,
            "in los angeles county",
            "Los Angeles County, CA",
        ),
        ("miami-dade county rent help", None, "miami dade county", "Miami-Dade County, FL"),
        ("Orleans Parish rent help", None, "orleans parish", "Orleans Parish, LA"),
        ("comida condado de Cook", None, "condado de cook", "Cook County, IL"),
        ("orange county legal aid", LOS_ANGELES, "orange county", "Orange County, CA"),
        ("rent help Florida", None, "florida", "Florida"),
        ("housing in North Carolina for veterans", None, "in north carolina", "North Carolina"),
        ("rent help NJ", None, "nj", "New Jersey"),
        ("rent help in nj", None, "in nj", "New Jersey"),
        ("comida en Carolina del Norte", None, "en carolina del norte", "North Carolina"),
        ("rent help washington", SEATTLE, "washington", "Washington"),
        ("comida en Chicago", None, "en chicago", "Chicago, IL"),
        ("comida en nueva york", None, "en nueva york", "New York, NY"),
        ("food bank in Cicero", CHICAGO, "in cicero", "Cicero, IL"),
        ("child care Brooklyn", None, "brooklyn", "Brooklyn, NY"),
        ("diapers in the bronx tonight", None, "in the bronx", "Bronx, NY"),
        ("food pantry queens ny", None, "queens ny", "Queens County, NY"),
        ("food pantry manhattan", None, "manhattan", "New York County, NY"),
        ("dentist hollywood", LOS_ANGELES, "hollywood", "Hollywood, CA"),
        ("food bank new york", NEW_YORK, "new york", "New York, NY"),
        ("help with utility bills philly", None, "philly", "Philadelphia, PA"),
        ("food pantry springfield", CHICAGO, "springfield", "Springfield, IL"),
        ("shelter in troy", ALBANY, "in troy", "Troy, NY"),
        ("shelter in kansas city", None, "in kansas city", "Kansas City, MO"),
        ("women shelter in Mobile", None, "in mobile", "Mobile, AL"),
        ("shelter in mobile", MOBILE, "in mobile", "Mobile, AL"),
        ("Salvation Army Houston", None, "houston", "Houston, TX"),
        ("abogado cerca de los angeles", None, "cerca de los angeles", "Los Angeles, CA"),
        ("Cicero food bank", CHICAGO, "cicero", "Cicero, IL"),
        ("Chicago Legal Clinic", None, "chicago", "Chicago, IL"),
        ("Detroit mi food bank open now", None, "detroit mi", "Detroit, MI"),
        ("waukegan", None, "waukegan", "Waukegan, IL"),
    ],
)
def test_a_place_is_found(
    places: Gazetteer, text: str, near: Point | None, run: str, label: str
) -> None:
    assert found_in(places, text, near) == (run, label)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        *(("food bank", None), ("help with reading", None), ("learn to read", None)),
        *(("mobile pantry", MOBILE), ("mobile dentist", None), ("shelter in mobile", None)),
        *(("in need of hope", None), ("need a home", None), ("home repair", None)),
        *(("health care at home", None), ("in person", None), ("in crisis", CHICAGO)),
        *(("help in english", None), ("clases en español", None), ("ayuda en casa", None)),
        *(("get an ID", None), ("help me", None), ("HELP ME", None), ("food near me", None)),
        *(("food near ME", None), ("VA benefits", None), ("rent help il", None)),
        *(("food or shelter", None), ("is this OK", None), ("HOUSING IL", None)),
        *(("Salvation Army", None), ("Bay Area Legal Services", None), ("Red Cross", None)),
        *(("Boys Town", None), ("New Hope", None), ("Mercy Housing", None), ("Heartland", CHICAGO)),
        *(("halfway house", None), ("crisis center tx", None), ("george washington", CHICAGO)),
        *(("st vincent de paul", None), ("st mary hospital", None), ("united way", None)),
        *(("Springfield", None), ("shelter columbus", None), ("lake county housing", None)),
        *(("free clinic washington", None), ("Cicero food bank", None), ("orange", None)),
        *(("bus to Dallas", None), ("moved from Chicago", None), ("refugees from Cuba", None)),
        *(("rent on time", None), ("my income is 30000", None), ("section 8", None)),
        *(("shelter in Lakeview", CHICAGO), ("in Hyde Park", CHICAGO), ("Union", CHICAGO)),
        *(("near Lincoln Elementary", CHICAGO), ("help with corona", None), ("liberty", None)),
        *(("someone to talk to", None), ("my early pregnancy", None), ("credit union", None)),
    ],
)
def test_what_is_no_place_or_many_is_not_found(
    places: Gazetteer, text: str, near: Point | None
) -> None:
    assert found_in(places, text, near) is None


@pytest.mark.parametrize("near", [None, CHICAGO, NEW_YORK])
def test_no_way_to_name_a_need_is_taken_for_a_place(places: Gazetteer, near: Point | None) -> None:
    phrases = {phrase for need in needs().values() for phrase in (need.label, *need.phrases)}
    mistaken = {
        phrase
        for phrase in phrases
        if find_place(list(words(phrase)), places, near=near, taken=lambda start, end: True)
    }
    assert len(phrases) > 2000
    assert mistaken == set()
