"""Every answer, errors included, carries the headers; what is for one person is kept nowhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from referral_hub.app import create_app
from referral_hub.rules.roles import Role
from referral_hub.web.form_tokens import form_token
from referral_hub.web.guards import public
from tests.callers import sign_in

ANSWERS = [
    ("/", 200), ("/find", 503), ("/nothing", 404), ("/api/v1/search?x=1", 422), ("/broken", 500),
    ("/healthz", 200), ("/static/css/hub.css", 200), ("/static/nothing.css", 404),
]  # fmt: skip


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """A client of a hub with a page that breaks and one with a form."""

    def broken() -> str:
        raise RuntimeError("broken")

    app.add_url_rule("/broken", "broken", public(broken))
    app.add_url_rule("/form", "form", public(form_token))
    app.add_url_rule("/sent", "sent", public(lambda: "thanks"), methods=["POST"])
    with app.test_client() as opened:
        yield opened


@pytest.mark.parametrize(("path", "status"), ANSWERS)
def test_every_answer_has_the_headers(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path, buffered=True)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in answer.headers


def test_no_page_has_a_script_or_a_style_inside() -> None:
    folder = Path(__file__).parent.parent.parent / "referral_hub" / "templates"
    for path in folder.rglob("*.html"):
        text = path.read_text()
        assert "<script>" not in text, path
        assert "<style" not in text, path
        assert " style=" not in text, path
        assert " onclick=" not in text, path
        assert "javascript:" not in text, path


@pytest.mark.parametrize("path", ["/", "/find", "/nothing", "/broken", "/api/v1/search?x=1"])
def test_no_answer_to_somebody_signed_in_is_kept(
    app: Flask, client: FlaskClient, path: str
) -> None:
    assert client.get(path).headers.get("Cache-Control") != "no-store"
    sign_in(app, client, Role.CASE_MANAGER)
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_no_answer_to_a_token_is_kept(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search", headers={"Authorization": "Bearer x"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_files_of_the_hub_itself_are_kept_for_everybody(app: Flask, client: FlaskClient) -> None:
    sign_in(app, client, Role.CASE_MANAGER)
    answer = client.get("/static/css/hub.css", buffered=True)
    assert answer.headers["Cache-Control"] != "no-store"


def test_no_page_with_a_form_is_kept(client: FlaskClient) -> None:
    for _ in ("with a new cookie", "with the known one"):
        assert client.get("/form").headers["Cache-Control"] == "no-store"


def test_no_answer_to_a_form_is_kept(client: FlaskClient) -> None:
    token = client.get("/form").text
    answer = client.post("/sent", data={"form_token": token})
    assert (answer.text, answer.headers["Cache-Control"]) == ("thanks", "no-store")


def test_a_hub_with_tls_asks_browsers_to_stay_with_it(
    sqlite_url: str, tmp_path: Path, gazetteer_folder: Path
) -> None:
    (tmp_path / "gazetteer").symlink_to(gazetteer_folder)
    made = create_app(
        {
            "REFERRAL_HUB_MODE": "test",
            "REFERRAL_HUB_DATABASE_URL": sqlite_url,
            "REFERRAL_HUB_DATA_DIR": str(tmp_path),
            "REFERRAL_HUB_PUBLIC_URL": "https://hub.example.org",
        }
    )
    answer = made.test_client().get("/healthz", base_url="https://hub.example.org")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    made.extensions["referral_hub"].tally.close()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "hub@evil.example", ""])
def test_another_host_is_refused_with_the_headers(client: FlaskClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_what_is_too_large_is_refused(client: FlaskClient) -> None:
    token = client.get("/form").text
    answer = client.post("/sent", data={"form_token": token, "x": "x" * 1_100_000})
    assert answer.status_code == 413
