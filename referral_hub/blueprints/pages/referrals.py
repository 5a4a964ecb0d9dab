"""Referrals that one's agency sent, and each referral with all that can be done to it."""

from collections.abc import Callable
from dataclasses import fields as fields_of
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from marshmallow import Schema

from referral_hub.rules.assignment import Suggestion
from referral_hub.rules.disclosure_words import FIELD_LABEL
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission
from referral_hub.rules.reason_codes import choices_for
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import MOVE_LABEL, RULES, Datum, Move, Side
from referral_hub.rules.referrals import CLIENT_ANSWER_LABEL, Channel, ContactMethod
from referral_hub.schemas.referral_forms import (
    AssignForm,
    CheckInForm,
    ClientAnswerForm,
    ConflictForm,
    ContactForm,
    MessageForm,
    MoveForm,
    VersionForm,
)
from referral_hub.use_cases.client_answers import record_client_answer
from referral_hub.use_cases.conflict_checks import record_conflict_check
from referral_hub.use_cases.list_referrals import ListQuery, list_referrals
from referral_hub.use_cases.move_referral import move_referral
from referral_hub.use_cases.notices import read_notices_of
from referral_hub.use_cases.referral_talk import (
    Attempt,
    assign_referral,
    check_in,
    record_contact,
    write_message,
)
from referral_hub.use_cases.referral_workers import list_workers
from referral_hub.use_cases.show_referral import show_referral
from referral_hub.use_cases.suggest_workers import suggest_for_referral
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, person, session, vault
from referral_hub.web.local_times import for_input, from_wall
from referral_hub.web.referral_input import list_query
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("referrals", __name__, url_prefix="/referrals")
NEEDS_NOTE = frozenset(rule.move.value for rule in RULES if Datum.NOTE in rule.needs)
SUGGESTED_CONTACT = timedelta(days=2)
_TIMES = frozenset({"first_contact_by", "contacted_at", "began_at"})
_DETAILS = frozenset(field.name for field in fields_of(MoveDetails))


@blueprint.get("")
@signed_in
def sent() -> str:
    """The referrals that one's agency sent."""
    query: ListQuery = list_query(request.args, Side.SENDER)
    found = list_referrals(session(), actor(), vault(), query, now=now())
    return render_template("referrals/sent.html", found=found, query=query)


@blueprint.get("/<uuid:referral_id>")
@signed_in
def referral(referral_id: UUID) -> str:
    """A referral: how far it is, who has the next word, what was shared, what happened."""
    return _referral_page(referral_id, NOTHING)


@blueprint.post("/<uuid:referral_id>/acknowledge")
@signed_in
@needs(Permission.REFERRAL_MOVE)
def acknowledge(referral_id: UUID) -> Answer:
    """Confirm that it arrived. The opened page sends this; without scripts a button does."""

    def act(values: Values) -> None:
        move_referral(
            session(), actor(), vault(), referral_id, Move.ACKNOWLEDGE,
            version=values["version"], channel=Channel.PAGE, now=now(),
        )  # fmt: skip

    return form_page(
        VersionForm(), act, lambda: redirect(_address(referral_id), 303),
        lambda sent: _referral_page(referral_id, sent),
    )  # fmt: skip


@blueprint.post("/<uuid:referral_id>/read")
@signed_in
@needs(Permission.NOTICE_READ)
def read(referral_id: UUID) -> Any:
    """Note that its news were read. The opened page sends this; without scripts a button does."""
    read_notices_of(session(), actor(), referral_id, now=now())
    return redirect(_address(referral_id), 303)


@blueprint.route("/<uuid:referral_id>/moves/<name>", methods=["GET", "POST"])
@signed_in
@needs(Permission.REFERRAL_MOVE)
def move(referral_id: UUID, name: str) -> Answer:
    """The form of a move, and the move itself."""
    if name not in set(Move):
        raise NotFound(NOTHING_HERE)
    chosen = Move(name)

    def act(values: Values) -> None:
        move_referral(
            session(), actor(), vault(), referral_id, chosen, _details(values),
            version=values["version"], channel=Channel.PAGE, now=now(),
        )  # fmt: skip

    return form_page(
        MoveForm(),
        act,
        lambda: saved(f"Done: {MOVE_LABEL[chosen].lower()}.", _address(referral_id)),
        lambda sent: _move_page(referral_id, chosen, sent),
    )


@blueprint.post("/<uuid:referral_id>/conflict-check")
@signed_in
@needs(Permission.REFERRAL_MOVE)
def conflict_check(referral_id: UUID) -> Answer:
    """Say whether there is a conflict of interest: then the story opens, or the names close."""

    def act(values: Values) -> None:
        record_conflict_check(
            session(), actor(), referral_id, values["found"], values["version"], now=now()
        )

    return _part(ConflictForm(), act, "The check is recorded.", referral_id)


@blueprint.post("/<uuid:referral_id>/messages")
@signed_in
@needs(Permission.MESSAGE_WRITE)
def message(referral_id: UUID) -> Answer:
    """Write to the other agency."""

    def act(values: Values) -> None:
        write_message(
            session(), actor(), vault(), referral_id, values["text"],
            channel=Channel.PAGE, now=now(),
        )  # fmt: skip

    return _part(MessageForm(), act, "The message is sent.", referral_id)


@blueprint.post("/<uuid:referral_id>/contacts")
@signed_in
@needs(Permission.CONTACT_RECORD)
def contact(referral_id: UUID) -> Answer:
    """Record a try to reach the client."""

    def act(values: Values) -> None:
        attempt = Attempt(
            values["method"], values["reached"], from_wall(values["occurred_at"]) or now(),
            values["note"],
        )  # fmt: skip
        record_contact(
            session(), actor(), vault(), referral_id, attempt, channel=Channel.PAGE, now=now()
        )

    return _part(ContactForm(), act, "The try is recorded.", referral_id)


@blueprint.post("/<uuid:referral_id>/assign")
@signed_in
@needs(Permission.REFERRAL_MOVE)
def assign(referral_id: UUID) -> Answer:
    """Say who works on it."""

    def act(values: Values) -> None:
        assign_referral(
            session(), actor(), vault(), referral_id, values["assignee_id"],
            version=values["version"], channel=Channel.PAGE, now=now(),
        )  # fmt: skip

    return _part(AssignForm(), act, "It is assigned.", referral_id)


@blueprint.post("/<uuid:referral_id>/check-in")
@signed_in
@needs(Permission.REFERRAL_MOVE)
def progress(referral_id: UUID) -> Answer:
    """Say how it goes."""

    def act(values: Values) -> None:
        check_in(
            session(), actor(), vault(), referral_id, values["progress"],
            channel=Channel.PAGE, now=now(),
        )  # fmt: skip

    return _part(CheckInForm(), act, "Noted.", referral_id)


@blueprint.post("/<uuid:referral_id>/client-answers")
@signed_in
@needs(Permission.CLIENT_ANSWER_RECORD)
def client_answer(referral_id: UUID) -> Answer:
    """Record what the client said when asked whether they got help."""

    def act(values: Values) -> None:
        record_client_answer(
            session(), actor(), vault(), referral_id, values["answer"],
            asked_at=from_wall(values["asked_at"]), note=values["answer_note"],
            channel=Channel.PAGE, now=now(),
        )  # fmt: skip

    return _part(ClientAnswerForm(), act, "What the client said is recorded.", referral_id)


def _part(
    form: Schema,
    act: Callable[[Values], object],
    note: str,
    referral_id: UUID,
) -> Answer:
    """A form that is part of the referral's page."""
    return form_page(
        form, act, lambda: saved(note, _address(referral_id)),
        lambda sent: _referral_page(referral_id, sent),
    )  # fmt: skip


def _referral_page(referral_id: UUID, sent: Submitted) -> str:
    view = show_referral(session(), actor(), vault(), referral_id, compare=False, now=now())
    workers = list_workers(session(), actor(), vault()) if view.may_assign else ()
    fits = _fits(referral_id) if view.may_assign and view.line.assignee_id is None else ()
    return render_template(
        "referrals/referral.html",
        view=view,
        workers=workers,
        suggestions=fits,
        methods=list(ContactMethod),
        client_answers=CLIENT_ANSWER_LABEL,
        field_label=FIELD_LABEL,
        errors=sent.faults,
        form=request.form,
        now=now(),
    )


def _move_page(referral_id: UUID, chosen: Move, sent: Submitted) -> str:
    view = show_referral(
        session(), actor(), vault(), referral_id, compare=chosen is Move.ACCEPT, now=now()
    )
    if chosen not in {choice.move for choice in view.moves} and sent.done:
        raise NotFound(NOTHING_HERE)
    return render_template(
        "referrals/move.html",
        view=view,
        move=chosen,
        title=MOVE_LABEL[chosen],
        reasons=choices_for(chosen),
        needs_note=NEEDS_NOTE,
        workers=list_workers(session(), actor(), vault()) if chosen is Move.ACCEPT else (),
        suggestions=_fits(referral_id) if chosen is Move.ACCEPT else (),
        own_id=person().person_id,
        suggested_contact=for_input(now() + SUGGESTED_CONTACT),
        errors=sent.faults,
        form=request.form,
    )


def _fits(referral_id: UUID) -> tuple[Suggestion, ...]:
    return suggest_for_referral(session(), actor(), referral_id, vault(), now=now())


def _details(values: Values) -> MoveDetails:
    """What came along, with times as instants."""
    known: dict[str, Any] = {
        name: from_wall(value) if name in _TIMES else value
        for name, value in values.items()
        if name in _DETAILS
    }
    return MoveDetails(**known)


def _address(referral_id: UUID) -> str:
    return f"/referrals/{referral_id}"
