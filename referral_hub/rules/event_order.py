"""The order in which events of all referrals are handed on."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID


class Recorded(Protocol):
    """An event with its referral, its number there, and when it was recorded."""

    @property
    def referral_id(self) -> UUID:
        """Whose event it is."""

    @property
    def seq(self) -> int:
        """Its number among those of its referral."""

    @property
    def recorded_at(self) -> datetime:
        """When it was written."""


Event = TypeVar("Event", bound=Recorded)


def in_order(events: Iterable[Event]) -> list[Event]:
    """By time, then referral and number; never a later event of a referral before an earlier one.

    Clocks of several servers differ: an event whose time lies before that of its forerunner
    counts as written with it.
    """
    latest: dict[UUID, datetime] = {}
    keyed = []
    for event in sorted(events, key=lambda each: (each.referral_id, each.seq)):
        at = max(event.recorded_at, latest.get(event.referral_id, event.recorded_at))
        latest[event.referral_id] = at
        keyed.append((at, event.referral_id, event.seq, event))
    return [event for *_, event in sorted(keyed, key=lambda each: each[:3])]
