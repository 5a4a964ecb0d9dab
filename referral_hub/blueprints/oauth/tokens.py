"""Where programs trade, check and end tokens, and learn who let them in."""

import logging

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.exc import OperationalError

from referral_hub.auth.messages import Answer, InvalidRequestError, OAuth2Error, OAuthRequest
from referral_hub.auth.provider import INTROSPECT, REVOKE, TOKEN, USERINFO
from referral_hub.auth.userinfo import userinfo as claims_of
from referral_hub.rules.errors import (
    HubError,
    InvalidInput,
    ScopeMissing,
    SignInNeeded,
    TokenInvalid,
    TooManyTries,
)
from referral_hub.rules.scopes import Scope
from referral_hub.web.error_responses import BEARER, STATUS, bearer_challenge
from referral_hub.web.guards import application, needs_scope, program
from referral_hub.web.hub import partner, session, vault
from referral_hub.web.oauth import oauth_request, server, to_response
from referral_hub.web.refusals import note_refusal_of

blueprint = Blueprint("oauth_tokens", __name__)
FORM = "application/x-www-form-urlencoded"
log = logging.getLogger(__name__)


@blueprint.post(TOKEN)
@program
def token() -> Response:
    """Tokens for a code, a refresh token, or an application by itself."""
    return to_response(server().answer_token_request(_form(TOKEN), _address()))


@blueprint.post(INTROSPECT)
@program
def introspect() -> Response:
    """Whether a token counts."""
    return to_response(server().answer_introspection(_form(INTROSPECT), _address()))


@blueprint.post(REVOKE)
@program
def revoke() -> Response:
    """End a token."""
    return to_response(server().answer_revocation(_form(REVOKE), _address()))


@blueprint.route(USERINFO, methods=["GET", "POST"])
@application
@needs_scope(Scope.OPENID)
def userinfo() -> Response:
    """Who let an application in."""
    return to_response(Answer(200, claims_of(session(), vault(), partner()), {}))


@blueprint.errorhandler(OAuth2Error)
def refused(error: OAuth2Error) -> Response:
    """A request that could not even be read."""
    return to_response(server().answer_error(error))


@blueprint.errorhandler(HubError)
def not_now(error: HubError) -> Response:
    """An error of the hub in the words of the protocol."""
    note_refusal_of(error)
    if isinstance(error, SignInNeeded):  # who sends no token is told of no error
        return to_response(Answer(401, {}, {"WWW-Authenticate": BEARER}))
    headers = {}
    code = "server_error"
    if isinstance(error, TooManyTries):
        code, headers = "temporarily_unavailable", {"Retry-After": str(error.seconds)}
    if isinstance(error, TokenInvalid | ScopeMissing):
        code = "invalid_token" if isinstance(error, TokenInvalid) else "insufficient_scope"
        headers = {"WWW-Authenticate": bearer_challenge(error)}
    status = STATUS[type(error)]
    if isinstance(error, InvalidInput):
        code, status = "invalid_request", 400
    body = {"error": code, "error_description": error.message}
    return to_response(Answer(status, body, headers))


@blueprint.errorhandler(OperationalError)
def no_database(error: OperationalError) -> Response:
    """The database did not answer."""
    log.error("database error", exc_info=error)
    response = jsonify(error="temporarily_unavailable")
    response.status_code = 503
    return response


def _form(path: str) -> OAuthRequest:
    """The request; parameters in the address would end up in logs."""
    if request.query_string:
        raise InvalidRequestError("Send parameters in the body, none in the address.")
    if request.mimetype != FORM:
        raise InvalidRequestError(f"Send parameters as {FORM}.")
    return oauth_request(path, request.form.items(multi=True))


def _address() -> str:
    return request.remote_addr or ""
