"""Appointments of a receiving agency with a client: what follows what, and how each one stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from referral_hub.rules.errors import IllegalMove, InvalidInput
from referral_hub.rules.referral_details import FARTHEST, MOST_TEXT
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referral_state import Happening
from referral_hub.rules.referrals import AppointmentState, Fact

_MADE, _MOVED = AppointmentState.SCHEDULED, AppointmentState.MOVED
_CAME, _MISSED = AppointmentState.ATTENDED, AppointmentState.MISSED
_CANCELLED = AppointmentState.CANCELLED
AWAITED = frozenset({_MADE, _MOVED})
"""Nobody has said yet what came of it."""
PAST_ONLY = frozenset({_CAME, _MISSED})
"""What can be said only once its time has come."""
NEXT: Mapping[AppointmentState | None, frozenset[AppointmentState]] = {
    None: frozenset({_MADE}),
    _MADE: frozenset({_MOVED, _CAME, _MISSED, _CANCELLED}),
    _MOVED: frozenset({_MOVED, _CAME, _MISSED, _CANCELLED}),
    _MISSED: frozenset({_CAME, _CANCELLED}),
    _CAME: frozenset(),
    _CANCELLED: frozenset(),
}
"""What can follow; None is before there is one. "Did not come" is mended by who learns better. Who
came was reached, and that stands."""
_NOT_NOW: Mapping[AppointmentState, str] = {
    _CAME: "The client came to this appointment. Make another one.",
    _MISSED: "The client missed this appointment. Make another one.",
    _CANCELLED: "This appointment was cancelled. Make another one.",
}
_NO_TIME = "Use a time from the acceptance of the referral on, at most a year ahead."


@dataclass(frozen=True, slots=True)
class Appointment:
    """An appointment as it stands. `told_in` has the numbers of the events that say when and where
    it is, the last one last."""

    id: UUID
    at: datetime
    state: AppointmentState
    told_in: tuple[int, ...] = ()

    def waits_for_word(self, now: datetime) -> bool:
        """Whether its time has come and nobody has said what came of it."""
        return self.state in AWAITED and self.at <= now

    def next_states(self, now: datetime) -> tuple[AppointmentState, ...]:
        """What can be said of it now, in the order of the words."""
        possible = NEXT[self.state] - (frozenset() if self.at <= now else PAST_ONLY)
        return tuple(state for state in AppointmentState if state in possible)


def appointments_of(events: Iterable[Happening]) -> tuple[Appointment, ...]:
    """The appointments of a referral, in the order of their times, from its events in their order.

    An acceptance that is taken back takes its appointments with it.
    """
    found: dict[UUID, Appointment] = {}
    for event in events:
        if event.kind == Move.UNACCEPT:
            found.clear()
        elif event.kind == Fact.APPOINTMENT:
            told = _appointment(event)
            before = found.get(told.id)
            earlier = before.told_in if before is not None else ()
            found[told.id] = replace(told, told_in=earlier + told.told_in)
    return tuple(sorted(found.values(), key=lambda each: (each.at, each.id)))


def check_time(at: datetime, accepted_at: datetime | None, now: datetime) -> None:
    """Raise InvalidInput for a time at which there can be no appointment."""
    if (accepted_at is not None and at < accepted_at) or at > now + FARTHEST:
        raise InvalidInput("This is no time for an appointment.", {"at": _NO_TIME})


def check_words(words: str, field: str) -> None:
    """Raise InvalidInput for words that are too long."""
    if len(words) > MOST_TEXT:
        message = f"Use at most {MOST_TEXT} characters."
        raise InvalidInput(message, {field: message})


def check_next(
    before: Appointment, state: AppointmentState, at: datetime | None, now: datetime
) -> None:
    """Raise IllegalMove for what cannot follow, InvalidInput for what says too little or too much,
    or too early. `at` is the new time of one that is moved, and of no other."""
    if state not in NEXT[before.state]:
        message = _NOT_NOW.get(before.state, "There is this appointment already.")
        raise IllegalMove(message, before.state, state)
    if state in PAST_ONLY and before.at > now:
        message = "Its time has not come yet."
        raise InvalidInput(message, {"state": message})
    if (state is AppointmentState.MOVED) != (at is not None):
        message = "Say to when it is moved." if at is None else "Only one that is moved needs this."
        raise InvalidInput(message, {"at": message})


def _appointment(event: Happening) -> Appointment:
    data = event.data
    at, state = datetime.fromisoformat(data["at"]), AppointmentState(data["state"])
    told_in = (event.seq,) if state in AWAITED else ()
    return Appointment(UUID(data["appointment_id"]), at, state, told_in)
