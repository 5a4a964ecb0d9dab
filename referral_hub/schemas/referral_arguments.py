"""What the address of a list of referrals may say."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, pre_load, validate

from referral_hub.rules.referral_lifecycle import Status
from referral_hub.rules.referrals import Waiting

LAST_PAGE = 100_000


class ListArguments(Schema):
    """Which part of a list."""

    waiting = fields.Enum(Waiting, by_value=True, load_default=Waiting.US)
    status = fields.Enum(Status, by_value=True, load_default=None)
    overdue = fields.Boolean(load_default=False)
    mine = fields.Boolean(load_default=False)
    view = fields.String(load_default="table", validate=validate.OneOf(("table", "board")))
    page = fields.Integer(load_default=1, validate=validate.Range(1, LAST_PAGE))


class OverseeArguments(Schema):
    """Which page of the network's referrals, or the number of one; what is empty is not meant."""

    class Meta:
        """Other parameters are not this page's business."""

        unknown = EXCLUDE

    number = fields.UUID(
        load_default=None,
        error_messages={
            "invalid_uuid": "This is not the number of a referral, such as "
            "3f2b8c1e-0d4a-4c55-9e6f-7a1b2c3d4e5f."
        },
    )
    page = fields.Integer(
        load_default=1,
        validate=validate.Range(1, LAST_PAGE, error="Use a whole number from 1 on."),
        error_messages={"invalid": "Use a whole number from 1 on."},
    )

    @pre_load
    def leave_out_the_empty(self, values: Any, **_: object) -> dict[str, str]:
        """A field that is left empty is not sent."""
        return {name: text.strip() for name, text in values.items() if text.strip()}
