"""The parameters of figures of referrals, checked."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from marshmallow import EXCLUDE, ValidationError, fields, validate

from referral_hub.rules.figure_lists import OfNeeds, Since, Told
from referral_hub.rules.figure_query import Dimension
from referral_hub.rules.figure_words import AGE_LABEL
from referral_hub.rules.measured_state import Flow
from referral_hub.rules.measured_times import Wait
from referral_hub.rules.measures import Measure, Part, Stage, Standing
from referral_hub.rules.reason_codes import Attribution
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.rules.referral_waiting import Waits
from referral_hub.rules.referrals import Priority
from referral_hub.schemas.parameters import Once, Parameters, flag, whole

NO_DAY = "Write a day as 2026-11-03."
_FIRST, _LAST = 1990, 2200


def _within_reach(value: date) -> None:
    """Raise for a day with which nothing can be reckoned."""
    if not _FIRST <= value.year <= _LAST:
        raise ValidationError(f"Use a year from {_FIRST} to {_LAST}.")


def _day(what: str) -> fields.Date:
    return fields.Date(
        load_default=None, validate=_within_reach, error_messages={"invalid": NO_DAY},
        metadata={"description": what},
    )  # fmt: skip


class DayOrMoment(fields.Field[date | datetime]):
    """A day, or a moment with its offset."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date | datetime:
        try:
            found = date.fromisoformat(value) if len(value) <= len(NO_DAY) else None
        except ValueError:
            found = None
        return found or self._moment(str(value))

    def _moment(self, value: str) -> datetime:
        try:
            found = datetime.fromisoformat(value)
        except ValueError as error:
            raise ValidationError(NO_DAY) from error
        if found.tzinfo is None:
            raise ValidationError("Give a moment its offset, such as 2026-11-03T12:00:00Z.")
        return found


def _one_of(
    kind: type[StrEnum], message: str, what: str, default: StrEnum | None = None
) -> fields.Enum[Any]:
    return fields.Enum(
        kind, by_value=True, load_default=default, error_messages={"unknown": message},
        metadata={"description": what},
    )  # fmt: skip


def _id(what: str) -> fields.UUID:
    return fields.UUID(
        load_default=None, error_messages={"invalid_uuid": "This is not an id."},
        metadata={"description": what},
    )  # fmt: skip


class Figures(Parameters):
    """Of which referrals: sent on which days, between whom, for what."""

    since = _day("First day of sending; by default a year before `until`")
    until = _day("Last day of sending, which is in; by default today where the network is")
    as_of = DayOrMoment(
        load_default=None, validate=_within_reach,
        metadata={
            "description": "As it was known then: the end of a day, or a moment; by default now",
            "type": "string",
        },
    )  # fmt: skip
    side = _one_of(Side, "Choose sent by us or sent to us.", "Which part of it is the agency's")
    from_agency_id = _id("Sent by this agency")
    to_agency_id = _id("Sent to this agency")
    need = fields.String(
        load_default="", validate=validate.Regexp(r"^[a-z.-]{0,80}$(?!\n)", error="Choose a need."),
        metadata={"description": "A code of the taxonomy of needs, with all below it"},
    )  # fmt: skip
    area = fields.String(
        load_default="", validate=validate.Length(max=80, error="Choose an area of the list."),
        metadata={"description": "State and county of the client, such as IL:cook county"},
    )  # fmt: skip
    service_id = _id("For this service")
    team_id = _id("Of this team")
    worker_id = _id("Who sent it, or works on it, by the side")
    priority = _one_of(Priority, "Choose a priority.", "How much it presses")


class _Compare:
    by = _one_of(
        Dimension, "Choose by what to compare.", "By what they are told apart", Dimension.TO_AGENCY
    )
    show = _one_of(
        Measure, "Choose a figure.", "The figure that limits are told for", Measure.COMPLETION
    )


class FigureArguments(Figures):
    """What a page of figures is of; what is empty is no condition."""

    class Meta:
        """Other parameters are not this page's business."""

        unknown = EXCLUDE


class CompareArguments(_Compare, FigureArguments):
    """What a page compares."""


class BehindArguments(FigureArguments):
    """Which referrals behind a number."""

    measure = _one_of(Measure, "Choose a figure.", "The figure that counts them")
    part = _one_of(Part, "Choose a part of a figure.", "The part of it")
    standing = _one_of(Standing, "Choose where they stand.", "Where they stand")
    reason = fields.String(
        load_default="", validate=validate.Regexp(r"^[a-z_]{0,80}$(?!\n)", error="Choose a reason.")
    )
    stage = _one_of(Stage, "Choose how far they came.", "How far they came")
    open = flag("All that is open, whenever it was sent")
    overdue = flag("What is overdue")
    waits = _one_of(Waits, "Choose who has the next word.", "Who has the next word")
    age = whole(0, len(AGE_LABEL) - 1, "The group of its age, from 0", None)
    age_of = _one_of(Since, "Choose an age.", "From when its age is told", Since.SENT)
    wait = _one_of(Wait, "Choose what they waited for.", "What they waited for")
    by_day = whole(1, 366, "Who began to wait at least so many days ago", None)
    reached = flag("Who reached it within so many days")
    of_needs = _one_of(OfNeeds, "Choose what is told of needs.", "What is told of needs")
    tried = whole(1, 1000, "How many agencies were tried until one accepted", None)
    due_to = _one_of(Attribution, "Choose whom it is due to.", "Declined for reasons of somebody")
    told = _one_of(Told, "Choose what happened.", "What happened beside where it stands")
    flow = _one_of(Flow, "Choose what came in or went out.", "What came in or went out")
    week = _day("In the week that begins on this day")
    unassigned = flag("On which nobody works yet")
    page = whole(1, 10_000, "Page, from 1", 1)


class ViewArguments(CompareArguments, BehindArguments):
    """What any page of figures can be asked."""


class ReportArguments(Once, Figures):
    """The parameters of reports in the API; others are refused by name."""


class ComparisonArguments(Once, _Compare, Figures):
    """The parameters of a comparison in the API."""


class PublishedArguments(Once):
    """Which quarter is asked for; the last one that is published where none is named."""

    quarter = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"^([12][0-9]{3}-Q[1-4])?$(?!\n)", error="Write a quarter as 2026-Q1."
        ),
        metadata={"description": "Such as 2026-Q1", "example": "2026-Q1"},
    )
