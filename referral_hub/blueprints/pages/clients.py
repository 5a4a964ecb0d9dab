"""The clients of one's own agency: caseload, search, records."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.client_profile import from_values
from referral_hub.rules.errors import InvalidInput, LikelyDuplicate, VersionConflict
from referral_hub.rules.permissions import Permission
from referral_hub.schemas.client_forms import ChangeClientForm, NewClientForm
from referral_hub.use_cases.clients import add_client, change_client, client_choices, show_client
from referral_hub.use_cases.consents import list_consents
from referral_hub.use_cases.find_clients import Whose, find_clients, list_caseload
from referral_hub.use_cases.list_referrals import referrals_of_client
from referral_hub.web.client_input import differences, require_change, shown_profile
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, person, session, vault
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("clients", __name__, url_prefix="/clients")
CLIENTS = "/clients"


@blueprint.get("")
@signed_in
def caseload() -> str:
    """The clients that one may see, with what is overdue."""
    whose, page = _part(), request.args.get("page", "1")
    if not (page.isascii() and page.isdecimal()) or len(page) > 5:
        raise InvalidInput("There is no such page.", {"page": "There is no such page."})
    found = list_caseload(session(), actor(), vault(), whose=whose, page=int(page), now=now())
    return render_template("clients/list.html", load=found, whose=whose, errors={})


@blueprint.post("/search")
@signed_in
@needs(Permission.CLIENT_READ)
def search() -> Answer:
    """Clients by part of a name, birth date or phone. A POST: names stand in no address."""
    text = request.form.get("q", "")
    try:
        found = find_clients(session(), actor(), text, vault(), now=now())
    except InvalidInput as error:
        return render_template("clients/found.html", found=None, q=text, errors=error.fields), 422
    return render_template("clients/found.html", found=found, q=text, errors={})


@blueprint.route("/new", methods=["GET", "POST"])
@signed_in
@needs(Permission.CLIENT_CHANGE)
def new() -> Answer:
    """Add a client; who may be there already is shown first."""
    require_change()
    there: dict[UUID, str] = {}
    made: list[UUID] = []

    def act(values: Values) -> None:
        try:
            made.append(_add(values))
        except LikelyDuplicate as error:
            there.update(error.clients)
            raise

    return form_page(
        NewClientForm(), act, lambda: saved("The client is added.", f"{CLIENTS}/{made[0]}"),
        lambda sent: _new_page(sent, there),
    )  # fmt: skip


@blueprint.get("/<uuid:client_id>")
@signed_in
def client(client_id: UUID) -> str:
    """A client with all the work."""
    view = show_client(session(), actor(), client_id, vault(), now=now())
    known = list_consents(session(), actor(), client_id, vault(), now=now())
    return render_template(
        "clients/client.html",
        client=view,
        consents=known.consents,
        referrals=referrals_of_client(session(), actor(), vault(), client_id, now=now()),
    )


@blueprint.route("/<uuid:client_id>/edit", methods=["GET", "POST"])
@signed_in
@needs(Permission.CLIENT_CHANGE)
def edit(client_id: UUID) -> Answer:
    """Change a client's profile. Whoever comes second keeps their text and sees what changed."""
    require_change()
    overtaken: list[VersionConflict] = []

    def act(values: Values) -> None:
        profile, version = from_values(values), values["version"]
        try:
            change_client(session(), actor(), client_id, profile, version, vault(), now=now())
        except VersionConflict as error:
            overtaken.append(error)
            raise

    return form_page(
        ChangeClientForm(), act,
        lambda: saved("The profile is changed.", f"{CLIENTS}/{client_id}"),
        lambda sent: _edit_page(client_id, sent, bool(overtaken)),
    )  # fmt: skip


def _part() -> Whose:
    asked = request.args.get("whose", Whose.ALL.value)
    if asked not in set(Whose):
        raise InvalidInput("There is no such list.", {"whose": "There is no such list."})
    return Whose(asked)


def _add(values: Values) -> UUID:
    return add_client(
        session(), actor(), from_values(values), vault(), team_id=values["team_id"],
        worker_id=values["worker_id"], anyway=values["anyway"], now=now(),
    )  # fmt: skip


def _new_page(sent: Submitted, there: Mapping[UUID, str]) -> str:
    return render_template(
        "clients/new.html", shown=shown_profile(), errors=sent.faults, there=there,
        choices=client_choices(session(), actor(), vault()), me=person().person_id,
        sent=request.method == "POST",
    )  # fmt: skip


def _edit_page(client_id: UUID, sent: Submitted, overtaken: bool) -> str:
    view = show_client(session(), actor(), client_id, vault(), now=now())
    kept = request.form.get("version", str(view.version)) if not overtaken else str(view.version)
    return render_template(
        "clients/edit.html", client=view, shown=shown_profile(view.profile), errors=sent.faults,
        version=kept, changed=differences(view.profile) if overtaken else {},
    )  # fmt: skip
