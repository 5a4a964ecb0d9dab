"""Webhooks in JSON."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from referral_hub.rules.webhooks import KINDS, MOST_URL, DeliveryState
from referral_hub.schemas.json_fields import Moment, Text, one_of

_WHICH = "Name either a moment in `since`, or one delivery in `delivery_id`."


class NewWebhookSchema(Schema):
    """An address that is to hear of the agency's referrals; no kinds means all."""

    url = Text(MOST_URL, required=True, metadata={"description": "Begins with https://"})
    kinds = fields.List(
        fields.String(validate=validate.OneOf(tuple(KINDS), error="There is no such kind.")),
        load_default=list, validate=validate.Length(max=len(KINDS)),
    )  # fmt: skip


class SecretSchema(Schema):
    """A secret, which is answered this once."""

    id = fields.UUID(required=True, attribute="webhook_id")
    secret = fields.String(required=True)


class WebhookSchema(Schema):
    """An address that hears of the agency's referrals, and how it does."""

    id = fields.UUID(required=True)
    url = fields.String(required=True)
    kinds = fields.List(fields.String(), required=True, attribute="codes")
    created_at = fields.AwareDateTime(required=True)
    failing_since = fields.AwareDateTime(required=True, allow_none=True)
    disabled_at = fields.AwareDateTime(required=True, allow_none=True)
    disabled_because = fields.String(required=True)
    waiting = fields.Integer(
        required=True, metadata={"description": "Messages that wait to be delivered"}
    )


class WebhookListSchema(Schema):
    """The webhooks of the agency, the oldest first."""

    webhooks = fields.List(fields.Nested(WebhookSchema), required=True)


class TestedSchema(Schema):
    """What came of a test message. `status` is what the receiver answered."""

    arrived = fields.Boolean(required=True)
    status = fields.Integer(required=True, allow_none=True)
    fault = fields.String(required=True)
    milliseconds = fields.Integer(required=True)


class DeliverySchema(Schema):
    """A message to a webhook: which event, where it stands, and its last try."""

    id = fields.UUID(required=True)
    type = fields.String(required=True)
    referral_id = fields.UUID(required=True)
    seq = fields.Integer(required=True)
    state = one_of(DeliveryState, required=True)
    tries = fields.Integer(required=True)
    next_try = fields.AwareDateTime(required=True, allow_none=True)
    last_at = fields.AwareDateTime(required=True, allow_none=True)
    last_status = fields.Integer(required=True, allow_none=True)
    last_fault = fields.String(required=True)
    milliseconds = fields.Integer(required=True, allow_none=True)


class DeliveryListSchema(Schema):
    """A page of deliveries; `next` begins the next one, and is null on the last."""

    deliveries = fields.List(fields.Nested(DeliverySchema), required=True)
    next = fields.String(required=True, allow_none=True)


class ReplaySchema(Schema):
    """What to send again: everything since a moment, or one delivery."""

    since = Moment()
    delivery_id = fields.UUID()

    @validates_schema
    def require_one(self, values: dict[str, object], **_: object) -> None:
        """Refuse both and neither."""
        if len(values) != 1:
            raise ValidationError(_WHICH, "since")


class ReplayedSchema(Schema):
    """How many messages are sent again."""

    messages = fields.Integer(required=True)
