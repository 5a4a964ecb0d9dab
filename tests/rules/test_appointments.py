"""Appointments: what follows what over the whole product, and how each stands after its events."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from referral_hub.rules.appointments import (
    AWAITED,
    NEXT,
    PAST_ONLY,
    Appointment,
    appointments_of,
    check_next,
    check_time,
)
from referral_hub.rules.errors import IllegalMove, InvalidInput
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referral_state import Happening, tells_of_contact
from referral_hub.rules.referrals import AppointmentState, Fact

NOW = datetime(2026, 11, 30, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRST, SECOND = UUID(int=1), UUID(int=2)
POSSIBLE = {
    ("scheduled", "moved"), ("scheduled", "attended"), ("scheduled", "missed"),
    ("scheduled", "cancelled"), ("moved", "moved"), ("moved", "attended"), ("moved", "missed"),
    ("moved", "cancelled"), ("missed", "attended"), ("missed", "cancelled"),
}  # fmt: skip
BEFORE_ITS_TIME = {pair for pair in POSSIBLE if pair[1] in ("moved", "cancelled")}


def told(seq: int, state: str, at: datetime, of: UUID = FIRST) -> Happening:
    data = {"appointment_id": str(of), "at": at.isoformat(), "state": state}
    return Happening(seq, Fact.APPOINTMENT, "accepted", "accepted", NOW, NOW, None, data)


@pytest.mark.parametrize("has_come", [True, False])
@pytest.mark.parametrize(("before", "after"), list(product(AppointmentState, repeat=2)))
def test_exactly_this_follows_on_that(
    before: AppointmentState, after: AppointmentState, has_come: bool
) -> None:
    appointment = Appointment(FIRST, NOW if has_come else NOW + HOUR, before)
    new_time = NOW + 2 * HOUR if after == "moved" else None
    allowed = (before, after) in (POSSIBLE if has_come else BEFORE_ITS_TIME)
    assert (after in appointment.next_states(NOW)) is allowed
    if allowed:
        check_next(appointment, after, new_time, NOW)
        return
    with pytest.raises((IllegalMove, InvalidInput)) as refused:
        check_next(appointment, after, new_time, NOW)
    too_early = (before, after) in POSSIBLE
    assert isinstance(refused.value, InvalidInput if too_early else IllegalMove)


def test_every_state_is_in_the_table_and_an_appointment_begins_with_its_time() -> None:
    assert set(NEXT) == {None, *AppointmentState}
    assert NEXT[None] == {"scheduled"}
    assert not AWAITED & PAST_ONLY


def test_a_new_time_belongs_to_what_is_moved_and_to_nothing_else() -> None:
    appointment = Appointment(FIRST, NOW - HOUR, AppointmentState.SCHEDULED)
    with pytest.raises(InvalidInput, match="to when"):
        check_next(appointment, AppointmentState.MOVED, None, NOW)
    for state in ("attended", "missed", "cancelled"):
        with pytest.raises(InvalidInput) as refused:
            check_next(appointment, AppointmentState(state), NOW, NOW)
        assert set(refused.value.fields) == {"at"}


def test_a_time_is_one_after_the_acceptance_and_within_a_year() -> None:
    for at in (NOW, NOW + HOUR, NOW + timedelta(days=366)):
        check_time(at, NOW, NOW)
    for at in (NOW - timedelta(seconds=1), NOW + timedelta(days=367)):
        with pytest.raises(InvalidInput):
            check_time(at, NOW, NOW)


def test_each_appointment_stands_as_the_last_word_on_it_says() -> None:
    found = appointments_of(
        [
            told(3, "scheduled", NOW + HOUR),
            told(4, "scheduled", NOW, SECOND),
            told(5, "moved", NOW + 2 * HOUR),
            told(6, "missed", NOW, SECOND),
        ]
    )
    assert [(each.id, each.at, each.state, each.told_in) for each in found] == [
        (SECOND, NOW, "missed", (4,)), (FIRST, NOW + 2 * HOUR, "moved", (3, 5)),
    ]  # fmt: skip


def test_who_sees_only_its_end_sees_the_appointment_all_the_same() -> None:
    (found,) = appointments_of([told(9, "cancelled", NOW)])
    assert (found.state, found.told_in) == ("cancelled", ())


def test_an_acceptance_that_is_taken_back_takes_its_appointments_with_it() -> None:
    back = Happening(5, Move.UNACCEPT, "accepted", "acknowledged", NOW, NOW, None, {})
    assert appointments_of([told(4, "scheduled", NOW), back]) == ()


@pytest.mark.parametrize("state", list(AppointmentState))
def test_only_what_nobody_has_said_a_word_on_waits_for_one(state: AppointmentState) -> None:
    awaited = state in ("scheduled", "moved")
    assert Appointment(FIRST, NOW, state).waits_for_word(NOW) is awaited
    assert not Appointment(FIRST, NOW + HOUR, state).waits_for_word(NOW)


@pytest.mark.parametrize("state", list(AppointmentState))
def test_who_came_was_reached_and_nobody_else(state: AppointmentState) -> None:
    assert tells_of_contact(Fact.APPOINTMENT, {"state": state}) is (state == "attended")
