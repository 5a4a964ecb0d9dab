"""What words mean to a hub with the demo network, and the ways out where nothing is found."""

import re
from html import unescape
from itertools import product
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient


def search(client: FlaskClient, **parameters: object) -> dict:
    response = client.get("/api/v1/search", query_string=parameters)
    assert response.status_code == 200, response.get_json()
    return response.get_json()


def page(client: FlaskClient, **parameters: object) -> str:
    return client.get("/find", query_string=parameters).get_data(as_text=True)


# Places


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("60608", "Chicago, IL 60608"),
        ("Blue Island", "Blue Island, IL"),
        ("Cook county", "Cook County, IL"),
        ("Park Ridge", "Park Ridge, IL"),
        ("Geneva", "Geneva, IL"),
        ("gary", "Gary, IN"),
        ("help in Evanston", "Evanston, IL"),
    ],
)
def test_a_place_typed_alone_finds_what_is_there_the_nearest_first(
    demo: FlaskClient, words: str, label: str
) -> None:
    answer = search(demo, q=words, limit=100)
    assert (answer["place"]["label"], answer["place"]["from_words"]) == (label, True)
    distances = [result["distance_km"] for result in answer["results"]]
    known = [distance for distance in distances if distance is not None]
    assert known
    assert known == sorted(known)


def test_a_zip_code_in_the_words_finds_what_it_finds_as_the_place(demo: FlaskClient) -> None:
    typed = search(demo, q="60608", limit=5)["results"]
    asked = search(demo, near="60608", limit=5)["results"]
    assert [result["service_id"] for result in typed] == [r["service_id"] for r in asked]


def test_a_place_typed_alone_may_be_refused(demo: FlaskClient) -> None:
    shown = page(demo, q="Park Ridge")
    assert "Near Park Ridge, IL" in shown
    assert "words_only=1" in shown


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("Homewood food", "Homewood, IL"),
        ("Monee food", "Monee, IL"),
        ("Park Ridge food", "Park Ridge, IL"),
        ("St. Charles shelter", "Saint Charles, IL"),
        ("Crystal Lake food", "Crystal Lake, IL"),
        ("Addison food", "Addison, IL"),
        ("Lyons food", "Lyons, IL"),
        ("Lansing food", "Lansing, IL"),
        ("Hyde Park clinic", None),
        ("Savannah shelter", None),
    ],
)
def test_the_name_of_a_place_is_no_mistake_and_the_place_if_it_is_near(
    demo: FlaskClient, words: str, label: str | None
) -> None:
    answer = search(demo, q=words)
    assert answer["did_you_mean"] is None
    assert (answer["place"] and answer["place"]["label"]) == label
    assert answer["total"]


@pytest.mark.parametrize(
    ("leading", "after"),
    [
        ("dupage county shelter", "shelter in dupage county"),
        ("lake county food", "food in lake county"),
        ("Cicero food bank", "food bank in Cicero"),
    ],
)
def test_a_leading_place_finds_what_it_finds_after_the_need(
    demo: FlaskClient, leading: str, after: str
) -> None:
    assert search(demo, q=leading)["total"] == search(demo, q=after)["total"]


@pytest.mark.parametrize(
    "words", ["Jackson family food", "food for my son Austin", "Austin food", "food for Gary"]
)
def test_somebody_is_no_far_away_place(demo: FlaskClient, words: str) -> None:
    answer = search(demo, q=words)
    assert answer["place"] is None
    assert answer["total"]


# Words


@pytest.mark.parametrize(
    "words",
    ["Hassan food", "Torres food", "Khan", "termites", "beer", "mexican", "carpentry"],
)
def test_names_and_right_words_are_searched_as_they_are(demo: FlaskClient, words: str) -> None:
    assert search(demo, q=words)["did_you_mean"] is None


@pytest.mark.parametrize(
    ("words", "meant"),
    [("adiction", "addiction"), ("rehabilation", "rehabilitation"), ("sheltr", "shelter")],
)
def test_mistakes_are_corrected_to_what_finds_something(
    demo: FlaskClient, words: str, meant: str
) -> None:
    answer = search(demo, q=words)
    assert answer["did_you_mean"]["words"] == meant
    assert answer["total"]


def test_rehabilitation_is_rehab(demo: FlaskClient) -> None:
    assert search(demo, q="rehabilitation")["total"] >= search(demo, q="rehab")["total"] > 0


# Ways out

WORDS = (
    *("food pantry", "xylophone", "ESL in Aurora CO", "soup kitchen in Peoria IL", "Seattle"),
    *("60608", "food in Evanston", "pantrey in Omaha NE", ""),
)
PLACES = ({}, {"near": "60608"}, {"near": "Omaha, NE"}, {"lat": "61.2", "lon": "-149.9"})
RADII = ({}, {"radius_km": "1"}, {"radius_km": "300"})
FILTERS = ({}, {"language": "Arabic", "cost": "paid", "age": "30"}, {"language": "ko"})
ASKED = [
    {"q": words, **place, **radius, **filters}
    for words, place, radius, filters in product(WORDS, PLACES, RADII, FILTERS)
]


def test_what_is_said_to_give_results_gives_so_many_by_what_is_to_be_sent(
    demo: FlaskClient,
) -> None:
    promised = 0
    for asked in ASKED:
        answer = demo.get("/api/v1/search", query_string=asked).get_json()
        for way in answer.get("relax", ()):
            sent = {**asked, **way["parameters"]}
            followed = search(demo, **{name: v for name, v in sent.items() if v is not None})
            assert followed["total"] == way["total"] > 0, (asked, way)
            promised += 1
    assert promised > len(ASKED) // 2


def test_each_way_out_of_the_page_leads_to_as_many_as_it_says(demo: FlaskClient) -> None:
    followed = 0
    for asked in ASKED[::3]:
        shown = page(demo, **{_of_page(name): value for name, value in asked.items()})
        for href, total in re.findall(r'href="\?([^"]*)"[^>]*>(\d+) services? ', shown):
            there = page(demo, **dict(parse_qsl(unescape(href))))
            heading = re.search(r'<h2 id="results-heading"[^>]*>\s*(\d+) service', there)
            assert heading, (asked, href)
            assert heading[1] == total, (asked, href)
            followed += 1
    assert followed > len(ASKED) // 10


def _of_page(name: str) -> str:
    return "radius" if name == "radius_km" else name


@pytest.mark.parametrize(
    ("asked", "ways"),
    [
        ({"q": "ESL in Aurora CO"}, {"radius_km", "words_only"}),
        ({"q": "food pantry", "near": "Omaha, NE", "radius_km": "300"}, {"radius_km"}),
        ({"q": "eviction", "language": "ko", "cost": "paid"}, {"filters"}),
        ({"q": "eviction in Omaha NE", "language": "ko"}, {"filters"}),
    ],
)
def test_there_is_a_way_out_wherever_the_words_find_anything(
    demo: FlaskClient, asked: dict[str, str], ways: set[str]
) -> None:
    answer = search(demo, **asked)
    assert answer["total"] == 0
    assert ways <= {way["filter"] for way in answer["relax"]}


def test_any_distance_keeps_the_place_and_its_order(demo: FlaskClient) -> None:
    answer = search(demo, q="food pantry", near="Omaha, NE", radius_km="any", sort="nearest")
    distances = [r["distance_km"] for r in answer["results"] if r["distance_km"] is not None]
    assert answer["place"]["label"] == "Omaha, NE"
    assert len(distances) > 1
    assert distances == sorted(distances)


def test_any_distance_is_a_choice_of_the_page(demo: FlaskClient) -> None:
    shown = page(demo, q="food pantry", near="Omaha, NE", radius="any")
    assert '<option value="any" selected>Any distance</option>' in shown
    assert "services at any distance from Omaha, NE" in " ".join(shown.split())
    assert "data-radius-km" not in shown


def test_a_page_past_the_last_leads_to_the_last(demo: FlaskClient) -> None:
    shown = page(demo, q="food", page=50)
    assert "No service in the directory" not in shown
    assert "There are no more pages." in shown
    link = re.search(r'href="([^"]*)"[^>]*>Go to the last page, (\d+)', shown)
    assert link
    assert link[1].endswith(f"page={link[2]}")


def test_a_language_that_no_listing_has_is_shown_by_its_name(demo: FlaskClient) -> None:
    shown = page(demo, q="food", language="ko")
    assert re.search(r'class="chip"[^>]*>.*?</span>\s*Korean', shown)
