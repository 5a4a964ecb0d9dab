"""How long each side of a referral has, and what starts, stops and ends the waiting.

Times in business days run in the working hours of the receiving agency. Times in hours run day
and night. A clock that is paused becomes due later, or when it would have anyway, never earlier.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from referral_hub.rules.business_time import (
    WorkCalendar,
    add_business,
    add_business_seconds,
    business_seconds,
)
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.referral_lifecycle import TERMINAL, Move, Status
from referral_hub.rules.referrals import Clock, Fact, Priority

HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take: hours, day and night, or business days."""

    amount: int
    in_business_days: bool = False

    def __str__(self) -> str:
        return f"{self.amount}{'bd' if self.in_business_days else 'h'}"

    def after(self, start: datetime, calendar: WorkCalendar) -> datetime:
        """When the time is over that began then."""
        if self.in_business_days:
            return add_business(start, self.amount, calendar)
        return start + timedelta(hours=self.amount)

    def seconds(self, calendar: WorkCalendar) -> float:
        """How long that is, in the kind of time of this limit."""
        if self.in_business_days:
            return (self.amount * calendar.day_length).total_seconds()
        return timedelta(hours=self.amount).total_seconds()

    def seconds_between(self, begin: datetime, end: datetime, calendar: WorkCalendar) -> float:
        """How much time passes between two instants, in the kind of time of this limit."""
        if self.in_business_days:
            return business_seconds(begin, end, calendar)
        return (end - begin).total_seconds()

    def seconds_after(self, start: datetime, seconds: float, calendar: WorkCalendar) -> datetime:
        """The instant so much later, in the kind of time of this limit."""
        if self.in_business_days:
            return add_business_seconds(start, seconds, calendar)
        return start + timedelta(seconds=seconds)


def read_limit(text: str) -> Limit:
    """The limit that was written as a text. Raises ValueError."""
    number, unit = text.rstrip("hbd"), text.lstrip("0123456789")
    if unit not in ("h", "bd"):
        raise ValueError("a limit is in h or in bd")
    return Limit(int(number), unit == "bd")


def _hours(amount: int) -> Limit:
    return Limit(amount)


def _days(amount: int) -> Limit:
    return Limit(amount, in_business_days=True)


_BY_PRIORITY: Mapping[Clock, tuple[Limit | None, Limit | None, Limit | None]] = {
    Clock.ACKNOWLEDGE: (_hours(2), _days(1), _days(2)),
    Clock.DECIDE: (_hours(24), _hours(72), _days(2)),
    Clock.EXPIRE: (_hours(48), _days(5), _days(10)),
    Clock.QUESTION: (_hours(4), _days(1), _days(3)),
    Clock.FIRST_CONTACT: (_hours(24), _days(2), _days(5)),
    Clock.OUTCOME: (None, _hours(30 * HOURS_A_DAY), _hours(30 * HOURS_A_DAY)),
    Clock.STALE: (_hours(HOURS_A_DAY), _hours(3 * HOURS_A_DAY), _hours(7 * HOURS_A_DAY)),
}
DEFAULTS: Mapping[tuple[Clock, Priority], Limit] = {
    (clock, priority): limit
    for clock, limits in _BY_PRIORITY.items()
    for priority, limit in zip(Priority, limits, strict=True)
    if limit is not None
}
"""How long things may take where neither the network nor the service says otherwise."""

MOST_HOURS = 2160
MOST_DAYS = 90


def check_own_limit(clock: Clock, priority: Priority, limit: Limit | None) -> None:
    """Raise InvalidInput for a limit that a service cannot have. An emergency does not wait for
    the next morning: its limits are in hours. With 0 nobody is asked how it goes."""
    if not any(clock is each for each, _ in DEFAULTS):
        message = "This time cannot be set for a service."
        raise InvalidInput(message, {"clock": message})
    if limit is None:
        return
    if limit.in_business_days and priority is Priority.EMERGENCY:
        message = "Use hours for emergencies: they run day and night."
        raise InvalidInput(message, {"in_business_days": message})
    most = MOST_DAYS if limit.in_business_days else MOST_HOURS
    least = 0 if clock is Clock.STALE else 1
    if not least <= limit.amount <= most:
        message = f"Use a whole number from {least} to {most}."
        raise InvalidInput(message, {"amount": message})


WITHDRAWAL_LIMIT = _days(2)
"""How long a receiver has to answer a sender who asks to withdraw: then it is withdrawn."""
DECISION_REVERSIBLE = _days(2)
"""How long a decision can be taken back."""
RESENDABLE = _days(5)
"""How long an expired referral can be sent again."""
LONGEST_EXPIRY_PAUSE = _days(5)
"""How long questions hold up expiry at most, all together; then it runs on, answered or not."""


@dataclass(frozen=True, slots=True)
class Effects:
    """What an event does to the clocks of its referral.

    They are done in this order. `meet` ends waiting that is over, `cancel` ends waiting that lost
    its reason. Both count as missed where the time was over before. What starts gets its full time;
    what is `as_before` becomes due no earlier than it would have before it ended.
    """

    meet: frozenset[Clock] = frozenset()
    cancel: frozenset[Clock] = frozenset()
    resume: frozenset[Clock] = frozenset()
    start: frozenset[Clock] = frozenset()
    pause: frozenset[Clock] = frozenset()
    as_before: frozenset[Clock] = frozenset()

    def without(self, clock: Clock) -> "Effects":
        """The same, but for a clock that need not start."""
        return replace(self, start=self.start - {clock}, pause=self.pause - {clock})


_ANSWER = frozenset({Clock.ACKNOWLEDGE, Clock.DECIDE, Clock.EXPIRE})
_DECISION = frozenset({Clock.DECIDE, Clock.EXPIRE})
_ALL = frozenset(Clock)


def _of(*clocks: Clock) -> frozenset[Clock]:
    return frozenset(clocks)


_SENT = Effects(start=_ANSWER, cancel=_ALL)
_ANSWERED = Effects(resume=_DECISION, meet=_of(Clock.QUESTION))
_UNDECIDED_AGAIN = Effects(start=_DECISION, as_before=_of(Clock.EXPIRE), cancel=_ALL)
_STOPPED = Effects(cancel=_ALL)

EFFECTS: Mapping[Move, Effects] = {
    Move.SEND: _SENT,
    Move.SEND_NEXT: _SENT,
    Move.FORWARD: _SENT,
    Move.RESEND: _SENT,
    Move.ACKNOWLEDGE: Effects(meet=_of(Clock.ACKNOWLEDGE)),
    Move.ASK: Effects(start=_of(Clock.QUESTION), pause=_DECISION, meet=_of(Clock.ACKNOWLEDGE)),
    Move.ANSWER: _ANSWERED,
    Move.ANSWERED_OTHERWISE: _ANSWERED,
    Move.ACCEPT: Effects(start=_of(Clock.FIRST_CONTACT), meet=_ANSWER | {Clock.REVIEW}),
    Move.WAITLIST: Effects(start=_of(Clock.REVIEW), meet=_ANSWER),
    Move.DECLINE: Effects(meet=_ANSWER, cancel=_ALL),
    Move.START: Effects(start=_of(Clock.OUTCOME), meet=_of(Clock.FIRST_CONTACT)),
    Move.HOLD: Effects(
        start=_of(Clock.REVIEW), pause=_of(Clock.FIRST_CONTACT), meet=_of(Clock.STALE)
    ),
    Move.RESUME: Effects(resume=_of(Clock.FIRST_CONTACT), meet=_of(Clock.REVIEW)),
    Move.COMPLETE: Effects(meet=_of(Clock.OUTCOME, Clock.REVIEW), cancel=_ALL),
    Move.CLOSE_UNMET: Effects(meet=_of(Clock.OUTCOME, Clock.REVIEW), cancel=_ALL),
    Move.WITHDRAW: _STOPPED,
    Move.REQUEST_WITHDRAWAL: Effects(start=_of(Clock.WITHDRAWAL)),
    Move.CONFIRM_WITHDRAWAL: Effects(meet=_of(Clock.WITHDRAWAL), cancel=_ALL),
    Move.EXPIRE: _STOPPED,
    Move.UNDECLINE: _UNDECIDED_AGAIN,
    Move.UNACCEPT: _UNDECIDED_AGAIN,
    Move.VOID: _STOPPED,
}
"""What each move does. Reopening depends on where it leads back to (`effects_of`)."""

_REOPENED: Mapping[Status, Effects] = {
    Status.WAITLISTED: Effects(start=_of(Clock.REVIEW)),
    Status.ACCEPTED: Effects(start=_of(Clock.FIRST_CONTACT)),
    Status.IN_PROGRESS: Effects(start=_of(Clock.OUTCOME)),
    Status.ON_HOLD: Effects(start=_of(Clock.REVIEW, Clock.OUTCOME)),
}
_HELD_BEFORE_START = Effects(
    start=_of(Clock.REVIEW, Clock.FIRST_CONTACT), pause=_of(Clock.FIRST_CONTACT)
)
WORKED_ON = frozenset({Status.ACCEPTED, Status.IN_PROGRESS})
"""Where each event that somebody made shows that somebody works on it. What is undecided, waits or
is held has times of its own."""
_NO_WORK = frozenset({Fact.REMINDED, Fact.CONSENT_REVOKED, Fact.CLIENT_CONFIRMED})
"""What the hub notes by itself, and what the sender asks the client: the receiver, who is waited
for, did nothing in it."""
_TELL_OF_CONTACT = frozenset({Fact.CONTACTED, Fact.APPOINTMENT})
_CONTACTED = Effects(meet=_of(Clock.FIRST_CONTACT))
NO_EFFECTS = Effects()


def effects_of(
    kind: str, to_status: str, *, reached: bool = False, started: bool = False
) -> Effects:
    """What an event does to the clocks. `reached`: the client was, by now; `started`: the work."""
    effects = _effects_of(kind, to_status, reached, started)
    if kind in _NO_WORK or to_status not in WORKED_ON:
        return effects
    stale = frozenset({Clock.STALE})
    return replace(effects, meet=effects.meet | stale, start=effects.start | stale)


def _effects_of(kind: str, to_status: str, reached: bool, started: bool) -> Effects:
    if kind == Move.REOPEN:
        before_start = to_status == Status.ON_HOLD and not started
        effects = _HELD_BEFORE_START if before_start else _REOPENED[Status(to_status)]
        return effects.without(Clock.FIRST_CONTACT) if reached else effects
    if kind in _TELL_OF_CONTACT:
        return _CONTACTED if reached else NO_EFFECTS
    if kind in set(Fact):
        return NO_EFFECTS
    return EFFECTS[Move(kind)]


OWED: Mapping[Status, frozenset[Clock]] = {
    Status.SENT: _ANSWER,
    Status.ACKNOWLEDGED: _DECISION,
    Status.INFO_REQUESTED: _of(Clock.QUESTION),
    Status.WAITLISTED: _of(Clock.REVIEW),
    Status.ACCEPTED: _of(Clock.FIRST_CONTACT, Clock.STALE, Clock.WITHDRAWAL),
    Status.IN_PROGRESS: _of(Clock.OUTCOME, Clock.STALE, Clock.WITHDRAWAL),
    Status.ON_HOLD: _of(Clock.REVIEW, Clock.OUTCOME, Clock.WITHDRAWAL),
} | dict.fromkeys((Status.DRAFT, *TERMINAL), frozenset())
"""The clocks of which the side that has the next word must keep time."""


def date_is_due(day: date, begun: datetime, calendar: WorkCalendar) -> datetime:
    """When a review is due that was set for a day: at closing time, and not before it was set."""
    return max(calendar.closing_of(day), begun)


@dataclass(frozen=True, slots=True)
class Pause:
    """A clock that stands still. `left_seconds` is in the kind of time of its limit, and 0 or less
    where it was over already. `longest` is how long it may stand still at most, and `used_seconds`
    how much of that went by in earlier pauses."""

    paused_at: datetime
    left_seconds: float
    due_before: datetime
    longest: Limit | None = None
    used_seconds: float = 0

    def due_if_resumed(self, at: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
        """When the clock is due if the pause ends then: never earlier than without the pause."""
        if self.left_seconds <= 0:
            return self.due_before
        ends = max(at, self.paused_at)
        if self.longest is not None:
            ends = min(ends, self._longest_until(self.longest, calendar))
        return max(self.due_before, limit.seconds_after(ends, self.left_seconds, calendar))

    def due_at_the_latest(self, limit: Limit, calendar: WorkCalendar) -> datetime | None:
        """When the clock is due if the pause never ends; None where it then never is."""
        if self.longest is None:
            return None
        return self.due_if_resumed(self._longest_until(self.longest, calendar), limit, calendar)

    def used_if_resumed(self, at: datetime, calendar: WorkCalendar) -> float:
        """How much of the longest pause is used up if this one ends then; 0 where none is set."""
        if self.longest is None:
            return 0
        used = self.longest.seconds_between(self.paused_at, max(at, self.paused_at), calendar)
        return min(self.used_seconds + used, self.longest.seconds(calendar))

    def _longest_until(self, longest: Limit, calendar: WorkCalendar) -> datetime:
        left = max(longest.seconds(calendar) - self.used_seconds, 0)
        return longest.seconds_after(self.paused_at, left, calendar)


LONGEST_PAUSE: Mapping[Clock, Limit] = {Clock.EXPIRE: LONGEST_EXPIRY_PAUSE}
