"""New tokens: made, stored and told to the audit."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from referral_hub.auth.clients import Client
from referral_hub.auth.token_sources import Code, Refresh
from referral_hub.auth.tokens import Family, add_token
from referral_hub.gateways.tokens import new_token
from referral_hub.models import ApplicationGrant
from referral_hub.rules.applications import ACCESS_LENGTH, TokenKind
from referral_hub.use_cases.steps.audit import add_audit


def new_tokens(scope: str, *, with_refresh: bool) -> dict[str, Any]:
    """Tokens that mean nothing outside the hub, in the form of the answer."""
    token: dict[str, Any] = {
        "token_type": "Bearer",
        "access_token": new_token(),
        "expires_in": int(ACCESS_LENGTH.total_seconds()),
        "scope": scope,
    }
    if with_refresh:
        token["refresh_token"] = new_token()
    return token


def save_tokens(
    session: Session,
    client: Client,
    source: Code | Refresh | None,
    token: dict[str, Any],
    now: datetime,
) -> None:
    """Put tokens into the transaction, in the family of what they came from.

    An access token may have fewer scopes than was agreed to, a refresh token keeps them all.
    """
    scopes = token["scope"].split()
    if source is None:
        family = Family(uuid4(), None, None, False, now + ACCESS_LENGTH)
    else:
        family = source.family(now)
    add_token(session, token["access_token"], TokenKind.ACCESS, client, family, scopes, now)
    if "refresh_token" in token and source is not None:
        whole = source.get_scope().split()
        add_token(session, token["refresh_token"], TokenKind.REFRESH, client, family, whole, now)
    grant = session.get(ApplicationGrant, family.grant_id) if family.grant_id else None
    add_audit(
        session, client.acting(grant), "token:issue", grant, agency_id=client.agency_id,
        detail=token["scope"], now=now,
    )  # fmt: skip
