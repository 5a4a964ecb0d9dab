"""Referrals over the API, as partner systems send and answer them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.models import AuditRow, IntakeQuestion, Need, Referral
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.use_cases.clients import add_client
from referral_hub.web.hub import EXTENSION
from tests.delivery_world import hand_on
from tests.http.api_caller import Caller, a_caller
from tests.referral_acts import CHICAGO, Played, a_draft, a_sent_one
from tests.referral_world import A_PROFILE


@pytest.fixture
def draft(app: Flask, sqlite_session: Session) -> Played:
    """A draft, beside which systems make their own."""
    vault = app.extensions[EXTENSION].vault
    played = a_draft(sqlite_session, vault=vault, now=datetime.now(UTC) - timedelta(seconds=30))
    sqlite_session.rollback()
    return played


@pytest.fixture
def sent(app: Flask, sqlite_session: Session) -> Played:
    """A referral that was sent."""
    vault = app.extensions[EXTENSION].vault
    played = a_sent_one(sqlite_session, vault=vault, now=datetime.now(UTC) - timedelta(seconds=30))
    sqlite_session.rollback()
    return played


@pytest.fixture
def sender(app: Flask, request: pytest.FixtureRequest) -> Caller:
    """The sending agency's system."""
    return a_caller(app, played_of(request).world.sender.agency_id)


@pytest.fixture
def receiver(app: Flask, request: pytest.FixtureRequest) -> Caller:
    """The receiving agency's system."""
    return a_caller(app, played_of(request).world.receiver.agency_id)


@pytest.fixture
def stranger(app: Flask, request: pytest.FixtureRequest) -> Caller:
    """A third agency's system."""
    return a_caller(app, played_of(request).world.stranger.agency_id)


def played_of(request: pytest.FixtureRequest) -> Played:
    """The referral of the test."""
    name = "sent" if "sent" in request.fixturenames else "draft"
    found: Played = request.getfixturevalue(name)
    return found


def order(played: Played, **changed: Any) -> dict[str, Any]:
    """What a system sends to make a referral."""
    return {
        "client_id": str(played.client.id),
        "need_id": str(played.need.id),
        "service_id": str(played.world.receiver.service_id),
        "priority": "urgent",
        "reason": "Nothing left to eat.",
        "categories": ["household"],
        "consent_id": str(played.consent.id),
        **changed,
    }


def acceptance(played: Played) -> dict[str, Any]:
    """An acceptance."""
    return {
        "move": "accept",
        "contact_name": "Intake desk",
        "first_contact_by": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
    }


def test_a_system_makes_and_sends_a_referral(
    draft: Played, sender: Caller, receiver: Caller
) -> None:
    made = sender.made("/referrals", order(draft, send=True))
    assert made["status"] == "sent"
    whole = receiver.read(f"/referrals/{made['id']}")
    assert whole["disclosed"]["need"]["reason"] == "Nothing left to eat."
    assert set(whole["disclosed"]) == {"basic_contact", "need", "household"}
    assert whole["side"] == "receiver"
    assert whole["notices"]


def test_a_system_reads_what_a_service_asks_and_answers_it(
    draft: Played, sender: Caller, receiver: Caller, sqlite_session: Session
) -> None:
    service_id = draft.world.receiver.service_id
    asked = IntakeQuestion(
        id=uuid4(), service_id=service_id, text="Which court?", answer_kind="choice",
        choices="Daley Center\nMarkham", required=True,
    )  # fmt: skip
    sqlite_session.add(asked)
    sqlite_session.commit()
    name = f"answers.{asked.id}"
    assert sender.read(f"/services/{service_id}/questions") == {
        "questions": [
            {
                "id": str(asked.id), "text": "Which court?", "kind": "choice",
                "choices": ["Daley Center", "Markham"], "required": True,
            }
        ]
    }  # fmt: skip

    def refused(**answers: object) -> dict[str, str]:
        answer = sender.post("/referrals", order(draft, send=True, answers=answers))
        assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid-input")
        return dict(answer.get_json()["fields"])

    assert set(refused()) == {name}
    assert set(refused(**{str(asked.id): 5})) == {name}
    other = str(uuid4())
    assert set(refused(**{str(asked.id): "Markham", other: "x"})) == {f"answers.{other}"}
    assert set(refused(court="Markham")) == {"answers"}
    made = sender.made("/referrals", order(draft, send=True, answers={str(asked.id): "Markham"}))
    whole = receiver.read(f"/referrals/{made['id']}")
    assert whole["disclosed"]["need"]["answers"] == {"Which court?": "Markham"}


def test_what_cannot_be_sent_is_not_made_either(
    draft: Played, sender: Caller, sqlite_session: Session
) -> None:
    before = sqlite_session.scalar(select(func.count()).select_from(Referral))
    sqlite_session.rollback()
    answer = sender.post("/referrals", order(draft, send=True, categories=["health"]))
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "consent-missing"
    assert sqlite_session.scalar(select(func.count()).select_from(Referral)) == before


def test_a_draft_is_sent_as_it_was_looked_at_or_not_at_all(
    draft: Played, sender: Caller, sqlite_session: Session
) -> None:
    path = f"/referrals/{draft.referral_id}"
    seen = sender.read(path)
    assert seen["preview"]["need"]["reason"] == "Lost her job in May."
    assert seen["identity_first"] is None
    sending = {"move": "send", "preview_digest": seen["preview_digest"]}
    sqlite_session.get_one(Need, draft.need.id).urgency = 3
    sqlite_session.commit()
    answer = sender.post(f"{path}/events", sending, version=seen["version"])
    assert (answer.status_code, answer.get_json()["code"]) == (409, "preview-changed")
    sending["preview_digest"] = sender.read(path)["preview_digest"]
    assert sender.made(f"{path}/events", sending, version=seen["version"])["status"] == "sent"
    assert "preview" not in sender.read(path)


def test_a_system_shares_more_under_the_consent(
    sent: Played, sender: Caller, receiver: Caller
) -> None:
    path = f"/referrals/{sent.referral_id}"
    assert sender.read(path)["not_shared"] == []
    sender.made(f"{path}/disclosures", {"categories": ["household"]})
    assert "household" in receiver.read(path)["disclosed"]
    assert "disclosed" in [each["kind"] for each in receiver.read(f"{path}/events")["events"]]
    for body, status, code in (
        ({"categories": ["health"]}, 422, "consent-missing"),
        ({"categories": []}, 422, "invalid-input"),
        ({"categories": ["need"], "override_reason": "Danger"}, 422, "invalid-input"),
    ):
        answer = sender.post(f"{path}/disclosures", body)
        assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_after_consent_was_taken_back_a_sending_system_learns_the_status_only(
    sent: Played, sender: Caller, receiver: Caller
) -> None:
    sent.move(Move.ACCEPT)
    sent.take_back_consent()
    sent.move(Move.HOLD, note="Her lease is missing.")
    path = f"/referrals/{sent.referral_id}"
    theirs, ours = sender.read(path), receiver.read(path)
    assert theirs["status"] == ours["status"] == "on_hold"
    assert theirs["status_only"] is ours["status_only"] is True
    hidden = ("reason_code", "review_on", "due_at", "assignee_id", "first_contact_by")
    assert [theirs[name] for name in hidden] == [None] * 5
    assert None not in [ours[name] for name in hidden]
    events = sender.read(f"{path}/events")["events"]
    assert [each["kind"] for each in events[-2:]] == ["consent_revoked", "hold"]
    assert (events[-1]["who"], events[-1]["reason_code"], events[-1]["words"]) == ("", None, "")
    (line,) = sender.read("/referrals", side="sender")["referrals"]
    assert (line["due_at"], line["overdue"], line["status_only"]) == (None, False, True)
    for caller in (sender, receiver):
        answer = caller.post(f"{path}/messages", {"text": "She came."})
        assert (answer.status_code, answer.get_json()["code"]) == (422, "consent-missing")


def test_a_key_makes_a_request_happen_once(draft: Played, sender: Caller) -> None:
    first = sender.post("/referrals", order(draft), key="order-1")
    again = sender.post("/referrals", order(draft), key="order-1")
    assert (first.status_code, first.get_json()) == (again.status_code, again.get_json())
    assert first.headers["ETag"] == again.headers["ETag"]
    other = sender.post("/referrals", order(draft, priority="routine"), key="order-1")
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency-key-reused")


def test_without_a_key_a_request_that_is_sent_twice_is_done_twice(
    draft: Played, sender: Caller
) -> None:
    first, again = (sender.made("/referrals", order(draft)) for _ in range(2))
    assert first["id"] != again["id"]


def test_the_whole_way_over_the_api(sent: Played, sender: Caller, receiver: Caller) -> None:
    path = f"/referrals/{sent.referral_id}"
    version = receiver.read(path)["version"]
    asked = receiver.made(f"{path}/events", {"move": "ask", "question": "Lease?"}, version)
    told = sender.made(f"{path}/events", {"move": "answer", "answer": "Yes."}, asked["version"])
    taken = receiver.made(f"{path}/events", acceptance(sent), told["version"])
    assert taken["status"] == "accepted"
    receiver.made(
        f"{path}/contacts",
        {"method": "call", "reached": True, "occurred_at": datetime.now(UTC).isoformat()},
    )
    version = receiver.read(path)["version"]
    done = {
        "move": "complete", "outcome": "need_met",
        "service_date": datetime.now(CHICAGO).date().isoformat(),
    }  # fmt: skip
    ended = receiver.made(f"{path}/events", done, version)
    assert ended["status"] == "completed"
    told_to_both = [
        [event["kind"] for event in caller.read(f"{path}/events")["events"]]
        for caller in (sender, receiver)
    ]
    assert (
        told_to_both[0][-4:] == told_to_both[1][-4:] == ["accept", "contacted", "start", "complete"]
    )


def test_a_change_needs_the_version_it_is_made_on(sent: Played, receiver: Caller) -> None:
    path = f"/referrals/{sent.referral_id}/events"
    missing = receiver.post(path, {"move": "acknowledge"})
    assert (missing.status_code, missing.get_json()["code"]) == (428, "version-needed")
    stale = receiver.post(path, {"move": "acknowledge"}, version=1)
    assert (stale.status_code, stale.get_json()["code"]) == (412, "version-conflict")
    assert sent.row.status == "sent"
    version = int(receiver.get(f"/referrals/{sent.referral_id}").headers["ETag"].strip('"'))
    assert receiver.post(path, {"move": "acknowledge"}, version=version).status_code == 201


def test_an_illegal_move_is_a_conflict_with_the_reason(sent: Played, sender: Caller) -> None:
    path = f"/referrals/{sent.referral_id}"
    version = sender.read(path)["version"]
    answer = sender.post(f"{path}/events", acceptance(sent), version)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "illegal-move")
    assert "receiving agency" in answer.get_json()["detail"]


def test_another_agency_sees_nothing_and_every_refusal_is_the_same(
    sent: Played, stranger: Caller
) -> None:
    known, unknown = sent.referral_id, uuid4()
    answers = []
    for referral_id in (known, unknown):
        path = f"/referrals/{referral_id}"
        answers.append(
            [
                (answer.status_code, answer.get_json())
                for answer in (
                    stranger.get(path),
                    stranger.get(f"{path}/events"),
                    stranger.get(f"{path}/messages"),
                    stranger.post(f"{path}/events", {"move": "acknowledge"}, version=3),
                    stranger.post(f"{path}/messages", {"text": "Hello"}),
                )
            ]
        )
    assert answers[0] == answers[1]
    assert {status for status, _ in answers[0]} == {404}
    assert stranger.read("/referrals")["referrals"] == []
    assert stranger.read("/events")["events"] == []


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        ("referrals.read", {"read"}),
        ("referrals.answer", {"move"}),
        ("messages.write", {"write"}),
        ("clients.read", set()),
    ],
)
def test_a_token_does_only_what_its_scopes_say(
    app: Flask, sent: Played, scopes: str, allowed: set[str]
) -> None:
    caller = a_caller(app, sent.world.receiver.agency_id, scopes)
    path = f"/referrals/{sent.referral_id}"
    answers = {
        "read": caller.get(path),
        "move": caller.post(f"{path}/events", {"move": "acknowledge"}, sent.row.version),
        "write": caller.post(f"{path}/messages", {"text": "Hello"}),
    }
    assert {name for name, answer in answers.items() if answer.status_code < 300} == allowed
    for name, answer in answers.items():
        if name not in allowed:
            assert (answer.status_code, answer.get_json()["code"]) == (403, "scope-missing")


def test_without_a_token_nothing_is_said(sent: Played, app: Flask) -> None:
    answer = app.test_client().get(f"/api/v1/referrals/{sent.referral_id}")
    assert answer.status_code == 401


def test_pages_go_on_where_they_ended(draft: Played, sender: Caller) -> None:
    for number in range(4):
        sender.made("/referrals", order(draft, reason=str(number)))
    seen: list[str] = []
    cursor = ""
    while True:
        page = sender.read("/referrals", side="sender", waiting="drafts", limit=2, cursor=cursor)
        seen += [each["id"] for each in page["referrals"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 5


def test_the_feed_goes_on_where_it_ended(
    sent: Played, receiver: Caller, sender: Caller, sqlite_session: Session
) -> None:
    assert receiver.read("/events")["events"] == []
    hand_on(sqlite_session)
    found = receiver.read("/events")
    assert [event["kind"] for event in found["events"]] == ["send"]
    assert receiver.read("/events", since=found["since"])["events"] == []
    assert next(event["kind"] for event in sender.read("/events")["events"]) == "drafted"
    sent.move(Move.ACKNOWLEDGE)
    assert receiver.read("/events", since=found["since"])["events"] == []
    hand_on(sqlite_session)
    (event,) = receiver.read("/events", since=found["since"])["events"]
    assert (event["kind"], event["seq"]) == ("acknowledge", 4)


def test_the_feed_of_a_quiet_agency_tells_nothing_of_a_busy_one(
    sent: Played, stranger: Caller, sqlite_session: Session
) -> None:
    before = stranger.read("/events")
    hand_on(sqlite_session)
    assert stranger.read("/events") == stranger.read("/events", since=before["since"]) == before


@pytest.mark.parametrize("since", ["0", "nonsense", "é", "bnVtYmVyCjk", "cm93CjE"])
def test_what_no_answer_gave_is_no_place_in_the_feed(
    sent: Played, sender: Caller, since: str
) -> None:
    answer = sender.get("/events", since=since)
    assert (answer.status_code, set(answer.get_json()["fields"])) == (422, {"since"})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"move": "fly"}, "move"),
        ({"move": "ask"}, "question"),
        ({"move": "ask", "question": 3}, "question"),
        ({"move": "accept", "first_contact_by": "tomorrow"}, "first_contact_by"),
        ({"move": "ask", "question": "x", "unknown": 1}, "unknown"),
        ([], "body"),
    ],
)
def test_what_is_wrong_in_a_body_is_named(
    sent: Played, receiver: Caller, body: Any, field: str
) -> None:
    version = sent.row.version
    answer = receiver.post(f"/referrals/{sent.referral_id}/events", body, version)
    assert answer.status_code == 422, answer.text
    assert field in answer.get_json()["fields"]
    assert sent.row.version == version


@pytest.mark.parametrize("cursor", ["nonsense", "é", "AAAA", "bm9wZQpub3Bl"])
def test_a_cursor_that_no_page_gave_is_refused(sent: Played, sender: Caller, cursor: str) -> None:
    answer = sender.get("/referrals", side="sender", cursor=cursor)
    assert answer.status_code == 422
    assert "cursor" in answer.get_json()["fields"]


def test_own_clients_are_compared_where_they_are_shown_and_nowhere_else(
    sent: Played, receiver: Caller, sqlite_session: Session
) -> None:
    staff = sent.world.receiver
    ours = add_client(sqlite_session, staff.intake_worker, A_PROFILE, sent.vault, now=sent.now)
    searched = select(func.count()).where(AuditRow.action == "client:search")
    path = f"/referrals/{sent.referral_id}"
    for part, told in (("/events", 0), ("/messages", 0), ("", 1)):
        found = receiver.read(path + part)
        sqlite_session.rollback()
        assert sqlite_session.scalar(searched) == told
    assert [each["client_id"] for each in found["possible_clients"]] == [str(ours)]


def test_appointments_and_answers_of_clients_come_over_the_api(
    sent: Played, sender: Caller, receiver: Caller, stranger: Caller
) -> None:
    path = f"/referrals/{sent.referral_id}"
    receiver.made(f"{path}/events", acceptance(sent), receiver.read(path)["version"])
    accepted_at = sent.row.accepted_at
    assert accepted_at is not None
    visit = {"at": accepted_at.isoformat(), "place": "Room 4"}
    made, again = (
        receiver.post(f"{path}/appointments", visit, key="visit").get_json() for _ in range(2)
    )
    assert made == again
    states = f"{path}/appointments/{made['id']}/states"
    refused = receiver.post(states, {"state": "moved"})
    assert (refused.status_code, set(refused.get_json()["fields"])) == (422, {"at"})
    assert receiver.made(states, {"state": "attended"}) == made
    late = receiver.post(states, {"state": "missed"})
    assert (late.status_code, late.get_json()["code"]) == (409, "illegal-move")
    sender.made(f"{path}/client-answers", {"answer": "yes", "note": "She has a bed."})
    ours, theirs = receiver.read(path), sender.read(path)
    assert (ours["status"], ours["first_contact_at"]) == ("in_progress", theirs["first_contact_at"])
    (visited,), (seen,) = ours["appointments"], theirs["appointments"]
    assert (visited["state"], visited["place"], seen["place"]) == ("attended", "Room 4", "")
    assert ours["client_answers"] == []
    (said,) = theirs["client_answers"]
    assert (said["answer"], said["note"], said["counts"]) == ("yes", "She has a bed.", True)
    kinds = [[event["kind"] for event in each.read(f"{path}/events")["events"]]
             for each in (receiver, sender)]  # fmt: skip
    assert [each[-1] for each in kinds] == ["start", "client_confirmed"]
    for caller, where in ((stranger, "appointments"), (stranger, "client-answers")):
        body = visit if where == "appointments" else {"answer": "no"}
        assert caller.post(f"{path}/{where}", body).status_code == 404
    assert sender.post(f"{path}/appointments", visit).status_code == 409
    assert receiver.post(f"{path}/client-answers", {"answer": "yes"}).status_code == 409
