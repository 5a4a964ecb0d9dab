"""What clients look up about the hub."""

from flask import Blueprint, Response, jsonify

from referral_hub.auth.discovery import metadata
from referral_hub.auth.provider import JWKS
from referral_hub.auth.signing_keys import published_keys
from referral_hub.web.guards import public
from referral_hub.web.hub import now, session
from referral_hub.web.oauth import provider

blueprint = Blueprint("oauth_metadata", __name__)
KEPT = "public, max-age=300"


@blueprint.get("/.well-known/openid-configuration")
@public
def openid_configuration() -> Response:
    """The document of OpenID Connect Discovery."""
    return _kept(jsonify(metadata(provider())))


@blueprint.get("/.well-known/oauth-authorization-server")
@public
def oauth_authorization_server() -> Response:
    """The same by the name that RFC 8414 gives it."""
    return _kept(jsonify(metadata(provider())))


@blueprint.get(JWKS)
@public
def jwks() -> Response:
    """The public keys with which id tokens are checked."""
    return _kept(jsonify(published_keys(session(), now())))


def _kept(response: Response) -> Response:
    """Anybody may read and keep this, scripts of other sites too."""
    response.headers["Cache-Control"] = KEPT
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
