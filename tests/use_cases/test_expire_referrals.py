"""What is past its time expires once, is withdrawn once, and is reminded of as often as it says."""

import logging
from datetime import UTC, datetime, timedelta
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
from referral_hub.use_cases import expire_referrals as module
from referral_hub.use_cases.expire_referrals import keep_time
from referral_hub.use_cases.transaction import transaction
from tests.referral_world import World, a_world
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


def test_faulty_clocks_never_fill_the_portion(
    session: Session, world: World, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PORTION", 1)
    session.get_one(Agency, world.stranger.agency_id).time_zone = "Nowhere/Land"
    for _ in range(2):
        faulty = Told(session, world, MONDAY - timedelta(days=1))
        faulty.send(MONDAY - timedelta(days=1))
        faulty.referral.to_agency_id = world.stranger.agency_id
    session.commit()
    keep_all(session, EXPIRY + timedelta(days=1))
    session.expire_all()
    assert told.referral.status == Status.EXPIRED


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
