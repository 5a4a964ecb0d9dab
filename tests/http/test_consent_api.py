"""Consents over the API."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.http.api_caller import a_caller
from tests.http.api_world import ApiWorld, an_api_world


@pytest.fixture
def api(app: Flask, sqlite_session: Session, tmp_path: Path) -> ApiWorld:
    """Two agencies with one of everything."""
    return an_api_world(app, sqlite_session, tmp_path)


def terms(api: ApiWorld, **changed: Any) -> dict[str, Any]:
    """A consent to record."""
    today = datetime.now(UTC).date()
    return {
        "purpose": "To find a place to live",
        "categories": ["basic_contact", "need"],
        "recipients": [str(api.ids["recipients"][0])],
        "given_on": (today - timedelta(days=2)).isoformat(),
        "last_on": (today + timedelta(days=90)).isoformat(),
        "method": "signed_on_paper",
        **changed,
    }


def test_a_system_records_a_signed_consent_and_takes_it_back(api: ApiWorld) -> None:
    path = f"/clients/{api.ids['client_id'][0]}/consents"
    sent = terms(api)
    made = api.sender.made(path, sent)["id"]
    found = api.sender.read(f"/consents/{made}")
    kept = ("purpose", "categories", "given_on", "last_on", "method")
    assert {name: found[name] for name in kept} == {name: sent[name] for name in kept}
    assert (found["state"], found["signer"], found["language"]) == ("in_force", "client", "en")
    assert made in {each["id"] for each in api.sender.read(path)["consents"]}
    back = api.sender.post(f"/consents/{made}/revocation", {"revoked_by": "phone"})
    assert (back.status_code, back.get_json()) == (200, {"withdrawn": [], "kept": []})
    assert api.sender.read(f"/consents/{made}")["state"] == "taken_back"
    twice = api.sender.post(f"/consents/{made}/revocation", {"revoked_by": "phone"})
    assert twice.status_code == 409


def test_taking_back_says_what_was_withdrawn(api: ApiWorld) -> None:
    path = f"/consents/{api.ids['consent_id'][0]}/revocation"
    answer = api.sender.post(path, {"revoked_by": "in_person"})
    assert answer.get_json()["withdrawn"] == [str(api.played.referral_id)]
    found = api.receiver.read(f"/referrals/{api.played.referral_id}")
    assert (found["status"], found["disclosed"]) == ("withdrawn", {})


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"method": "verbal_with_witness"}, "method"),
        ({"witness_id": "0b3a7c1e-0d4a-4c55-9e6f-7a1b2c3d4e5f"}, "witness_id"),
        ({"recipients": []}, "recipients"),
        ({"categories": []}, "categories"),
        ({"given_on": "2999-01-01"}, "given_on"),
        ({"last_on": "2001-01-01"}, "last_on"),
        ({"language": "English"}, "language"),
    ],
)
def test_what_cannot_be_recorded_is_named(
    api: ApiWorld, changed: dict[str, Any], field: str
) -> None:
    path = f"/clients/{api.ids['client_id'][0]}/consents"
    answer = api.sender.post(path, terms(api, **changed))
    assert answer.status_code == 422
    assert field in answer.get_json()["fields"]


def test_a_key_records_consent_once(api: ApiWorld) -> None:
    path = f"/clients/{api.ids['client_id'][0]}/consents"
    answers = [api.sender.post(path, terms(api), key="c-1").get_json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(api.sender.read(path)["consents"]) == 2


def test_what_is_another_agencys_is_answered_like_what_is_not_there(api: ApiWorld) -> None:
    answers = []
    known = api.ids["client_id"][0], api.ids["consent_id"][0]
    for client_id, consent_id in (known, (uuid4(), uuid4())):
        asked = (
            api.stranger.get(f"/clients/{client_id}/consents"),
            api.stranger.post(f"/clients/{client_id}/consents", terms(api)),
            api.stranger.get(f"/consents/{consent_id}"),
            api.stranger.post(f"/consents/{consent_id}/revocation", {"revoked_by": "phone"}),
        )
        answers.append([(each.status_code, each.get_json()) for each in asked])
    assert answers[0] == answers[1]
    assert {status for status, _ in answers[0]} == {404}


@pytest.mark.parametrize(("scopes", "reads", "writes"), [
    ("consents.read", 200, 403), ("consents.write", 403, 201), ("clients.read", 403, 403),
])  # fmt: skip
def test_a_token_does_only_what_its_scopes_say(
    api: ApiWorld, scopes: str, reads: int, writes: int
) -> None:
    caller = a_caller(api.app, api.played.world.sender.agency_id, scopes)
    path = f"/clients/{api.ids['client_id'][0]}/consents"
    assert caller.get(path).status_code == reads
    assert caller.post(path, terms(api)).status_code == writes
