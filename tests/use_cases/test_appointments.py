"""Appointments of the receiving agency: recorded, shown to each side, and counted as contact."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Agency, Client, ReferralClock
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import IllegalMove, InvalidInput, NotFound, NotPermitted
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referral_state import replay
from referral_hub.rules.referrals import AppointmentState, Channel, Fact
from referral_hub.use_cases.appointments import make_appointment, tell_of_appointment
from referral_hub.use_cases.my_day import my_day
from referral_hub.use_cases.referral_views import AppointmentView
from referral_hub.use_cases.show_referral import show_referral
from referral_hub.use_cases.steps.referrals import happening_of, state_of
from tests.delivery_world import a_webhook, hand_on
from tests.referral_acts import PATHS, Played, in_status
from tests.referral_world import VAULT
from tests.use_cases.test_event_sight import agree_again, delivered, told

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
UNDER_WAY = {"accepted", "in_progress", "on_hold"}
MOVED, ATTENDED = AppointmentState.MOVED, AppointmentState.ATTENDED
MISSED, CANCELLED = AppointmentState.MISSED, AppointmentState.CANCELLED


def meet(
    played: Played, at: datetime | None = None, place: str = "", actor: Actor | None = None
) -> UUID:
    return make_appointment(
        played.session, actor or played.world.receiver.intake_worker, VAULT, played.referral_id,
        at or played.now + HOUR, place, channel=Channel.PAGE, now=played.now,
    )  # fmt: skip


def say(
    played: Played,
    appointment_id: UUID,
    state: AppointmentState,
    at: datetime | None = None,
    note: str = "",
    actor: Actor | None = None,
) -> None:
    tell_of_appointment(
        played.session, actor or played.world.receiver.intake_worker, VAULT, played.referral_id,
        appointment_id, state, at=at, note=note, channel=Channel.PAGE, now=played.now,
    )  # fmt: skip


def seen_by(played: Played, actor: Actor) -> tuple[AppointmentView, ...]:
    played.session.rollback()
    view = show_referral(played.session, actor, VAULT, played.referral_id, now=played.now)
    return view.appointments


def require_fold(played: Played) -> None:
    assert replay(map(happening_of, played.events)) == state_of(played.row)


@pytest.mark.parametrize("status", [*PATHS, "expired"])
def test_an_appointment_is_made_for_what_is_under_way(sqlite_session: Session, status: str) -> None:
    played = in_status(sqlite_session, status)
    before = (played.row.version, played.row.status, played.row.first_contact_at)
    if status not in UNDER_WAY:
        refused = (IllegalMove, NotFound) if status == "draft" else IllegalMove
        with pytest.raises(refused):
            meet(played)
        return
    made = meet(played)
    assert (played.row.version, played.row.status, played.row.first_contact_at) == before
    event = played.events[-1]
    assert event.data == {
        "appointment_id": str(made), "at": (played.now + HOUR).isoformat(), "state": "scheduled",
    }  # fmt: skip
    require_fold(played)


def test_who_came_was_reached_at_the_time_of_the_appointment(sqlite_session: Session) -> None:
    played = in_status(sqlite_session, "accepted")
    at = played.now + HOUR
    made = meet(played, at)
    with pytest.raises(InvalidInput, match="has not come yet"):
        say(played, made, ATTENDED)
    played.now += DAY
    say(played, made, ATTENDED)
    row = played.row
    assert (row.status, row.first_contact_at, row.started_at) == ("in_progress", at, at)
    clocks = select(ReferralClock).where(
        ReferralClock.referral_id == played.referral_id, ReferralClock.clock == "first_contact"
    )
    (clock,) = sqlite_session.scalars(clocks)
    assert (clock.ended_at, clock.ended) == (at, "met")
    assert row.receiver_client_id is not None
    assert sqlite_session.get_one(Client, row.receiver_client_id).last_contact_at == at
    require_fold(played)


@pytest.mark.parametrize("state", [MISSED, CANCELLED])
def test_who_did_not_come_was_not_reached(sqlite_session: Session, state: AppointmentState) -> None:
    played = in_status(sqlite_session, "accepted")
    made = meet(played)
    played.now += DAY
    say(played, made, state)
    assert (played.row.status, played.row.first_contact_at) == ("accepted", None)
    require_fold(played)


def test_what_came_of_it_is_told_once_and_a_no_show_is_mended(sqlite_session: Session) -> None:
    played = in_status(sqlite_session, "accepted")
    made = meet(played)
    played.now += DAY
    say(played, made, MISSED)
    with pytest.raises(IllegalMove, match="missed this appointment"):
        say(played, made, MOVED, played.now + DAY)
    say(played, made, ATTENDED)
    with pytest.raises(IllegalMove, match="Make another one"):
        say(played, made, CANCELLED)
    assert [event.kind for event in played.events[-3:]] == ["appointment", "appointment", "start"]


def test_what_has_ended_gets_no_new_time_but_a_last_word(sqlite_session: Session) -> None:
    played = in_status(sqlite_session, "in_progress")
    made = meet(played)
    played.move(Move.COMPLETE)
    played.now += DAY
    (seen,) = seen_by(played, played.world.receiver.intake_worker)
    assert seen.next == (ATTENDED, MISSED, CANCELLED)
    with pytest.raises(IllegalMove):
        say(played, made, MOVED, played.now + DAY)
    say(played, made, ATTENDED)
    assert played.row.status == "completed"
    require_fold(played)


def test_an_acceptance_that_is_taken_back_takes_its_appointments_along(
    sqlite_session: Session,
) -> None:
    played = in_status(sqlite_session, "accepted")
    made = meet(played)
    played.move(Move.UNACCEPT)
    played.move(Move.ACCEPT)
    assert seen_by(played, played.world.receiver.intake_worker) == ()
    with pytest.raises(NotFound):
        say(played, made, CANCELLED)


def test_the_sender_sees_when_it_is_and_what_came_of_it_and_never_where(
    sqlite_session: Session,
) -> None:
    played = in_status(sqlite_session, "accepted")
    sender, receiver = played.world.sender, played.world.receiver
    theirs, ours = (a_webhook(sqlite_session, staff) for staff in (sender, receiver))
    made = meet(played, place="Room 4. She brings the lease.")
    say(played, made, MOVED, played.now + DAY)
    hand_on(sqlite_session, played.now)
    (their_view,) = seen_by(played, sender.case_manager)
    (our_view,) = seen_by(played, receiver.case_manager)
    assert (their_view.at, their_view.state) == (played.now + DAY, MOVED)
    assert (their_view.place, their_view.next) == ("", ())
    assert (our_view.place, our_view.next) == ("Room 4. She brings the lease.", (MOVED, CANCELLED))
    timeline = show_referral(
        sqlite_session, sender.case_manager, VAULT, played.referral_id, now=played.now
    ).timeline
    entries = [entry for entry in timeline if entry.kind == Fact.APPOINTMENT]
    assert [(entry.detail, entry.words) for entry in entries] == [("Made", ""), ("Moved", "")]
    for staff in (sender, receiver):
        heard = told(played, staff, staff.case_manager)
        assert Fact.APPOINTMENT in heard["page"] & heard["feed"]
        assert Fact.APPOINTMENT not in heard["notices"]
    went = delivered(sqlite_session)
    assert Fact.APPOINTMENT in went[ours] & went[theirs]


def test_a_new_place_stands_before_the_old_one(sqlite_session: Session) -> None:
    played = in_status(sqlite_session, "accepted")
    made = meet(played, place="Room 4")
    say(played, made, MOVED, played.now + DAY, note="Room 7")
    say(played, made, CANCELLED, note="She is ill.")
    (seen,) = seen_by(played, played.world.receiver.intake_worker)
    assert (seen.place, seen.state) == ("Room 7", CANCELLED)


def test_after_consent_was_taken_back_the_sender_learns_of_no_appointment(
    sqlite_session: Session,
) -> None:
    played = in_status(sqlite_session, "accepted")
    known = meet(played, played.now + HOUR)
    played.take_back_consent()
    hidden = meet(played, played.now + 2 * HOUR)
    say(played, known, CANCELLED)
    sender, receiver = played.world.sender, played.world.receiver
    assert {each.id for each in seen_by(played, receiver.intake_worker)} == {known, hidden}
    (seen,) = seen_by(played, sender.case_manager)
    assert (seen.id, seen.state) == (known, "scheduled")
    hand_on(sqlite_session, played.now)
    assert Fact.APPOINTMENT in told(played, sender, sender.case_manager)["feed"]
    agree_again(played)
    assert {each.id for each in seen_by(played, sender.case_manager)} == {known}


def test_times_are_on_the_clock_of_the_receiver(sqlite_session: Session) -> None:
    played = in_status(sqlite_session, "accepted")
    receiver = sqlite_session.get_one(Agency, played.world.receiver.agency_id)
    receiver.time_zone = "America/Denver"
    sqlite_session.commit()
    meet(played, datetime(2026, 12, 1, 17, 30, tzinfo=UTC))
    for staff in (played.world.sender, played.world.receiver):
        (seen,) = seen_by(played, staff.case_manager)
        assert f"{seen.at:%H:%M %Z}" == "10:30 MST"


def test_only_workers_of_the_receiving_agency_make_appointments(sqlite_session: Session) -> None:
    played = in_status(sqlite_session, "accepted")
    sender, receiver = played.world.sender, played.world.receiver
    made = meet(played)
    with pytest.raises(IllegalMove, match="agency that accepted"):
        meet(played, actor=sender.case_manager)
    with pytest.raises(IllegalMove):
        say(played, made, CANCELLED, actor=sender.case_manager)
    with pytest.raises(NotFound):
        meet(played, actor=played.world.stranger.intake_worker)
    for actor in (receiver.supervisor, receiver.administrator, played.world.steward):
        with pytest.raises(NotPermitted):
            meet(played, actor=actor)
    with pytest.raises(NotFound):
        say(played, uuid4(), CANCELLED)
    meet(played, actor=receiver.application)
    view = show_referral(
        sqlite_session, receiver.supervisor, VAULT, played.referral_id, now=played.now
    )
    assert not view.may_make_appointment
    assert {each.next for each in view.appointments} == {()}


def test_a_time_before_the_acceptance_is_refused(sqlite_session: Session) -> None:
    played = in_status(sqlite_session, "accepted")
    accepted_at = played.row.accepted_at
    assert accepted_at is not None
    for at in (accepted_at - HOUR, played.now + timedelta(days=400)):
        with pytest.raises(InvalidInput):
            meet(played, at)
    made = meet(played)
    with pytest.raises(InvalidInput):
        say(played, made, MOVED, accepted_at - HOUR)


def test_the_day_of_who_works_on_it_has_its_appointments(sqlite_session: Session) -> None:
    played = in_status(sqlite_session, "accepted")
    today, tomorrow = meet(played, played.now + HOUR), meet(played, played.now + DAY)
    done = meet(played, played.now + 2 * HOUR)
    say(played, done, CANCELLED)

    def on_day_of(actor: Actor) -> list[tuple[UUID, bool]]:
        day = my_day(sqlite_session, actor, VAULT, now=played.now)
        assert {each.line.id for each in day.appointments} <= {played.referral_id}
        return [(each.id, each.waits) for each in day.appointments]

    receiver = played.world.receiver
    assert on_day_of(receiver.intake_worker) == [(today, False)]
    assert on_day_of(receiver.case_manager) == []
    played.now += DAY + HOUR
    assert on_day_of(receiver.intake_worker) == [(today, True), (tomorrow, True)]
    say(played, today, MISSED)
    played.move(Move.CLOSE_UNMET)
    assert on_day_of(receiver.intake_worker) == []
