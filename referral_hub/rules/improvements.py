"""Improvement cycles: what is aimed at, what is changed, and by which measure one would see it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.figure_query import EARLIEST, Oversight, hears_clients
from referral_hub.rules.figure_words import MEASURE_LABEL
from referral_hub.rules.measures import Measure
from referral_hub.rules.profile_check import clean_text
from referral_hub.rules.referral_lifecycle import Side

MOST_TITLE, MOST_WORDS, MOST_MARK = 120, 2000, 200
LONGEST = timedelta(days=3 * 365)
"""How long a cycle may be looked at, and how far ahead it may end."""
MOST_MARKS = 12


class Stage(StrEnum):
    """Where a cycle is: plan, do, study, act, and closed once one knows what was learned."""

    PLAN = "plan"
    DO = "do"
    STUDY = "study"
    ACT = "act"
    CLOSED = "closed"


OPEN_STAGES = tuple(stage for stage in Stage if stage is not Stage.CLOSED)
STAGE_LABEL: Mapping[Stage, str] = {stage: stage.value.capitalize() for stage in Stage}
STAGE_MEANING: Mapping[Stage, str] = {
    Stage.PLAN: "Say what you expect, and look at the time before.",
    Stage.DO: "Try the change, and note what happens.",
    Stage.STUDY: "Compare what came with what you expected.",
    Stage.ACT: "Keep the change, adapt it or give it up.",
    Stage.CLOSED: "Ended, with what was learned.",
}


class Every(StrEnum):
    """How long is the time of which a point is."""

    WEEK = "week"
    MONTH = "month"


EVERY_LABEL: Mapping[Every, str] = {Every.WEEK: "Weeks", Every.MONTH: "Months"}


class Drawn(StrEnum):
    """By which rules a series is judged."""

    CONTROL = "control"
    RUN = "run"


DRAWN_LABEL: Mapping[Drawn, str] = {
    Drawn.CONTROL: "Control chart: mean and limits, for 12 points and more",
    Drawn.RUN: "Run chart: median only, for fewer points",
}


class Quantity(StrEnum):
    """A number of each week or month, that is no share."""

    SENT = "sent"
    DAYS_TO_DECISION = "days_to_decision"
    OVERDUE = "overdue"


Measured = Measure | Quantity
MEASURED_LABEL: Mapping[Measured, str] = {
    **{measure: label for measure, label in MEASURE_LABEL.items()},  # noqa: C416
    Quantity.SENT: "Referrals sent",
    Quantity.DAYS_TO_DECISION: "Median days to a decision",
    Quantity.OVERDUE: "Open and overdue at the end",
}
"""What can be followed, in the order in which it is offered."""
UNIT: Mapping[Quantity, str] = {
    Quantity.SENT: "referrals",
    Quantity.DAYS_TO_DECISION: "days",
    Quantity.OVERDUE: "referrals",
}


def measured_of(text: str) -> Measured:
    """A measure by its code. Raises ValueError."""
    return Quantity(text) if text in set(Quantity) else Measure(text)


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody writes when they begin a cycle, and may change later."""

    title: str
    aim: str
    change: str
    measured: Measured
    every: Every
    drawn: Drawn
    baseline_on: date
    ends_on: date | None


def measured_for(oversight: Oversight) -> Mapping[Measured, str]:
    """What whoever oversees so much can follow, in the order in which it is offered."""
    if hears_clients(oversight, None):
        return MEASURED_LABEL
    return {each: label for each, label in MEASURED_LABEL.items() if each not in _SAID_BY_CLIENTS}


_SAID_BY_CLIENTS = frozenset({Measure.CLIENT_CONFIRMED})


def check_plan(plan: Plan, today: date, oversight: Oversight, side: Side | None) -> Plan:
    """The plan as it is kept, of what whoever oversees so much has on a side. InvalidInput names
    all faults."""
    faults: dict[str, str] = {}
    if plan.measured in _SAID_BY_CLIENTS and not hears_clients(oversight, side):
        faults["measured"] = (
            "What clients say is told to the agency that sent them alone, of what it sent. Choose"
            " another measure."
        )
    title = _clean(plan.title, MOST_TITLE, "title", "Give it a short name.", faults)
    aim = _clean(
        plan.aim, MOST_WORDS, "aim", "Say what is to be better, by how much and by when.", faults
    )
    change = _clean(plan.change, MOST_WORDS, "change", "Say what you will do differently.", faults)
    if not max(EARLIEST, today - LONGEST) <= plan.baseline_on <= today + LONGEST:
        faults["baseline_on"] = "Use a day within three years."
    elif plan.ends_on is not None and not plan.baseline_on < plan.ends_on <= today + LONGEST:
        faults["ends_on"] = "The end comes after the baseline begins, within three years from now."
    if faults:
        raise InvalidInput("Please check what you entered.", faults)
    return replace(plan, title=" ".join(title.split()), aim=aim, change=change)


def check_mark(text: str, day: date, baseline_on: date, ends_on: date | None, today: date) -> str:
    """The words of a change that is marked on a day. InvalidInput names all faults."""
    faults: dict[str, str] = {}
    text = _clean(text, MOST_MARK, "words", "Say what was changed.", faults)
    if not baseline_on <= day <= min(today, ends_on or today):
        faults["day"] = "Use a day from the begin of the baseline to today, before the end."
    if faults:
        raise InvalidInput("Please check what you entered.", faults)
    return " ".join(text.split())


def clean_words(text: str, field: str, missing: str) -> str:
    """What people write about a cycle. Raises InvalidInput."""
    return clean_text(text, MOST_WORDS, field, missing)


def _clean(text: str, most: int, field: str, missing: str, faults: dict[str, str]) -> str:
    try:
        return clean_text(text, most, field, missing)
    except InvalidInput as error:
        faults |= error.fields
        return ""


def edges(every: Every, since: date, until: date) -> list[date]:
    """The first days of all weeks (from Monday) or months that lie whole from `since` until before
    `until`, and the day after the last of them. Empty where there is none."""
    found = [_begin(every, since)]
    while (following := _next(every, found[-1])) <= until:
        found.append(following)
    return found if len(found) > 1 else []


def last_day_of(every: Every, begins: date) -> date:
    """The last day of the week or month that begins on a day."""
    return _next(every, begins) - timedelta(days=1)


def _begin(every: Every, day: date) -> date:
    if every is Every.WEEK:
        return day + timedelta(days=-day.weekday() % 7)
    return day if day.day == 1 else _next(every, day)


def _next(every: Every, day: date) -> date:
    if every is Every.WEEK:
        return day + timedelta(weeks=1)
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
