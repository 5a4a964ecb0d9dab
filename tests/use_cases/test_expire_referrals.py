"""What is past its time expires once, is withdrawn once, and is reminded of as often as it says."""

import logging
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.models import Agency, AuditRow, Referral, ReferralEvent
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.errors import SignInNeeded
from referral_hub.rules.referral_lifecycle import Move, Status
from referral_hub.rules.referrals import Clock, Fact, Priority
from referral_hub.use_cases.expire_referrals import keep_time
from referral_hub.use_cases.transaction import transaction
from tests.referral_world import World, a_world
from tests.rules.minute_walk import Office, minutes_between, walk, walk_days
from tests.threads import at_once
from tests.use_cases.told_referrals import Told

HUB = System("worker")
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/Chicago")).astimezone(UTC)


MONDAY = at("2026-11-02T10:00")
EXPIRY = at("2026-11-17T10:00")


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


@pytest.fixture
def told(session: Session, world: World) -> Told:
    made = Told(session, world, MONDAY)
    made.send(MONDAY)
    return made


def keep_all(session: Session, now: datetime) -> int:
    """Let a worker work until nothing is left to do."""
    total = 0
    while done := keep_time(session, HUB, now=now):
        total += done
    return total


def reminded(told: Told) -> list[tuple[str, list[str]]]:
    return [(event.data["clock"], event.data["whom"]) for event in told.events(Fact.REMINDED)]


def test_a_referral_expires_when_its_time_is_over_and_not_before(
    session: Session, told: Told
) -> None:
    keep_all(session, EXPIRY - SECOND)
    session.refresh(told.referral)
    assert told.referral.status == Status.SENT
    version = told.referral.version
    assert keep_all(session, EXPIRY) == 1
    session.refresh(told.referral)
    assert told.referral.status == Status.EXPIRED
    assert told.referral.version == version + 1
    assert told.referral.closed_at == EXPIRY
    assert told.referral.due_at is None
    (event,) = told.events(Move.EXPIRE)
    assert (event.from_status, event.to_status) == (Status.SENT, Status.EXPIRED)
    assert (event.actor, event.actor_part, event.channel) == ("system:worker", "system", "system")
    assert told.endings()["expire"] == "missed"
    assert keep_all(session, EXPIRY + timedelta(days=90)) == 0
    actions = session.scalars(select(AuditRow.action)).all()
    assert actions.count("referral:expire") == 1


def test_what_was_answered_does_not_expire(session: Session, told: Told) -> None:
    told.accept(EXPIRY - SECOND)
    keep_all(session, EXPIRY + timedelta(days=90))
    session.refresh(told.referral)
    assert told.referral.status == Status.ACCEPTED
    assert told.events(Move.EXPIRE) == []


def test_an_unanswered_question_holds_expiry_up_for_five_business_days(
    session: Session, told: Told
) -> None:
    told.ask(at("2026-11-03T10:00"))
    later = at("2026-11-24T10:00")
    keep_all(session, later - SECOND)
    session.refresh(told.referral)
    assert told.referral.status == Status.INFO_REQUESTED
    keep_all(session, later)
    session.refresh(told.referral)
    assert told.referral.status == Status.EXPIRED
    assert told.endings() == {
        "acknowledge": "met", "decide": "cancelled", "expire": "missed", "question": "missed",
    }  # fmt: skip


def test_who_does_not_confirm_a_withdrawal_has_it_confirmed(session: Session, told: Told) -> None:
    told.accept(at("2026-11-03T10:00"))
    asked = at("2026-11-04T10:00")
    told.tell(Move.HOLD, Status.ON_HOLD, asked, reason_code="service_paused")
    told.tell(Move.RESUME, Status.ACCEPTED, asked)
    told.tell(Move.REQUEST_WITHDRAWAL, Status.ACCEPTED, asked, reason_code="client_request")
    told.tell(
        Move.HOLD, Status.ON_HOLD, asked + SECOND, reason_code="awaiting_client",
        resume_on="2026-12-24",
    )  # fmt: skip
    over = at("2026-11-06T10:00")
    keep_all(session, over - SECOND)
    session.refresh(told.referral)
    assert told.referral.status == Status.ON_HOLD
    keep_all(session, over)
    session.refresh(told.referral)
    assert told.referral.status == Status.WITHDRAWN
    (event,) = told.events(Move.CONFIRM_WITHDRAWAL)
    assert event.reason_code == "client_request"
    assert told.endings()["withdrawal"] == "missed"
    assert told.clocks() == {}


def test_people_are_reminded_one_after_the_other_and_no_more_than_that(
    session: Session, told: Told
) -> None:
    told.ask(at("2026-11-03T10:00"))
    due = at("2026-11-06T10:00")
    keep_all(session, due - SECOND)
    assert reminded(told) == []
    assert keep_all(session, due) == 1
    assert reminded(told) == [("question", ["sender"])]
    session.refresh(told.referral)
    assert (told.referral.due_at, told.referral.due_clock) == (due, Clock.QUESTION)
    keep_all(session, at("2026-11-09T10:00") - SECOND)
    assert len(reminded(told)) == 1
    keep_all(session, at("2026-11-13T10:00"))
    assert reminded(told)[1:] == [("question", ["sender_supervisor"])]


def test_a_late_decision_is_told_after_two_days_of_grace_but_at_once_in_an_emergency(
    session: Session, world: World, told: Told
) -> None:
    told.tell(Move.ACKNOWLEDGE, Status.ACKNOWLEDGED, MONDAY)
    pressing = Told(session, world, MONDAY, Priority.EMERGENCY)
    pressing.send(MONDAY)
    pressing.tell(Move.ACKNOWLEDGE, Status.ACKNOWLEDGED, MONDAY)
    keep_all(session, MONDAY + timedelta(hours=24))
    assert reminded(pressing) == [
        ("decide", ["receiver_supervisor", "sender", "sender_supervisor"])
    ]
    keep_all(session, at("2026-11-06T10:00") - SECOND)
    assert reminded(told) == []
    keep_all(session, at("2026-11-06T10:00"))
    assert reminded(told) == [("decide", ["receiver_supervisor", "sender"])]


def test_one_faulty_clock_is_told_of_and_holds_up_no_other(
    session: Session, world: World, told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    faulty = Told(session, world, MONDAY - timedelta(days=1))
    faulty.send(MONDAY - timedelta(days=1))
    session.get_one(Agency, world.stranger.agency_id).time_zone = "Nowhere/Land"
    faulty.referral.to_agency_id = world.stranger.agency_id
    session.commit()
    with caplog.at_level(logging.ERROR):
        keep_time(session, HUB, now=EXPIRY + timedelta(days=1))
    session.expire_all()
    assert told.referral.status == Status.EXPIRED
    assert faulty.referral.status == Status.SENT
    assert "met a fault" in caplog.text


def test_only_the_hub_itself_keeps_time(session: Session) -> None:
    with pytest.raises(SignInNeeded):
        keep_time(session, Anonymous(), now=MONDAY)


def test_workers_at_the_same_moment_do_everything_once(
    engine: Engine, session: Session, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    count = 12
    all_told = [Told(session, world, MONDAY) for _ in range(count)]
    for each in all_told:
        each.send(MONDAY)

    def work(_number: int) -> int:
        with Session(engine) as own:
            return keep_all(own, EXPIRY + timedelta(days=1))

    done = at_once(4, work)
    with Session(engine) as own:
        done.append(keep_all(own, EXPIRY + timedelta(days=1)))
    assert not [each for each in done if isinstance(each, Exception)]
    assert caplog.records == [], "nobody even tried what was done already"
    session.expire_all()
    for each in all_told:
        assert each.referral.status == Status.EXPIRED
        assert len(each.events(Move.EXPIRE)) == 1
        for clock in ("acknowledge", "decide"):
            assert sum(what == clock for what, _ in reminded(each)) <= 1
        numbers = [event.seq for event in all_events(session, each)]
        assert numbers == list(range(2, len(numbers) + 2))
        assert each.referral.seq == numbers[-1]


def test_an_answer_and_an_expiry_at_the_same_moment_leave_one_of_them(
    engine: Engine, session: Session, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(6):
        told = Told(session, world, MONDAY)
        told.send(MONDAY)
        keep_all(session, EXPIRY - SECOND)

        def act(number: int, referral_id: Any = told.id) -> object:
            with Session(engine) as own:
                if number:
                    return keep_time(own, HUB, now=EXPIRY)
                with transaction(own):
                    row = own.scalars(
                        select(Referral).where(Referral.id == referral_id).with_for_update()
                    ).one()
                    if row.status != Status.SENT:
                        return "too late"
                    Told.of(own, row).write(Move.ACCEPT, Status.ACCEPTED, EXPIRY)
                return "accepted"

        results = at_once(3, act)
        assert not [each for each in results if isinstance(each, Exception)], results
        assert caplog.records == []
        session.expire_all()
        accepted, expired = told.events(Move.ACCEPT), told.events(Move.EXPIRE)
        assert len(accepted) + len(expired) == 1
        assert told.referral.status == (Status.ACCEPTED if accepted else Status.EXPIRED)


def all_events(session: Session, told: Told) -> list[ReferralEvent]:
    return list(
        session.scalars(
            select(ReferralEvent)
            .where(ReferralEvent.referral_id == told.id)
            .order_by(ReferralEvent.seq)
        )
    )


HOLIDAYS = {
    "US": {
        date(2026, 9, 7), date(2026, 10, 12), date(2026, 11, 11), date(2026, 11, 26),
        date(2026, 12, 25), date(2026, 2, 16), date(2026, 1, 19), date(2026, 1, 1),
    },
    "DE-BE": {
        date(2026, 1, 1), date(2026, 3, 8), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1),
        date(2026, 10, 3), date(2026, 12, 25), date(2026, 12, 26),
    },
}  # fmt: skip
"""Written down by hand from the calendars of the two regions."""


@pytest.mark.parametrize(
    ("zone", "region", "first"),
    [
        ("America/Chicago", "US", datetime(2026, 9, 21, tzinfo=UTC)),
        ("America/Los_Angeles", "US", datetime(2026, 2, 2, tzinfo=UTC)),
        ("Europe/Berlin", "DE-BE", datetime(2026, 2, 16, tzinfo=UTC)),
        ("America/Phoenix", "US", datetime(2026, 9, 28, tzinfo=UTC)),
    ],
)
def test_three_months_of_a_simulated_clock(
    session: Session, world: World, zone: str, region: str, first: datetime
) -> None:
    """Referrals are sent, asked about, answered or left alone at any minute, and the worker comes
    by twice a day. Each expiry is right by a count of minutes, and comes once."""
    agency = session.get_one(Agency, world.receiver.agency_id)
    agency.time_zone, agency.holiday_region = zone, region
    session.commit()
    office = Office(zone, HOLIDAYS[region])
    luck = random.Random(zone)
    stories = [Story(session, world, first, luck, office) for _ in range(14)]
    now, end = first, first + timedelta(days=92)
    while now < end:
        going_on = [story for story in stories if story.goes_on(now)]
        for story in going_on:
            story.go_on(now)
        keep_all(session, now)
        for story in going_on:
            story.check(now)
        now += timedelta(hours=12)
    expired = [story for story in stories if story.told.events(Move.EXPIRE)]
    assert 3 < len(expired) < len(stories)
    for story in stories:
        assert len(story.told.events(Move.EXPIRE)) <= 1


class Story:
    """A referral that is sent at some minute, perhaps asked about, answered, and decided."""

    def __init__(
        self, session: Session, world: World, first: datetime, luck: random.Random, office: Office
    ) -> None:
        self.session = session
        self.office = office
        self.priority = luck.choice([Priority.ROUTINE, Priority.URGENT])
        self.told = Told(session, world, first, self.priority)

        def some(days: int) -> timedelta:
            return timedelta(minutes=luck.randrange(1, days * 24 * 60))

        self.sent = first + some(60)
        self.asked = self.sent + some(3) if luck.random() < 0.6 else None
        answered = self.asked is not None and luck.random() < 0.7
        self.answered = self.asked + some(12) if self.asked and answered else None
        accepted = self.sent + some(25) if luck.random() < 0.4 else None
        after_all = accepted and accepted > (self.answered or self.asked or self.sent)
        self.accepted = accepted if after_all else None
        steps: list[tuple[datetime, Any]] = [(self.sent, self.told.send)]
        if self.asked:
            steps.append((self.asked, self.told.ask))
        if self.answered:
            steps.append((self.answered, self.told.answer))
        if self.accepted:
            steps.append((self.accepted, self.told.accept))
        self.steps = steps
        days = {Priority.ROUTINE: 10, Priority.URGENT: 5}[self.priority]
        self.plain = walk_days(self.sent, days, office)
        self.expiry = self.plain
        if self.asked and self.asked < self.plain:
            left = minutes_between(self.asked, self.plain, office)
            longest = walk_days(self.asked, 5, office)
            runs_on = min(self.answered, longest) if self.answered else longest
            self.expiry = walk(runs_on, left, office)

    def goes_on(self, now: datetime) -> bool:
        """Whether it has begun, and has neither been accepted nor expired long ago."""
        over = self.accepted or self.expiry
        return self.sent <= now < over + timedelta(days=3)

    def go_on(self, now: datetime) -> None:
        """Let happen what happens until now, unless the referral has ended before."""
        while self.steps and self.steps[0][0] <= now:
            when, step = self.steps.pop(0)
            self.session.refresh(self.told.referral)
            keep_all(self.session, when)
            self.session.refresh(self.told.referral)
            if self.told.referral.status != Status.EXPIRED:
                step(when)

    def check(self, now: datetime) -> None:
        """It has expired exactly when nobody decided and the counted minute has come."""
        self.session.refresh(self.told.referral)
        status = self.told.referral.status
        assert self.expiry >= self.plain
        if status == Status.ACCEPTED:
            assert self.accepted is not None
            assert self.accepted < self.expiry
        else:
            assert (status == Status.EXPIRED) is (self.sent <= now and self.expiry <= now), self
        row = self.told.clocks().get(Clock.EXPIRE)
        if row is not None and not self.steps:
            assert row.act_at == self.expiry
