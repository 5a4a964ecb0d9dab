"""The case of a client: who looks after it, who lives with the client, its end."""

from uuid import UUID

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from referral_hub.rules.client_profile import from_values
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission
from referral_hub.schemas.client_forms import AssignForm, CloseCaseForm, MemberForm, WeighCaseForm
from referral_hub.use_cases.clients import (
    assign_client,
    client_choices,
    close_case,
    reopen_case,
    show_client,
)
from referral_hub.use_cases.household import add_member, change_member, end_member
from referral_hub.use_cases.suggest_workers import suggest_for_client
from referral_hub.use_cases.weigh_case import weigh_case
from referral_hub.web.client_input import require_change, shown_profile
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("client_case", __name__, url_prefix="/clients/<uuid:client_id>")


@blueprint.route("/assign", methods=["GET", "POST"])
@signed_in
@needs(Permission.CLIENT_CHANGE)
def assign(client_id: UUID) -> Answer:
    """Give the client to a team and a worker."""
    require_change()

    def act(values: Values) -> None:
        assign_client(session(), actor(), client_id, **values, now=now())

    def page(sent: Submitted) -> str:
        choices = client_choices(session(), actor(), vault())
        fits = suggest_for_client(session(), actor(), client_id, vault(), now=now())
        return _page("clients/assign.html", client_id, sent, choices=choices, suggestions=fits)

    return form_page(AssignForm(), act, lambda: _saved("Saved.", client_id), page)


@blueprint.route("/weight", methods=["GET", "POST"])
@signed_in
@needs(Permission.CLIENT_CHANGE)
def weight(client_id: UUID) -> Answer:
    """Say what the case weighs."""
    require_change()

    def act(values: Values) -> None:
        weigh_case(session(), actor(), client_id, **values, now=now())

    return form_page(
        WeighCaseForm(), act, lambda: _saved("The weight of the case is saved.", client_id),
        lambda sent: _page("clients/weight.html", client_id, sent),
    )  # fmt: skip


@blueprint.route("/close", methods=["GET", "POST"])
@signed_in
@needs(Permission.CLIENT_CHANGE)
def close(client_id: UUID) -> Answer:
    """End the work with the client."""
    require_change()

    def act(values: Values) -> None:
        close_case(session(), actor(), client_id, values["reason"], now=now())

    return form_page(
        CloseCaseForm(), act, lambda: _saved("The case is closed. Its history stays.", client_id),
        lambda sent: _page("clients/close.html", client_id, sent),
    )  # fmt: skip


@blueprint.post("/reopen")
@signed_in
def reopen(client_id: UUID) -> Answer:
    """Take up the work with the client again."""
    reopen_case(session(), actor(), client_id, now=now())
    return _saved("The case is open again.", client_id)


@blueprint.route("/household/add", methods=["GET", "POST"])
@signed_in
@needs(Permission.CLIENT_CHANGE)
def add(client_id: UUID) -> Answer:
    """Add somebody to the household."""
    require_change()

    def act(values: Values) -> None:
        add_member(session(), actor(), client_id, from_values(values), vault(), now=now())

    return form_page(
        MemberForm(), act, lambda: _saved("The household is changed.", client_id),
        lambda sent: _page("clients/member.html", client_id, sent, member=None,
                           shown=shown_profile()),
    )  # fmt: skip


@blueprint.route("/household/<uuid:member_id>", methods=["GET", "POST"])
@signed_in
@needs(Permission.CLIENT_CHANGE)
def change(client_id: UUID, member_id: UUID) -> Answer:
    """Change what is known of somebody in the household."""
    require_change()

    def act(values: Values) -> None:
        profile = from_values(values)
        change_member(session(), actor(), client_id, member_id, profile, vault(), now=now())

    return form_page(
        MemberForm(), act, lambda: _saved("The household is changed.", client_id),
        lambda sent: _member_page(client_id, member_id, sent),
    )  # fmt: skip


@blueprint.post("/household/<uuid:member_id>/end")
@signed_in
def end(client_id: UUID, member_id: UUID) -> Answer:
    """Somebody lives with the client no longer."""
    end_member(session(), actor(), client_id, member_id, now=now())
    return _saved("The household is changed.", client_id)


def _member_page(client_id: UUID, member_id: UUID, sent: Submitted) -> str:
    view = show_client(session(), actor(), client_id, vault(), now=now())
    member = next((each for each in view.household if each.id == member_id), None)
    if member is None:
        raise NotFound(NOTHING_HERE)
    return render_template(
        "clients/member.html", client=view, member=member, form=request.form,
        shown=shown_profile(member.profile), errors=sent.faults,
    )  # fmt: skip


def _page(template: str, client_id: UUID, sent: Submitted, **more: object) -> str:
    view = show_client(session(), actor(), client_id, vault(), now=now())
    form = request.form
    return render_template(template, client=view, errors=sent.faults, form=form, **more)


def _saved(note: str, client_id: UUID) -> Response:
    return saved(note, f"/clients/{client_id}")
