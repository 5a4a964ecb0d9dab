"""Referrals in JSON."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from referral_hub.rules.client_matching import Likeness
from referral_hub.rules.consent import Category
from referral_hub.rules.intake import AnswerKind
from referral_hub.rules.referral_details import MOST_TEXT
from referral_hub.rules.referral_lifecycle import Move, Side, Status
from referral_hub.rules.referrals import (
    AppointmentState,
    ClientAnswer,
    ContactMethod,
    Priority,
    Waiting,
)
from referral_hub.schemas.json_fields import (
    AskedYesOrNo,
    Day,
    Moment,
    PageArguments,
    Text,
    YesOrNo,
    one_of,
)

DIGEST = (
    "With `send`: the digest of the draft's preview. If anything of it has changed, nothing is "
    "sent (409 `preview-changed`)."
)
SENDERS_NOTE = "Why another referral to the same service is needed. The receiver never reads it."


def _shared(**more: Any) -> fields.Dict:
    """What is shared: category, field, value."""
    values = fields.Dict(keys=fields.String(), values=fields.Raw())
    return fields.Dict(keys=fields.String(), values=values, **more)


class ReferralSchema(Schema):
    """A referral, as the caller's side sees it."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    side = one_of(Side, required=True)
    status = one_of(Status, required=True)
    priority = fields.String(required=True)
    client_id = fields.UUID(allow_none=True)
    client_name = fields.String()
    need_code = fields.String(required=True)
    need = fields.String(required=True)
    service_id = fields.UUID(required=True)
    service = fields.String(required=True)
    from_agency_id = fields.UUID(required=True)
    from_agency = fields.String(required=True)
    to_agency_id = fields.UUID(required=True)
    to_agency = fields.String(required=True)
    assignee_id = fields.UUID(allow_none=True)
    assignee = fields.String()
    sent_at = fields.AwareDateTime(allow_none=True)
    status_since = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(allow_none=True)
    due_for = fields.String()
    overdue = fields.Boolean(required=True)
    waits_on_us = fields.Boolean(allow_none=True)
    status_only = fields.Boolean(
        metadata={
            "description": "The client took back consent and the receiver goes on: the sender "
            "learns the status only. For it who, when and why are left out."
        }
    )


class EventSchema(Schema):
    """Something that happened to a referral."""

    seq = fields.Integer(required=True)
    kind = fields.String(required=True)
    from_status = one_of(Status, required=True)
    to_status = one_of(Status, required=True)
    who = fields.String()
    agency = fields.String()
    occurred_at = fields.AwareDateTime(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    reason_code = fields.String(allow_none=True)
    detail = fields.String(
        metadata={"description": "What a fact tells beyond its kind, in plain words."}
    )
    words = fields.String()


class MessageSchema(Schema):
    """A message of one of the two agencies."""

    id = fields.UUID(required=True)
    agency = fields.String(required=True)
    who = fields.String()
    sent_at = fields.AwareDateTime(required=True)
    text = fields.String(required=True)
    ours = fields.Boolean(required=True)


class AttemptSchema(Schema):
    """A try to reach the client."""

    id = fields.UUID(required=True)
    method = fields.String(required=True)
    reached = fields.Boolean(required=True)
    occurred_at = fields.AwareDateTime(required=True)
    who = fields.String()
    note = fields.String()


class AppointmentSchema(Schema):
    """An appointment of the receiving agency with the client, with the offset of its clock; the
    place is its own. `next` is what the caller can say of it now."""

    id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True)
    state = one_of(AppointmentState, required=True)
    place = fields.String()
    next = fields.List(one_of(AppointmentState))


class ClientAnswerSchema(Schema):
    """What the client said when the sending agency asked whether they got help. `counts` marks the
    answer that figures count."""

    answer = one_of(ClientAnswer, required=True)
    asked_at = fields.AwareDateTime(required=True)
    who = fields.String()
    note = fields.String()
    counts = fields.Boolean(required=True)


class PossibleClientSchema(Schema):
    """A client of one's own agency who may be the person of a referral, and why."""

    client_id = fields.UUID(required=True)
    name = fields.String(required=True)
    likeness = one_of(Likeness, required=True)


class WholeReferralSchema(ReferralSchema):
    """A referral with all that the caller may read of it. `disclosed` is exactly what the receiver
    can read: category, field, value. A draft has the `preview` of it, and its digest to send along;
    `identity_first` is what a receiver sees until it has looked for a conflict of interest."""

    reason_code = fields.String(allow_none=True)
    review_on = fields.Date(allow_none=True)
    expected_on = fields.Date(allow_none=True)
    first_contact_by = fields.AwareDateTime(allow_none=True)
    first_contact_at = fields.AwareDateTime(allow_none=True)
    service_date = fields.Date(allow_none=True)
    withdrawal_requested_at = fields.AwareDateTime(allow_none=True)
    conflict_check = fields.String(required=True)
    consent_id = fields.UUID(allow_none=True)
    disclosed = _shared()
    preview = _shared()
    identity_first = _shared(allow_none=True)
    preview_digest = fields.String()
    not_shared = fields.List(
        fields.String(),
        metadata={"description": "For the sender: fields that are no longer as they were shared."},
    )
    notices = fields.List(fields.String())
    possible_clients = fields.List(
        fields.Nested(PossibleClientSchema),
        metadata={
            "description": "Clients of the receiver who may be the same person, while it can "
            "accept and with `clients.read`. Send the id as `receiver_client_id` with `accept`."
        },
    )
    moves = fields.List(one_of(Move))
    attempts = fields.List(fields.Nested(AttemptSchema))
    appointments = fields.List(fields.Nested(AppointmentSchema))
    client_answers = fields.List(
        fields.Nested(ClientAnswerSchema),
        metadata={"description": "For the sender: what the client said."},
    )


class ReferralListSchema(Schema):
    """A page of referrals; `next` begins the next one, and is null on the last."""

    referrals = fields.List(fields.Nested(ReferralSchema), required=True)
    next = fields.String(allow_none=True, required=True)


class EventListSchema(Schema):
    """What happened to a referral, in order."""

    events = fields.List(fields.Nested(EventSchema), required=True)


class MessageListSchema(Schema):
    """What was written on a referral."""

    messages = fields.List(fields.Nested(MessageSchema), required=True)


class AnswersField(fields.Dict):
    """Answers by question, each named once: an id can be spelled in several ways."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        found = super()._deserialize(value, *args, **kwargs)  # type: ignore[no-untyped-call]
        if len(found) < len(value):
            raise ValidationError("Answer each question once.")
        return found


class NewReferralSchema(Schema):
    """A referral to make. With `send` it is sent at once, if all that must hold does."""

    client_id = fields.UUID(required=True)
    need_id = fields.UUID(required=True)
    service_id = fields.UUID(required=True)
    priority = one_of(Priority, load_default=Priority.ROUTINE)
    reason = Text(MOST_TEXT, load_default="")
    answers = AnswersField(
        keys=fields.UUID(error_messages={"invalid_uuid": "Name each question by its id."}),
        values=fields.Raw(allow_none=True),
        load_default=dict,
        metadata={
            "description": "By the id of a question of the service: a text, a number, true or "
            "false, a date such as 2026-05-31, or one of the choices. What must be answered is "
            "needed to send; what is left out is left open."
        },
    )
    categories = fields.List(one_of(Category), load_default=list)
    consent_id = fields.UUID(load_default=None, allow_none=True)
    called = YesOrNo(load_default=False)
    note = Text(MOST_TEXT, load_default="", metadata={"description": SENDERS_NOTE})
    send = YesOrNo(load_default=False)


class QuestionSchema(Schema):
    """What a service asks with each referral. `choices` are the answers, where one is chosen."""

    id = fields.UUID(required=True)
    text = fields.String(required=True)
    kind = one_of(AnswerKind, required=True)
    choices = fields.List(fields.String(), required=True)
    required = fields.Boolean(required=True)


class QuestionListSchema(Schema):
    """What a service asks, in its order."""

    questions = fields.List(fields.Nested(QuestionSchema), required=True)


class NewEventSchema(Schema):
    """A move to make, with what belongs to it. The version goes in If-Match."""

    move = one_of(
        Move,
        required=True,
        metadata={
            "description": "`decline` is refused (409 `review-needed`) where the receiving agency "
            "wants a supervisor to decide on declines: a person proposes it on the page."
        },
    )
    note = Text(
        MOST_TEXT,
        load_default="",
        metadata={"description": f"Both agencies read it. With `send`: {SENDERS_NOTE}"},
    )
    question = Text(MOST_TEXT, load_default="")
    answer = Text(MOST_TEXT, load_default="")
    reason = fields.String(load_default=None, allow_none=True)
    outcome = fields.String(load_default=None, allow_none=True)
    assignee_id = fields.UUID(load_default=None, allow_none=True)
    contact_name = Text(200, load_default="")
    first_contact_by = Moment(load_default=None, allow_none=True)
    review_on = Day(load_default=None, allow_none=True)
    expected_on = Day(load_default=None, allow_none=True)
    resume_on = Day(load_default=None, allow_none=True)
    service_date = Day(load_default=None, allow_none=True)
    contacted_at = Moment(load_default=None, allow_none=True)
    began_at = Moment(load_default=None, allow_none=True)
    receiver_client_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "With `accept`: the client of one's own agency who it is. Without it a "
            "record is made."
        },
    )
    preview_digest = Text(64, load_default="", metadata={"description": DIGEST})
    listing_field = Text(
        60,
        load_default="",
        metadata={
            "description": "With `decline` as `listing_wrong`: what is wrong in the listing, such"
            " as `hours`. It opens a correction; the note stays on the referral."
        },
    )
    occurred_at = Moment(load_default=None, allow_none=True)


class NewDisclosureSchema(Schema):
    """What is shared in addition, as it is now, under a consent: by default the referral's own."""

    categories = fields.List(
        one_of(Category), required=True, validate=validate.Length(1, len(Category))
    )
    consent_id = fields.UUID(load_default=None, allow_none=True)


class NewMessageSchema(Schema):
    """A message to the other agency."""

    text = Text(MOST_TEXT, required=True)


class NewAttemptSchema(Schema):
    """A try to reach the client."""

    method = one_of(ContactMethod, required=True)
    reached = YesOrNo(required=True)
    occurred_at = Moment(required=True)
    note = Text(MOST_TEXT, load_default="")


class NewAppointmentSchema(Schema):
    """An appointment with the client. The sending agency sees when it is, and not the place."""

    at = Moment(required=True)
    place = Text(MOST_TEXT, load_default="")


class NewAppointmentStateSchema(Schema):
    """What there is to say of an appointment: that it is `moved`, to `at`; that it is `cancelled`;
    or, once its time has come, that the client `attended` or `missed` it."""

    state = one_of(AppointmentState, required=True)
    at = Moment(
        load_default=None, allow_none=True, metadata={"description": "With `moved`: the new time."}
    )
    note = Text(
        MOST_TEXT,
        load_default="",
        metadata={"description": "One's own agency reads it. With `moved`: where it is now."},
    )


class NewClientAnswerSchema(Schema):
    """What the client said when the sending agency asked whether they got help. The receiving
    agency learns nothing of it."""

    answer = one_of(ClientAnswer, required=True)
    asked_at = Moment(
        load_default=None, allow_none=True, metadata={"description": "When, if not now."}
    )
    note = Text(MOST_TEXT, load_default="", metadata={"description": "One's own agency reads it."})


class MovedSchema(Schema):
    """Where a referral is after an act."""

    id = fields.UUID(required=True)
    status = one_of(Status, required=True)
    version = fields.Integer(required=True)


class ListArgumentsSchema(PageArguments):
    """Which referrals."""

    side = one_of(Side, load_default=Side.RECEIVER)
    waiting = one_of(Waiting, load_default=Waiting.OPEN)
    status = one_of(Status, load_default=None)
    overdue = AskedYesOrNo(load_default=False)


class FeedArgumentsSchema(Schema):
    """What was seen already."""

    since = fields.String(
        load_default="",
        validate=validate.Length(max=300),
        metadata={"description": "`since` of the answer before; left out to begin"},
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))


class FeedEventSchema(Schema):
    """An event of one's agency's referrals: ids and codes only."""

    event_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    seq = fields.Integer(required=True)
    kind = fields.String(required=True)
    from_status = one_of(Status, required=True)
    to_status = one_of(Status, required=True)
    reason_code = fields.String(allow_none=True)
    occurred_at = fields.AwareDateTime(required=True)
    recorded_at = fields.AwareDateTime(required=True)


class FeedSchema(Schema):
    """Events, the oldest first, and what to ask with next time."""

    events = fields.List(fields.Nested(FeedEventSchema), required=True)
    since = fields.String(required=True)
