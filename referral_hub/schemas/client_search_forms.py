"""Forms with which people choose a client to search for, and put services aside."""

from marshmallow import Schema, fields

from referral_hub.schemas.form_fields import record_id


class ChooseClientForm(Schema):
    """For whom to search."""

    client_id = record_id("Choose a client.")


class ShortlistForm(Schema):
    """Which service to put aside, or to take off the list, and where to go on."""

    service_id = record_id("Choose a service.")
    next = fields.String(load_default="")
