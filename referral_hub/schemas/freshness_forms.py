"""The forms about listings: how much room there is, whether they are true, what is wrong."""

from marshmallow import Schema, fields, validate

from referral_hub.rules.capacity import MOST_NOTE, MOST_UNIT, CapacityState
from referral_hub.rules.corrections import MOST_VALUE, ListingField, Refusal
from referral_hub.schemas import form_fields

MOST_ROWS = 30
"""For so many kinds of people it can be said at most."""
_NO_LISTING = "Choose a listing."
_NO_NUMBER = {"invalid": "Use a number, such as 3.", "special": "Use a number, such as 3."}


def _number() -> fields.Float:
    return fields.Float(load_default=None, error_messages=dict(_NO_NUMBER))


def _words(most: int) -> fields.String:
    return fields.String(
        load_default="",
        validate=validate.Length(max=most, error=f"Use at most {most} characters."),
    )


def _state() -> fields.Field[CapacityState]:
    return form_fields.choice(CapacityState, "Choose one of the four.")


class TapForm(Schema):
    """One tap: a service and its state."""

    service_id = form_fields.record_id("Choose a service.")
    state = _state()


class CapacityForm(Schema):
    """All that can be said of a service's room."""

    version = fields.Integer(
        required=True,
        error_messages={
            "required": "Load the page again; this form is incomplete.",
            "invalid": "Load the page again; this form is incomplete.",
        },
    )
    state = _state()
    available = _number()
    maximum = _number()
    unit = _words(MOST_UNIT)
    until = form_fields.day_or_none()
    note = _words(MOST_NOTE)


class PopulationForm(Schema):
    """How it is for one kind of people."""

    population = form_fields.text(60, "Choose the kind of people, or empty the whole row.")
    state = _state()
    available = _number()
    maximum = _number()


class LinkForm(Schema):
    """The secret of a link."""

    token = form_fields.text(400, "Paste the link from the e-mail.")


class LinkedListingForm(LinkForm):
    """A listing that a link is about."""

    listing_id = form_fields.record_id("Choose a listing.")


class LinkedTapForm(LinkForm):
    """One tap by a link."""

    service_id = form_fields.record_id("Choose a service.")
    state = _state()


class ConfirmForm(Schema):
    """A listing that is still true."""

    table = fields.String(
        load_default="service",
        validate=validate.OneOf(("service", "organization", "location"), error=_NO_LISTING),
    )
    listing_id = form_fields.record_id(_NO_LISTING)


class ProposalForm(Schema):
    """What a listing should say. `shown` is the sealed moment at which the form was shown, and
    `nickname` a field that people do not see."""

    field = form_fields.choice(ListingField, "Choose what is wrong.")
    proposed = _words(MOST_VALUE)
    note = _words(MOST_VALUE)
    shown = fields.String(load_default="")
    nickname = fields.String(load_default="")


class AcceptForm(Schema):
    """A proposal that is taken, as it stands or with other words; `seen` is what the listing said
    when the form was shown."""

    seen = fields.String(load_default="")
    value = fields.String(
        load_default=None,
        validate=validate.Length(max=MOST_VALUE, error=f"Use at most {MOST_VALUE} characters."),
    )


class RefuseForm(Schema):
    """Why a proposal is not taken."""

    reason = form_fields.choice(Refusal, "Choose why.")
