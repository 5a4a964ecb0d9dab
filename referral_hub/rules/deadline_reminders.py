"""What the hub does about a time that is over: whom it reminds, one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from referral_hub.rules.business_time import WorkCalendar
from referral_hub.rules.referrals import Clock, Priority
from referral_hub.rules.response_deadlines import HOURS_A_DAY, Limit


class Reminded(StrEnum):
    """Who is reminded of a time that is over."""

    RECEIVER_TEAM = "receiver_team"
    RECEIVER_SUPERVISOR = "receiver_supervisor"
    ASSIGNEE = "assignee"
    SENDER = "sender"
    SENDER_SUPERVISOR = "sender_supervisor"


@dataclass(frozen=True, slots=True)
class Reminder:
    """Who is reminded, and how long after a time was over."""

    after: Limit
    whom: tuple[Reminded, ...]


_AT_ONCE = Limit(0)
_REMINDERS: Mapping[Clock, tuple[Reminder, ...]] = {
    Clock.ACKNOWLEDGE: (Reminder(_AT_ONCE, (Reminded.RECEIVER_TEAM,)),),
    Clock.DECIDE: (
        Reminder(Limit(2, in_business_days=True), (Reminded.RECEIVER_SUPERVISOR, Reminded.SENDER)),
    ),
    Clock.QUESTION: (
        Reminder(_AT_ONCE, (Reminded.SENDER,)),
        Reminder(Limit(1, in_business_days=True), (Reminded.SENDER_SUPERVISOR,)),
    ),
    Clock.FIRST_CONTACT: (
        Reminder(_AT_ONCE, (Reminded.ASSIGNEE,)),
        Reminder(Limit(1, in_business_days=True), (Reminded.RECEIVER_SUPERVISOR,)),
    ),
    Clock.STALE: (Reminder(_AT_ONCE, (Reminded.ASSIGNEE,)),),
    Clock.REVIEW: (
        Reminder(_AT_ONCE, (Reminded.RECEIVER_TEAM,)),
        Reminder(Limit(14 * HOURS_A_DAY), (Reminded.SENDER_SUPERVISOR,)),
    ),
}
_EMERGENCY: Mapping[Clock, tuple[Reminder, ...]] = {
    Clock.DECIDE: (
        Reminder(
            _AT_ONCE,
            (Reminded.RECEIVER_SUPERVISOR, Reminded.SENDER, Reminded.SENDER_SUPERVISOR),
        ),
    ),
    Clock.QUESTION: (Reminder(_AT_ONCE, (Reminded.SENDER, Reminded.SENDER_SUPERVISOR)),),
    Clock.FIRST_CONTACT: (Reminder(_AT_ONCE, (Reminded.ASSIGNEE, Reminded.RECEIVER_SUPERVISOR)),),
}


def reminders_of(clock: Clock, priority: Priority) -> tuple[Reminder, ...]:
    """Who is reminded one after the other. Expiry and withdrawal act instead; outcomes are only
    told in digests."""
    if priority is Priority.EMERGENCY and clock in _EMERGENCY:
        return _EMERGENCY[clock]
    return _REMINDERS.get(clock, ())


ACTS_BY_ITSELF = frozenset({Clock.EXPIRE, Clock.WITHDRAWAL})
"""What happens when the time is over, without anybody's word."""


def acts_at(
    clock: Clock, priority: Priority, due_at: datetime, reminded: int, calendar: WorkCalendar
) -> datetime | None:
    """When the hub has something to do about a clock that was reminded of so many times."""
    if clock in ACTS_BY_ITSELF:
        return due_at
    reminders = reminders_of(clock, priority)
    return reminders[reminded].after.after(due_at, calendar) if reminded < len(reminders) else None
