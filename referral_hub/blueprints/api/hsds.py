"""The directory by the HSDS API 3.2.3: read only, open to everybody."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from referral_hub.rules.scopes import Scope
from referral_hub.schemas.hsds_arguments import (
    LISTS,
    OneOrganization,
    OneRecord,
    Tombstones,
)
from referral_hub.use_cases.read_directory import (
    Shape,
    find_survivor,
    list_gone,
    list_records,
    show_record,
    stream_gone,
    stream_records,
)
from referral_hub.web.call_limits import limit_calls
from referral_hub.web.guards import asks_only, needs_scope, public
from referral_hub.web.hsds_answer import (
    around_of,
    asked_of,
    is_stream,
    page_response,
    parameters,
    shape_of,
    span,
    stream_response,
)
from referral_hub.web.hsds_docs import about, openapi, profile
from referral_hub.web.hub import actor, hub, session
from referral_hub.web.search_answer import json_response

blueprint = Blueprint("hsds", __name__, url_prefix="/hsds")
ASKING = ("GET", "POST")


@blueprint.get("/", strict_slashes=False)
@public
def base() -> Response:
    """What this API is, whose, and where it is described."""
    parameters(OneRecord)
    return json_response(about(hub().settings.public_url))


@blueprint.get("/openapi.json")
@public
def openapi_json() -> Response:
    """The API described in OpenAPI 3.1."""
    return json_response(openapi(hub().settings.public_url))


@blueprint.get("/profile")
@public
def profile_json() -> Response:
    """What this API has beyond the standard, and how it reads it where it can be read in ways."""
    return json_response(profile(hub().settings.public_url))


@blueprint.route("/services", methods=ASKING)
@public
@asks_only
@needs_scope(Scope.DIRECTORY_READ)
def services() -> Response:
    """Services."""
    return _list("services", "service")


@blueprint.get("/services/<uuid:record_id>")
@public
@needs_scope(Scope.DIRECTORY_READ)
def service(record_id: UUID) -> Response:
    """One service with all that belongs to it."""
    return _one("service", record_id, parameters(OneRecord))


@blueprint.route("/organizations", methods=ASKING)
@public
@asks_only
@needs_scope(Scope.DIRECTORY_READ)
def organizations() -> Response:
    """Organizations."""
    return _list("organizations", "organization")


@blueprint.get("/organizations/<uuid:record_id>")
@public
@needs_scope(Scope.DIRECTORY_READ)
def organization(record_id: UUID) -> Response:
    """One organization with its services."""
    return _one("organization", record_id, parameters(OneOrganization))


@blueprint.route("/service_at_locations", methods=ASKING)
@public
@asks_only
@needs_scope(Scope.DIRECTORY_READ)
def service_at_locations() -> Response:
    """Services at locations, also around a place."""
    return _list("service_at_locations", "service_at_location")


@blueprint.get("/service_at_locations/<uuid:record_id>")
@public
@needs_scope(Scope.DIRECTORY_READ)
def service_at_location(record_id: UUID) -> Response:
    """One service at a location."""
    return _one("service_at_location", record_id, parameters(OneRecord))


@blueprint.route("/taxonomies", methods=ASKING)
@public
@asks_only
@needs_scope(Scope.DIRECTORY_READ)
def taxonomies() -> Response:
    """Taxonomies."""
    return _list("taxonomies", "taxonomy")


@blueprint.get("/taxonomies/<uuid:record_id>")
@public
@needs_scope(Scope.DIRECTORY_READ)
def taxonomy(record_id: UUID) -> Response:
    """One taxonomy."""
    return _one("taxonomy", record_id, parameters(OneRecord))


@blueprint.route("/taxonomy_terms", methods=ASKING)
@public
@asks_only
@needs_scope(Scope.DIRECTORY_READ)
def taxonomy_terms() -> Response:
    """Terms of taxonomies."""
    return _list("taxonomy_terms", "taxonomy_term")


@blueprint.get("/taxonomy_terms/<uuid:record_id>")
@public
@needs_scope(Scope.DIRECTORY_READ)
def taxonomy_term(record_id: UUID) -> Response:
    """One term."""
    return _one("taxonomy_term", record_id, parameters(OneRecord))


@blueprint.get("/tombstones")
@public
@needs_scope(Scope.DIRECTORY_READ)
def tombstones() -> Response:
    """What sources no longer send: no part of the standard, but of this API's profile."""
    limit_calls("hsds")
    values = parameters(Tombstones)
    since = values["modified_after"]
    if is_stream(values):
        return stream_response(stream_gone(session(), actor(), since))
    offset, limit = span(values)
    found = list_gone(session(), actor(), since, offset=offset, limit=limit)
    return page_response(found, values)


@blueprint.after_request
def let_all_sites_read(response: Response) -> Response:
    """Scripts of other sites may read this; nothing here hangs on who asks."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _list(name: str, root: str) -> Response:
    limit_calls("hsds")
    values = parameters(LISTS[name])
    gazetteer = hub().gazetteer
    asked, place, shape = asked_of(values), around_of(values, gazetteer), shape_of(values)
    if is_stream(values):
        return stream_response(
            stream_records(session(), actor(), root, asked, place, shape, gazetteer)
        )
    offset, limit = span(values)
    found = list_records(
        session(), actor(), root, asked, place, shape, gazetteer, offset=offset, limit=limit
    )
    return page_response(found, values)


def _one(root: str, record_id: UUID, values: dict[str, Any]) -> Response:
    limit_calls("hsds")
    survivor = find_survivor(session(), actor(), root, record_id)
    if survivor is not None:
        return _moved(survivor)
    shape = Shape.WHOLE if values.get("full_service") else Shape.NESTED
    return json_response(show_record(session(), actor(), root, record_id, shape))


def _moved(survivor: UUID) -> Response:
    """To the record that stands in the place of the one asked for, as long as it does."""
    parent = request.path.rpartition("/")[0]
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    answer = json_response({"merged_into": str(survivor)})
    answer.status_code = 307
    answer.headers["Location"] = f"{parent}/{survivor}{query}"
    return answer
