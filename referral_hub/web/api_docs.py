"""How addresses of the API are described in its OpenAPI document."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask_smorest import Blueprint
from marshmallow import Schema

from referral_hub.schemas.search import ProblemSchema

View = TypeVar("View", bound=Callable[..., Any])
_REFUSED = {
    401: "No valid access token",
    403: "The token lacks a scope, or the caller may not do this",
    404: "There is nothing here, or it is not the caller's",
    422: "Something that was sent cannot be used; `fields` says what",
    429: "Too much of this lately",
}
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "maxLength": 255},
    "description": "A key of one's own: the request can be sent again and is done once",
}
_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string"},
    "description": "The ETag of the version that the change is made on",
}


def described(
    blueprint: Blueprint,
    operation_id: str,
    answer: type[Schema],
    *,
    status: int = 200,
    arguments: type[Schema] | None = None,
) -> Callable[[View], View]:
    """Describe what an address answers, which parameters it takes, and how it refuses."""

    def describe(view: View) -> View:
        for refused, words in _REFUSED.items():
            view = blueprint.alt_response(refused, schema=ProblemSchema, description=words)(view)
        parameters = [] if arguments is None else [{"in": "query", "schema": arguments}]
        view = blueprint.doc(operationId=operation_id, parameters=parameters)(view)
        return blueprint.response(status, answer)(view)  # type: ignore[no-any-return]

    return describe


def asks(
    blueprint: Blueprint, asked: type[Schema], *, version: bool = False
) -> Callable[[View], View]:
    """Describe the body that an address takes, and the headers of a change."""

    def describe(view: View) -> View:
        body = {"required": True, "content": {"application/json": {"schema": asked}}}
        headers = [_KEY, _IF_MATCH] if version else [_KEY]
        return blueprint.doc(requestBody=body, parameters=headers)(view)  # type: ignore[no-any-return]

    return describe
