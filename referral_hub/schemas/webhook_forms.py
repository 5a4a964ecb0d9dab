"""The forms on the pages of webhooks, and the parameters of their lists."""

from marshmallow import Schema, fields, validate

from referral_hub.rules.webhooks import KINDS, MOST_URL
from referral_hub.schemas import form_fields

MOST_PAGES = 1_000_000


class WebhookForm(Schema):
    """Where to send news, and of what kinds; none chosen means all."""

    url = form_fields.text(MOST_URL, "Enter an address that begins with https://.")
    kinds = fields.List(
        fields.String(validate=validate.OneOf(KINDS, error="Choose only from the list.")),
        load_default=list,
    )


class ReplayForm(Schema):
    """Since when to send again."""

    since = form_fields.day("Enter a day.")


class PageArguments(Schema):
    """Which page of a list."""

    page = fields.Integer(
        load_default=1,
        strict=False,
        validate=validate.Range(1, MOST_PAGES, error="Use a whole number from 1 on."),
        error_messages={"invalid": "Use a whole number from 1 on."},
    )
