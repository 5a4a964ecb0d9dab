"""Referrals as JSON, for partner systems."""

from dataclasses import asdict
from dataclasses import fields as fields_of
from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint

from referral_hub.rules.consent import ALWAYS
from referral_hub.rules.intake import Answers
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referrals import Channel
from referral_hub.rules.scopes import Scope
from referral_hub.schemas.json_fields import MadeSchema
from referral_hub.schemas.referral import (
    EventListSchema,
    FeedArgumentsSchema,
    FeedSchema,
    ListArgumentsSchema,
    MessageListSchema,
    MovedSchema,
    NewAppointmentSchema,
    NewAppointmentStateSchema,
    NewAttemptSchema,
    NewClientAnswerSchema,
    NewDisclosureSchema,
    NewEventSchema,
    NewMessageSchema,
    NewReferralSchema,
    QuestionListSchema,
    ReferralListSchema,
    WholeReferralSchema,
)
from referral_hub.use_cases.answer_once import Answer
from referral_hub.use_cases.appointments import make_appointment, tell_of_appointment
from referral_hub.use_cases.client_answers import record_client_answer
from referral_hub.use_cases.draft_referral import Preparation, make_referral
from referral_hub.use_cases.intake_questions import intake_questions
from referral_hub.use_cases.list_referrals import ListQuery, list_referrals
from referral_hub.use_cases.move_referral import Moved, move_referral
from referral_hub.use_cases.referral_feed import referral_feed
from referral_hub.use_cases.referral_talk import Attempt, record_contact, write_message
from referral_hub.use_cases.referral_views import ReferralPage
from referral_hub.use_cases.share_more import Sharing, share_more
from referral_hub.use_cases.show_referral import show_referral
from referral_hub.web.api import (
    answered,
    body,
    cursor_at,
    cursor_at_number,
    number_after,
    once,
    place_after,
    required_version,
    tagged,
)
from referral_hub.web.api_docs import described
from referral_hub.web.guards import application, needs_scope
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.input import require_arguments
from referral_hub.web.referral_answer import line_of, whole_of

blueprint = Blueprint(
    "api-referrals", __name__, url_prefix="/api/v1", description="Referrals between agencies"
)
_DETAILS = tuple(field.name for field in fields_of(MoveDetails))


@blueprint.get("/referrals")
@described(blueprint, "listReferrals", ReferralListSchema, arguments=ListArgumentsSchema)
@application
@needs_scope(Scope.REFERRALS_READ)
def referrals() -> Response:
    """The referrals of one's agency on one side, in the order in which they were begun."""
    values = require_arguments(ListArgumentsSchema(), request.args)
    status = values["status"]
    query = ListQuery(
        values["side"], values["waiting"], frozenset({status} if status else ()),
        values["overdue"], size=values["limit"], after=place_after(values["cursor"]), in_order=True,
    )  # fmt: skip
    found = list_referrals(session(), actor(), vault(), query, now=now())
    lines = [line_of(line) for line in found.lines]
    return answered(Answer(200, {"referrals": lines, "next": _next(found)}, {}))


@blueprint.post("/referrals")
@described(
    blueprint,
    "makeReferral",
    MovedSchema,
    status=201,
    asks=NewReferralSchema,
    finds=True,
    tags=True,
)
@application
@needs_scope(Scope.REFERRALS_SEND)
def new_referral() -> Response:
    """Make a referral: as a draft or, with `send`, sent at once under the client's consent."""
    values = body(NewReferralSchema())
    preparation = Preparation(
        values["priority"], values["reason"], ALWAYS | frozenset(values["categories"]),
        values["consent_id"], values["called"], Answers(values["answers"]),
    )  # fmt: skip

    def act() -> Answer:
        made = make_referral(
            session(), actor(), vault(), values["client_id"], values["need_id"],
            values["service_id"], preparation, send=values["send"], note=values["note"],
            channel=Channel.API, now=now(),
        )  # fmt: skip
        return _moved(made, 201)

    return once(act)


@blueprint.get("/services/<uuid:service_id>/questions")
@described(blueprint, "listQuestions", QuestionListSchema, finds=True)
@application
@needs_scope(Scope.REFERRALS_SEND)
def questions(service_id: UUID) -> Response:
    """What a service asks with each referral, to be answered when one is made."""
    asked = intake_questions(session(), actor(), service_id)
    found = [{"id": each, **asdict(question)} for each, question in asked.items()]
    return answered(Answer(200, QuestionListSchema().dump({"questions": found}), {}))


@blueprint.get("/referrals/<uuid:referral_id>")
@described(blueprint, "getReferral", WholeReferralSchema, finds=True, tags=True)
@application
@needs_scope(Scope.REFERRALS_READ)
def one_referral(referral_id: UUID) -> Response:
    """A referral with all that one may read of it; its version is the ETag."""
    view = show_referral(session(), actor(), vault(), referral_id, now=now())
    return answered(Answer(200, whole_of(view), tagged(view.line.version)))


@blueprint.get("/referrals/<uuid:referral_id>/events")
@described(blueprint, "listEvents", EventListSchema, finds=True, tags=True)
@application
@needs_scope(Scope.REFERRALS_READ)
def events(referral_id: UUID) -> Response:
    """What happened to a referral, in order."""
    view = show_referral(session(), actor(), vault(), referral_id, compare=False, now=now())
    found = EventListSchema().dump({"events": view.timeline})
    return answered(Answer(200, found, tagged(view.line.version)))


@blueprint.post("/referrals/<uuid:referral_id>/events")
@described(
    blueprint,
    "moveReferral",
    MovedSchema,
    status=201,
    asks=NewEventSchema,
    on_version=True,
    finds=True,
    tags=True,
)
@application
@needs_scope(Scope.REFERRALS_SEND, Scope.REFERRALS_ANSWER)
def new_event(referral_id: UUID) -> Response:
    """Move a referral. If-Match names the version that one saw; who was slower gets 412."""
    version, values = required_version(), body(NewEventSchema())
    details = MoveDetails(**{name: values[name] for name in _DETAILS})
    move: Move = values["move"]

    def act() -> Answer:
        moved = move_referral(
            session(), actor(), vault(), referral_id, move, details,
            version=version, channel=Channel.API, now=now(),
        )  # fmt: skip
        return _moved(moved, 201)

    return once(act)


@blueprint.get("/referrals/<uuid:referral_id>/messages")
@described(blueprint, "listMessages", MessageListSchema, finds=True)
@application
@needs_scope(Scope.REFERRALS_READ)
def messages(referral_id: UUID) -> Response:
    """What the two agencies wrote to each other."""
    view = show_referral(session(), actor(), vault(), referral_id, compare=False, now=now())
    return answered(Answer(200, MessageListSchema().dump({"messages": view.messages}), {}))


@blueprint.post("/referrals/<uuid:referral_id>/messages")
@described(blueprint, "writeMessage", MadeSchema, status=201, asks=NewMessageSchema, finds=True)
@application
@needs_scope(Scope.MESSAGES_WRITE)
def new_message(referral_id: UUID) -> Response:
    """Write to the other agency."""
    values = body(NewMessageSchema())

    def act() -> Answer:
        made = write_message(
            session(), actor(), vault(), referral_id, values["text"],
            channel=Channel.API, now=now(),
        )  # fmt: skip
        return Answer(201, {"id": str(made)}, {})

    return once(act)


@blueprint.post("/referrals/<uuid:referral_id>/disclosures")
@described(
    blueprint, "shareMore", MadeSchema, status=201, asks=NewDisclosureSchema, finds=True
)  # fmt: skip
@application
@needs_scope(Scope.REFERRALS_SEND)
def new_disclosure(referral_id: UUID) -> Response:
    """Share more of the client with the receiver of an open referral, as it is now."""
    values = body(NewDisclosureSchema())
    sharing = Sharing(frozenset(values["categories"]), values["consent_id"])

    def act() -> Answer:
        made = share_more(session(), actor(), vault(), referral_id, sharing, now=now())
        return Answer(201, {"id": str(made)}, {})

    return once(act)


@blueprint.post("/referrals/<uuid:referral_id>/contacts")
@described(blueprint, "recordContact", MadeSchema, status=201, asks=NewAttemptSchema, finds=True)
@application
@needs_scope(Scope.REFERRALS_ANSWER)
def new_contact(referral_id: UUID) -> Response:
    """Record a try to reach the client; reaching them starts an accepted referral."""
    values = body(NewAttemptSchema())
    attempt = Attempt(values["method"], values["reached"], values["occurred_at"], values["note"])

    def act() -> Answer:
        made = record_contact(
            session(), actor(), vault(), referral_id, attempt, channel=Channel.API, now=now()
        )
        return Answer(201, {"id": str(made)}, {})

    return once(act)


@blueprint.post("/referrals/<uuid:referral_id>/appointments")
@described(
    blueprint, "makeAppointment", MadeSchema, status=201, asks=NewAppointmentSchema, finds=True
)  # fmt: skip
@application
@needs_scope(Scope.REFERRALS_ANSWER)
def new_appointment(referral_id: UUID) -> Response:
    """Make an appointment with the client of a referral that one's agency accepted."""
    values = body(NewAppointmentSchema())

    def act() -> Answer:
        made = make_appointment(
            session(), actor(), vault(), referral_id, values["at"], values["place"],
            channel=Channel.API, now=now(),
        )  # fmt: skip
        return Answer(201, {"id": str(made)}, {})

    return once(act)


@blueprint.post("/referrals/<uuid:referral_id>/appointments/<uuid:appointment_id>/states")
@described(
    blueprint,
    "tellOfAppointment",
    MadeSchema,
    status=201,
    asks=NewAppointmentStateSchema,
    finds=True,
)
@application
@needs_scope(Scope.REFERRALS_ANSWER)
def new_appointment_state(referral_id: UUID, appointment_id: UUID) -> Response:
    """Move or cancel an appointment, or say whether the client came: who came was reached."""
    values = body(NewAppointmentStateSchema())

    def act() -> Answer:
        tell_of_appointment(
            session(), actor(), vault(), referral_id, appointment_id, values["state"],
            at=values["at"], note=values["note"], channel=Channel.API, now=now(),
        )  # fmt: skip
        return Answer(201, {"id": str(appointment_id)}, {})

    return once(act)


@blueprint.post("/referrals/<uuid:referral_id>/client-answers")
@described(
    blueprint,
    "recordClientAnswer",
    MadeSchema,
    status=201,
    asks=NewClientAnswerSchema,
    finds=True,
)
@application
@needs_scope(Scope.REFERRALS_SEND)
def new_client_answer(referral_id: UUID) -> Response:
    """Record what the client said when one's agency, which sent the referral, asked."""
    values = body(NewClientAnswerSchema())

    def act() -> Answer:
        made = record_client_answer(
            session(), actor(), vault(), referral_id, values["answer"],
            asked_at=values["asked_at"], note=values["note"], channel=Channel.API, now=now(),
        )  # fmt: skip
        return Answer(201, {"id": str(made)}, {})

    return once(act)


@blueprint.get("/events")
@described(blueprint, "eventsSince", FeedSchema, arguments=FeedArgumentsSchema)
@application
@needs_scope(Scope.REFERRALS_READ)
def feed() -> Response:
    """What happened to one's agency's referrals since one asked last: ask again with `since`."""
    values = require_arguments(FeedArgumentsSchema(), request.args)
    since, limit = number_after(values["since"]), values["limit"]
    found = referral_feed(session(), actor(), since, limit, now=now())
    page = {"events": found.events, "since": cursor_at_number(found.since)}
    return answered(Answer(200, FeedSchema().dump(page), {}))


def _moved(moved: Moved, status: int) -> Answer:
    found = {
        "id": str(moved.referral_id), "status": moved.status.value, "version": moved.version,
    }  # fmt: skip
    return Answer(status, found, tagged(moved.version))


def _next(found: ReferralPage) -> str | None:
    """The cursor behind the last line; None on the last page."""
    if not found.more:
        return None
    last = found.lines[-1]
    return cursor_at((last.created_at, last.id))
