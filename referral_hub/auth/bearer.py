"""Who is calling with an access token in the Authorization header (RFC 6750)."""

from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.auth.tokens import find_token, live
from referral_hub.rules.actor import Application
from referral_hub.rules.applications import TokenKind
from referral_hub.rules.errors import TokenInvalid

_MOST_LETTERS = 500


def actor_of_token(session: Session, header: str, now: datetime) -> Application:
    """The application that sent a header, as its token lets it act. Raises TokenInvalid."""
    scheme, _, token = header.partition(" ")
    token = token.strip()
    if scheme.lower() == "bearer" and 0 < len(token) <= _MOST_LETTERS:
        row = find_token(session, token, TokenKind.ACCESS)
        found = live(session, row, now) if row is not None else None
        if found is not None:
            return found.acting
    raise TokenInvalid("The access token is not valid, or counts no more. Get a new one.")
