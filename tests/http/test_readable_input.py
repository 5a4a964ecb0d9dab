"""A request with control characters is refused at the door, at every route and in every part."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from referral_hub.rules.texts import is_readable
from tests.http.one_of_everything import doors

PROGRAMS = ("/oauth/token", "/oauth/introspect", "/oauth/revoke", "/oauth/userinfo")
UNREADABLE = st.characters(categories=["Cc"]).filter(lambda sign: not is_readable(sign))


def doors_of(app: Flask) -> Iterator[tuple[str, str, bool]]:
    """Each route with a method, and an address of it; whether a text stands in the address."""
    for rule, method in doors(app):
        yield _address(app, rule, method), method, bool(_texts_in(rule))


def _address(app: Flask, rule: Rule, method: str) -> str:
    values = {
        name: "a\x00b" if name in _texts_in(rule) else _one_for(rule, name)
        for name in rule.arguments
    }
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, method)


def _one_for(rule: Rule, name: str) -> str:
    """A value that the address takes: a number, one of those that it names, or an id."""
    converter = rule._converters[name]
    if type(converter).__name__ == "IntegerConverter":
        return "1"
    named = getattr(converter, "items", None)
    return min(named) if named else "00000000-0000-4000-8000-000000000000"


def _texts_in(rule: Rule) -> set[str]:
    return {
        name
        for name, converter in rule._converters.items()
        if type(converter).__name__ in ("UnicodeConverter", "PathConverter")
    }


def is_refused(answer: TestResponse, path: str) -> bool:
    if path.startswith(PROGRAMS):
        return answer.status_code == 400 and answer.json["error"] == "invalid_request"
    text = answer.get_data(as_text=True)
    return answer.status_code == 422 and "control characters" in text


def test_no_route_lets_one_through_in_its_address(app: Flask, client: FlaskClient) -> None:
    checked = 0
    for path, method, has_text in doors_of(app):
        if has_text:
            checked += 1
            assert is_refused(client.open(path, method=method), path), path
        for query in ("%00", "q=a%00b", "actor=%01", "x%7f=1", "a=1&a=%c2%85"):
            asked = f"{path.replace('%00', '')}?{query}"
            assert is_refused(client.open(asked, method=method), path), asked
    assert checked >= 2


def test_no_route_lets_one_through_in_a_form_or_a_document(app: Flask, client: FlaskClient) -> None:
    for path, method, _ in doors_of(app):
        if method != "POST":
            continue
        for form in ({"purpose": "a\x00b"}, {"pur\x1bpose": "a"}, {"a": ["b", "\x00"]}):
            assert is_refused(client.post(path, data=form), path), path
            sent = client.post(path, data=form, content_type="multipart/form-data")
            assert is_refused(sent, path), path
        for document in ("\x00", {"a": "\x00"}, {"a": [{"b": "\ud800"}]}, {"\x00": 1}, [["\x7f"]]):
            assert is_refused(client.post(path, json=document), path), path


def test_the_name_of_a_file_is_read_too(client: FlaskClient) -> None:
    for name in ("a\x01b.csv", "a\x7f.csv"):
        sent = {"file": (BytesIO(b"\x00\x01"), name)}
        assert is_refused(client.post("/sign-in", data=sent), "/sign-in"), name
    good = client.post("/sign-in", data={"file": (BytesIO(b"\x00\x01"), "a.csv")})
    assert good.status_code == 400  # no form of the hub's own; what is in a file is not looked at


def test_an_address_that_is_none_is_refused_in_the_same_way(client: FlaskClient) -> None:
    for path in ("/nowhere/%00", "/services/%00", "/network/%1b%5b31m"):
        assert is_refused(client.get(path), path)


def test_programs_read_which_field_it_was(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=food%00")
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["code"] == "control-characters"
    assert set(answer.json["fields"]) == {"q"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.text(max_size=5), sign=UNREADABLE, after=st.text(max_size=5))
def test_one_anywhere_in_a_text_is_enough(
    client: FlaskClient, before: str, sign: str, after: str
) -> None:
    assert is_refused(client.get("/find", query_string={"q": before + sign + after}), "/find")


@pytest.mark.parametrize("text", ["a\tb", "a\r\nb", "é ü 住房", "\u200d", "\ufffd", "👩\u200d👧"])
def test_tabs_line_breaks_and_all_scripts_come_through(app: Flask, text: str) -> None:
    @app.post("/echo")
    def echo() -> str:
        raise AssertionError  # the guard says no: nobody said who may come in

    client = app.test_client()
    for sent in ({"data": {"q": text}}, {"json": {"q": [text]}}, {"query_string": {"q": text}}):
        assert client.post("/echo", **sent).status_code == 403  # type: ignore[arg-type]


def test_a_document_that_is_too_deep_or_none_at_all_breaks_nothing(client: FlaskClient) -> None:
    for body in ("[" * 200_000, "{", "", "nul"):
        sent = client.post("/sign-in", data=body, content_type="application/json")
        assert sent.status_code == 400
