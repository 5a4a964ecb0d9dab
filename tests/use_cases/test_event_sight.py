"""What stays inside an agency stays there on every way: page, feed, webhooks, notices."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Notice, ReferralEvent, WebhookDelivery
from referral_hub.rules.actor import Person, System
from referral_hub.rules.errors import ConsentMissing
from referral_hub.rules.notices import NoticeKind
from referral_hub.rules.referral_lifecycle import Move, Side
from referral_hub.rules.referral_state import replay
from referral_hub.rules.referrals import Channel, ContactMethod, Fact, Waiting
from referral_hub.use_cases.expire_referrals import keep_time
from referral_hub.use_cases.list_referrals import ListQuery, list_referrals
from referral_hub.use_cases.my_day import MyDay, my_day
from referral_hub.use_cases.referral_feed import referral_feed
from referral_hub.use_cases.referral_talk import (
    Attempt,
    assign_referral,
    check_in,
    record_contact,
    write_message,
)
from referral_hub.use_cases.replay_webhooks import replay_since
from referral_hub.use_cases.share_more import Sharing, share_more
from referral_hub.use_cases.show_referral import show_referral
from referral_hub.use_cases.steps.referrals import happening_of, state_of
from tests.delivery_world import a_webhook, hand_on
from tests.referral_acts import SHARED, Played, a_consent, a_sent_one, in_status
from tests.referral_world import NOW, VAULT, Staff


def told(played: Played, staff: Staff, worker: Person) -> dict[str, set[str]]:
    """Which kinds of events somebody of an agency hears of, by way."""
    session = played.session
    session.rollback()
    page = show_referral(session, worker, VAULT, played.referral_id, now=played.now).timeline
    feed = referral_feed(session, staff.application, 0, 500, now=played.now).events
    of_agency = select(ReferralEvent.kind).join(Notice, Notice.event_id == ReferralEvent.id)
    return {
        "page": {event.kind for event in page},
        "feed": {event.kind for event in feed},
        "notices": set(session.scalars(of_agency.where(Notice.agency_id == staff.agency_id)).all()),
    }


def delivered(session: Session) -> dict[object, set[str]]:
    """Which kinds of events went to which webhook."""
    found: dict[object, set[str]] = {}
    for delivery, kind in session.execute(
        select(WebhookDelivery, ReferralEvent.kind).join(
            ReferralEvent, ReferralEvent.id == WebhookDelivery.event_id
        )
    ):
        found.setdefault(delivery.webhook_id, set()).add(kind)
    return found


def test_whom_the_receiver_gave_it_to_the_sender_hears_on_no_way(sqlite_session: Session) -> None:
    played = in_status(sqlite_session, "accepted")
    sender, receiver = played.world.sender, played.world.receiver
    theirs, ours = (a_webhook(sqlite_session, staff) for staff in (sender, receiver))
    assign_referral(
        sqlite_session, receiver.intake_worker, VAULT, played.referral_id,
        receiver.case_manager.person_id, version=None, channel=Channel.PAGE, now=NOW,
    )  # fmt: skip
    attempt = Attempt(ContactMethod.CALL, reached=False, occurred_at=NOW, note="She was asleep.")
    record_contact(
        sqlite_session, receiver.intake_worker, VAULT, played.referral_id, attempt,
        channel=Channel.PAGE, now=NOW,
    )  # fmt: skip
    hand_on(sqlite_session)
    for way, kinds in told(played, sender, sender.case_manager).items():
        assert kinds, way
        assert Fact.ASSIGNED not in kinds, way
    for way, kinds in told(played, receiver, receiver.case_manager).items():
        assert Fact.ASSIGNED in kinds, way
    for _ in range(2):
        went = delivered(sqlite_session)
        assert Fact.ASSIGNED not in went[theirs]
        assert Fact.ASSIGNED in went[ours]
        replay_since(sqlite_session, sender.administrator, sender.agency_id, theirs, NOW, now=NOW)
    for worker, note in ((sender.case_manager, ""), (receiver.case_manager, "She was asleep.")):
        (seen,) = show_referral(sqlite_session, worker, VAULT, played.referral_id, now=NOW).attempts
        assert seen.note == note


def go_on(played: Played) -> None:
    """The receiver tries to reach the client, and waits for the sender's documents."""
    worker, channel = played.world.receiver.intake_worker, Channel.PAGE
    attempt = Attempt(ContactMethod.CALL, True, played.now, "Her sister answered.")
    record_contact(
        played.session, worker, VAULT, played.referral_id, attempt, channel=channel, now=played.now
    )
    played.move(Move.HOLD, reason="awaiting_documents", note="Her lease is missing.")


def pass_days(played: Played, days: int) -> None:
    """Time passes, and the worker keeps it."""
    for _ in range(days):
        played.now += timedelta(days=1)
        keep_time(played.session, System(), now=played.now)
    hand_on(played.session, played.now)


def agree_again(played: Played) -> UUID:
    """The client agrees again, and the sender shares more under the new consent."""
    sender, receiver = played.world.sender.case_manager, played.world.receiver
    played.now += timedelta(minutes=1)
    consent = a_consent(played.session, played.client, receiver.agency_id, now=played.now)
    sharing = Sharing(SHARED, consent.id)
    share_more(played.session, sender, VAULT, played.referral_id, sharing, now=played.now)
    played.now += timedelta(minutes=1)
    return consent.id


def talk(played: Played, worker: Person) -> None:
    """Write a message, and a word on how it goes."""
    session, now = played.session, played.now
    for say in (write_message, check_in):
        say(session, worker, VAULT, played.referral_id, "Well.", channel=Channel.PAGE, now=now)


def listed(played: Played, side: Side, waiting: Waiting, *, overdue: bool = False) -> list[UUID]:
    staff = played.world.sender if side is Side.SENDER else played.world.receiver
    query = ListQuery(side, waiting, overdue=overdue)
    found = list_referrals(played.session, staff.supervisor, VAULT, query, now=played.now)
    return [line.id for line in found.lines]


def day_of(played: Played, worker: Person) -> MyDay:
    return my_day(played.session, worker, VAULT, now=played.now)


def of_notices(played: Played, since: datetime, *people: Person) -> set[str]:
    """The kinds of news that people heard since."""
    rows = select(Notice.kind).where(
        Notice.person_id.in_([each.person_id for each in people]), Notice.created_at >= since
    )
    return set(played.session.scalars(rows))


def test_after_consent_was_taken_back_the_sender_learns_the_status_only_on_every_way(
    sqlite_session: Session,
) -> None:
    session, played = sqlite_session, in_status(sqlite_session, "accepted")
    sender, receiver = played.world.sender, played.world.receiver
    theirs, ours = (a_webhook(session, staff) for staff in (sender, receiver))
    hand_on(session, played.now)
    played.take_back_consent()
    since = played.now
    go_on(played)
    pass_days(played, 25)

    silent = {Fact.CONTACTED, Fact.REMINDED}
    known = {Fact.CONSENT_REVOKED, Move.START, Move.HOLD}
    for way, kinds in told(played, sender, sender.case_manager).items():
        assert not kinds & silent, way
        assert kinds >= known, way
    for way, kinds in told(played, receiver, receiver.case_manager).items():
        seen = kinds - {Fact.CONTACTED} if way == "notices" else kinds
        assert seen >= {Fact.CONSENT_REVOKED, Fact.REMINDED}, way
    for _ in range(2):
        went = delivered(session)
        assert not went[theirs] & silent
        assert went[theirs] >= known
        assert went[ours] >= known | silent
        replay_since(session, sender.administrator, sender.agency_id, theirs, NOW, now=played.now)
    feed = referral_feed(session, sender.application, 0, 500, now=played.now).events
    assert {event.reason_code for event in feed} == {None}
    heard = of_notices(played, since, sender.case_manager, sender.supervisor)
    assert heard == {NoticeKind.CONSENT, NoticeKind.PROGRESS}
    assert NoticeKind.CONSENT in of_notices(played, since, receiver.intake_worker)

    for side, overdue in ((Side.SENDER, []), (Side.RECEIVER, [played.referral_id])):
        assert listed(played, side, Waiting.OPEN, overdue=True) == overdue
    for staff, count in ((sender, 0), (receiver, 1)):
        assert len(day_of(played, staff.supervisor).overdue) == count
    other = a_sent_one(session, world=played.world, now=played.now).referral_id
    assert listed(played, Side.SENDER, Waiting.OPEN) == [other, played.referral_id]
    assert listed(played, Side.RECEIVER, Waiting.OPEN) == [played.referral_id, other]
    others = [line.id for line in day_of(played, sender.case_manager).others]
    assert others == [other, played.referral_id]


def test_why_it_is_on_hold_is_not_told_by_whom_it_waits_on(session: Session) -> None:
    played = in_status(session, "accepted")
    played.move(Move.HOLD, reason="awaiting_documents")
    sender = played.world.sender.case_manager
    assert listed(played, Side.SENDER, Waiting.US) == [played.referral_id]
    assert len(day_of(played, sender).questions) == 1
    played.take_back_consent()
    assert listed(played, Side.SENDER, Waiting.US) == []
    assert listed(played, Side.SENDER, Waiting.THEM) == [played.referral_id]
    assert day_of(played, sender).questions == ()
    (line,) = day_of(played, sender).others
    assert (line.waits_on, line.waits_on_us) == ("receiver", False)


def test_after_consent_was_taken_back_nobody_writes_what_nobody_could_read(
    session: Session,
) -> None:
    played = in_status(session, "accepted")
    staff = (played.world.sender.case_manager, played.world.receiver.intake_worker)
    played.take_back_consent()
    for worker in staff:
        with pytest.raises(ConsentMissing, match="no longer write to each other"):
            talk(played, worker)
        view = show_referral(session, worker, VAULT, played.referral_id, now=played.now)
        assert (view.may_write, view.may_check_in) == (False, False)
        assert view.line.status_only
    agree_again(played)
    for worker in staff:
        talk(played, worker)


def test_when_the_client_agrees_again_only_what_was_done_in_between_stays_hidden(
    session: Session,
) -> None:
    played = in_status(session, "accepted")
    sender = played.world.sender
    played.take_back_consent()
    go_on(played)
    consent_id = agree_again(played)
    assert played.row.consent_id == consent_id
    played.move(Move.RESUME, note="Her lease came.")
    played.move(Move.HOLD, reason="awaiting_vacancy", note="In May.")
    view = show_referral(session, sender.case_manager, VAULT, played.referral_id, now=played.now)
    assert not view.line.status_only
    assert view.reason_code == "awaiting_vacancy"
    assert view.line.due_at is not None
    assert view.may_write
    words = {entry.words for entry in view.timeline}
    assert words >= {"Her lease came.", "In May."}
    assert "Her lease is missing." not in words
    assert Fact.CONTACTED not in {entry.kind for entry in view.timeline}
    assert view.attempts == ()
    hand_on(session, played.now)
    feed = referral_feed(session, sender.application, 0, 500, now=played.now).events
    assert [event.reason_code for event in feed if event.kind == Move.HOLD] == [
        None, "awaiting_vacancy",
    ]  # fmt: skip


def test_whether_the_sender_learns_the_status_only_follows_from_the_events(
    session: Session,
) -> None:
    played = in_status(session, "accepted")
    assert played.row.veiled_from is None
    played.take_back_consent()
    first = played.row.veiled_from
    assert first is not None
    assert replay(map(happening_of, played.events)) == state_of(played.row)
    agree_again(played)
    assert played.row.veiled_until is not None
    assert replay(map(happening_of, played.events)) == state_of(played.row)
    played.consent = played.session.get_one(type(played.consent), played.row.consent_id)
    played.take_back_consent()
    assert (played.row.veiled_from, played.row.veiled_until) == (first, None)
    assert replay(map(happening_of, played.events)) == state_of(played.row)


@pytest.mark.parametrize("status", ["draft", "sent", "completed", "declined"])
def test_what_is_not_under_way_with_the_receiver_is_never_hidden(
    session: Session, status: str
) -> None:
    played = in_status(session, status)
    played.take_back_consent()
    assert played.row.veiled_from is None
    assert Fact.CONSENT_REVOKED not in {event.kind for event in played.events}


def test_what_is_shared_in_danger_tells_the_sender_nothing_more(session: Session) -> None:
    played = in_status(session, "accepted")
    played.take_back_consent()
    sharing = Sharing(SHARED, None, "He fell and does not answer any more.")
    sender = played.world.sender.case_manager
    share_more(session, sender, VAULT, played.referral_id, sharing, now=played.now)
    assert played.row.veiled_until is None
    assert played.row.consent_id == played.consent.id
