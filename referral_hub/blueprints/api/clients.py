"""Clients of one's own agency and their needs as JSON, for partner systems."""

from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint

from referral_hub.rules.client_profile import from_values
from referral_hub.rules.scopes import Scope
from referral_hub.schemas.client import (
    ChangedClientSchema,
    ChangedNeedSchema,
    ChangedProfileSchema,
    ClientListArgumentsSchema,
    ClientListSchema,
    ClientSchema,
    ClientSearchSchema,
    FoundClientsSchema,
    HouseholdSchema,
    NeedListSchema,
    NeedStateSchema,
    NewClientSchema,
    NewNeedSchema,
)
from referral_hub.schemas.json_fields import MadeSchema
from referral_hub.use_cases.answer_once import Answer
from referral_hub.use_cases.clients import add_client, show_client
from referral_hub.use_cases.find_clients import find_clients
from referral_hub.use_cases.needs import NeedChange, add_need, change_need
from referral_hub.use_cases.partner_clients import amend_client, go_through_clients
from referral_hub.web.api import (
    answered,
    body,
    cursor_at,
    once,
    place_after,
    required_version,
    tagged,
)
from referral_hub.web.api_docs import described
from referral_hub.web.client_answer import profile_values, whole_client
from referral_hub.web.guards import application, needs_scope
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.input import require_arguments

blueprint = Blueprint(
    "api-clients", __name__, url_prefix="/api/v1", description="Clients of one's own agency"
)


@blueprint.get("/clients")
@described(blueprint, "listClients", ClientListSchema, arguments=ClientListArgumentsSchema)
@application
@needs_scope(Scope.CLIENTS_READ)
def clients() -> Response:
    """The clients of one's agency, in the order in which their cases began."""
    asked = require_arguments(ClientListArgumentsSchema(), request.args)
    after = place_after(asked["cursor"])
    found = go_through_clients(
        session(), actor(), vault(), asked["cases"], asked["limit"], after, now=now()
    )
    last = found.clients[-1] if found.more else None
    following = cursor_at((last.opened_at, last.id)) if last is not None else None
    page = ClientListSchema().dump({"clients": found.clients, "next": following})
    return answered(Answer(200, page, {}))


@blueprint.post("/clients/search")
@described(blueprint, "searchClients", FoundClientsSchema, asks=ClientSearchSchema, repeats=False)
@application
@needs_scope(Scope.CLIENTS_READ)
def search() -> Response:
    """Clients by part of a name, date of birth or phone. A POST: names stand in no address."""
    found = find_clients(session(), actor(), body(ClientSearchSchema())["q"], vault(), now=now())
    return answered(Answer(200, FoundClientsSchema().dump(found), {}))


@blueprint.post("/clients")
@described(blueprint, "addClient", ChangedClientSchema, status=201, asks=NewClientSchema, tags=True)
@application
@needs_scope(Scope.CLIENTS_WRITE)
def new_client() -> Response:
    """Add a client. Who may be there already is refused with 409, unless `anyway` is true."""
    values = body(NewClientSchema())
    profile = from_values(profile_values(values))

    def act() -> Answer:
        made = add_client(
            session(), actor(), profile, vault(), team_id=values["team_id"],
            worker_id=values["worker_id"], acuity=values["acuity"], anyway=values["anyway"],
            now=now(),
        )  # fmt: skip
        return Answer(201, {"id": str(made), "version": 1}, tagged(1))

    return once(act)


@blueprint.get("/clients/<uuid:client_id>")
@described(blueprint, "getClient", ClientSchema, tags=True, finds=True)
@application
@needs_scope(Scope.CLIENTS_READ)
def client(client_id: UUID) -> Response:
    """A client with needs and household; the ETag is the version of the profile."""
    view = show_client(session(), actor(), client_id, vault(), now=now())
    return answered(Answer(200, whole_client(view), tagged(view.version)))


@blueprint.patch("/clients/<uuid:client_id>")
@described(
    blueprint, "changeClient", ChangedClientSchema, asks=ChangedProfileSchema, on_version=True,
    tags=True, finds=True,
)  # fmt: skip
@application
@needs_scope(Scope.CLIENTS_WRITE)
def change(client_id: UUID) -> Response:
    """Change the fields of a profile that are sent; the rest stays. Who was slower gets 412."""
    version, values = required_version(), profile_values(body(ChangedProfileSchema()))

    def act() -> Answer:
        new = amend_client(session(), actor(), client_id, values, version, vault(), now=now())
        return Answer(200, {"id": str(client_id), "version": new}, tagged(new))

    return once(act)


@blueprint.get("/clients/<uuid:client_id>/household")
@described(blueprint, "listHousehold", HouseholdSchema, finds=True)
@application
@needs_scope(Scope.CLIENTS_READ)
def household(client_id: UUID) -> Response:
    """Who lives with a client, then who did."""
    view = show_client(session(), actor(), client_id, vault(), now=now())
    return answered(Answer(200, {"household": whole_client(view)["household"]}, {}))


@blueprint.get("/clients/<uuid:client_id>/needs")
@described(blueprint, "listNeeds", NeedListSchema, finds=True)
@application
@needs_scope(Scope.CLIENTS_READ)
def needs(client_id: UUID) -> Response:
    """The needs of a client: open ones first, the most pressing at the top."""
    view = show_client(session(), actor(), client_id, vault(), now=now())
    return answered(Answer(200, NeedListSchema().dump({"needs": view.needs}), {}))


@blueprint.post("/clients/<uuid:client_id>/needs")
@described(blueprint, "addNeed", MadeSchema, status=201, asks=NewNeedSchema, finds=True)
@application
@needs_scope(Scope.CLIENTS_WRITE)
def new_need(client_id: UUID) -> Response:
    """Record a need of a client."""
    values = body(NewNeedSchema())

    def act() -> Answer:
        made = add_need(
            session(), actor(), client_id, values["code"], vault(), urgency=values["urgency"],
            importance=values["importance"], acuity=values["acuity"], detail=values["detail"],
            now=now(),
        )  # fmt: skip
        return Answer(201, {"id": str(made)}, {})

    return once(act)


@blueprint.patch("/needs/<uuid:need_id>")
@described(blueprint, "changeNeed", NeedStateSchema, asks=ChangedNeedSchema, finds=True)
@application
@needs_scope(Scope.CLIENTS_WRITE)
def changed_need(need_id: UUID) -> Response:
    """Weigh a need anew, close it, or reopen it."""
    change = NeedChange(**body(ChangedNeedSchema()))

    def act() -> Answer:
        status = change_need(session(), actor(), need_id, change, vault(), now=now())
        return Answer(200, {"id": str(need_id), "status": status.value}, {})

    return once(act)
