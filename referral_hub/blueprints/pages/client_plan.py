"""The needs of a client and the plan: goals and their steps."""

from uuid import UUID

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission
from referral_hub.schemas.client_forms import (
    CloseNeedForm,
    DoneForm,
    GoalForm,
    NeedForm,
    StepForm,
    WeighForm,
)
from referral_hub.use_cases.clients import show_client
from referral_hub.use_cases.goals import add_goal, add_step, close_goal, mark_step, reopen_goal
from referral_hub.use_cases.needs import add_need, close_need, reopen_need, weigh_need
from referral_hub.web.client_input import require_change
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("client_plan", __name__, url_prefix="/clients/<uuid:client_id>")


@blueprint.route("/needs/add", methods=["GET", "POST"])
@signed_in
@needs(Permission.CLIENT_CHANGE)
def new_need(client_id: UUID) -> Answer:
    """Record a need."""
    require_change()

    def act(values: Values) -> None:
        add_need(session(), actor(), client_id, vault=vault(), **values, now=now())

    return form_page(
        NeedForm(), act, lambda: _saved("The need is recorded.", client_id, "needs"),
        lambda sent: _page("clients/need.html", client_id, sent, need=None),
    )  # fmt: skip


@blueprint.route("/needs/<uuid:need_id>", methods=["GET", "POST"])
@signed_in
@needs(Permission.CLIENT_CHANGE)
def need(client_id: UUID, need_id: UUID) -> Answer:
    """Say anew how a need presses."""
    require_change()

    def act(values: Values) -> None:
        weigh_need(session(), actor(), client_id, need_id, vault(), **values, now=now())

    return form_page(
        WeighForm(), act, lambda: _saved("The need is changed.", client_id, "needs"),
        lambda sent: _need_page(client_id, need_id, sent),
    )  # fmt: skip


@blueprint.post("/needs/<uuid:need_id>/close")
@signed_in
@needs(Permission.CLIENT_CHANGE)
def end_need(client_id: UUID, need_id: UUID) -> Answer:
    """Say what became of a need."""

    def act(values: Values) -> None:
        close_need(session(), actor(), client_id, need_id, values["status"], now=now())

    return form_page(
        CloseNeedForm(), act, lambda: _saved("The need is closed.", client_id, "needs"),
        lambda sent: _need_page(client_id, need_id, sent),
    )  # fmt: skip


@blueprint.post("/needs/<uuid:need_id>/reopen")
@signed_in
def open_need(client_id: UUID, need_id: UUID) -> Answer:
    """Take up a need again."""
    reopen_need(session(), actor(), client_id, need_id, now=now())
    return _saved("The need is open again.", client_id, "needs")


@blueprint.route("/goals/add", methods=["GET", "POST"])
@signed_in
@needs(Permission.CLIENT_CHANGE)
def new_goal(client_id: UUID) -> Answer:
    """Add a goal."""
    require_change()

    def act(values: Values) -> None:
        add_goal(session(), actor(), client_id, vault=vault(), **values, now=now())

    return form_page(
        GoalForm(), act, lambda: _saved("The goal is added.", client_id, "plan"),
        lambda sent: _page("clients/goal.html", client_id, sent),
    )  # fmt: skip


@blueprint.route("/goals/<uuid:goal_id>/steps/add", methods=["GET", "POST"])
@signed_in
@needs(Permission.CLIENT_CHANGE)
def new_step(client_id: UUID, goal_id: UUID) -> Answer:
    """Add a step to a goal."""
    require_change()

    def act(values: Values) -> None:
        add_step(session(), actor(), client_id, goal_id, values["text"], vault(), now=now())

    return form_page(
        StepForm(), act, lambda: _saved("The step is added.", client_id, "plan"),
        lambda sent: _step_page(client_id, goal_id, sent),
    )  # fmt: skip


@blueprint.post("/goals/<uuid:goal_id>/steps/<uuid:step_id>/mark")
@signed_in
@needs(Permission.CLIENT_CHANGE)
def step(client_id: UUID, goal_id: UUID, step_id: UUID) -> Answer:
    """Say that a step is done, or is not."""

    def act(values: Values) -> None:
        done = values["done"]
        mark_step(session(), actor(), client_id, goal_id, step_id, done=done, now=now())

    return form_page(
        DoneForm(), act, lambda: _saved("The plan is changed.", client_id, "plan"),
        lambda sent: _page("clients/client.html", client_id, sent),
    )  # fmt: skip


@blueprint.post("/goals/<uuid:goal_id>/close")
@signed_in
@needs(Permission.CLIENT_CHANGE)
def end_goal(client_id: UUID, goal_id: UUID) -> Answer:
    """End a goal, reached or not."""

    def act(values: Values) -> None:
        close_goal(session(), actor(), client_id, goal_id, reached=values["done"], now=now())

    return form_page(
        DoneForm(), act, lambda: _saved("The goal is closed.", client_id, "plan"),
        lambda sent: _page("clients/client.html", client_id, sent),
    )  # fmt: skip


@blueprint.post("/goals/<uuid:goal_id>/reopen")
@signed_in
def open_goal(client_id: UUID, goal_id: UUID) -> Answer:
    """Take up a goal again."""
    reopen_goal(session(), actor(), client_id, goal_id, now=now())
    return _saved("The goal is open again.", client_id, "plan")


def _need_page(client_id: UUID, need_id: UUID, sent: Submitted) -> str:
    view = show_client(session(), actor(), client_id, vault(), now=now())
    found = next((each for each in view.needs if each.id == need_id), None)
    if found is None:
        raise NotFound(NOTHING_HERE)
    return render_template(
        "clients/need.html", client=view, need=found, errors=sent.faults, form=request.form
    )


def _step_page(client_id: UUID, goal_id: UUID, sent: Submitted) -> str:
    view = show_client(session(), actor(), client_id, vault(), now=now())
    goal = next((each for each in view.goals if each.id == goal_id), None)
    if goal is None:
        raise NotFound(NOTHING_HERE)
    return render_template(
        "clients/step.html", client=view, goal=goal, errors=sent.faults, form=request.form
    )


def _page(template: str, client_id: UUID, sent: Submitted, **more: object) -> str:
    view = show_client(session(), actor(), client_id, vault(), now=now())
    form = request.form
    return render_template(template, client=view, errors=sent.faults, form=form, **more)


def _saved(note: str, client_id: UUID, section: str) -> Response:
    return saved(note, f"/clients/{client_id}#{section}")
