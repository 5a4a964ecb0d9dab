"""How the HSDS API describes itself: its first address, its profile, and its OpenAPI document.

Shapes of records come from the tables of the standard, parameters from what checks them.
"""

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from referral_hub.rules.hsds import (
    TABLES,
    WITHOUT_ATTRIBUTES,
    WITHOUT_METADATA,
    Field,
    Kind,
    Table,
)
from referral_hub.schemas.hsds_arguments import (
    LISTS,
    OneOrganization,
    OneRecord,
    Tombstones,
)
from referral_hub.schemas.search import ProblemSchema
from referral_hub.web.api import PROBLEM

VERSION = "3.2.3"
STANDARD = "https://docs.openreferral.org/en/v3.2/hsds/"
PUBLISHER = "Referral Hub"
_DESCRIPTION = (
    "The public directory of the network, read only and open to everybody, by the Human Services"
    " Data Specification. Addresses of confidential locations are in none of it."
)
_KINDS: dict[Kind, dict[str, str]] = {
    Kind.TEXT: {"type": "string"},
    Kind.UUID: {"type": "string", "format": "uuid"},
    Kind.NUMBER: {"type": "number"},
    Kind.DATE: {"type": "string"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
    Kind.TIME: {"type": "string"},
    Kind.EMAIL: {"type": "string", "format": "email"},
    Kind.URI: {"type": "string", "format": "uri"},
}
_ROOTS = {
    "services": "service",
    "organizations": "organization",
    "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}
_REFUSED = {
    400: "The request cannot be read",
    401: "An access token came along that is not valid",
    403: "An access token came along without the scope directory.read",
    404: "There is no such record that everybody may see",
    422: "A parameter that there is not, or that cannot be used; `fields` says what",
    429: "Too much of this lately; Retry-After says how long to wait",
    503: "The hub cannot answer for a moment; send it again",
}
_GONE = {
    "type": "object",
    "required": ["id", "type", "gone_at"],
    "properties": {
        "id": _KINDS[Kind.UUID],
        "type": {"type": "string", "description": "The HSDS object that the id was of"},
        "gone_at": _KINDS[Kind.DATETIME],
        "merged_into": {
            **_KINDS[Kind.UUID],
            "description": "The record of the same kind that stands in its place, if it was merged",
        },
    },
}
_MINIMAL = {
    "type": "object",
    "required": ["id", "modified_date"],
    "properties": {"id": _KINDS[Kind.UUID], "modified_date": _KINDS[Kind.DATETIME]},
}


def about(public_url: str) -> dict[str, Any]:
    """What the first address answers."""
    return {
        "version": VERSION,
        "profile": f"{public_url}/hsds/profile",
        "openapi_url": f"{public_url}/hsds/openapi.json",
        "description": _DESCRIPTION,
        "publisher": {"name": PUBLISHER, "website": public_url},
    }


def profile(public_url: str) -> dict[str, Any]:
    """What this API has beyond the standard, and how it reads what can be read in ways."""
    return {
        "id": f"{public_url}/hsds/profile",
        "name": "Referral Hub profile of HSDS",
        "version": "1.0",
        "extends": {"name": "HSDS", "version": VERSION, "uri": STANDARD},
        "fields": {},
        "parameters": {
            "/service_at_locations": {
                name: _plain(parameter)
                for name, parameter in _by_name(LISTS["service_at_locations"]).items()
                if name in ("lat", "lon", "radius")
            },
        },
        "endpoints": {
            "/tombstones": {
                "description": "What sources no longer send, in the order in which it went, paged"
                " like all lists. A service that is gone also stays in the lists, as inactive."
                " A record that was merged into another is told with that one's id; its own address"
                " answers 307 and leads there, as long as the merge stands.",
                "parameters": {
                    name: _plain(parameter) for name, parameter in _by_name(Tombstones).items()
                },
                "schema": _GONE,
            },
        },
        "readings": {
            "modified_after": "Counts when this hub learned of the change, so that nothing is"
            " missed that a source sends late. The last_modified of a service is its source's,"
            " until somebody edits the listing here.",
            "top_only": "Terms that stand under no other.",
            "postcode": "Leaves out what states a service area that does not hold the middle of"
            " the ZIP code, or that is not understood. What states none stays.",
            "proximity, radius": "Metres; what is found is in the order of its distance. All other"
            " lists are in the order of ids. Confidential locations are measured from the middle"
            " of their ZIP code.",
            "taxonomy_term_id, taxonomy_id": "A service at a location carries the terms of its"
            " service; an organization carries those of its services.",
            "unknown parameters": "Are refused, since a misspelt filter would widen the answer.",
        },
    }


def openapi(public_url: str) -> dict[str, Any]:
    """The whole API in OpenAPI 3.1."""
    paths: dict[str, Any] = {"/": {"get": _operation("getAPIMetaInformation", OneRecord, "Base")}}
    for name, root in _ROOTS.items():
        listed = _operation(f"list_{name}", LISTS[name], f"Page_{root}", is_list=True)
        again = {**listed, "operationId": f"query_{name}"}
        paths[f"/{name}"] = {"get": listed, "post": again}
        arguments = OneOrganization if root == "organization" else OneRecord
        shown = _operation(f"get_{root}", arguments, root, finds=True)
        shown["parameters"].append(
            {"name": "id", "in": "path", "required": True, "schema": _KINDS[Kind.UUID]}
        )
        paths[f"/{name}/{{id}}"] = {"get": shown}
    paths["/tombstones"] = {
        "get": _operation("list_tombstones", Tombstones, "Page_tombstone", is_list=True)
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "HSDS API of a Referral Hub",
            "version": VERSION,
            "description": _DESCRIPTION,
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": f"{public_url}/hsds"}],
        "paths": paths,
        "components": {
            "schemas": {
                **{name: _schema(table) for name, table in TABLES.items()},
                **{f"Page_{root}": _page(_ref(root)) for root in _ROOTS.values()},
                "Page_service": _page({"anyOf": [_ref("service"), _MINIMAL]}),
                "Page_tombstone": _page(_GONE),
                "Base": _BASE,
                "Problem": _converter().schema2jsonschema(ProblemSchema()),
            }
        },
    }


def _operation(
    name: str,
    arguments: type[Schema],
    answer: str,
    *,
    is_list: bool = False,
    finds: bool = False,
) -> dict[str, Any]:
    contents: dict[str, Any] = {"application/json": {"schema": _ref(answer)}}
    if is_list:
        contents["application/x-ndjson"] = {"schema": {"type": "string"}}
    return {
        "operationId": name,
        "parameters": list(_by_name(arguments).values()),
        "responses": {
            "200": {"description": "What was asked for", "content": contents},
            **{
                str(status): {
                    "description": meaning,
                    "content": {PROBLEM: {"schema": _ref("Problem")}},
                }
                for status, meaning in _REFUSED.items()
                if finds or status != 404
            },
        },
    }


def _schema(table: Table) -> dict[str, Any]:
    """An object as it stands in JSON: keys of other records are told by nesting."""
    own = [field for field in table.fields if not field.references]
    properties: dict[str, Any] = {field.name: _of_field(field) for field in own}
    for nested in table.nested:
        one = _ref(nested.table)
        properties[nested.json_key] = {"type": "array", "items": one} if nested.many else one
    if table.name not in WITHOUT_ATTRIBUTES:
        properties["attributes"] = {"type": "array", "items": _ref("attribute")}
    if table.name not in WITHOUT_METADATA:
        properties["metadata"] = {"type": "array", "items": _ref("metadata")}
    return {
        "type": "object",
        "required": [field.name for field in own if field.required],
        "properties": properties,
    }


def _of_field(field: Field) -> dict[str, Any]:
    choices = {"enum": sorted(field.choices)} if field.choices else {}
    return {**_KINDS[field.kind], **choices}


def _page(items: dict[str, Any]) -> dict[str, Any]:
    whole, yes = {"type": "integer", "minimum": 0}, {"type": "boolean"}
    properties: dict[str, Any] = {
        "total_items": whole,
        "total_pages": whole,
        "page_number": whole,
        "size": whole,
        "first_page": yes,
        "last_page": yes,
        "empty": yes,
        "contents": {"type": "array", "items": items},
    }
    return {"type": "object", "required": list(properties), "properties": properties}


_BASE = {
    "type": "object",
    "properties": {
        "version": {"type": "string"},
        "profile": _KINDS[Kind.URI],
        "openapi_url": _KINDS[Kind.URI],
        "description": {"type": "string"},
        "publisher": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "website": _KINDS[Kind.URI]},
        },
    },
}


def _by_name(arguments: type[Schema]) -> dict[str, Any]:
    """The parameters of an address, as OpenAPI has them."""
    described = _converter().schema2parameters(arguments(), location="query")
    for parameter in described:
        if parameter["schema"].get("default", "") is None:  # what is not asked has no value
            del parameter["schema"]["default"]
    return {parameter["name"]: parameter for parameter in described}


def _plain(parameter: dict[str, Any]) -> dict[str, Any]:
    """A parameter without its place."""
    return {name: parameter[name] for name in ("description", "schema") if name in parameter}


def _converter() -> Any:
    plugin = MarshmallowPlugin()
    APISpec("", "", "3.1.0", plugins=[plugin])
    return plugin.converter


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}
