"""Codes and tokens as rows: made, found while they count, redeemed once, ended as a family.

Of each only the SHA-256 is stored. What is redeemed twice ends everything that came of it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from authlib.oauth2.rfc6749 import InvalidGrantError
from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from referral_hub.auth.clients import Client
from referral_hub.gateways.tokens import token_hash
from referral_hub.models import (
    Agency,
    Application,
    ApplicationGrant,
    AuthorizationCode,
    SignInSession,
    Token,
)
from referral_hub.rules.actor import Application as ApplicationActing
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.applications import (
    ACCESS_LENGTH,
    FAMILY_LENGTH,
    REFRESH_LENGTH,
    ApplicationStatus,
    TokenKind,
)
from referral_hub.rules.audit import Outcome
from referral_hub.use_cases.steps.access import end_tokens, lock_grant
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.grants import person_of_grant
from referral_hub.use_cases.transaction import transaction


class Reused(Exception):
    """A code or refresh token was redeemed before: somebody else may have it."""

    def __init__(self, row: "AuthorizationCode | Token") -> None:
        super().__init__("redeemed before")
        self.family, self.grant_id = row.family, row.grant_id


@dataclass(frozen=True, slots=True)
class Family:
    """What all tokens that come from one consent, or from one request of a program, share.

    `session_id` is the sign-in from which they came; they end with it unless they outlive it.
    """

    id: UUID
    grant_id: UUID | None
    session_id: UUID | None
    outlives_sign_in: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LiveToken:
    """A token that counts now, and who acts with it."""

    row: Token
    acting: ApplicationActing


def new_family_end(now: datetime) -> datetime:
    """When a family that begins now ends, however often it is renewed."""
    return now + FAMILY_LENGTH


def add_token(
    session: Session, text: str, kind: TokenKind, client: Client, family: Family,
    scopes: list[str], now: datetime,
) -> None:  # fmt: skip
    """Add a token to a family."""
    length = ACCESS_LENGTH if kind is TokenKind.ACCESS else REFRESH_LENGTH
    session.add(
        Token(
            token_hash=token_hash(text),
            kind=kind,
            family=family.id,
            application_id=client.id,
            grant_id=family.grant_id,
            session_id=family.session_id,
            outlives_sign_in=family.outlives_sign_in,
            scopes=scopes,
            issued_at=now,
            expires_at=min(now + length, family.expires_at),
            family_expires_at=family.expires_at,
        )
    )
    session.flush()


def find_token(session: Session, text: str, kind: TokenKind | None = None) -> Token | None:
    """The row of a token, whether it counts or not."""
    query = select(Token).where(Token.token_hash == token_hash(text))
    if kind is not None:
        query = query.where(Token.kind == kind)
    return session.scalars(query).one_or_none()


def find_code(session: Session, text: str) -> AuthorizationCode | None:
    """The row of a code, whether it counts or not."""
    query = select(AuthorizationCode).where(AuthorizationCode.code_hash == token_hash(text))
    return session.scalars(query).one_or_none()


def live(session: Session, row: Token, now: datetime) -> LiveToken | None:
    """Who acts with a token; None once it counts no more.

    It ends with its time, with the application, the agency's part in the network, the grant, the
    person's account and role, and (without offline_access) with the sign-in it came from. A role
    that needs a second factor counts only if there was one in that sign-in.
    """
    if row.revoked_at is not None or row.used_at is not None or row.expires_at <= now:
        return None
    owner = session.execute(
        select(Application.client_id, Application.agency_id)
        .join(Agency, Agency.id == Application.agency_id)
        .where(
            Application.id == row.application_id,
            Application.status == ApplicationStatus.APPROVED,
            Agency.status == AgencyStatus.PARTNER,
        )
    ).one_or_none()
    if owner is None or not goes_on(session, row, now):
        return None
    person = person_of(session, row, now)
    if person is None and row.grant_id is not None:
        return None
    acting = ApplicationActing(owner.client_id, owner.agency_id, frozenset(row.scopes), person)
    return LiveToken(row, acting)


def person_of(
    session: Session, row: AuthorizationCode | Token, now: datetime
) -> PersonActing | None:
    """In whose name an application acts with a code or token; None where nobody lets it."""
    if row.grant_id is None or row.session_id is None:
        return None
    grant = session.get_one(ApplicationGrant, row.grant_id)
    return person_of_grant(session, grant, session.get_one(SignInSession, row.session_id), now)


def goes_on(session: Session, row: AuthorizationCode | Token, now: datetime) -> bool:
    """Whether the sign-in from which something came goes on; true for a token that needs none."""
    if row.session_id is None or (isinstance(row, Token) and row.outlives_sign_in):
        return True
    held = session.get_one(SignInSession, row.session_id)
    return held.ended_at is None and now < held.expires_at


def redeem(session: Session, row: AuthorizationCode | Token, now: datetime) -> None:
    """Use up a code or refresh token, inside a transaction. Raises Reused: only one can win.

    Raises InvalidGrantError for one that is too old or was ended, though it was never used.
    """
    lock_grant(session, row.grant_id)
    session.refresh(row)  # it may have ended while this waited for the lock
    is_revoked = isinstance(row, Token) and row.revoked_at is not None
    if row.used_at is None and (is_revoked or row.expires_at <= now):
        raise InvalidGrantError("This is too old, or was taken back.")
    table = type(row)
    done = session.execute(
        update(table)
        .where(table.id == row.id, table.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(done, CursorResult) or done.rowcount != 1:
        raise Reused(row)


def end_family(session: Session, reused: Reused, client: Client, now: datetime) -> None:
    """Revoke all tokens that share a family, in a transaction of its own."""
    with transaction(session):
        end_tokens(session, lambda given: given.family == reused.family, now=now)
        grant = session.get(ApplicationGrant, reused.grant_id) if reused.grant_id else None
        add_audit(
            session, client.acting(grant), "token:reuse", grant, agency_id=client.agency_id,
            detail=f"family {reused.family}", outcome=Outcome.REFUSED, now=now,
        )  # fmt: skip
