"""Clients and needs over the API."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import AuditRow
from tests.http.api_caller import a_caller
from tests.http.api_world import ApiWorld, an_api_world


@pytest.fixture
def api(app: Flask, sqlite_session: Session, tmp_path: Path) -> ApiWorld:
    """Two agencies with one of everything."""
    return an_api_world(app, sqlite_session, tmp_path)


def need(**changed: Any) -> dict[str, Any]:
    """A need to record."""
    return {"code": "housing", "urgency": 3, "importance": 2, "acuity": 4, **changed}


def test_a_system_adds_a_client_and_reads_it(api: ApiWorld) -> None:
    sent = {
        "given_name": "Ada", "birth_date": "1990-02-28", "languages": ["pl"],
        "contact_ways": ["call"], "children": 2, "veteran": False, "acuity": 3,
    }  # fmt: skip
    made = api.sender.made("/clients", sent)
    found = api.sender.read(f"/clients/{made['id']}")
    assert {name: found[name] for name in sent} == sent
    assert (found["version"], found["name"], found["income"], found["email"]) == (
        1,
        "Ada",
        None,
        "",
    )


def test_a_likely_duplicate_is_refused_with_its_id_alone(api: ApiWorld) -> None:
    person = {"given_name": "Ada", "family_name": "Nowak", "birth_date": "1990-02-28"}
    made = api.sender.made("/clients", person)
    answer = api.sender.post("/clients", person)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "likely-duplicate")
    assert answer.get_json()["clients"] == [made["id"]]
    assert "Nowak" not in answer.text
    api.sender.made("/clients", {**person, "anyway": True})


def test_a_change_leaves_alone_what_was_not_sent(api: ApiWorld) -> None:
    path = f"/clients/{api.ids['client_id'][0]}"
    before = api.sender.read(path)
    answer = api.sender.patch(path, {"city": "Cicero", "income": None}, before["version"])
    assert answer.headers["ETag"] == '"2"'
    after = api.sender.read(path)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"city", "income", "version", "changed_at"}
    assert (after["city"], after["income"]) == ("Cicero", None)


def test_a_change_needs_the_version_it_is_made_on(api: ApiWorld) -> None:
    path = f"/clients/{api.ids['client_id'][0]}"
    assert api.sender.patch(path, {"city": "Cicero"}).status_code == 428
    assert api.sender.patch(path, {"city": "Cicero"}, 1).status_code == 200
    late = api.sender.patch(path, {"city": "Berwyn"}, 1)
    assert (late.status_code, late.get_json()["code"]) == (412, "version-conflict")
    assert api.sender.read(path)["city"] == "Cicero"


def test_what_is_wrong_in_a_profile_is_named(api: ApiWorld) -> None:
    path = f"/clients/{api.ids['client_id'][0]}"
    for body, field in (
        ({"zip": "X"}, "zip"), ({"relation": "son"}, "relation"), ({"children": "2"}, "children"),
        ({"veteran": 1}, "veteran"), ({"birth_date": "9999-01-01"}, "birth_date"),
    ):  # fmt: skip
        answer = api.sender.patch(path, body, 1)
        assert answer.status_code == 422
        assert field in answer.get_json()["fields"]


def test_pages_of_clients_hold_each_once_and_open_cases_by_default(api: ApiWorld) -> None:
    made = {api.sender.made("/clients", {"given_name": f"No {n}"})["id"] for n in range(5)}
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api.sender.read("/clients", limit=2, cursor=cursor)
        seen += [each["id"] for each in page["clients"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 8
    assert made < set(seen)
    assert api.sender.read("/clients", cases="closed")["clients"] == []


def test_names_are_searched_in_a_body_and_in_no_address(api: ApiWorld) -> None:
    api.sender.made("/clients", {"given_name": "Ada", "family_name": "Nowak"})
    answer = api.sender.post("/clients/search", {"q": "nowak"})
    assert [each["name"] for each in answer.get_json()["clients"]] == ["Ada Nowak"]
    assert api.receiver.post("/clients/search", {"q": "nowak"}).get_json()["clients"] == []
    assert api.sender.get("/clients", q="nowak").status_code == 422


def test_a_need_is_recorded_weighed_closed_and_reopened(api: ApiWorld) -> None:
    path = f"/clients/{api.ids['client_id'][0]}/needs"
    made = api.sender.made(path, need())["id"]
    assert api.sender.patch(f"/needs/{made}", {"acuity": 5, "detail": "Now"}).status_code == 200
    (found,) = (each for each in api.sender.read(path)["needs"] if each["id"] == made)
    assert (found["urgency"], found["acuity"], found["detail"]) == (3, 5, "Now")
    closed = api.sender.patch(f"/needs/{made}", {"status": "met"})
    assert closed.get_json() == {"id": made, "status": "met"}
    assert api.sender.patch(f"/needs/{made}", {"status": "met"}).status_code == 200
    assert api.sender.patch(f"/needs/{made}", {"urgency": 1}).status_code == 409
    assert api.sender.patch(f"/needs/{made}", {"status": "not_met"}).status_code == 409
    opened = api.sender.patch(f"/needs/{made}", {"status": "open", "urgency": 1})
    assert opened.get_json()["status"] == "open"


def test_the_household_is_read(api: ApiWorld) -> None:
    found = api.sender.read(f"/clients/{api.ids['client_id'][0]}/household")["household"]
    assert [each["given_name"] for each in found] == ["Rosa"]


def test_a_key_adds_a_client_once(api: ApiWorld) -> None:
    first = api.sender.post("/clients", {"given_name": "Ada"}, key="new-1")
    again = api.sender.post("/clients", {"given_name": "Ada"}, key="new-1")
    assert first.get_json() == again.get_json()
    assert len(api.sender.read("/clients")["clients"]) == 4


def test_what_is_another_agencys_is_answered_like_what_is_not_there(api: ApiWorld) -> None:
    answers = []
    for client_id, need_id in (
        (api.ids["client_id"][0], api.ids["need_id"][0]),
        (uuid4(), uuid4()),
    ):
        path = f"/clients/{client_id}"
        asked = (
            api.stranger.get(path), api.stranger.patch(path, {"city": "Cicero"}, 1),
            api.stranger.get(f"{path}/needs"), api.stranger.get(f"{path}/household"),
            api.stranger.post(f"{path}/needs", need()),
            api.stranger.patch(f"/needs/{need_id}", {"urgency": 1}),
        )  # fmt: skip
        answers.append([(each.status_code, each.get_json()) for each in asked])
    assert answers[0] == answers[1]
    assert {status for status, _ in answers[0]} == {404}
    assert api.stranger.read("/clients")["clients"] == []


@pytest.mark.parametrize(("scopes", "reads", "writes"), [
    ("clients.read", 200, 403), ("clients.write", 403, 200), ("consents.read", 403, 403),
])  # fmt: skip
def test_a_token_does_only_what_its_scopes_say(
    api: ApiWorld, scopes: str, reads: int, writes: int
) -> None:
    caller = a_caller(api.app, api.played.world.sender.agency_id, scopes)
    path = f"/clients/{api.ids['client_id'][0]}"
    assert caller.get(path).status_code == reads
    assert caller.patch(path, {"city": "Cicero"}, 1).status_code == writes


def test_reading_and_changing_are_in_the_audit(api: ApiWorld, sqlite_session: Session) -> None:
    path = f"/clients/{api.ids['client_id'][0]}"
    api.sender.read(path)
    api.sender.read("/clients")
    api.sender.patch(path, {"city": "Cicero"}, 1)
    api.sender.patch(f"/needs/{api.ids['need_id'][0]}", {"urgency": 1})
    since = datetime.now(UTC) - timedelta(seconds=50)
    rows = sqlite_session.scalars(select(AuditRow.action).where(AuditRow.at > since)).all()
    assert {"client:read", "client:list", "client:change", "need:weigh"} <= set(rows)
