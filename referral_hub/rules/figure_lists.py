"""Which referrals are behind a number."""

from dataclasses import dataclass
from enum import StrEnum

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.measured_times import Wait
from referral_hub.rules.measures import COUNTED, Measure, Part, Stage, Standing
from referral_hub.rules.referral_waiting import Waits


class Since(StrEnum):
    """From when the age of an open referral is told."""

    SENT = "sent"
    STATUS = "since"


@dataclass(frozen=True, slots=True)
class Behind:
    """A number as a condition on referrals; what is None is no condition.

    With `part` and its measure: one part of a figure, or all that it is of (`counted`). `is_open`
    asks for all that is open, whenever it was sent; `is_overdue`, `waits` and `age` (a place in the
    groups of ages, told `since` a time) narrow that. `wait` asks for what began to wait at least
    `by_day` days ago, or for those of them that reached the goal within so many (`is_reached`).
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

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the measure that are asked for."""
        return COUNTED if self.part is None else (self.part,)

    @property
    def is_stock(self) -> bool:
        """Whether it is about what is open now."""
        return self.is_open or self.is_overdue or self.waits is not None or self.age is not None


def check_behind(behind: Behind, *, is_network: bool) -> None:
    """Raise InvalidInput for what cannot be listed, or not for whoever oversees the network: why a
    referral ended is told to its agencies alone."""
    if behind.part is not None and behind.measure is None:
        message = "Say of which figure."
        raise InvalidInput(message, {"measure": message})
    if (behind.wait is None) != (behind.by_day is None) or (behind.is_reached and not behind.wait):
        message = "Say for what they waited, and by which day."
        raise InvalidInput(message, {"wait": message})
    telling = behind.reason or behind.part not in (None, *COUNTED, Part.MATURING)
    if is_network and telling:
        message = "Why referrals ended is told to their agencies alone."
        raise InvalidInput(message, {"reason": message})
