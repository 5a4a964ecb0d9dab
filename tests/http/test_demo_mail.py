"""The mail of a demo network can be read, so that each link can be tried; no other mail can."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from referral_hub.app import create_app
from referral_hub.gateways.mail_folder import FolderMailer
from tests.gateways.test_mailer import SENDER, a_mail

LINK = "http://127.0.0.1:8000/reset#token"


@pytest.fixture
def mailer(tmp_path: Path) -> FolderMailer:
    return FolderMailer(tmp_path / "mail", SENDER)


@pytest.fixture
def demo_client(sqlite_url: str, tmp_path: Path, gazetteer_folder: Path) -> Iterator[FlaskClient]:
    """A client of a hub in demo mode."""
    (tmp_path / "gazetteer").symlink_to(gazetteer_folder)
    made = create_app(
        {
            "REFERRAL_HUB_MODE": "demo",
            "REFERRAL_HUB_DATABASE_URL": sqlite_url,
            "REFERRAL_HUB_DATA_DIR": str(tmp_path),
        }
    )
    with made.test_client() as opened:
        yield opened
    made.extensions["referral_hub"].tally.close()
    made.extensions["referral_hub"].searcher.close()


def test_mails_are_listed_the_newest_first(demo_client: FlaskClient, mailer: FolderMailer) -> None:
    assert "There is no mail yet" in demo_client.get("/demo/mail").text
    for number, subject in enumerate(("Older", "Newer"), 18):
        written = a_mail().written_at.replace(day=number)
        mailer.send(replace(a_mail(), id=UUID(int=number), subject=subject, written_at=written))
    page = demo_client.get("/demo/mail").text
    assert page.index("Newer") < page.index("Older")
    assert "ana@example.org" in page


def test_a_mail_is_shown_as_text_and_only_links_to_the_hub_can_be_followed(
    demo_client: FlaskClient, mailer: FolderMailer
) -> None:
    text = f"Open:\n\n{LINK}\n\n<b>not</b> https://evil.example/ or http://127.0.0.1:80000/\n"
    mailer.send(replace(a_mail(), text=text))
    address = f"/demo/mail/20261118T150000-{a_mail().id}"
    assert f'href="{address}"' in demo_client.get("/demo/mail").text
    page = demo_client.get(address).text
    assert f'<a href="{LINK}">{LINK}</a>' in page
    assert "&lt;b&gt;not&lt;/b&gt; https://evil.example/ or http://127.0.0.1:80000/" in page


@pytest.mark.parametrize("name", ["nothing", "..%2Fhub.sqlite3", "%2e%2e"])
def test_what_is_no_mail_is_not_found(demo_client: FlaskClient, name: str) -> None:
    assert demo_client.get(f"/demo/mail/{name}").status_code == 404


def test_outside_of_demo_mode_no_mail_is_shown(client: FlaskClient, mailer: FolderMailer) -> None:
    mailer.send(a_mail())
    for address in ("/demo/mail", f"/demo/mail/20261118T150000-{a_mail().id}"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "ana@example.org" not in answer.text
