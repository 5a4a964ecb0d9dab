"""What the address of a list of referrals says."""

from typing import Any

from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from referral_hub.rules.referral_lifecycle import Side, Status
from referral_hub.use_cases.list_referrals import ListQuery, Waiting
from referral_hub.web.input import require_arguments


class ListArguments(Schema):
    """Which part of a list."""

    waiting = fields.Enum(Waiting, by_value=True, load_default=Waiting.US)
    status = fields.Enum(Status, by_value=True, load_default=None)
    overdue = fields.Boolean(load_default=False)
    mine = fields.Boolean(load_default=False)
    view = fields.String(load_default="table", validate=validate.OneOf(("table", "board")))
    page = fields.Integer(load_default=1, validate=validate.Range(1, 100_000))


def list_query(arguments: MultiDict[str, str], side: Side) -> ListQuery:
    """The list that an address asks for. Raises InvalidInput, UnknownParameter."""
    values: dict[str, Any] = require_arguments(ListArguments(), arguments)
    status = values["status"]
    return ListQuery(
        side,
        values["waiting"],
        frozenset() if status is None else frozenset({status}),
        values["overdue"],
        values["mine"],
        page=values["page"],
    )
