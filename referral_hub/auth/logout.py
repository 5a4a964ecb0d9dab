"""Signing out that an application begins (OpenID Connect RP-Initiated Logout)."""

from datetime import datetime
from typing import Any

from authlib.common.urls import add_params_to_uri
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy.orm import Session

from referral_hub.auth.clients import Client, find_client
from referral_hub.auth.messages import OAuthRequest
from referral_hub.auth.provider import Provider
from referral_hub.auth.signing_keys import published_keys
from referral_hub.rules.applications import SIGNING_ALGORITHMS


def way_back(
    session: Session, provider: Provider, request: OAuthRequest, now: datetime
) -> str | None:
    """Where to go after signing out; None for the hub's own page.

    People are sent on only to an address that is registered letter by letter, for an application
    that shows an id token which the hub signed for it. An old id token is good enough for that.
    """
    sent = request.parameters
    uri = sent.get("post_logout_redirect_uri")
    client = _client(session, provider, sent, now)
    if uri is None or client is None or uri not in client.logout_uris:
        return None
    state = sent.get("state")
    return str(add_params_to_uri(uri, [("state", state)])) if state else uri


def _client(
    session: Session, provider: Provider, sent: dict[str, str], now: datetime
) -> Client | None:
    claims = _claims(session, provider, sent.get("id_token_hint"), now)
    audience = claims.get("aud")
    if claims.get("iss") != provider.issuer or not isinstance(audience, str):
        return None
    if sent.get("client_id", audience) != audience:
        return None
    return find_client(session, audience)


def _claims(
    session: Session, provider: Provider, hint: str | None, now: datetime
) -> dict[str, Any]:
    """What the hub once signed; nothing for what it did not sign."""
    if hint is None:
        return {}
    try:
        keys = KeySet.import_key_set(published_keys(session, now))  # type: ignore[arg-type]
        return dict(jwt.decode(hint, keys, algorithms=list(SIGNING_ALGORITHMS)).claims)
    except (JoseError, ValueError, TypeError):
        return {}
