"""What people and programs send does not reach the logs."""

import logging

import pytest
from flask import Flask
from sqlalchemy import text

from referral_hub.extensions import db
from referral_hub.web.guards import public
from referral_hub.web.logs import TALKATIVE

CANARY = "canary-7f3a"


@pytest.mark.parametrize("name", [*TALKATIVE, "authlib.oauth2.rfc6749", "urllib3.connectionpool"])
def test_libraries_that_log_tokens_do_not_at_any_level(app: Flask, name: str) -> None:
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.DEBUG)
    try:
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)
    finally:
        root.setLevel(before)


def test_errors_of_the_database_are_logged_without_values(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        db.session.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": CANARY})
        return ""

    app.add_url_rule("/broken", "broken", public(broken))
    with caplog.at_level(logging.DEBUG):
        assert app.test_client().get("/broken").status_code == 503
    assert "nowhere" in caplog.text
    assert CANARY not in caplog.text


@pytest.mark.parametrize("path", ["/find", "/api/v1/search", "/nothing", "/"])
def test_nothing_that_a_request_holds_is_logged(
    app: Flask, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    client = app.test_client()
    client.set_cookie("hub_session", CANARY)
    with caplog.at_level(logging.DEBUG):
        client.get(
            path,
            query_string={"q": CANARY, "near": CANARY},
            headers={"Authorization": f"Bearer {CANARY}"},
        )
        client.post(path, data={"name": CANARY, "form_token": CANARY})
    assert CANARY not in caplog.text
