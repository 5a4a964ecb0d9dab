"""Which referrals a list holds, in words."""

from collections.abc import Mapping

from referral_hub.rules.figure_lists import IN_PARTS, Behind, OfNeeds, Since, Told
from referral_hub.rules.figure_words import (
    AGE_LABEL,
    ATTRIBUTION_LABEL,
    END_LABEL,
    FLOW_LABEL,
    MEASURE_LABEL,
    PART_LABEL,
    STAGE_LABEL,
    STANDING_LABEL,
    WAITS_LABEL,
)
from referral_hub.rules.measured_times import FROM_ACCEPTANCE, GOAL, Wait
from referral_hub.rules.reason_codes import CLOSURE, DECLINE, OUTCOME, WITHDRAWAL, Reason

_REASONS: Mapping[str, Reason] = {**DECLINE, **CLOSURE, **OUTCOME, **WITHDRAWAL}
_OF_NEEDS: Mapping[OfNeeds, str] = {
    OfNeeds.REFERRED: "Needs first referred",
    OfNeeds.MET: "Need met",
    OfNeeds.MET_OR_PARTLY: "Need met, or partly",
    OfNeeds.FIRST_CHOICE: "First choice accepted",
    OfNeeds.AGAIN: "Came back with the same need",
    OfNeeds.NO_PLACE: "Needs for which no agency had a place",
}
_TOLD: Mapping[Told, str] = {
    Told.REVERSED: "a decision was taken back, once for each",
    Told.ATTENDED: "the client came to an appointment, once for each",
    Told.MISSED: "the client missed an appointment, once for each",
}
_AGE_OF = {Since.SENT: "since it was sent", Since.STATUS: "in its status"}


def behind_words(behind: Behind) -> str:
    """What the referrals have in common that a number counts."""
    return "; ".join(_told(behind)) or "Sent"


def _told(behind: Behind) -> list[str]:
    told = []
    if behind.measure is not None:
        part = "all that it is of" if behind.part is None else PART_LABEL[behind.part]
        told.append(f"{MEASURE_LABEL[behind.measure]}: {part}")
    told += _told_of_needs(behind)
    if behind.standing is not None:
        told.append(STANDING_LABEL[behind.standing])
    if behind.reason:
        told.append(f"for the reason: {_reason(behind.reason)}")
    if behind.due_to is not None:
        told.append(f"declined, due to: {ATTRIBUTION_LABEL[behind.due_to].lower()}")
    if behind.told is not None:
        told.append(_TOLD[behind.told])
    if behind.flow is not None and behind.week is not None:
        day = f"{behind.week:%B} {behind.week.day}, {behind.week.year}"
        told.append(f"{FLOW_LABEL[behind.flow]} in the week of {day}")
    if behind.stage is not None:
        told.append(f"came as far as: {STAGE_LABEL[behind.stage].lower()}")
    if behind.wait is not None:
        told.append(_told_of_wait(behind.wait, behind.by_day or 0, is_reached=behind.is_reached))
    return told + _told_of_stock(behind)


def _told_of_needs(behind: Behind) -> list[str]:
    told = []
    if behind.of_needs in IN_PARTS and behind.of_needs is not None:
        part = "all that it is of" if behind.part is None else PART_LABEL[behind.part]
        told.append(f"{_OF_NEEDS[behind.of_needs]}: {part}")
    elif behind.of_needs is not None:
        told.append(_OF_NEEDS[behind.of_needs])
    if behind.tried is not None:
        noun = "agency" if behind.tried == 1 else "agencies"
        told.append(f"{behind.tried} {noun} tried until one accepted")
    return [*told, "each need by its first referral"] if told else []


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
    if behind.is_unassigned:
        told.append("nobody works on it yet")
    if behind.age is not None:
        told.append(f"{AGE_LABEL[behind.age].lower()} {_AGE_OF[behind.since]}")
    return told


def _reason(code: str) -> str:
    return _REASONS[code].label if code in _REASONS else code
