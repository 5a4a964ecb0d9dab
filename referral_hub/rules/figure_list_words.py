"""Which referrals a list holds, in words."""

from collections.abc import Mapping

from referral_hub.rules.figure_lists import Behind, Since
from referral_hub.rules.figure_words import (
    AGE_LABEL,
    END_LABEL,
    MEASURE_LABEL,
    PART_LABEL,
    STAGE_LABEL,
    STANDING_LABEL,
    WAITS_LABEL,
)
from referral_hub.rules.measured_times import FROM_ACCEPTANCE, GOAL, Wait
from referral_hub.rules.reason_codes import CLOSURE, DECLINE, OUTCOME, WITHDRAWAL, Reason

_REASONS: Mapping[str, Reason] = {**DECLINE, **CLOSURE, **OUTCOME, **WITHDRAWAL}
_AGE_OF = {Since.SENT: "since it was sent", Since.STATUS: "in its status"}


def behind_words(behind: Behind) -> str:
    """What the referrals have in common that a number counts."""
    return "; ".join(_told(behind)) or "Sent"


def _told(behind: Behind) -> list[str]:
    told = []
    if behind.measure is not None:
        part = "all that it is of" if behind.part is None else PART_LABEL[behind.part]
        told.append(f"{MEASURE_LABEL[behind.measure]}: {part}")
    if behind.standing is not None:
        told.append(STANDING_LABEL[behind.standing])
    if behind.reason:
        told.append(f"for the reason: {_reason(behind.reason)}")
    if behind.stage is not None:
        told.append(f"came as far as: {STAGE_LABEL[behind.stage].lower()}")
    if behind.wait is not None:
        told.append(_told_of_wait(behind.wait, behind.by_day or 0, is_reached=behind.is_reached))
    return told + _told_of_stock(behind)


def _told_of_wait(wait: Wait, day: int, *, is_reached: bool) -> str:
    begun = "accepted" if wait in FROM_ACCEPTANCE else "sent"
    told = f"{begun} at least {day} days before"
    return f"{told}, and {END_LABEL[GOAL[wait]].lower()} within {day} days" if is_reached else told


def _told_of_stock(behind: Behind) -> list[str]:
    told = []
    if behind.is_stock:
        told.append("Overdue" if behind.is_overdue else "Open")
    if behind.waits is not None:
        told.append(f"waits on: {WAITS_LABEL[behind.waits].lower()}")
    if behind.age is not None:
        told.append(f"{AGE_LABEL[behind.age].lower()} {_AGE_OF[behind.since]}")
    return told


def _reason(code: str) -> str:
    return _REASONS[code].label if code in _REASONS else code
