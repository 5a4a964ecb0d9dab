"""How addresses of the API are described in its OpenAPI document.

What is written at an address is only what nobody else knows: its name, shapes and headers. Who may
come in is read off its guards.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import request
from flask_smorest import Blueprint
from marshmallow import Schema

from referral_hub.rules.errors import UnknownParameter
from referral_hub.rules.scopes import MEANING, OF_PEOPLE, Scope
from referral_hub.schemas.search import ProblemSchema
from referral_hub.web.api import PROBLEM
from referral_hub.web.guards import ACCESS, SCOPE, Access

View = TypeVar("View", bound=Callable[..., Any])
_REFUSED = {
    400: "What was sent cannot be read, such as JSON that is none",
    401: "No valid access token",
    403: "The token lacks a scope, or the caller may not do this",
    404: "There is nothing here, or it is not the caller's",
    406: "The caller takes no JSON",
    409: "It cannot be done as things stand",
    412: "Somebody else was quicker: the ETag in If-Match is not that of now",
    413: "What was sent is too large",
    415: "What was sent is not JSON",
    422: "Something that was sent cannot be used; `fields` says what",
    428: "If-Match is missing",
    429: "Too much of this lately; Retry-After says how long to wait",
    503: "The hub cannot answer for a moment; send it again",
}
_ABOUT = (
    "Referrals between agencies, and all that belongs to them, for partner systems.\n\n"
    "Every refusal is a problem document (RFC 9457) with a stable `code`; `fields` names each"
    " thing that is wrong. Parameters and fields that there are not are refused; a"
    " parameter without a value is not asked. What belongs to another agency is answered like"
    " what does not exist. Lists are read page by page: send"
    " `next` as `cursor`. Changes can be sent again with the same `Idempotency-Key`, and are done"
    " once."
)
_WRITES = (400, 409, 413, 415)
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    "description": "A key of one's own: the request can be sent again and is done once. It is kept"
    " for two days. Without one a request that is sent twice is done twice",
}
_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string", "pattern": '^(W/)?("[0-9]{1,9}"|[0-9]{1,9})$'},
    "description": "The ETag of the version that the change is made on",
}
_ETAG = {"ETag": {"schema": {"type": "string"}, "description": "The version, for If-Match"}}
_RETRY_AFTER = {
    "Retry-After": {"schema": {"type": "integer", "minimum": 1}, "description": "Seconds to wait"}
}
_CHALLENGE = {
    "WWW-Authenticate": {
        "schema": {"type": "string"},
        "description": "What is wrong with the token, by RFC 6750",
    }
}
_HEADERS: dict[int, dict[str, Any]] = {401: _CHALLENGE, 429: _RETRY_AFTER}


def described(
    blueprint: Blueprint,
    operation_id: str,
    answer: type[Schema] | None,
    *,
    status: int = 200,
    arguments: type[Schema] | None = None,
    asks: type[Schema] | None = None,
    writes: bool = False,
    repeats: bool = True,
    on_version: bool = False,
    tags: bool = False,
    limited: bool = False,
    finds: bool = False,
) -> Callable[[View], View]:
    """Describe an address; it stands above the guards, which it reads.

    `asks` is the body that it takes. `writes` says that it changes something, with a body or
    without, and `repeats` that it takes an Idempotency-Key for that. `on_version` says that it
    needs If-Match, `tags` that it answers an ETag, `limited` that it can be called too often, and
    `finds` that it can miss what it was asked for.
    """

    def describe(view: View) -> View:
        security = _security_of(view)
        view = view if arguments is not None else _without_parameters(view)
        statuses = {401, 403, 406, 422, 503}
        statuses |= set(_WRITES) if asks is not None else {409} if writes else set()
        statuses |= {409, 412, 428} if on_version else set()
        statuses |= {429} if limited else set()
        statuses |= {404} if finds else set()
        for refused in sorted(statuses):
            view = blueprint.alt_response(
                refused, schema=ProblemSchema, content_type=PROBLEM,
                description=_REFUSED[refused], headers=_HEADERS.get(refused),
            )(view)  # fmt: skip
        doc: dict[str, Any] = {
            "operationId": operation_id,
            "security": security,
            "parameters": [
                *([] if arguments is None else [{"in": "query", "schema": arguments}]),
                *([_KEY] if repeats and (writes or asks is not None) else []),
                *([_IF_MATCH] if on_version else []),
            ],
        }
        if asks is not None:
            doc["requestBody"] = {
                "required": True, "content": {"application/json": {"schema": asks}},
            }  # fmt: skip
        view = blueprint.doc(**doc)(view)
        headers = _ETAG if tags else None
        return blueprint.response(status, answer, headers=headers)(view)  # type: ignore[no-any-return]

    return describe


def api_description(public_url: str) -> dict[str, Any]:
    """What the document says of the API as a whole: where it is, and how to come in."""
    of_agencies = {scope.value: MEANING[scope] for scope in Scope if scope not in OF_PEOPLE}
    token_url = f"{public_url}/oauth/token"
    oauth = {
        "type": "oauth2",
        "description": "A token of one's agency (client credentials), or in a person's name"
        " (authorization code with PKCE)",
        "flows": {
            "clientCredentials": {"tokenUrl": token_url, "scopes": of_agencies},
            "authorizationCode": {
                "authorizationUrl": f"{public_url}/oauth/authorize",
                "tokenUrl": token_url,
                "refreshUrl": token_url,
                "scopes": {scope.value: MEANING[scope] for scope in Scope},
            },
        },
    }
    bearer = {
        "type": "http",
        "scheme": "bearer",
        "description": "The same token, however one came by it",
    }
    return {
        "info": {"description": _ABOUT},
        "servers": [{"url": public_url}],
        "components": {"securitySchemes": {"oauth": oauth, "bearer": bearer}},
    }


def _without_parameters(view: View) -> View:
    """The view of an address that has no parameters: those that are sent are refused."""

    @wraps(view)
    def without(*args: Any, **values: Any) -> Any:
        if request.args:
            listed = ", ".join(name[:60] for name in sorted(request.args)[:10])
            message = f"There is no parameter {listed}. This address has none."
            raise UnknownParameter(message, dict.fromkeys(request.args, "Leave this out."))
        return view(*args, **values)

    return cast(View, without)


def _security_of(view: Callable[..., Any]) -> list[dict[str, list[str]]]:
    """What the guards of a view ask for, as OpenAPI says it: alternatives."""
    access = getattr(view, ACCESS, None)
    scopes: tuple[Scope, ...] = getattr(view, SCOPE, ())
    if access not in (Access.PUBLIC, Access.APPLICATION) or not scopes:
        raise TypeError(f"{view.__name__} needs its guards below its description")
    open_to_all: list[dict[str, list[str]]] = [{}] if access is Access.PUBLIC else []
    return [
        *open_to_all,
        *({scheme: [scope.value]} for scheme in ("oauth", "bearer") for scope in scopes),
    ]
