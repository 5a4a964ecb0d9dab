"""How applications prove who they are: a signed assertion, a secret, or (public ones) PKCE alone.

Each application has one way, and each request uses one.
"""

import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError
from authlib.oauth2.rfc7523.client import ASSERTION_TYPE
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from referral_hub.auth.clients import Client, find_client
from referral_hub.auth.messages import OAuthRequest
from referral_hub.auth.provider import Provider
from referral_hub.models import UsedAssertion
from referral_hub.rules.applications import (
    ASSERTION_LENGTH,
    SIGNING_ALGORITHMS,
    ClientAuthentication,
)
from referral_hub.use_cases.transaction import transaction

SKEW = timedelta(seconds=10)
"""By how much an application's clock may differ."""
_MOST_ID = 200


def authenticate(
    session: Session, provider: Provider, request: OAuthRequest, now: datetime
) -> Client:
    """The application that sent a request. Raises InvalidClientError or InvalidRequestError.

    Uses transactions of its own: an assertion counts as used whatever becomes of the request.
    """
    header = request.headers.get("Authorization")
    form = request.parameters
    if "client_secret" in form:
        raise InvalidRequestError("Send the secret in the Authorization header.")
    if "client_assertion" in form or "client_assertion_type" in form:
        if header:
            raise InvalidRequestError("Prove who you are in one way, not in two.")
        method = ClientAuthentication.PRIVATE_KEY_JWT
        client = _by_assertion(session, provider, form, now)
    elif header:
        method = ClientAuthentication.CLIENT_SECRET_BASIC
        client = _by_secret(session, header)
    else:
        method = ClientAuthentication.NONE
        client = find_client(session, form.get("client_id"))
    if client is None or not client.check_endpoint_auth_method(method, "token"):
        raise _refused()
    if form.get("client_id", client.client_id) != client.client_id:
        raise _refused()
    request.auth_method = method
    request.client = client
    return client


def _by_secret(session: Session, header: str) -> Client | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:  # not base64, or not text
        return None
    client = find_client(session, unquote_plus(name))
    if client is None or not client.check_client_secret(unquote_plus(secret)):
        return None
    return client


def _by_assertion(
    session: Session, provider: Provider, form: dict[str, str], now: datetime
) -> Client | None:
    assertion = form.get("client_assertion", "")
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise _refused()
    claimed, key_id = _unverified(assertion)
    client = find_client(session, claimed)
    if client is None or client.authentication is not ClientAuthentication.PRIVATE_KEY_JWT:
        return None
    session.rollback()  # nothing of the database is held while keys are fetched
    keys = (client.jwks or {}).get("keys") or []
    if client.jwks_uri:
        keys = provider.remote_keys.keys_at(client.jwks_uri, key_id, now)
    claims = _verified(assertion, list(keys), client, provider, now)
    _use_up(session, client, claims)
    return client


def _unverified(assertion: str) -> tuple[str, str | None]:
    """Who an assertion says it is from, and the key that it names; neither is proved yet."""
    try:
        signed = jws.extract_compact(assertion.encode())
        claimed = json.loads(signed.payload)["sub"]
        key_id = signed.headers().get("kid")
    except (JoseError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _refused("The assertion cannot be read.") from error
    if not isinstance(claimed, str):
        raise _refused("The assertion cannot be read.")
    return claimed, key_id if isinstance(key_id, str) else None


def _verified(
    assertion: str, keys: list[Any], client: Client, provider: Provider, now: datetime
) -> dict[str, Any]:
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=int(SKEW.total_seconds()),
        iss={"essential": True, "value": client.client_id},
        sub={"essential": True, "value": client.client_id},
        aud={"essential": True, "values": sorted(provider.audiences)},
        exp={"essential": True},
        jti={"essential": True},
    )
    try:
        token = jwt.decode(
            assertion, KeySet.import_key_set({"keys": keys}), algorithms=list(SIGNING_ALGORITHMS)
        )
        registry.validate(token.claims)
    except (JoseError, ValueError, TypeError) as error:
        raise _refused("The assertion does not hold.") from error
    last = int((now + ASSERTION_LENGTH + SKEW).timestamp())
    expires, name = token.claims["exp"], token.claims["jti"]
    if not isinstance(expires, int) or expires > last:
        raise _refused("The assertion holds too long. Use at most 5 minutes.")
    if not 0 < len(name) <= _MOST_ID:
        raise _refused(f"The jti has to have 1 to {_MOST_ID} letters.")
    return dict(token.claims)


def _use_up(session: Session, client: Client, claims: dict[str, Any]) -> None:
    """Note that an assertion was used. Raises InvalidClientError for one that was used before."""
    expires_at = datetime.fromtimestamp(claims["exp"], UTC) + SKEW
    used = UsedAssertion(
        application_id=client.id, assertion_id=_storable(claims["jti"]), expires_at=expires_at
    )
    try:
        with transaction(session):
            session.add(used)
            session.flush()
    except IntegrityError as error:
        raise _refused("This assertion was used before.") from error


def _storable(text: str) -> str:
    """A text without signs that a database cannot hold, still different for different texts."""
    return json.dumps(text)


def _refused(reason: str = "The application did not prove who it is.") -> InvalidClientError:
    return InvalidClientError(description=reason, status_code=401)
