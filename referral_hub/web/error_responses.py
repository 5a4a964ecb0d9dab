"""Each named error becomes one status and one body: JSON for programs, a page for people."""

import logging
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, make_response, redirect, render_template, request
from flask.globals import request_ctx
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from referral_hub.rules import errors
from referral_hub.web.hub import PROGRAM_PATHS
from referral_hub.web.refusals import note_refusal_of

STATUS: dict[type[errors.HubError], int] = {
    errors.InvalidInput: 422,
    errors.UnknownParameter: 422,
    errors.ControlCharacters: 422,
    errors.NotFound: 404,
    errors.NotPermitted: 403,
    errors.SignInNeeded: 401,
    errors.TokenInvalid: 401,
    errors.ScopeMissing: 403,
    errors.ProofNeeded: 401,
    errors.SecondFactorNeeded: 403,
    errors.SignInStateInvalid: 400,
    errors.SingleSignOnRefused: 400,
    errors.AccountUnknown: 403,
    errors.TooManyTries: 429,
    errors.Conflict: 409,
    errors.IllegalMove: 409,
    errors.ReviewNeeded: 409,
    errors.VersionConflict: 412,
    errors.LikelyDuplicate: 409,
    errors.PreviewChanged: 409,
    errors.CannotMerge: 409,
    errors.ChangedSinceMerge: 409,
    errors.ConsentMissing: 422,
    errors.KeyReused: 422,
    errors.VersionNeeded: 428,
    errors.FormExpired: 400,
    errors.KeyMissing: 500,
    errors.AuditBroken: 500,
    errors.FetchRefused: 422,
    errors.IndexNotReady: 503,
    errors.FiguresNotReady: 503,
    errors.WorkerBehind: 503,
    errors.ImportFailed: 422,
    errors.SettingsInvalid: 500,
    errors.HubError: 500,
}
"""Each class of `rules.errors` once."""

_DETAIL = {
    400: "The request could not be read. Check the address and try again.",
    404: "There is nothing at this address. Check it, or start from the search page.",
    405: "This address does not take this kind of request.",
    406: "This address answers JSON. Send Accept: application/json, or none.",
    413: "What was sent is too large.",
    415: "Send JSON, with Content-Type: application/json.",
    500: "Something went wrong on our side. Nothing was lost; please try again in a minute.",
}
PASSED_ON = frozenset({"Allow", "Retry-After", "Content-Range"})
"""Headers of the framework's errors that tell a caller what would work."""
BEARER = 'Bearer realm="referral-hub"'
OPERATION = ("/healthz", "/readyz")
log = logging.getLogger(__name__)


def register_error_responses(app: Flask) -> None:
    """Answer every error, also those of the framework, in the hub's own way."""
    app.register_error_handler(errors.HubError, _hub_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(Exception, _unexpected)


def problem(
    status: int, code: str, detail: str, fields: dict[str, str] | None = None, **more: object
) -> tuple[Response | str, int]:
    """An error in the form that the caller reads; programs get more of what belongs to it."""
    title = HTTPStatus(status).phrase
    if wants_json():
        body: dict[str, object] = {
            "type": f"urn:referral-hub:error:{code}",
            "title": title,
            "status": status,
            "detail": detail,
            "code": code,
            **more,
        }
        if fields:
            body["fields"] = fields
        response = jsonify(body)
        response.mimetype = "application/problem+json"
        return response, status
    if request_ctx.url_adapter is None:  # no address can be built for a Host that is none
        return Response(f"{title}. {detail}\n", mimetype="text/plain"), status
    page = render_template("error.html", status=status, title=title, detail=detail, code=code)
    return page, status


def wants_json() -> bool:
    """Whether the caller is a program: addresses under /api and /hsds and those of operation are
    for them."""
    return request.path.startswith(PROGRAM_PATHS) or request.path in OPERATION


def _hub_error(error: errors.HubError) -> Response:
    note_refusal_of(error)
    if isinstance(error, errors.SecondFactorNeeded) and _is_page_to_see():
        return make_response(redirect("/account/security"))
    if isinstance(error, errors.SignInNeeded | errors.ProofNeeded) and _is_page_to_see():
        return _to_sign_in(error)
    more = (
        {"clients": list(map(str, error.clients))}
        if isinstance(error, errors.LikelyDuplicate)
        else {}
    )
    response = make_response(
        problem(STATUS[type(error)], error.code, error.message, error.fields, **more)
    )
    if isinstance(error, errors.TooManyTries):
        response.headers["Retry-After"] = str(error.seconds)
    if isinstance(error, errors.SignInNeeded) and wants_json():
        response.headers["WWW-Authenticate"] = BEARER
    if isinstance(error, errors.TokenInvalid | errors.ScopeMissing):
        response.headers["WWW-Authenticate"] = bearer_challenge(error)
    return response


def bearer_challenge(error: errors.TokenInvalid | errors.ScopeMissing) -> str:
    """How an application learns what was wrong with its token (RFC 6750)."""
    if isinstance(error, errors.ScopeMissing):
        return f'{BEARER}, error="insufficient_scope", scope="{error.scope}"'
    return f'{BEARER}, error="invalid_token"'


def _is_page_to_see() -> bool:
    """Whether a person can be sent to sign in and back again."""
    return request.method in ("GET", "HEAD") and not wants_json()


def _to_sign_in(error: errors.HubError) -> Response:
    where = "/sign-in/confirm" if isinstance(error, errors.ProofNeeded) else "/sign-in"
    back = request.full_path.rstrip("?") if request.query_string else request.path
    return make_response(redirect(f"{where}?{urlencode({'next': back})}"))


def _http_error(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    code = HTTPStatus(status).phrase.lower().replace(" ", "-")
    body, status = problem(status, code, _DETAIL.get(status, error.description or ""))
    answer = make_response(body, status)
    for name, value in error.get_headers(request.environ):
        if name in PASSED_ON:
            answer.headers[name] = value
    return answer


def _database_error(error: OperationalError) -> tuple[Response | str, int]:
    log.error("database error", exc_info=error)
    return problem(503, "database-unavailable", "The database did not answer. Please try again.")


def _unexpected(error: Exception) -> tuple[Response | str, int]:
    log.error("unexpected error", exc_info=error)
    return problem(500, "unexpected", _DETAIL[500])
