"""The forms of improvements, of notes on charts, and of links by mail."""

from typing import Any

from marshmallow import Schema, fields, validate

from referral_hub.rules.improvements import MEASURED_LABEL, OPEN_STAGES, Drawn, Every
from referral_hub.schemas import form_fields
from referral_hub.schemas.client_forms import YES_OR_NO, number, words

_MEASURE = "Choose a measure."
_STAGE = "Choose a stage."
_AGAIN: dict[str, Any] = {"required": "Load the page again.", "invalid": "Load the page again."}


class ImprovementForm(Schema):
    """An improvement to begin: its plan, and of which referrals it is."""

    title = words()
    aim = words()
    change = words()
    measured = fields.String(
        required=True,
        validate=validate.OneOf([*MEASURED_LABEL], error=_MEASURE),
        error_messages={"required": _MEASURE, "invalid": _MEASURE},
    )
    every = form_fields.choice(Every, "Choose weeks or months.")
    drawn = form_fields.choice(Drawn, "Choose a kind of chart.")
    baseline_on = form_fields.day("Say from when on you look.")
    ends_on = form_fields.day_or_none()
    side = words()
    from_agency_id = words()
    to_agency_id = words()
    need = words()
    area = words()
    service_id = words()
    team_id = words()
    worker_id = words()
    priority = words()


class ChangeImprovementForm(ImprovementForm):
    """The same, with the stage, and the version that was on the page."""

    stage = fields.String(
        required=True,
        validate=validate.OneOf([*OPEN_STAGES], error=_STAGE),
        error_messages={"required": _STAGE, "invalid": _STAGE},
    )
    version = fields.Integer(required=True, error_messages=_AGAIN)


class CloseImprovementForm(Schema):
    """What was learned."""

    learned = words()
    version = fields.Integer(required=True, error_messages=_AGAIN)


class MarkForm(Schema):
    """A day on which something was changed."""

    day = form_fields.day("Say on which day.")
    words = words()


class LogForm(Schema):
    """A line for the log."""

    text = words()


class FigureNoteForm(Schema):
    """A note to pin to a chart; `back` is the page with its parameters."""

    chart = words()
    back = words()
    about_on = form_fields.day_or_none()
    text = words()


class FigureLinkForm(Schema):
    """A view to have mailed."""

    view = words()
    name = words()
    latest = fields.Boolean(load_default=False, error_messages=dict(YES_OR_NO))
    every = form_fields.choice(Every, "Choose how often.")
    weekday = number()
    day = number()
    hour = fields.Integer(required=True, error_messages={"required": "Choose an hour."})
