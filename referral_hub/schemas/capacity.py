"""How much room a service has, in JSON."""

from typing import Any

from marshmallow import Schema, fields, validate

from referral_hub.rules.capacity import MOST_NOTE, MOST_NUMBER, MOST_UNIT, CapacityState
from referral_hub.rules.listing_asks import AskReason
from referral_hub.rules.listing_freshness import Standing
from referral_hub.schemas.freshness_forms import MOST_ROWS
from referral_hub.schemas.json_fields import Amount, Day, Text, one_of


def _number(**more: Any) -> Amount:
    return Amount(MOST_NUMBER, allow_none=True, load_default=None, **more)


class PopulationCapacitySchema(Schema):
    """How it is for one kind of people, where that differs."""

    population = Text(60, required=True, metadata={"description": "Such as `women` or `families`"})
    state = one_of(CapacityState, required=True)
    available = _number()
    maximum = _number()


class SaidCapacitySchema(Schema):
    """All that is said of a service from now on; what is left out is not known."""

    state = one_of(CapacityState, required=True)
    available = _number(metadata={"description": "How many are free, in `unit`"})
    maximum = _number(metadata={"description": "How many there are in all"})
    unit = Text(MOST_UNIT, load_default="", metadata={"description": "What is counted: beds"})
    until = Day(
        load_default=None, allow_none=True, metadata={"description": "The last day of this"}
    )
    note = Text(MOST_NOTE, load_default="")
    populations = fields.List(
        fields.Nested(PopulationCapacitySchema), load_default=list,
        validate=validate.Length(max=MOST_ROWS),
    )  # fmt: skip


class CapacitySchema(Schema):
    """What an agency last said of a service. `standing` tells what that counts for by now: it is
    `current`, or old enough to be `asked` about, or `lapsed`, which is as good as nothing said."""

    service_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    state = one_of(CapacityState, required=True, allow_none=True)
    available = fields.Float(required=True, allow_none=True)
    maximum = fields.Float(required=True, allow_none=True)
    unit = fields.String(required=True)
    until = fields.Date(required=True, allow_none=True)
    note = fields.String(required=True)
    populations = fields.List(fields.Nested(PopulationCapacitySchema), required=True)
    stated_at = fields.AwareDateTime(required=True, allow_none=True)
    standing = one_of(Standing, required=True)
    asked = one_of(AskReason, required=True, allow_none=True)
