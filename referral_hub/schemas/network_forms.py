"""The forms on the pages of the network."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from referral_hub.rules.agencies import AgencyMove
from referral_hub.rules.email_addresses import MOST_EMAIL
from referral_hub.rules.people import MOST_NAME
from referral_hub.schemas import form_fields

MOST_AGENCY_NAME = 200
_BOTH = "Enter both a name and an e-mail address, or neither."


class AddAgencyForm(Schema):
    """An agency to add, and who is invited to look after it."""

    name = form_fields.text(MOST_AGENCY_NAME, "Enter the agency's name.")
    victim_services = fields.Boolean(load_default=False, error_messages={"invalid": "Tick or not."})
    admin_name = fields.String(load_default=None, validate=validate.Length(max=MOST_NAME))
    admin_email = fields.String(load_default=None, validate=validate.Length(max=MOST_EMAIL))

    @validates_schema
    def _both_or_neither(self, values: dict[str, object], **_: object) -> None:
        if bool(values.get("admin_name")) != bool(values.get("admin_email")):
            missing = "admin_email" if values.get("admin_name") else "admin_name"
            raise ValidationError(_BOTH, missing)


class DecideForm(Schema):
    """What a steward decides about an agency."""

    move = form_fields.choice(AgencyMove, "Choose what to do.")


class TieForm(Schema):
    """An organization of the directory that is an agency's own, or no longer."""

    organization_id = form_fields.record_id("Choose an organization.")


class PersonForm(Schema):
    """Somebody to invite: as a steward, or as an agency's administrator."""

    name = form_fields.name()
    email = form_fields.email()
