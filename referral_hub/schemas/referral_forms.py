"""The forms on the pages of referrals."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate

from referral_hub.rules.consent import Category
from referral_hub.rules.referral_details import MOST_TEXT
from referral_hub.rules.referrals import (
    AppointmentState,
    ClientAnswer,
    ConflictCheck,
    ContactMethod,
    Priority,
)
from referral_hub.schemas import form_fields

_LONG = validate.Length(max=MOST_TEXT, error=f"Use at most {MOST_TEXT} characters.")
_NO_TIME = {"invalid": "Use a day and a time."}


def _words() -> fields.String:
    return fields.String(load_default="", validate=_LONG)


def _local_time() -> fields.NaiveDateTime:
    """A wall-clock time; where its clock hangs the page knows."""
    return fields.NaiveDateTime(load_default=None, error_messages=dict(_NO_TIME))


def _version() -> fields.Integer:
    message = "Load the page again; this form is incomplete."
    return fields.Integer(
        required=True, strict=False, error_messages={"required": message, "invalid": message}
    )


class MoveForm(Schema):
    """Everything that can come with a move; which of it must, the rules say."""

    version = _version()
    note = _words()
    question = _words()
    answer = _words()
    reason = fields.String(load_default=None)
    outcome = fields.String(load_default=None)
    listing_field = fields.String(load_default="")
    assignee_id = fields.UUID(
        load_default=None, error_messages={"invalid_uuid": "Choose who takes it on."}
    )
    first_contact_by = _local_time()
    review_on = form_fields.day_or_none()
    expected_on = form_fields.day_or_none()
    resume_on = form_fields.day_or_none()
    service_date = form_fields.day_or_none()
    contacted_at = _local_time()
    began_at = _local_time()
    receiver_client_id = fields.UUID(
        load_default=None, error_messages={"invalid_uuid": "Choose one of your clients."}
    )


class ProposeForm(Schema):
    """A decline that a supervisor decides on."""

    version = _version()
    note = _words()
    reason = fields.String(load_default=None)
    listing_field = fields.String(load_default="")


class VoidForm(Schema):
    """Why a referral was all an error."""

    version = _version()
    note = _words()


class StartForm(Schema):
    """A referral that begins: what for and to whom."""

    need_id = form_fields.record_id("Choose what the client needs.")
    service_id = form_fields.record_id("Choose a service.")


class PrepareForm(Schema):
    """What a draft holds beside its service."""

    version = _version()
    priority = form_fields.choice(Priority, "Choose how urgent it is.")
    reason = _words()
    categories = fields.List(
        form_fields.choice(Category, "Choose from the list."), load_default=list
    )
    consent_id = fields.UUID(
        load_default=None, error_messages={"invalid_uuid": "Choose one of the consents."}
    )
    called = fields.Boolean(load_default=False)


class ConflictForm(Schema):
    """What a check for a conflict of interest found."""

    version = _version()
    found = form_fields.choice(ConflictCheck, "Say whether there is a conflict of interest.")


class MessageForm(Schema):
    """A message to the other agency."""

    text = form_fields.text(MOST_TEXT, "Write something.")


class ContactForm(Schema):
    """A try to reach the client."""

    method = form_fields.choice(ContactMethod, "Choose how.")
    reached = fields.Boolean(load_default=False)
    occurred_at = _local_time()
    note = _words()


class ClientAnswerForm(Schema):
    """What the client said when asked whether they got help."""

    answer = form_fields.choice(ClientAnswer, "Choose what the client said.")
    asked_at = _local_time()
    answer_note = _words()


class NewAppointmentForm(Schema):
    """An appointment with the client."""

    at = fields.NaiveDateTime(
        required=True, error_messages={"required": "Say when it is.", **_NO_TIME}
    )
    place = _words()


class AppointmentForm(Schema):
    """What there is to say of an appointment; a new time where it is moved."""

    state = form_fields.choice(AppointmentState, "Choose what there is to say.")
    at = _local_time()
    note = _words()


class VersionForm(Schema):
    """An act for which nothing is needed but what was seen."""

    version = _version()


class AssignForm(Schema):
    """Who works on a referral."""

    version = _version()
    assignee_id = form_fields.record_id("Choose who works on it.")


class CheckInForm(Schema):
    """How it goes."""

    progress = form_fields.text(MOST_TEXT, "Write a word on how it goes.")


class SendForm(Schema):
    """The last look at a referral; a note says why another one is needed, and the digest stands
    for what was looked at."""

    version = _version()
    preview_digest = fields.String(
        required=True, error_messages={"required": "Load the page again; this form is incomplete."}
    )
    note = _words()


class ShareMoreForm(Schema):
    """What is shared in addition, on which ground, and what stands for what was looked at."""

    categories = fields.List(
        form_fields.choice(Category, "Choose from the list."), load_default=list
    )
    consent_id = fields.UUID(
        load_default=None, error_messages={"invalid_uuid": "Choose one of the consents."}
    )
    override_reason = _words()
    preview_digest = fields.String(
        required=True, error_messages={"required": "Load the page again; this form is incomplete."}
    )


class _Ticked(fields.Field[tuple[UUID, int]]):
    """A referral with the version that was seen, as a ticked box sends them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[UUID, int]:
        try:
            referral_id, version = str(value).split()
            return UUID(referral_id), int(version)
        except ValueError:
            raise ValidationError("Choose referrals from the list.") from None


class ManyForm(Schema):
    """Several referrals of the inbox at once, each with the version that was seen."""

    referral_id = fields.List(
        _Ticked(),
        required=True,
        validate=validate.Length(min=1, max=200, error="Tick at least one referral."),
        error_messages={"required": "Tick at least one referral."},
    )


class AssignManyForm(ManyForm):
    """Several referrals, and who works on them."""

    assignee_id = form_fields.record_id("Choose who works on them.")
