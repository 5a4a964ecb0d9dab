"""Searching for a client: whom, and which services are put aside for them."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from marshmallow import EXCLUDE
from werkzeug.wrappers import Response

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.permissions import Permission
from referral_hub.schemas.client_search_forms import ChooseClientForm, ShortlistForm
from referral_hub.use_cases.client_context import choose_client, leave_client, list_choices
from referral_hub.use_cases.shortlist import (
    add_to_shortlist,
    remove_from_shortlist,
    show_shortlist,
)
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, hub, now, session, vault
from referral_hub.web.input import load_form
from referral_hub.web.own_path import own_path
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, form_values

blueprint = Blueprint("client_search", __name__, url_prefix="/find")
FIND, CHOOSE, SHORTLIST = "/find", "/find/client", "/find/shortlist"


@blueprint.route("/client", methods=["GET", "POST"])
@signed_in
@needs(Permission.CLIENT_READ)
def client() -> Answer:
    """Choose for whom to search."""

    def act(values: Values) -> None:
        choose_client(session(), actor(), values["client_id"], now=now())

    where = request.values.get("next", "")

    def page(sent: Submitted) -> str:
        choices = list_choices(session(), actor(), vault(), now=now())
        return render_template(
            "find/client.html", choices=choices, errors=sent.faults, next_path=where
        )

    return form_page(
        ChooseClientForm(), act, lambda: redirect(own_path(where) if where else FIND, 303), page
    )


@blueprint.post("/client/stop")
@signed_in
def stop() -> Response:
    """Search for nobody any more."""
    leave_client(session(), actor(), now=now())
    return redirect(FIND, 303)


@blueprint.get("/shortlist")
@signed_in
def shortlist() -> Answer:
    """The services that are put aside for the client, side by side."""
    return _shortlist_page("find/shortlist.html")


@blueprint.get("/shortlist/sheet")
@signed_in
def sheet() -> Answer:
    """The same to print and hand over: it says nothing about the client."""
    return _shortlist_page("find/sheet.html")


@blueprint.post("/shortlist/add")
@signed_in
@needs(Permission.CLIENT_READ)
def add() -> Response:
    """Put a service aside."""
    values = _sent()
    add_to_shortlist(session(), actor(), values["service_id"], now=now())
    return _back(values)


@blueprint.post("/shortlist/remove")
@signed_in
@needs(Permission.CLIENT_READ)
def remove() -> Response:
    """Take a service off the list."""
    values = _sent()
    remove_from_shortlist(session(), actor(), values["service_id"], now=now())
    return _back(values)


def _shortlist_page(template: str) -> Answer:
    view = show_shortlist(session(), actor(), vault=vault(), gazetteer=hub().gazetteer, now=now())
    if view is None:
        return redirect(CHOOSE, 303)
    return render_template(template, view=view)


def _sent() -> Values:
    schema = ShortlistForm(unknown=EXCLUDE)
    values, faults = load_form(schema, form_values(schema))
    if faults:
        raise InvalidInput("Choose a service, then try again.", faults)
    return values


def _back(values: Values) -> Response:
    """Where the person was, at the service that it was about."""
    service_id: UUID = values["service_id"]
    where = own_path(values["next"]) if values["next"] else SHORTLIST
    return redirect(f"{where.partition('#')[0]}#service-{service_id}", 303)
