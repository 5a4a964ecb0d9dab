"""Check-ins of a supervisor and a worker: for both of them, and for nobody else."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, render_template, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from referral_hub.rules.check_ins import AGENDA_LABEL, STATUS_LABEL, WEEKS
from referral_hub.rules.permissions import Permission
from referral_hub.schemas.client_forms import DoneForm
from referral_hub.schemas.supervision_forms import (
    ActionForm,
    FeedbackForm,
    HoldForm,
    MoveCheckInForm,
    PlanCheckInForm,
    PointForm,
)
from referral_hub.use_cases.check_in_words import (
    add_point,
    agree_action,
    mark_action,
    write_feedback,
)
from referral_hub.use_cases.check_ins import (
    cancel_check_in,
    hold_check_in,
    move_check_in,
    plan_check_in,
)
from referral_hub.use_cases.notices import read_notices_of_check_in
from referral_hub.use_cases.show_check_ins import list_check_ins, my_check_ins, show_check_in
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.local_times import from_wall
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("check_ins", __name__, url_prefix="/supervision/check-ins")
LIST = "/supervision/check-ins"


@blueprint.get("")
@signed_in
@needs(Permission.CHECK_IN_KEEP)
def check_ins() -> str:
    """One's check-ins, and for a supervisor the workers with whom there may be one."""
    return _list_page(NOTHING)


@blueprint.post("/plan")
@signed_in
@needs(Permission.CHECK_IN_LEAD)
def plan() -> Answer:
    """Plan a check-in."""

    def act(values: Values) -> None:
        at = from_wall(values["planned_at"]) or now()
        plan_check_in(session(), actor(), values["worker_id"], at, values["weeks"], now=now())

    return form_page(
        PlanCheckInForm(), act, lambda: saved("The check-in is planned.", LIST), _list_page
    )


@blueprint.get("/<uuid:check_in_id>")
@signed_in
@needs(Permission.CHECK_IN_KEEP)
def check_in(check_in_id: UUID) -> str:
    """One check-in: agenda, what was agreed, notes, feedback."""
    return _page(check_in_id, NOTHING)


@blueprint.post("/<uuid:check_in_id>/move")
@signed_in
@needs(Permission.CHECK_IN_LEAD)
def move(check_in_id: UUID) -> Answer:
    """Plan it for another time."""

    def act(values: Values) -> None:
        at = from_wall(values["planned_at"]) or now()
        move_check_in(session(), actor(), check_in_id, at, values["weeks"], now=now())

    return _part(MoveCheckInForm(), act, "The check-in is moved.", check_in_id)


@blueprint.post("/<uuid:check_in_id>/cancel")
@signed_in
@needs(Permission.CHECK_IN_LEAD)
def cancel(check_in_id: UUID) -> Answer:
    """Cancel it."""

    def act(_values: Values) -> None:
        cancel_check_in(session(), actor(), check_in_id, now=now())

    return _part(Schema(), act, "The check-in is cancelled.", check_in_id)


@blueprint.post("/<uuid:check_in_id>/hold")
@signed_in
@needs(Permission.CHECK_IN_LEAD)
def hold(check_in_id: UUID) -> Answer:
    """Record that it was held."""

    def act(values: Values) -> None:
        hold_check_in(session(), actor(), vault(), check_in_id, values["notes"], now=now())

    return _part(HoldForm(), act, "Held. What stood on the agenda is kept.", check_in_id)


@blueprint.post("/<uuid:check_in_id>/points")
@signed_in
@needs(Permission.CHECK_IN_KEEP)
def point(check_in_id: UUID) -> Answer:
    """Put something on the agenda."""

    def act(values: Values) -> None:
        add_point(session(), actor(), vault(), check_in_id, values["point"], now=now())

    return _part(PointForm(), act, "It is on the agenda.", check_in_id)


@blueprint.post("/<uuid:check_in_id>/actions")
@signed_in
@needs(Permission.CHECK_IN_KEEP)
def action(check_in_id: UUID) -> Answer:
    """Agree something."""

    def act(values: Values) -> None:
        agree_action(session(), actor(), vault(), check_in_id, **values, now=now())

    return _part(ActionForm(), act, "Agreed. It stands on the list of tasks.", check_in_id)


@blueprint.post("/<uuid:check_in_id>/feedback")
@signed_in
@needs(Permission.CHECK_IN_KEEP)
def feedback(check_in_id: UUID) -> Answer:
    """Write feedback to the other one."""

    def act(values: Values) -> None:
        write_feedback(session(), actor(), vault(), check_in_id, values["feedback"], now=now())

    return _part(FeedbackForm(), act, "Written. Only you two can read it.", check_in_id)


@blueprint.post("/<uuid:check_in_id>/read")
@signed_in
@needs(Permission.NOTICE_READ)
def read(check_in_id: UUID) -> Response:
    """Note that its news were read."""
    read_notices_of_check_in(session(), actor(), check_in_id, now=now())
    return saved("Marked as read.", f"{LIST}/{check_in_id}")


@blueprint.post("/actions/<uuid:action_id>/mark")
@signed_in
@needs(Permission.CHECK_IN_KEEP)
def mark(action_id: UUID) -> Answer:
    """Say that what one agreed to do is done, or is not."""

    def act(values: Values) -> None:
        mark_action(session(), actor(), action_id, done=values["done"], now=now())

    return form_page(DoneForm(), act, lambda: saved("Noted.", LIST), _list_page)


def _part(form: Schema, act: Callable[[Values], object], note: str, check_in_id: UUID) -> Answer:
    """A form that is part of the page of a check-in."""
    return form_page(
        form, act, lambda: saved(note, f"{LIST}/{check_in_id}"),
        lambda sent: _page(check_in_id, sent),
    )  # fmt: skip


def _list_page(sent: Submitted) -> str:
    return render_template(
        "supervision/check_ins.html",
        found=list_check_ins(session(), actor(), vault(), now=now()),
        actions=my_check_ins(session(), actor(), vault(), now=now()).actions,
        status_label=STATUS_LABEL,
        weeks=WEEKS,
        errors=sent.faults,
        form=request.form,
    )


def _page(check_in_id: UUID, sent: Submitted) -> str:
    return render_template(
        "supervision/check_in.html",
        view=show_check_in(session(), actor(), vault(), check_in_id, now=now()),
        agenda_label=AGENDA_LABEL,
        status_label=STATUS_LABEL,
        weeks=WEEKS,
        errors=sent.faults,
        form=request.form,
    )
