"""The forms on the pages of listings, but for those of their sections."""

from marshmallow import Schema, fields

from referral_hub.rules.listing_state import ListingMove
from referral_hub.schemas import form_fields

MOST_NAME = 200
MOST_NOTE = 1_000


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


class ConfirmConditionForm(Schema):
    """A suggested condition that is right."""

    condition = form_fields.text(500, "Choose a condition.")
