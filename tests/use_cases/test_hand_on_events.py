"""Every event is handed on once, in order, with all that follows from it."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from referral_hub.models import (
    AgencyEvent,
    Disclosure,
    Membership,
    Notice,
    NoticePreference,
    ReferralEvent,
    WebhookDelivery,
)
from referral_hub.rules.errors import NotPermitted
from referral_hub.rules.notices import Frequency, NoticeKind
from referral_hub.rules.referral_lifecycle import Move, Part, Status
from referral_hub.rules.referrals import Fact, Priority
from referral_hub.use_cases import hand_on_events as module
from referral_hub.use_cases.hand_on_events import hand_on_events
from tests.delivery_world import HUB, Story, a_story, a_webhook, hand_on, rows
from tests.referral_world import NOW, World, a_world

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


@pytest.fixture
def story(session: Session, world: World) -> Story:
    return a_story(session, world)


def positions(session: Session) -> list[int | None]:
    found = rows(session, ReferralEvent)
    return [each.position for each in sorted(found, key=lambda each: (each.referral_id, each.seq))]


def test_events_get_places_without_gaps_and_the_right_people_hear_of_them(
    session: Session, world: World, story: Story
) -> None:
    story.sent()
    story.accepted(world.receiver.intake_worker.person_id)
    assert hand_on(session) == 3
    assert positions(session) == [1, 2, 3]
    assert hand_on(session) == 0
    notices = rows(session, Notice)
    told = {(each.person_id, each.kind, each.agency_id, each.mail) for each in notices}
    sender, receiver = world.sender, world.receiver
    assert told == {
        (receiver.intake_worker.person_id, "arrived", receiver.agency_id, "daily"),
        (sender.case_manager.person_id, "decision", sender.agency_id, "daily"),
    }
    assert {each.referral_id for each in notices} == {story.referral.id}


def test_a_draft_is_counted_and_told_to_nobody(
    session: Session, world: World, story: Story
) -> None:
    a_webhook(session, world.sender)
    a_webhook(session, world.receiver)
    story.happens(Move.WITHDRAW, Status.WITHDRAWN)
    assert hand_on(session) == 2
    assert positions(session) == [1, 2]
    assert rows(session, Notice) == rows(session, WebhookDelivery) == []


def test_webhooks_of_both_agencies_hear_and_those_of_others_never(
    session: Session, world: World, story: Story
) -> None:
    mine = a_webhook(session, world.sender)
    theirs = a_webhook(session, world.receiver, kinds=["send"])
    a_webhook(session, world.stranger)
    story.sent()
    story.accepted()
    story.happens(Fact.ASSIGNED, None, Part.RECEIVER)
    story.happens(Fact.CONFLICT_CHECKED, None, Part.RECEIVER)
    hand_on(session)
    found = [each.webhook_id for each in rows(session, WebhookDelivery)]
    assert sorted(found) == sorted([mine, mine, theirs])


def test_whom_an_event_finds_follows_what_they_chose(
    session: Session, world: World, story: Story
) -> None:
    person = world.receiver.intake_worker.person_id
    session.add(NoticePreference(person_id=person, kind="arrived", frequency="at_once"))
    session.commit()
    story.sent()
    hand_on(session)
    assert [each.mail for each in rows(session, Notice)] == [Frequency.AT_ONCE]


def test_an_emergency_reaches_supervisors_of_both_agencies(session: Session, world: World) -> None:
    a_story(session, world, Priority.EMERGENCY).sent()
    hand_on(session)
    notices = rows(session, Notice)
    assert {each.kind for each in notices} == {NoticeKind.EMERGENCY}
    assert {each.mail for each in notices} == {Frequency.AT_ONCE}
    assert {each.person_id for each in notices} == {
        world.receiver.intake_worker.person_id,
        world.receiver.supervisor.person_id,
        world.sender.supervisor.person_id,
    }


def test_where_nobody_does_intake_the_case_managers_hear(
    session: Session, world: World, story: Story
) -> None:
    for row in rows(session, Membership):
        if row.person_id == world.receiver.intake_worker.person_id:
            row.until = NOW
    session.commit()
    story.sent()
    hand_on(session)
    assert [each.person_id for each in rows(session, Notice)] == [
        world.receiver.case_manager.person_id
    ]


def test_where_the_sender_has_left_the_supervisor_of_the_team_hears(
    session: Session, world: World, story: Story
) -> None:
    story.sent()
    for row in rows(session, Membership):
        if row.person_id == world.sender.case_manager.person_id:
            row.until = NOW
    session.commit()
    story.happens(Move.DECLINE, Status.DECLINED, Part.RECEIVER)
    hand_on(session)
    heard = {each.person_id for each in rows(session, Notice) if each.kind == "decision"}
    assert heard == {world.sender.supervisor.person_id}


def test_a_server_whose_clock_is_behind_changes_no_referrals_order(
    session: Session, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 1)
    story.happens(Move.SEND, Status.SENT, at=NOW + timedelta(minutes=9))
    story.happens(Move.ACKNOWLEDGE, Status.ACKNOWLEDGED, Part.RECEIVER, at=NOW - timedelta(days=1))
    assert hand_on(session) == 3
    assert positions(session) == [1, 2, 3]


def test_a_fault_in_between_leaves_nothing_half_done(session: Session, story: Story) -> None:
    story.sent()

    def fail(*_: object) -> None:
        raise RuntimeError("the database is gone")

    event.listen(session, "before_commit", fail)
    with pytest.raises(RuntimeError):
        hand_on_events(session, HUB, now=LATER)
    event.remove(session, "before_commit", fail)
    assert positions(session) == [None, None]
    assert rows(session, Notice) == []
    assert hand_on(session) == 2
    assert len(rows(session, Notice)) == 1


def test_a_poisoned_event_holds_up_its_own_referral_alone_and_is_tried_again_later(
    session: Session, world: World, story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    story.sent()
    assert hand_on(session) == 2
    poisoned = story.happens("unheard-of", Status.ACKNOWLEDGED, Part.RECEIVER).id
    story.happens(Move.DECLINE, Status.DECLINED, Part.RECEIVER)
    healthy = a_story(session, world)
    healthy.sent()
    assert hand_on_events(session, HUB, now=LATER) == 2
    assert str(poisoned) in caplog.text
    session.rollback()
    row = session.get_one(ReferralEvent, poisoned)
    assert (row.position, row.faults, row.retry_at) == (None, 1, LATER + timedelta(seconds=2))
    assert [each.kind for each in rows(session, Notice)] == ["arrived", "arrived"]
    assert hand_on_events(session, HUB, now=LATER + timedelta(seconds=1)) == 0
    assert hand_on_events(session, HUB, now=LATER + timedelta(seconds=2)) == 0
    row = session.get_one(ReferralEvent, poisoned)
    assert row.faults == 2
    row.kind = Move.ACKNOWLEDGE
    session.commit()
    assert hand_on_events(session, HUB, now=LATER + timedelta(hours=2)) == 2
    assert positions(session).count(None) == 0
    assert session.get_one(ReferralEvent, poisoned).position == 5


def test_events_that_can_never_be_handed_on_do_not_fill_the_portion(
    session: Session, world: World, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.sent()
    hand_on(session)
    monkeypatch.setattr(module, "BATCH", 1)
    story.happens("unheard-of", Status.ACKNOWLEDGED, Part.RECEIVER)
    healthy = a_story(session, world)
    for _ in range(3):
        hand_on_events(session, HUB, now=LATER)
    session.rollback()
    found = rows(session, ReferralEvent)
    assert all(each.position for each in found if each.referral_id == healthy.referral.id)


def test_two_workers_at_once_hand_on_each_event_once(
    engine: Engine, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 5)
    a_webhook(session, world.receiver)
    for _ in range(12):
        a_story(session, world).sent()
    session.rollback()
    ready, faulty = Barrier(3), []

    def work() -> None:
        try:
            with Session(engine) as own:
                ready.wait()
                while any(each.position is None for each in rows(own, ReferralEvent)):
                    hand_on_events(own, HUB, now=LATER)
        except Exception as error:  # the thread's own failure must fail the test
            faulty.append(error)

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faulty == []
    assert sorted(positions(session)) == list(range(1, 25))  # type: ignore[type-var]
    assert len(rows(session, Notice)) == len(rows(session, WebhookDelivery)) == 12
    numbers = sorted((str(each.agency_id), each.number) for each in rows(session, AgencyEvent))
    sender, receiver = str(world.sender.agency_id), str(world.receiver.agency_id)
    expected = [(sender, number + 1) for number in range(24)]
    assert numbers == sorted([*expected, *((receiver, number + 1) for number in range(12))])


def test_nobody_but_the_hub_itself_hands_on(session: Session, world: World) -> None:
    with pytest.raises(NotPermitted):
        hand_on_events(session, world.steward, now=NOW)


def test_what_more_was_shared_reaches_nobody_once_consent_has_ended(
    session: Session, world: World, story: Story
) -> None:
    story.sent()
    story.accepted()
    hand_on(session)
    number = story.shared(world.sender.case_manager)
    event = story.happens(Fact.DISCLOSED, numbers=[number])
    story.revoke(NOW + timedelta(minutes=30))
    hand_on(session)
    first, more = sorted(rows(session, Disclosure), key=lambda row: row.number)
    assert (first.closed_at, more.closed_at) == (None, NOW + timedelta(hours=1))
    assert [row for row in rows(session, Notice) if row.event_id == event.id] == []
    told = {row.agency_id for row in rows(session, AgencyEvent) if row.event_id == event.id}
    assert told == {world.sender.agency_id}
