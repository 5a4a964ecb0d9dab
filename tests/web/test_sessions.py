"""What is kept between two requests of one person."""

from flask import Flask, session
from flask.testing import FlaskClient

from referral_hub.web.sessions import Sessions


def a_client() -> FlaskClient:
    app = Flask("sessions")
    app.secret_key = "known only to the tests"
    app.session_interface = Sessions()

    @app.get("/remember")
    def remember() -> str:
        session["name"] = "Ana"
        return ""

    @app.get("/name")
    def name() -> str:
        return session.get("name", "nobody")

    return app.test_client()


def test_what_was_remembered_is_known_to_the_next_request() -> None:
    client = a_client()
    client.get("/remember")
    assert client.get("/name").text == "Ana"


def test_a_visitor_has_an_empty_session_and_gets_no_cookie() -> None:
    answer = a_client().get("/name")
    assert answer.text == "nobody"
    assert "Set-Cookie" not in answer.headers


def test_a_forged_cookie_counts_for_nothing() -> None:
    client = a_client()
    client.set_cookie("session", "eyJuYW1lIjoiQW5hIn0.forged.forged")
    assert client.get("/name").text == "nobody"
