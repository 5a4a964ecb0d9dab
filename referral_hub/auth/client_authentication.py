"""How applications prove who they are: a signed assertion, a secret, or (public ones) PKCE alone.

Each application has one way, and each request uses one.
"""

import json
from base64 import b64decode
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError
from authlib.oauth2.rfc7523.client import ASSERTION_TYPE
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from referral_hub.auth.clients import Client, find_application, find_client
from referral_hub.auth.messages import OAuthRequest
from referral_hub.auth.provider import Provider
from referral_hub.models import UsedAssertion
from referral_hub.rules.actor import Anonymous
from referral_hub.rules.applications import (
    ASSERTION_LENGTH,
    SIGNING_ALGORITHMS,
    ClientAuthentication,
)
from referral_hub.rules.audit import Outcome
from referral_hub.rules.errors import TooManyTries
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.rates import Rate, spend
from referral_hub.use_cases.transaction import transaction

SKEW = timedelta(seconds=10)
"""By how much an application's clock may differ."""
NOTED = Rate("client refused", 1, timedelta(hours=1))
"""So many refusals of one application are noted."""
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


def note_refused(
    session: Session, request: OAuthRequest, error: InvalidClientError, network: str, now: datetime
) -> None:
    """Tell the audit that an application did not prove who it is: one row for it and a while.

    Those that name none which exists share a row for each network, so that no flood of made up
    names fills the audit. What was sent is not kept.
    """
    found = find_application(session, _claimed(request))
    agency_id = found.agency_id if found is not None else None
    with suppress(TooManyTries):
        spend(session, NOTED, str(found.id) if found is not None else network, now=now)
        with transaction(session):
            add_audit(
                session, Anonymous(), "client:authenticate", found, agency_id=agency_id,
                detail=f"{urlsplit(request.uri).path}: {error.description}",
                outcome=Outcome.REFUSED, now=now,
            )  # fmt: skip


def _claimed(request: OAuthRequest) -> str | None:
    """Which application a request says it is from."""
    header = request.headers.get("Authorization")
    if "client_assertion" in request.parameters:
        with suppress(InvalidClientError):
            return _unverified(request.parameters["client_assertion"])[0]
        return None
    return _basic(header)[0] if header else request.parameters.get("client_id")


def _by_secret(session: Session, header: str) -> Client | None:
    name, secret = _basic(header)
    client = find_client(session, name)
    return client if client is not None and client.check_client_secret(secret) else None


def _basic(header: str) -> tuple[str | None, str]:
    """The name and the secret of a header; no name where it cannot be read."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None, ""
    try:
        name, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:  # not base64, or not text
        return None, ""
    return unquote_plus(name), unquote_plus(secret)


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
