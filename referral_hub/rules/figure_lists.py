"""Which referrals are behind a number."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.measured_state import Flow
from referral_hub.rules.measured_times import Wait
from referral_hub.rules.measures import COUNTED, Measure, Part, Stage, Standing
from referral_hub.rules.reason_codes import Attribution
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.rules.referral_waiting import Waits


class Since(StrEnum):
    """From when the age of an open referral is told."""

    SENT = "sent"
    STATUS = "since"


class OfNeeds(StrEnum):
    """What is told of needs of clients, whichever agencies were asked."""

    REFERRED = "referred"
    MET = "met"
    MET_OR_PARTLY = "met_or_partly"
    FIRST_CHOICE = "first_choice"
    AGAIN = "again"
    NO_PLACE = "no_place"


IN_PARTS = frozenset(OfNeeds) - {OfNeeds.REFERRED, OfNeeds.NO_PLACE}
"""Figures of needs; the others are of all alike."""


class Told(StrEnum):
    """What happened to a referral beside where it stands, maybe more than once."""

    REVERSED = "reversed"
    ATTENDED = "attended"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Behind:
    """A number as a condition on referrals; what is None is no condition.

    With `part` and its measure, or what it tells `of_needs`: one part of a figure, or all that it
    is of. A need is listed by its first referral; `tried` is how many agencies were asked until one
    accepted it. `due_to` asks for what was declined for reasons of somebody. `is_open`
    asks for all that is open, whenever it was sent; `is_overdue`, `waits` and `age` (a place in the
    groups of ages, told `since` a time) narrow that. `wait` asks for what began to wait at least
    `by_day` days ago, or for those of them that reached the goal within so many (`is_reached`).
    `flow` asks for what came in or went out in the `week` that begins on a day, whenever it was
    sent. Where something was `told` or flowed twice, a referral is there twice.
    """

    measure: Measure | None = None
    part: Part | None = None
    standing: Standing | None = None
    reason: str = ""
    stage: Stage | None = None
    is_open: bool = False
    is_overdue: bool = False
    waits: Waits | None = None
    age: int | None = None
    since: Since = Since.SENT
    wait: Wait | None = None
    by_day: int | None = None
    is_reached: bool = False
    of_needs: OfNeeds | None = None
    tried: int | None = None
    due_to: Attribution | None = None
    told: Told | None = None
    flow: Flow | None = None
    week: date | None = None
    is_unassigned: bool = False

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the measure that are asked for."""
        return COUNTED if self.part is None else (self.part,)

    @property
    def is_stock(self) -> bool:
        """Whether it is about what is open now."""
        return self.is_open or self.is_overdue or self.waits is not None or self.age is not None

    @property
    def is_whenever_sent(self) -> bool:
        """Whether days of sending are no condition."""
        return self.is_stock or self.flow is not None

    @property
    def is_of_needs(self) -> bool:
        """Whether it counts needs of clients."""
        return self.of_needs is not None or self.tried is not None


def check_behind(behind: Behind, side: Side | None, *, is_network: bool) -> None:
    """Raise InvalidInput for what cannot be listed, or not of that side of the agency, or not for
    whoever oversees the network: why a referral ended, and needs, are told to its agencies."""
    if behind.part is not None and behind.measure is None and behind.of_needs not in IN_PARTS:
        message = "Say of which figure."
        raise InvalidInput(message, {"measure": message})
    if (behind.wait is None) != (behind.by_day is None) or (behind.is_reached and not behind.wait):
        message = "Say for what they waited, and by which day."
        raise InvalidInput(message, {"wait": message})
    if behind.flow is Flow.NONE or (behind.flow is None) != (behind.week is None):
        message = "Say what happened, and in which week."
        raise InvalidInput(message, {"flow": message})
    if behind.is_of_needs and side is not Side.SENDER:
        message = "Needs are those of the clients whom you refer. Ask for what you sent."
        raise InvalidInput(message, {"side": message})
    if sum([behind.is_of_needs, behind.flow is not None, behind.is_stock]) > 1 or (
        behind.is_of_needs and behind.measure is not None
    ):
        message = "Ask for one of these: what is open, what happened in a week, or needs."
        raise InvalidInput(message, {"flow": message})
    telling = (
        behind.reason
        or behind.due_to
        or behind.is_of_needs
        or behind.is_unassigned
        or behind.part not in (None, *COUNTED, Part.MATURING)
    )
    if is_network and telling:
        message = "Why referrals ended is told to their agencies alone."
        raise InvalidInput(message, {"reason": message})
