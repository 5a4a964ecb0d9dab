"""Which referrals are behind a number."""

from collections.abc import Iterator
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
    whoever oversees the network: why a referral ended, needs and who works on it are told to its
    agencies."""
    for field, message in (*_unclear(behind), *_not_told(behind, side, is_network)):
        raise InvalidInput(message, {field: message})


def _unclear(behind: Behind) -> Iterator[tuple[str, str]]:
    """What asks for half of a condition, or for two that go together in no list."""
    if behind.part is not None and behind.measure is None and behind.of_needs not in IN_PARTS:
        yield "measure", "Say of which figure."
    if (behind.wait is None) != (behind.by_day is None) or (behind.is_reached and not behind.wait):
        yield "wait", "Say for what they waited, and by which day."
    if behind.flow is Flow.NONE or (behind.flow is None) != (behind.week is None):
        yield "flow", "Say what happened, and in which week."
    kinds = (behind.is_of_needs, behind.flow is not None, behind.is_stock, _is_of_cohort(behind))
    if sum(kinds) > 1:
        what = "what became of some, what is open, what happened in a week, or needs"
        yield "flow", f"Ask for one of these: {what}."


def _is_of_cohort(behind: Behind) -> bool:
    conditions = (
        behind.measure, behind.standing, behind.reason, behind.stage, behind.wait, behind.due_to,
        behind.told,
    )  # fmt: skip
    return any(conditions)


def _not_told(behind: Behind, side: Side | None, is_network: bool) -> Iterator[tuple[str, str]]:
    """What is not the viewer's to know, or not of that side."""
    is_of_clients = behind.measure is Measure.CLIENT_CONFIRMED
    if is_network and (
        behind.reason
        or behind.due_to
        or behind.is_of_needs
        or behind.is_unassigned
        or behind.told in (Told.ATTENDED, Told.MISSED)
        or is_of_clients
        or behind.part not in (None, *COUNTED, Part.MATURING)
    ):
        yield "reason", "Why referrals ended and what is done is told to their agencies alone."
    if behind.is_of_needs and side is not Side.SENDER:
        yield "side", "Needs are those of the clients whom you refer. Ask for what you sent."
    if is_of_clients and side is Side.RECEIVER:
        yield "side", "Clients tell it to those who referred them. Ask for what you sent."
    if behind.is_unassigned and side is Side.SENDER:
        yield "side", "Who works on it is told of what you received. Ask for that."
