"""The clocks of a referral follow what happens to it, in the receiver's time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from referral_hub.models import Agency, NetworkSetting, ServiceClock
from referral_hub.rules.referral_lifecycle import Move, Status
from referral_hub.rules.referrals import Clock, Fact, Priority
from referral_hub.use_cases.steps.referral_clocks import Clocks
from tests.referral_world import World, a_world
from tests.use_cases.told_referrals import Told


def at(text: str, zone: str = "America/Chicago") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


MONDAY = at("2026-11-02T10:00")


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


@pytest.fixture
def told(session: Session, world: World) -> Told:
    return Told(session, world, MONDAY)


def test_sending_starts_what_the_receiver_owes(told: Told) -> None:
    told.send(MONDAY)
    due = {clock: row.due_at for clock, row in told.clocks().items()}
    assert due == {
        "acknowledge": at("2026-11-04T10:00"),
        "decide": at("2026-11-04T10:00"),
        "expire": at("2026-11-17T10:00"),  # Veterans Day lies between
    }
    assert told.clocks()["decide"].rule == "network 2bd"
    assert (told.referral.due_at, told.referral.due_clock) == (
        at("2026-11-04T10:00"),
        Clock.ACKNOWLEDGE,
    )


def test_an_emergency_runs_day_and_night(session: Session, world: World) -> None:
    saturday = at("2026-10-31T22:00")
    told = Told(session, world, saturday, Priority.EMERGENCY)
    told.send(saturday)
    due = {clock: row.due_at - saturday for clock, row in told.clocks().items()}
    assert due == {
        "acknowledge": timedelta(hours=2),
        "decide": timedelta(hours=24),
        "expire": timedelta(hours=48),
    }


def test_times_run_where_the_receiver_is(session: Session, world: World) -> None:
    agency = session.get_one(Agency, world.receiver.agency_id)
    agency.time_zone, agency.holiday_region = "Europe/Berlin", "DE-BE"
    session.commit()
    wednesday = at("2026-12-23T10:00", "Europe/Berlin")
    told = Told(session, world, wednesday)
    told.send(wednesday)
    assert told.clocks()["decide"].due_at == at("2026-12-28T10:00", "Europe/Berlin")


def test_what_the_service_says_goes_before_what_the_network_says(
    session: Session, world: World
) -> None:
    session.add_all(
        [
            ServiceClock(
                service_id=world.receiver.service_id, clock=Clock.DECIDE, priority="routine",
                amount=5, in_business_days=True,
            ),
            NetworkSetting(name="acknowledge_routine", value=1, changed_by="t", changed_at=MONDAY),
            NetworkSetting(name="decide_routine", value=1, changed_by="t", changed_at=MONDAY),
        ]
    )  # fmt: skip
    told = Told(session, world, MONDAY)
    told.send(MONDAY)
    clocks = told.clocks()
    assert (clocks["decide"].rule, clocks["acknowledge"].rule) == ("service 5bd", "network 1bd")
    assert clocks["decide"].due_at == at("2026-11-09T10:00")
    assert clocks["acknowledge"].due_at == at("2026-11-03T10:00")


def test_a_later_change_of_settings_moves_no_clock(session: Session, told: Told) -> None:
    told.send(MONDAY)
    before = {clock: row.due_at for clock, row in told.clocks().items()}
    session.add(NetworkSetting(name="decide_routine", value=9, changed_by="t", changed_at=MONDAY))
    session.commit()
    told.tell(Fact.MESSAGE, Status.SENT, MONDAY + timedelta(hours=1))
    assert {clock: row.due_at for clock, row in told.clocks().items()} == before


def test_a_question_stops_the_decision_and_the_answer_lets_it_run_on(told: Told) -> None:
    told.send(MONDAY)
    told.ask(at("2026-11-03T10:00"))
    assert told.endings()["acknowledge"] == "met"
    assert told.referral.due_clock == Clock.QUESTION
    assert told.referral.due_at == at("2026-11-06T10:00")
    clocks = told.clocks()
    assert clocks["decide"].act_at is None
    assert clocks["decide"].left_seconds == 8 * 3600
    assert clocks["expire"].act_at == at("2026-11-24T10:00")
    told.answer(at("2026-11-05T14:00"))
    clocks = told.clocks()
    assert told.endings()["question"] == "met"
    assert clocks["decide"].due_at == at("2026-11-06T14:00")
    assert clocks["expire"].due_at == clocks["expire"].act_at == at("2026-11-19T14:00")
    assert told.referral.due_clock == Clock.DECIDE
    told.tell(Move.DECLINE, Status.DECLINED, at("2026-11-06T14:00"), reason_code="no_capacity")
    assert told.endings() == {
        "acknowledge": "met", "decide": "met", "expire": "met", "question": "met",
    }  # fmt: skip
    assert told.referral.due_at is None
    assert told.referral.due_clock is None


def test_questions_hold_up_expiry_for_five_business_days_all_together(told: Told) -> None:
    told.send(MONDAY)
    told.ask(at("2026-11-03T10:00"))
    told.answer(at("2026-11-05T10:00"))
    assert told.clocks()["expire"].due_at == at("2026-11-19T10:00")
    told.ask(at("2026-11-05T10:00"))
    assert told.clocks()["expire"].act_at == at("2026-11-24T10:00")
    told.answer(at("2026-11-13T10:00"))
    assert told.clocks()["expire"].due_at == at("2026-11-24T10:00")
    told.ask(at("2026-11-16T10:00"))
    assert told.clocks()["expire"].act_at == at("2026-11-24T10:00")
    told.answer(at("2026-11-20T10:00"))
    assert told.clocks()["expire"].due_at == at("2026-11-24T10:00")


def test_what_was_late_before_a_question_stays_late(told: Told) -> None:
    told.send(MONDAY)
    told.ask(at("2026-11-05T10:00"))
    assert told.endings()["acknowledge"] == "missed"
    told.answer(at("2026-11-06T10:00"))
    assert told.clocks()["decide"].due_at == at("2026-11-04T10:00")
    told.accept(at("2026-11-06T11:00"))
    assert told.endings()["decide"] == "missed"
    assert told.endings()["expire"] == "met"


def test_what_is_late_stays_on_the_list_until_it_is_done(told: Told) -> None:
    told.send(MONDAY)
    told.tell(Fact.MESSAGE, Status.SENT, at("2026-11-09T10:00"))
    assert told.referral.due_at == at("2026-11-04T10:00")


def test_accepting_starts_the_time_to_reach_the_client(told: Told) -> None:
    told.send(MONDAY)
    told.accept(at("2026-11-03T10:00"))
    assert told.referral.due_clock == Clock.FIRST_CONTACT
    assert told.referral.due_at == at("2026-11-10T10:00")
    told.tell(Fact.CONTACTED, Status.ACCEPTED, at("2026-11-04T10:00"), reached=False)
    assert "first_contact" in told.clocks()
    told.tell(Fact.CONTACTED, Status.ACCEPTED, at("2026-11-04T11:00"), reached=True)
    assert told.endings()["first_contact"] == "met"
    assert told.referral.due_clock == Clock.STALE


def test_work_that_began_with_a_contact_met_the_time_of_the_contact(told: Told) -> None:
    told.send(MONDAY)
    told.accept(at("2026-11-03T10:00"))
    told.tell(
        Move.START, Status.IN_PROGRESS, at("2026-11-20T10:00"),
        contacted_at=at("2026-11-09T10:00").isoformat(),
    )  # fmt: skip
    assert told.endings()["first_contact"] == "met"
    assert told.clocks()["outcome"].due_at == at("2026-11-20T10:00") + timedelta(days=30)
    told.tell(Move.COMPLETE, Status.COMPLETED, at("2026-12-01T10:00"))
    assert told.endings()["outcome"] == "met"


def test_a_hold_stops_the_time_to_reach_the_client_until_work_resumes(told: Told) -> None:
    told.send(MONDAY)
    told.accept(at("2026-11-03T10:00"))
    told.tell(
        Move.HOLD, Status.ON_HOLD, at("2026-11-04T10:00"), reason_code="awaiting_client",
        resume_on="2026-11-13",
    )  # fmt: skip
    assert told.referral.due_clock == Clock.REVIEW
    assert told.referral.due_at == at("2026-11-13T17:00")
    told.tell(Move.RESUME, Status.ACCEPTED, at("2026-11-12T10:00"))
    assert told.endings()["review"] == "met"
    assert told.referral.due_clock == Clock.FIRST_CONTACT
    assert told.referral.due_at == at("2026-11-18T10:00")


def test_a_waiting_list_has_a_day_of_review(told: Told) -> None:
    told.send(MONDAY)
    told.tell(Move.WAITLIST, Status.WAITLISTED, at("2026-11-03T10:00"), review_on="2026-12-01")
    assert told.referral.due_at == at("2026-12-01T17:00")
    assert set(told.clocks()) == {"review"}
    told.accept(at("2026-12-03T10:00"))
    assert told.endings()["review"] == "missed"


def test_asking_to_withdraw_gives_the_receiver_two_business_days_from_the_asking(
    told: Told,
) -> None:
    told.send(MONDAY)
    told.accept(at("2026-11-03T10:00"))
    told.tell(
        Move.REQUEST_WITHDRAWAL, Status.ACCEPTED, at("2026-11-03T11:00"),
        recorded_at=at("2026-11-05T11:00"), reason_code="client_request",
    )  # fmt: skip
    assert told.clocks()["withdrawal"].due_at == at("2026-11-09T11:00")
    told.tell(Move.CONFIRM_WITHDRAWAL, Status.WITHDRAWN, at("2026-11-06T10:00"))
    assert told.endings()["withdrawal"] == "met"
    assert told.endings()["first_contact"] == "cancelled"
    assert told.clocks() == {}


def test_sending_again_starts_new_clocks(session: Session, told: Told) -> None:
    told.send(MONDAY)
    told.tell(Move.EXPIRE, Status.EXPIRED, at("2026-11-17T10:00"))
    assert told.endings() == {"acknowledge": "missed", "decide": "missed", "expire": "missed"}
    assert told.referral.due_at is None
    told.tell(Move.RESEND, Status.SENT, at("2026-11-18T10:00"))
    assert told.clocks()["expire"].due_at == at("2026-12-03T10:00")  # Thanksgiving
    assert len(told.all_clocks()) == 6


def test_a_decision_that_is_taken_back_is_waited_for_anew(told: Told) -> None:
    told.send(MONDAY)
    told.accept(at("2026-11-03T10:00"))
    told.tell(Move.UNACCEPT, Status.ACKNOWLEDGED, at("2026-11-03T15:00"))
    assert set(told.clocks()) == {"decide", "expire"}
    assert told.endings()["first_contact"] == "cancelled"
    assert told.referral.due_at == at("2026-11-05T15:00")


@pytest.mark.parametrize(
    ("decision", "decided", "undoing"),
    [
        (Move.ACCEPT, Status.ACCEPTED, Move.UNACCEPT),
        (Move.DECLINE, Status.DECLINED, Move.UNDECLINE),
    ],
)
def test_taking_back_a_decision_gives_full_time_before_it_expires(
    told: Told, decision: Move, decided: Status, undoing: Move
) -> None:
    told.send(MONDAY)
    told.tell(decision, decided, at("2026-11-17T09:00"))
    told.tell(undoing, Status.ACKNOWLEDGED, at("2026-11-18T10:00"))
    expire = told.clocks()["expire"]
    assert expire.due_at == expire.act_at == at("2026-12-03T10:00")  # Thanksgiving
    assert expire.rule == "network 10bd"


def test_taking_back_a_decision_takes_no_time_away_that_was_left(
    session: Session, told: Told, world: World
) -> None:
    told.send(MONDAY)
    service = world.receiver.service_id
    session.add(
        ServiceClock(
            service_id=service, clock="expire", priority="routine", amount=1, in_business_days=True
        )
    )
    told.tell(Move.DECLINE, Status.DECLINED, at("2026-11-03T10:00"))
    told.tell(Move.UNDECLINE, Status.ACKNOWLEDGED, at("2026-11-04T10:00"))
    expire = told.clocks()["expire"]
    assert expire.due_at == expire.act_at == at("2026-11-17T10:00")
    assert expire.rule == "network 10bd"


def test_questions_from_before_a_decline_count_for_the_longest_pause(told: Told) -> None:
    told.send(MONDAY)
    told.ask(at("2026-11-03T10:00"))
    told.tell(Move.DECLINE, Status.DECLINED, at("2026-11-05T10:00"))
    told.tell(Move.UNDECLINE, Status.ACKNOWLEDGED, at("2026-11-06T10:00"))
    assert told.clocks()["expire"].due_at == at("2026-11-23T10:00")
    told.ask(at("2026-11-06T10:00"))
    assert told.clocks()["expire"].act_at == at("2026-11-27T10:00")


def test_what_was_sent_again_and_taken_back_has_full_time_from_then(told: Told) -> None:
    told.send(MONDAY)
    told.tell(Move.EXPIRE, Status.EXPIRED, at("2026-11-17T10:00"))
    told.tell(Move.RESEND, Status.SENT, at("2026-11-18T10:00"))
    told.accept(at("2026-11-19T10:00"))
    told.tell(Move.UNACCEPT, Status.ACKNOWLEDGED, at("2026-11-19T10:00"))
    assert told.clocks()["expire"].due_at == at("2026-12-04T10:00")


def test_what_is_reopened_is_waited_for_from_then(told: Told) -> None:
    told.send(MONDAY)
    told.accept(at("2026-11-03T10:00"))
    told.tell(Move.START, Status.IN_PROGRESS, at("2026-11-04T10:00"))
    told.tell(Move.COMPLETE, Status.COMPLETED, at("2026-11-05T10:00"))
    told.tell(Move.REOPEN, Status.IN_PROGRESS, at("2026-11-10T10:00"))
    assert told.clocks()["outcome"].due_at == at("2026-11-10T10:00") + timedelta(days=30)


def test_decisions_and_expiry_can_be_undone_for_some_business_days(
    session: Session, told: Told
) -> None:
    clocks = Clocks(session)
    friday = at("2026-11-06T16:00")
    assert clocks.decided_within(told.referral, friday) == at("2026-11-10T16:00")
    assert clocks.resend_within(told.referral, friday) == at("2026-11-16T16:00")
    assert clocks.expires_at(told.referral) is None
    told.send(MONDAY)
    assert clocks.expires_at(told.referral) == at("2026-11-17T10:00")
    told.ask(at("2026-11-03T10:00"))
    assert clocks.expires_at(told.referral) == at("2026-11-24T10:00")


def test_who_hears_nothing_of_work_for_a_week_has_it_on_the_list(
    session: Session, told: Told
) -> None:
    told.send(MONDAY)
    told.accept(at("2026-11-03T10:00"))
    started = at("2026-11-04T10:00")
    told.tell(Move.START, Status.IN_PROGRESS, started)
    assert (told.referral.due_at, told.referral.due_clock) == (
        started + timedelta(days=7), Clock.STALE,
    )  # fmt: skip
    heard = at("2026-11-09T10:00")
    told.tell(Fact.CHECKED_IN, Status.IN_PROGRESS, started, recorded_at=heard)
    assert told.clocks()["stale"].due_at == heard + timedelta(days=7)
    told.tell(Fact.REMINDED, Status.IN_PROGRESS, heard + timedelta(days=1), clock="stale")
    told.tell(Fact.CONSENT_REVOKED, Status.IN_PROGRESS, heard + timedelta(days=2))
    assert told.clocks()["stale"].due_at == heard + timedelta(days=7)
    told.tell(Move.HOLD, Status.ON_HOLD, heard + timedelta(days=8), resume_on="2026-12-24")
    assert told.endings()["stale"] == "missed"
    assert "stale" not in told.clocks()


def test_a_service_may_ask_nobody_how_it_goes(session: Session, world: World, told: Told) -> None:
    session.add(
        ServiceClock(
            service_id=world.receiver.service_id, clock=Clock.STALE, priority="routine",
            amount=0, in_business_days=False,
        )
    )  # fmt: skip
    told.send(MONDAY)
    told.accept(MONDAY)
    assert set(told.clocks()) == {"first_contact"}
    told.tell(Move.START, Status.IN_PROGRESS, MONDAY + timedelta(hours=1))
    assert set(told.clocks()) == {"outcome"}
