"""Completing what is typed, as programs and the search box see it."""

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referral_hub.rules.texts import is_readable


def complete(client: FlaskClient, **parameters: object) -> list[dict]:
    response = client.get("/api/v1/complete", query_string=parameters)
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_json()["completions"]


def test_the_beginning_of_a_need_is_completed_with_its_code(demo: FlaskClient) -> None:
    needs = [way for way in complete(demo, q="dent") if way["kind"] == "need"]
    assert "health.care.dental" in {way["code"] for way in needs}


def test_services_and_places_are_offered_too(demo: FlaskClient) -> None:
    pantry = {"kind": "service", "text": "Choice Food Pantry", "code": None}
    assert pantry in complete(demo, q="choice f")
    cicero = {"kind": "place", "text": "Cicero, IL", "code": None}
    assert cicero in complete(demo, q="cicero", near="60608")


def test_what_is_offered_finds_something(demo: FlaskClient) -> None:
    for way in complete(demo, q="hous", limit=20):
        if way["kind"] != "place":
            answer = demo.get("/api/v1/search", query_string={"q": way["text"]}).get_json()
            assert answer["total"] or way["kind"] == "need", way


def test_one_letter_is_too_little(demo: FlaskClient) -> None:
    assert complete(demo, q="d") == complete(demo) == []


def test_there_are_as_many_as_asked_at_most(demo: FlaskClient) -> None:
    assert len(complete(demo, q="ho", limit=3)) == 3
    assert len(complete(demo, q="ho")) <= 8


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("limit", "0"), ("limit", "21"), ("limit", "many"), ("lat", "91"), ("lon", "x"),
        ("near", "Zzyzxville"), ("near", "Springfield"), ("q", "x" * 501),
    ],
)  # fmt: skip
def test_bad_input_gets_a_clear_message(demo: FlaskClient, parameter: str, value: str) -> None:
    parameters = {"q": "food", "lat": "41.8", "lon": "-87.6"} | {parameter: value}
    response = demo.get("/api/v1/complete", query_string=parameters)
    assert response.status_code == 422
    assert response.get_json()["fields"][parameter]


def test_an_unknown_parameter_is_refused_by_name(demo: FlaskClient) -> None:
    response = demo.get("/api/v1/complete?q=food&language=Spanish")
    assert response.status_code == 422
    assert response.get_json()["code"] == "unknown-parameter"
    assert "language" in response.get_json()["detail"]


@given(q=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_may_be_typed(demo: FlaskClient, q: str) -> None:
    sent = {"q": q.encode("utf-8", "replace")}
    expected = 200 if is_readable(q) else 422
    assert demo.get("/api/v1/complete", query_string=sent).status_code == expected
