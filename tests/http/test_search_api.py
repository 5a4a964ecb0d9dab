"""The search as programs see it."""

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NEAR_CHICAGO = {"near": "60608"}


def search(client: FlaskClient, **parameters: object) -> dict:
    response = client.get("/api/v1/search", query_string=parameters)
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_json()


def names(answer: dict) -> list[str]:
    return [result["name"] for result in answer["results"]]


def test_the_answer_has_the_promised_shape(demo: FlaskClient) -> None:
    answer = search(demo, q="eviction", near="60608", radius_km=40, limit=3)
    assert set(answer) == {
        "total", "page", "limit", "results", "facets", "place", "did_you_mean", "relax",
        "understood",
    }  # fmt: skip
    assert answer["limit"] == 3
    assert (answer["did_you_mean"], answer["relax"]) == (None, [])
    assert len(answer["results"]) == 3
    promised = {
        "service_id", "organization_id", "location_id", "name", "organization", "distance_km",
        "matched_by", "eligibility", "score",
    }  # fmt: skip
    assert promised <= set(answer["results"][0])


def test_eviction_near_a_zip_code_finds_legal_services_first(demo: FlaskClient) -> None:
    answer = search(demo, q="eviction", near="60608", limit=3)
    for result in answer["results"]:
        assert any(need["code"].startswith("legal.") for need in result["needs"]), result["name"]


def test_words_that_stand_in_no_listing_are_understood(demo: FlaskClient) -> None:
    answer = search(demo, q="help with rent", near="60608", limit=3)
    codes = {need["code"] for need in answer["understood"]}
    assert "housing.keep.rent-assistance" in codes
    for result in answer["results"]:
        assert any(need["code"] == "housing.keep.rent-assistance" for need in result["needs"])


def test_nearest_first_means_nearest_first(demo: FlaskClient) -> None:
    answer = search(demo, near="60608", sort="nearest", limit=50)
    distances = [r["distance_km"] for r in answer["results"] if r["distance_km"] is not None]
    assert distances == sorted(distances)
    assert len(distances) > 10


def test_pages_follow_each_other_without_gap_or_repetition(demo: FlaskClient) -> None:
    whole = search(demo, q="housing", limit=30)["results"]
    pages = [search(demo, q="housing", limit=10, page=page)["results"] for page in (1, 2, 3)]
    assert [r["service_id"] for page in pages for r in page] == [r["service_id"] for r in whole]


def test_filters_narrow_and_their_counts_tell_the_truth(demo: FlaskClient) -> None:
    everything = search(demo, near="60608", limit=1)
    languages = next(f for f in everything["facets"] if f["name"] == "language")
    for option in languages["options"][:4]:
        assert search(demo, near="60608", language=option["value"])["total"] == option["count"]


def test_two_filters_together_are_both_asked(demo: FlaskClient) -> None:
    spanish = search(demo, language="Spanish")["total"]
    both = search(demo, language="Spanish", cost="free")
    assert 0 < both["total"] < spanish
    assert all("Spanish" in r["languages"] and r["cost"] == "Free" for r in both["results"])


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("lat", "91"),
        ("lat", "north"),
        ("lat", "nan"),
        ("lon", "-181"),
        ("radius_km", "-1"),
        ("radius_km", "inf"),
        ("radius_km", "ten"),
        ("limit", "0"),
        ("limit", "101"),
        ("page", "0"),
        ("page", "1.5"),
        ("page", "99999999999999999999"),
        ("age", "-3"),
        ("age", "old"),
        ("sort", "random"),
        ("open_now", "perhaps"),
        ("accepting", "2"),
        ("near", "Zzyzxville"),
        ("near", "Springfield"),
        ("near", "x" * 300),
        ("cost", "banana"),
        ("delivery", "pigeon"),
        ("category", "nope"),
        ("q", "word " * 10_000),
    ],
)
def test_bad_input_gets_a_clear_message(demo: FlaskClient, parameter: str, value: str) -> None:
    parameters = {"lat": "41.8", "lon": "-87.6"} | {parameter: value}
    response = demo.get("/api/v1/search", query_string=parameters)
    problem = response.get_json()
    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"
    assert problem["code"] == "invalid-input"
    assert problem["fields"][parameter]
    assert problem["detail"].endswith((".", "?"))


@pytest.mark.parametrize("missing", ["lat", "lon"])
def test_half_a_point_is_no_point(demo: FlaskClient, missing: str) -> None:
    parameters = {"lat": 41.8, "lon": -87.6}
    del parameters[missing]
    response = demo.get("/api/v1/search", query_string=parameters)
    assert response.status_code == 422
    assert missing in response.get_json()["fields"]


def test_an_unknown_parameter_is_refused_by_name(demo: FlaskClient) -> None:
    response = demo.get("/api/v1/search", query_string={"q": "food", "raduis_km": 5})
    assert response.status_code == 422
    assert response.get_json()["code"] == "unknown-parameter"
    assert "raduis_km" in response.get_json()["detail"]


@pytest.mark.parametrize(
    "words",
    [
        '"', "*:*", "name:x OR 1=1", "AND OR NOT", "((((", "a" * 500, "-", "--", "?", "~", "^",
        "' OR '1'='1", "😀", "%%%", "\\", "[1 TO 2]", "föö bär", "<script>", "{}",
        "\ud800",
    ],
)  # fmt: skip
def test_no_words_are_a_query_language(demo: FlaskClient, words: str) -> None:
    response = demo.get("/api/v1/search", query_string={"q": words.encode("utf-8", "replace")})
    assert response.status_code == 200


def test_a_latitude_of_zero_is_a_place(demo: FlaskClient) -> None:
    assert search(demo, lat=0, lon=0, radius_km=10)["total"] == 0


@given(
    parameters=st.dictionaries(
        st.sampled_from(
            ["q", "near", "lat", "lon", "radius_km", "category", "language", "age", "sort",
             "page", "limit", "open_now", "accepting", "cost", "delivery", "accessibility"]
        ),
        st.one_of(
            st.text(max_size=40), st.integers().map(str), st.floats().map(str),
        ),
        max_size=6,
    )
)  # fmt: skip
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_the_answer_is_200_or_422(
    demo: FlaskClient, parameters: dict[str, str]
) -> None:
    sent = {name: value.encode("utf-8", "replace") for name, value in parameters.items()}
    response = demo.get("/api/v1/search", query_string=sent)
    assert response.status_code in (200, 422)
    assert response.get_json()


def test_a_parameter_that_is_given_twice_is_refused(demo: FlaskClient) -> None:
    response = demo.get("/api/v1/search?q=food&q=rent")
    assert response.status_code == 422
    assert response.get_json()["fields"] == {"q": "Give it once."}


def test_a_radius_around_nothing_is_refused(demo: FlaskClient) -> None:
    response = demo.get("/api/v1/search?q=food&radius_km=5")
    assert response.status_code == 422
    assert "near" in response.get_json()["fields"]["radius_km"]


def test_another_host_is_refused(demo: FlaskClient) -> None:
    for host in ("evil.example", "a" * 100):
        for path in ("/find", "/api/v1/search"):
            response = demo.get(path, headers={"Host": host})
            assert response.status_code == 400
            assert "Content-Security-Policy" in response.headers


def test_a_wrong_method_is_told_which_ones_work(demo: FlaskClient) -> None:
    response = demo.post("/api/v1/search")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_a_place_in_the_words_is_where_the_search_is(demo: FlaskClient) -> None:
    answer = search(demo, q="food pantry in Cicero, IL", limit=50)
    assert (answer["place"]["label"], answer["place"]["from_words"]) == ("Cicero, IL", True)
    assert any(result["distance_km"] is not None for result in answer["results"])
    usual, reach = 25 * 1.609344, 10
    for result in answer["results"]:
        assert result["matched_by"] == "coverage" or result["distance_km"] < usual + reach


def test_a_typed_place_wins_over_one_in_the_words(demo: FlaskClient) -> None:
    answer = search(demo, q="food pantry in Cicero, IL", near="60608")
    assert (answer["place"]["zip"], answer["place"]["from_words"]) == ("60608", False)


def test_words_can_be_only_words(demo: FlaskClient) -> None:
    assert search(demo, q="food pantry in Cicero, IL", words_only=1)["place"] is None


def test_a_radius_counts_from_a_place_in_the_words(demo: FlaskClient) -> None:
    near, far = (
        search(demo, q="food pantry in Cicero, IL", radius_km=radius)["total"] for radius in (1, 60)
    )
    assert near < far


def test_a_radius_around_words_only_is_refused(demo: FlaskClient) -> None:
    response = demo.get("/api/v1/search?q=food+in+Cicero,+IL&radius_km=5&words_only=1")
    assert response.status_code == 422
    assert "near" in response.get_json()["fields"]["radius_km"]


def test_misspelt_words_are_searched_as_what_was_meant(demo: FlaskClient) -> None:
    answer = search(demo, q="food pantrey")
    assert answer["did_you_mean"] == {"words": "food pantry", "searched": True}
    assert names(answer) == names(search(demo, q="food pantry"))


def test_words_can_be_searched_as_they_are_typed(demo: FlaskClient) -> None:
    answer = search(demo, q="pantrey", as_typed=1)
    assert (answer["did_you_mean"], answer["total"]) == (None, 0)


@pytest.mark.parametrize(
    "parameters",
    [
        {"q": "xylophone", "near": "60608"},
        {"q": "xylophone"},
        {"q": "food", "near": "60608", "radius_km": 1.6, "language": "Vietnamese"},
        {"q": "soup kitchen", "near": "61101", "radius_km": 60},
        {"q": "soup kitchen", "near": "90001", "radius_km": 60},
        {"q": "eviction", "near": "60608", "language": "Arabic", "cost": "paid", "age": 30},
    ],
)
def test_what_is_said_to_give_results_gives_so_many(
    demo: FlaskClient, parameters: dict[str, object]
) -> None:
    answer = search(demo, **parameters)
    assert answer["total"] == 0
    assert answer["relax"]
    for way in answer["relax"]:
        sent = {**parameters, **way["parameters"]}
        relaxed = {name: value for name, value in sent.items() if value is not None}
        assert search(demo, **relaxed)["total"] == way["total"], way


def test_a_score_is_explained_by_parts_that_add_up_to_it(demo: FlaskClient) -> None:
    answer = search(demo, q="food pantry", near="60608", explain=1)
    assert answer["results"]
    for result in answer["results"]:
        assert sum(part["amount"] for part in result["parts"]) == pytest.approx(result["score"])
        assert all(part["label"] for part in result["parts"])


def test_nothing_is_explained_unasked(demo: FlaskClient) -> None:
    assert "parts" not in search(demo, q="food pantry")["results"][0]


@pytest.mark.parametrize("path", ["/api/v1/search?q=food", "/api/v1/complete?q=food", "/readyz"])
def test_without_an_index_the_answer_is_not_ready(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 503


def test_a_search_that_is_not_ready_says_what_to_do(client: FlaskClient) -> None:
    problem = client.get("/api/v1/search?q=food").get_json()
    assert problem["code"] == "index-not-ready"
    assert "try again in a few minutes" in problem["detail"]
