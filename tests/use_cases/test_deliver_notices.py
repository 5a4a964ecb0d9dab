"""Mail tells of news at once or once a day, with nothing but a link, to who may still hear it."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    Agency,
    AuditRow,
    Membership,
    Notice,
    NoticePreference,
    OutboxMessage,
    Person,
    TeamMember,
)
from referral_hub.rules.errors import NotPermitted
from referral_hub.rules.notices import NoticeKind
from referral_hub.rules.referral_lifecycle import Move, Part, Status
from referral_hub.rules.referrals import Priority
from referral_hub.use_cases.deliver_notices import deliver_digests, deliver_notices
from referral_hub.use_cases.notices import read_notices_of
from tests.delivery_world import HUB, Story, a_story, hand_on, mails, rows
from tests.referral_world import NOW, VAULT, World, a_world

TONIGHT = NOW + timedelta(hours=12)
TOMORROW = datetime.fromisoformat("2026-12-01T13:00:00+00:00")
"""Seven in the morning in Chicago, the day after."""


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


@pytest.fixture
def story(session: Session, world: World) -> Story:
    return a_story(session, world)


def at_once(session: Session, now: datetime = NOW + timedelta(hours=1)) -> int:
    total = 0
    while count := deliver_notices(session, HUB, VAULT, now=now):
        total += count
    return total


def daily(session: Session, now: datetime = TOMORROW) -> int:
    total = 0
    while count := deliver_digests(session, HUB, VAULT, now=now):
        total += count
    return total


def prefer(session: Session, person_id: object, kind: str, frequency: str) -> None:
    session.add(NoticePreference(person_id=person_id, kind=kind, frequency=frequency))
    session.commit()


def test_who_wants_it_at_once_gets_a_mail_with_a_link_and_nothing_else(
    session: Session, world: World, story: Story
) -> None:
    prefer(session, world.receiver.intake_worker.person_id, "arrived", "at_once")
    story.sent()
    hand_on(session)
    assert at_once(session) == 1
    assert mails(session) == [
        {
            "to": "intake_worker@lawndale.example.org",
            "template": "notice",
            "link": f"/referrals/{story.referral.id}",
        }
    ]
    assert at_once(session) == daily(session) == 0
    assert len(mails(session)) == 1


def test_by_default_news_comes_once_a_day_as_a_count_and_a_link(
    session: Session, world: World, story: Story
) -> None:
    story.sent()
    a_story(session, world).sent()
    hand_on(session)
    assert at_once(session) == 0
    assert daily(session, TONIGHT) == daily(session, TOMORROW - timedelta(seconds=1)) == 0
    assert daily(session) == 1
    assert mails(session) == [
        {
            "to": "intake_worker@lawndale.example.org", "template": "notice_digest",
            "link": "/notices", "notices": "2", "referrals": "2",
        }
    ]  # fmt: skip
    assert daily(session) == 0


def test_there_is_no_second_daily_mail_before_the_next_day(
    session: Session, world: World, story: Story
) -> None:
    story.sent()
    hand_on(session)
    daily(session)
    a_story(session, world).sent()
    hand_on(session, now=TOMORROW - timedelta(minutes=1))  # by a server whose clock is behind
    a_story(session, world).sent()
    hand_on(session, now=TOMORROW + timedelta(hours=2))
    for hours in range(24):
        assert daily(session, TOMORROW + timedelta(hours=hours)) == 0
    assert daily(session, TOMORROW + timedelta(days=1)) == 1
    assert [each["notices"] for each in mails(session)] == ["1", "2"]


def test_a_worker_that_was_away_for_days_writes_one_mail(session: Session, story: Story) -> None:
    story.sent()
    hand_on(session)
    assert daily(session, TOMORROW + timedelta(days=5, hours=3)) == 1
    assert len(mails(session)) == 1


def test_who_wants_none_gets_none_but_sees_it_in_the_hub(
    session: Session, world: World, story: Story
) -> None:
    prefer(session, world.receiver.intake_worker.person_id, "arrived", "never")
    story.sent()
    hand_on(session)
    assert at_once(session) == daily(session) == 0
    assert mails(session) == []
    assert len(rows(session, Notice)) == 1


def test_what_was_read_in_the_hub_is_not_told_by_mail(
    session: Session, world: World, story: Story
) -> None:
    story.sent()
    hand_on(session)
    later = NOW + timedelta(hours=2)
    read_notices_of(session, world.receiver.intake_worker, story.referral.id, now=later)
    assert daily(session) == 0
    assert mails(session) == []


def test_nothing_more_leaves_once_the_consent_is_revoked(
    session: Session, world: World, story: Story
) -> None:
    prefer(session, world.receiver.intake_worker.person_id, "arrived", "at_once")
    story.sent()
    hand_on(session)
    story.revoke(NOW + timedelta(minutes=30))
    at_once(session)
    daily(session)
    assert mails(session) == []


def test_the_withdrawal_itself_is_told(session: Session, world: World, story: Story) -> None:
    prefer(session, world.receiver.intake_worker.person_id, "ended", "at_once")
    story.sent()
    story.revoke(NOW)
    story.withdrawn()
    hand_on(session)
    at_once(session)
    assert "intake_worker@lawndale.example.org" in [each["to"] for each in mails(session)]


def test_who_lost_their_role_hears_nothing(session: Session, world: World, story: Story) -> None:
    story.sent()
    hand_on(session)
    for row in rows(session, Membership):
        if row.person_id == world.receiver.intake_worker.person_id:
            row.until = NOW
    session.commit()
    daily(session)
    assert mails(session) == []


def test_who_is_disabled_hears_nothing(session: Session, world: World, story: Story) -> None:
    story.sent()
    hand_on(session)
    session.get_one(Person, world.receiver.intake_worker.person_id).disabled_at = NOW
    session.commit()
    daily(session)
    assert mails(session) == []


def test_an_agency_that_is_suspended_hears_nothing(
    session: Session, world: World, story: Story
) -> None:
    story.sent()
    hand_on(session)
    session.get_one(Agency, world.receiver.agency_id).status = "suspended"
    session.commit()
    daily(session)
    assert mails(session) == []


def test_a_supervisor_hears_only_of_teams_that_they_supervise(
    session: Session, world: World
) -> None:
    story = a_story(session, world, Priority.EMERGENCY)
    story.sent()
    hand_on(session)
    for part in rows(session, TeamMember):
        if part.person_id == world.sender.supervisor.person_id:
            part.until = NOW.date()
    session.commit()
    at_once(session)
    told = {each["to"] for each in mails(session)}
    assert "supervisor@north.example.org" not in told
    assert "supervisor@lawndale.example.org" in told


def test_an_address_that_cannot_be_read_holds_up_nobody(session: Session, world: World) -> None:
    story = a_story(session, world, Priority.EMERGENCY)
    story.sent()
    hand_on(session)
    session.get_one(Person, world.receiver.intake_worker.person_id).email_sealed = b"damaged"
    session.commit()
    at_once(session)
    assert {each["to"] for each in mails(session)} == {
        "supervisor@north.example.org",
        "supervisor@lawndale.example.org",
    }
    assert "notice:give-up" in [each.action for each in rows(session, AuditRow)]


@pytest.mark.parametrize("deliver", [deliver_notices, deliver_digests])
def test_workers_at_once_write_each_mail_once(engine: Engine, world: World, deliver) -> None:  # type: ignore[no-untyped-def]
    frequency = "at_once" if deliver is deliver_notices else "daily"
    with Session(engine) as session:
        people = [world.receiver.intake_worker.person_id, world.sender.case_manager.person_id]
        for person in people:
            for kind in NoticeKind:
                prefer(session, person, kind, frequency)
        for _ in range(4):
            story = a_story(session, world)
            story.sent()
            story.happens(Move.WAITLIST, Status.WAITLISTED, Part.RECEIVER)
        hand_on(session)
    ready, faulty = Barrier(3), []

    def work() -> None:
        try:
            with Session(engine) as own:
                ready.wait()
                for _ in range(4):
                    deliver(own, HUB, VAULT, now=TOMORROW)
        except Exception as error:  # the thread's own failure must fail the test
            faulty.append(error)

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faulty == []
    with Session(engine) as session:
        assert len(rows(session, OutboxMessage)) == (8 if deliver is deliver_notices else 2)


def test_nobody_but_the_hub_itself_writes_them(session: Session, world: World) -> None:
    for deliver in (deliver_notices, deliver_digests):
        with pytest.raises(NotPermitted):
            deliver(session, world.steward, VAULT, now=NOW)


class Poisoned(Vault):
    """It meets a fault with whatever is sealed of one person."""

    def __init__(self, person_id: UUID) -> None:
        super().__init__({"test": bytes(range(32))})
        self._person_id = person_id

    def open(self, column: str, row: UUID | str, sealed: bytes) -> str:
        if row == self._person_id:
            raise RuntimeError(f"what is sealed of {row} cannot be dealt with")
        return super().open(column, row, sealed)


def test_one_persons_broken_mail_holds_up_nobody_elses(
    session: Session, world: World, story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    story.sent()
    story.happens(Move.ACCEPT, Status.ACCEPTED, Part.RECEIVER)
    hand_on(session)
    poisoned = Poisoned(world.receiver.intake_worker.person_id)
    assert deliver_digests(session, HUB, poisoned, now=TOMORROW) == 1
    assert str(world.receiver.intake_worker.person_id) in caplog.text
    assert [each["to"] for each in mails(session)] == ["case_manager@north.example.org"]
    assert daily(session) == 1
    assert len(mails(session)) == 2


def test_a_broken_mail_at_once_holds_up_no_other_and_is_tried_with_the_daily_one(
    session: Session, world: World, story: Story
) -> None:
    prefer(session, world.receiver.intake_worker.person_id, "arrived", "at_once")
    prefer(session, world.sender.case_manager.person_id, "decision", "at_once")
    story.sent()
    story.happens(Move.ACCEPT, Status.ACCEPTED, Part.RECEIVER)
    hand_on(session)
    now = NOW + timedelta(hours=1)
    poisoned = Poisoned(world.receiver.intake_worker.person_id)
    assert deliver_notices(session, HUB, poisoned, now=now) == 2
    assert deliver_notices(session, HUB, poisoned, now=now) == 0
    assert [each["to"] for each in mails(session)] == ["case_manager@north.example.org"]
    assert daily(session) == 1
    assert len(mails(session)) == 2
