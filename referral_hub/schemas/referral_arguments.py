"""What the address of a list of referrals may say."""

from marshmallow import Schema, fields, validate

from referral_hub.rules.referral_lifecycle import Status
from referral_hub.rules.referrals import Waiting


class ListArguments(Schema):
    """Which part of a list."""

    waiting = fields.Enum(Waiting, by_value=True, load_default=Waiting.US)
    status = fields.Enum(Status, by_value=True, load_default=None)
    overdue = fields.Boolean(load_default=False)
    mine = fields.Boolean(load_default=False)
    view = fields.String(load_default="table", validate=validate.OneOf(("table", "board")))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 100_000))
