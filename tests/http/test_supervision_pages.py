"""The pages of supervision: check-ins, proposed declines, and who decides on them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import CheckIn
from referral_hub.use_cases.check_in_words import agree_action, write_feedback
from referral_hub.use_cases.check_ins import plan_check_in
from referral_hub.use_cases.decline_rule import change_decline_rule
from referral_hub.web.hub import EXTENSION
from tests.http.api_caller import a_caller
from tests.http.conftest import Opener
from tests.referral_acts import Played, a_sent_one


@pytest.fixture
def played(app: Flask, sqlite_session: Session) -> Played:
    """A referral that was sent half a minute ago."""
    vault = app.extensions[EXTENSION].vault
    return a_sent_one(sqlite_session, vault=vault, now=datetime.now(UTC) - timedelta(seconds=30))


def version_of(played: Played) -> int:
    """The version that a form carries now. The database is free again for whoever writes."""
    version = played.row.version
    played.session.rollback()
    return version


def test_a_check_in_is_planned_written_in_and_held(browse: Opener, played: Played) -> None:
    staff = played.world.receiver
    lead, worker = browse(staff.supervisor), browse(staff.intake_worker)
    page = lead.page("/supervision/check-ins")
    assert "Intake Worker Lawndale Legal Aid" in page
    fields: dict[str, Any] = {"worker_id": staff.intake_worker.person_id, "weeks": "2"}
    wrong = lead.wrong("/supervision/check-ins/plan", planned_at="soon", **fields)
    assert "Use a day and a time." in wrong
    at = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT10:00")
    planned = lead.done("/supervision/check-ins/plan", planned_at=at, **fields)
    assert "The check-in is planned." in planned
    made = played.session.scalars(select(CheckIn.id)).one()
    base = f"/supervision/check-ins/{made}"
    assert "With Supervisor Lawndale" in worker.page("/")
    assert "My holidays" in worker.done(f"{base}/points", point="My holidays")
    agreed = {"text": "Call the court.", "person_id": staff.intake_worker.person_id}
    wrong = lead.wrong(f"{base}/actions", due_on="2020-01-01", **agreed)
    assert "Call the court." in wrong
    assert "Use a day from today on" in wrong
    lead.done(f"{base}/actions", **agreed)
    for path in ("/", "/clients/tasks", "/supervision/check-ins"):
        assert "Call the court." in worker.page(path)
    held = lead.done(f"{base}/hold", notes="We spoke of holidays.")
    assert "We spoke of holidays." in held
    assert "What stood on the agenda" in worker.page(base)


def test_feedback_stands_on_the_page_of_the_two_and_on_no_other(
    browse: Opener, played: Played
) -> None:
    staff = played.world.receiver
    at = played.now + timedelta(days=1)
    made = plan_check_in(
        played.session, staff.supervisor, staff.intake_worker.person_id, at, 2, now=played.now
    )
    write_feedback(
        played.session, staff.supervisor, played.vault, made, "Shorter notes.", now=played.now
    )
    base = f"/supervision/check-ins/{made}"
    for person in (staff.supervisor, staff.intake_worker):
        assert "Shorter notes." in browse(person).page(base)
    for person in (staff.administrator, staff.case_manager, played.world.sender.supervisor):
        answer = browse(person).get(base)
        assert answer.status_code == 404
    assert browse(played.world.steward).get(base).status_code == 403


def test_what_was_agreed_is_ticked_on_ones_day(browse: Opener, played: Played) -> None:
    staff = played.world.receiver
    at = played.now + timedelta(days=1)
    made = plan_check_in(
        played.session, staff.supervisor, staff.intake_worker.person_id, at, 2, now=played.now
    )
    action = agree_action(
        played.session, staff.supervisor, played.vault, made, "Call the court.",
        staff.intake_worker.person_id, None, now=played.now,
    )  # fmt: skip
    worker = browse(staff.intake_worker)
    worker.done(f"/supervision/check-ins/actions/{action}/mark", done="true")
    assert "Call the court." not in worker.page("/")


def test_a_supervisor_decides_on_a_decline(browse: Opener, played: Played) -> None:
    staff, one = played.world.receiver, played.referral_id
    lead, worker = browse(staff.supervisor), browse(staff.intake_worker)
    sender = browse(played.world.sender.case_manager)
    assert "/moves/decline" in worker.page(f"/referrals/{one}")
    assert "Saved." in browse(staff.administrator).done("/agency/declines", reviewed="true")
    page = worker.page(f"/referrals/{one}")
    assert "/moves/decline" not in page
    assert "Propose to decline" in page
    version = version_of(played)
    refused = worker.wrong(
        f"/referrals/{one}/moves/decline", 409, version=version, reason="no_capacity"
    )
    assert "a supervisor decides on declines" in refused
    path = f"/referrals/{one}/propose-decline"
    wrong = worker.wrong(path, version=version, note="Nothing free until May.")
    assert "Choose a reason." in wrong
    assert "Nothing free until May.</textarea>" in wrong
    done = worker.done(path, version=version, reason="no_capacity", note="Nothing free until May.")
    assert "proposes to decline it" in done
    assert "Nothing free until May." in lead.page("/supervision/declines/" + str(one))
    assert "Nothing free" not in sender.page(f"/referrals/{one}")
    version = version_of(played)
    wrong = lead.wrong(f"/supervision/declines/{one}/return", version=version)
    assert "Write why" in wrong
    lead.done(f"/supervision/declines/{one}/return", version=version, note="Ask them to wait.")
    assert "Ask them to wait." in worker.page(f"/referrals/{one}")
    worker.done(path, version=version_of(played), reason="no_capacity")
    approved = lead.done(f"/supervision/declines/{one}/approve", version=version_of(played))
    assert "Declined. The sending agency hears of it." in approved
    assert "Can be taken back" in approved
    looked = lead.done(f"/supervision/declines/{one}/look", note="Right so.")
    assert "Looked at" in looked
    assert "Right so." in lead.page(f"/supervision/declines/{one}")


def test_without_reviews_any_more_a_worker_declines_what_was_proposed(
    browse: Opener, played: Played
) -> None:
    staff, one = played.world.receiver, played.referral_id
    lead, worker = browse(staff.supervisor), browse(staff.intake_worker)
    administrator = browse(staff.administrator)
    administrator.done("/agency/declines", reviewed="true")
    worker.done(
        f"/referrals/{one}/propose-decline", version=version_of(played), reason="no_capacity"
    )
    assert "/moves/decline" not in worker.page(f"/referrals/{one}")
    administrator.done("/agency/declines", reviewed="false")
    assert "/moves/decline" in worker.page(f"/referrals/{one}")
    leads = lead.page(f"/referrals/{one}")
    assert "Decide on the decline" in leads
    assert "/moves/decline" not in leads
    version = version_of(played)
    own = {"reason": "not_eligible", "note": "Too young."}
    worker.done(f"/referrals/{one}/moves/decline", version=version, **own)
    assert "proposes to decline it" not in worker.page(f"/referrals/{one}")
    approve = f"/supervision/declines/{one}/approve"
    assert "waits any more" in lead.wrong(approve, 409, version=version_of(played))


def test_a_system_overtakes_a_proposal_where_nobody_reviews_any_more(
    app: Flask, browse: Opener, played: Played
) -> None:
    staff, one = played.world.receiver, played.referral_id
    administrator = browse(staff.administrator)
    administrator.done("/agency/declines", reviewed="true")
    browse(staff.intake_worker).done(
        f"/referrals/{one}/propose-decline", version=version_of(played), reason="no_capacity"
    )
    administrator.done("/agency/declines", reviewed="false")
    body = {"move": "decline", "reason": "not_eligible", "note": "Too young."}
    answer = a_caller(app, staff.agency_id).post(
        f"/referrals/{one}/events", body, version_of(played)
    )
    assert answer.status_code == 201
    assert played.row.decline_proposed_at is None
    played.session.rollback()
    waiting = browse(staff.supervisor).page("/supervision/declines")
    assert "proposed by" not in waiting


def test_a_system_is_told_that_a_person_must_review(app: Flask, played: Played) -> None:
    staff = played.world.receiver
    change_decline_rule(
        played.session, staff.supervisor, staff.agency_id, reviewed=True, now=played.now
    )
    caller = a_caller(app, staff.agency_id)
    body = {"move": "decline", "reason": "no_capacity"}
    path = f"/referrals/{played.referral_id}/events"
    answer = caller.post(path, body, version_of(played))
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "review-needed"
    assert played.row.status == "sent"
