"""The forms on the pages of supervision."""

from marshmallow import Schema, fields

from referral_hub.rules.check_ins import MOST_TEXT
from referral_hub.schemas import form_fields

_LOAD_AGAIN = "Load the page again; this form is incomplete."


def _version() -> fields.Integer:
    return fields.Integer(
        required=True,
        strict=False,
        error_messages={"required": _LOAD_AGAIN, "invalid": _LOAD_AGAIN},
    )


def _time() -> fields.NaiveDateTime:
    """A wall-clock time; where its clock hangs the page knows."""
    message = "Use a day and a time."
    return fields.NaiveDateTime(
        required=True, error_messages={"required": message, "invalid": message}
    )


def _weeks() -> fields.Integer:
    message = "Choose one from the list."
    return fields.Integer(required=True, error_messages={"required": message, "invalid": message})


class MoveCheckInForm(Schema):
    """When a check-in is, and after how many weeks the next one may be."""

    planned_at = _time()
    weeks = _weeks()


class PlanCheckInForm(MoveCheckInForm):
    """A check-in to plan, and with whom."""

    worker_id = form_fields.record_id("Choose somebody of a team that you supervise.")


class PointForm(Schema):
    """What somebody wants to talk about."""

    point = form_fields.text(MOST_TEXT, "Write what you want to talk about.")


class ActionForm(Schema):
    """What is agreed: what, by whom, until when."""

    text = form_fields.text(MOST_TEXT, "Write what is to be done.")
    person_id = form_fields.record_id("Choose one of you two.")
    due_on = form_fields.day_or_none()


class HoldForm(Schema):
    """What both want to keep of a check-in."""

    notes = fields.String(load_default="")


class FeedbackForm(Schema):
    """What stays between the two."""

    feedback = form_fields.text(MOST_TEXT, "Write your feedback.")


class ApproveForm(Schema):
    """A proposed decline, as it was seen."""

    version = _version()


class ReturnForm(ApproveForm):
    """Why a proposed decline goes back."""

    note = form_fields.text(MOST_TEXT, "Write why, so that the worker knows what to do.")


class LookForm(Schema):
    """That somebody looked at a decline."""

    note = fields.String(load_default="")


class DeclineRuleForm(Schema):
    """Whether supervisors decide on declines."""

    reviewed = fields.Boolean(load_default=False)
