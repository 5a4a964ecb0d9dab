"""Appointments and answers of clients on the pages of both agencies, and on one's day."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from referral_hub.models import Agency
from referral_hub.rules.referrals import Channel
from referral_hub.use_cases.appointments import make_appointment
from referral_hub.web.hub import EXTENSION
from tests.http.conftest import Opener
from tests.referral_acts import CHICAGO, Played, in_status


@pytest.fixture
def accepted(app: Flask, sqlite_session: Session) -> Played:
    """A referral that was accepted two days ago."""
    vault, at = app.extensions[EXTENSION].vault, datetime.now(UTC) - timedelta(days=2)
    return in_status(sqlite_session, "accepted", vault=vault, now=at)


def typed(at: datetime) -> str:
    """A time as somebody in Chicago types it."""
    return at.astimezone(CHICAGO).strftime("%Y-%m-%dT%H:%M")


def address_of(page: str) -> str:
    """The page of the only appointment that a page leads to."""
    (found,) = set(re.findall(r'href="(/referrals/[^"]+/appointments/[0-9a-f-]{36})"', page))
    return str(found)


def test_an_appointment_is_made_shown_to_both_and_kept(browse: Opener, accepted: Played) -> None:
    base = f"/referrals/{accepted.referral_id}"
    worker = browse(accepted.world.receiver.intake_worker)
    sender = browse(accepted.world.sender.case_manager)
    assert f'href="{base}/appointments/new"' in worker.page(base)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    worker.send(f"{base}/appointments/new", at=typed(yesterday), place="Room 4")
    page, theirs = worker.page(base), sender.page(base)
    assert "Room 4" in page
    assert "Room 4" not in theirs
    assert "nobody has said what came of it" in page
    assert "nobody has said what came of it" in theirs
    assert "/appointments/" not in theirs
    address = address_of(page)
    assert address == address_of(worker.page("/"))
    worker.send(address, state="attended")
    assert accepted.row.status == "in_progress"
    assert "the client came" in sender.page(base)
    assert "/appointments/" not in worker.page("/")


def test_what_is_wrong_is_said_and_what_was_typed_stays(browse: Opener, accepted: Played) -> None:
    base = f"/referrals/{accepted.referral_id}"
    worker = browse(accepted.world.receiver.intake_worker)
    answer = worker.send(f"{base}/appointments/new", place="Room 4")
    assert answer.status_code == 422
    assert "Say when it is." in answer.text
    assert "Room 4" in answer.text
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    worker.send(f"{base}/appointments/new", at=typed(tomorrow))
    address = address_of(worker.page(base))
    form = worker.page(address)
    assert 'value="attended"' not in form
    answer = worker.send(address, state="moved", note="She works until five.")
    assert answer.status_code == 422
    assert "Say to when it is moved." in answer.text
    assert "She works until five." in answer.text
    assert worker.send(address, state="attended").status_code == 422
    assert worker.send(address, state="cancelled").status_code == 303
    assert worker.get(address).status_code == 404
    assert worker.send(address, base, state="cancelled").status_code == 409


def test_the_doors_are_closed_to_everybody_else(browse: Opener, accepted: Played) -> None:
    base = f"/referrals/{accepted.referral_id}"
    sender, world = browse(accepted.world.sender.case_manager), accepted.world
    assert sender.get(f"{base}/appointments/new").status_code == 404
    supervisor = browse(world.receiver.supervisor)
    assert supervisor.get(f"{base}/appointments/new").status_code == 404
    assert supervisor.post(f"{base}/appointments/new", at="").status_code == 403
    assert browse(world.stranger.intake_worker).get(f"{base}/appointments/new").status_code == 404


def test_the_sender_reads_the_time_with_the_zone_of_the_receiver(
    browse: Opener, accepted: Played
) -> None:
    session, world = accepted.session, accepted.world
    session.get_one(Agency, world.receiver.agency_id).time_zone = "America/Denver"
    session.commit()
    at = (datetime.now(UTC) + timedelta(days=1)).replace(hour=17, minute=30)
    make_appointment(
        session, world.receiver.intake_worker, accepted.vault, accepted.referral_id, at,
        channel=Channel.PAGE, now=datetime.now(UTC),
    )  # fmt: skip
    base = f"/referrals/{accepted.referral_id}"
    zone = re.compile(r"1[01]:30 AM M[SD]T")
    assert zone.search(browse(world.sender.case_manager).page(base))
    assert not zone.search(browse(world.receiver.case_manager).page(base))


def test_the_sender_records_what_the_client_says_and_the_receiver_sees_nothing(
    browse: Opener, accepted: Played
) -> None:
    base = f"/referrals/{accepted.referral_id}"
    sender = browse(accepted.world.sender.case_manager)
    worker = browse(accepted.world.receiver.intake_worker)
    answer = sender.send(f"{base}/client-answers", base, answer_note="Nobody called.")
    assert answer.status_code == 422
    assert "Choose what the client said." in answer.text
    assert "Nobody called." in answer.text
    sender.send(f"{base}/client-answers", base, answer="no", answer_note="Nobody called.")
    page, theirs = sender.page(base), worker.page(base)
    assert "<strong>no, they did not</strong>" in page
    assert "Nobody called." in page
    for words in ("Did the client get help?", "Nobody called.", "they did not", "Asked the client"):
        assert words not in theirs
    supervisor = browse(accepted.world.sender.supervisor).page(base)
    assert "no, they did not" in supervisor
    assert "/client-answers" not in supervisor
