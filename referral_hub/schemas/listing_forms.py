"""The forms on the pages of listings, but for those of their sections."""

from enum import StrEnum

from marshmallow import Schema, fields, validate

from referral_hub.rules.listing_state import ListingMove
from referral_hub.rules.visibility import WhyRead, WhyShown
from referral_hub.schemas import form_fields

MOST_NAME = 200
MOST_CONDITION = 20_000


class AddListingForm(Schema):
    """A listing to begin."""

    name = form_fields.text(MOST_NAME, "Enter a name.")
    organization_id = fields.UUID(
        load_default=None, error_messages={"invalid_uuid": "Choose whose it is."}
    )


class MoveListingForm(Schema):
    """What is to become of a listing."""

    move = form_fields.choice(ListingMove, "Choose what to do.")
    note = fields.String(load_default="", error_messages={"invalid": "Use plain text."})


class Seen(StrEnum):
    """Who sees a record."""

    BY_EVERYBODY = "everybody"
    BY_ITS_AGENCY = "agency"


class SeenForm(Schema):
    """Who is to see an organization, program or location."""

    seen = form_fields.choice(Seen, "Choose who sees it.")


class ConfirmConditionForm(Schema):
    """A suggested condition that is right."""

    condition = form_fields.text(MOST_CONDITION, "Choose a condition.")


class ProtectPlaceForm(Schema):
    """That somebody read what follows from making an address confidential."""

    understood = fields.Boolean(
        required=True,
        validate=validate.Equal(True, error="Tick that you have read it."),
        error_messages={"required": "Tick that you have read it.", "invalid": "Tick or leave it."},
    )


class OpenPlaceForm(Schema):
    """Why an address need be secret no longer."""

    why_open = form_fields.choice(WhyShown, "Choose why.")


class ReadPlaceForm(Schema):
    """Why somebody looks an address up."""

    why_read = form_fields.choice(WhyRead, "Choose why.")
