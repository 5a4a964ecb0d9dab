"""The forms on the pages of imports and feeds, and the parameters of their lists."""

from marshmallow import Schema, fields, validate

from referral_hub.rules.feeds import MOST_HOURS, FeedKind
from referral_hub.rules.listing_imports import PageKind
from referral_hub.rules.source_rules import SourceWins
from referral_hub.schemas import form_fields

MOST_PAGES = 1_000_000


class SendListingsForm(Schema):
    """A file with listings; the file itself comes beside it."""

    organization_id = fields.UUID(
        required=True,
        error_messages={
            "required": "Choose an organization.",
            "invalid_uuid": "Choose an organization.",
        },
    )
    complete = fields.Boolean(load_default=False)


class ImportArguments(Schema):
    """Which rows of an import, and which page of them."""

    show = fields.Enum(
        PageKind, by_value=True, load_default=None, error_messages={"unknown": "Use a link."}
    )
    page = fields.Integer(
        load_default=1,
        strict=False,
        validate=validate.Range(1, MOST_PAGES, error="Use a whole number from 1 on."),
        error_messages={"invalid": "Use a whole number from 1 on."},
    )


class FeedForm(Schema):
    """A directory of a partner that is to be pulled."""

    name = form_fields.text(100, "Enter a name.")
    url = form_fields.text(500, "Enter an address that begins with https://.")
    kind = form_fields.choice(FeedKind, "Choose what stands at the address.")
    every_hours = fields.Integer(
        required=True,
        strict=False,
        validate=validate.Range(1, MOST_HOURS, error=f"Use a whole number from 1 to {MOST_HOURS}."),
        error_messages={
            "required": "Enter a number of hours.",
            "invalid": f"Use a whole number from 1 to {MOST_HOURS}.",
        },
    )


class SourceRuleForm(Schema):
    """Who decides a field of a source. `field` is table.field."""

    field = form_fields.text(100, "Choose a field.")
    wins = form_fields.choice(SourceWins, "Choose who wins.")


class DropRuleForm(Schema):
    """A rule that is to count no more."""

    field = form_fields.text(100, "Choose a field.")
