"""Ending access at once: sessions, tokens, codes, grants. The rows stay, for the history."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Update, or_, select, update
from sqlalchemy.orm import Session

from referral_hub.models import (
    Application,
    ApplicationGrant,
    AuthorizationCode,
    OneTimeLink,
    SignInSession,
    Token,
)


def end_access_of_person(
    session: Session, person_id: UUID, agency_id: UUID | None, *, now: datetime
) -> None:
    """End the sessions in which a person acts for an agency (None: for the network), and what
    they let applications do there."""
    of_agency = ApplicationGrant.agency_id == agency_id  # None becomes IS NULL
    _end_sessions(
        session, SignInSession.person_id == person_id, SignInSession.agency_id == agency_id, now=now
    )
    _end_grants(session, ApplicationGrant.person_id == person_id, of_agency, now=now)


def end_all_access_of_person(session: Session, person_id: UUID, *, now: datetime) -> None:
    """End all sessions, grants, tokens and links of a person."""
    _end_sessions(session, SignInSession.person_id == person_id, now=now)
    _end_grants(session, ApplicationGrant.person_id == person_id, now=now)
    session.execute(
        _quietly(
            update(OneTimeLink)
            .where(OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None))
            .values(used_at=now)
        )
    )


def end_access_for_agency(session: Session, agency_id: UUID, *, now: datetime) -> None:
    """End all sessions in which somebody acts for an agency, and all tokens for it.

    What people let applications do stays, but counts for nothing while the agency is no partner.
    """
    _end_sessions(session, SignInSession.agency_id == agency_id, now=now)
    applications = select(Application.id).where(Application.agency_id == agency_id)
    grants = select(ApplicationGrant.id).where(ApplicationGrant.agency_id == agency_id)
    _end_tokens(
        session,
        or_(Token.application_id.in_(applications), Token.grant_id.in_(grants)),
        or_(
            AuthorizationCode.application_id.in_(applications),
            AuthorizationCode.grant_id.in_(grants),
        ),
        now=now,
    )


def _end_sessions(session: Session, *which: ColumnElement[bool], now: datetime) -> None:
    session.execute(
        _quietly(
            update(SignInSession)
            .where(SignInSession.ended_at.is_(None), *which)
            .values(ended_at=now)
        )
    )


def _end_grants(session: Session, *which: ColumnElement[bool], now: datetime) -> None:
    grants = select(ApplicationGrant.id).where(*which)
    _end_tokens(
        session, Token.grant_id.in_(grants), AuthorizationCode.grant_id.in_(grants), now=now
    )
    session.execute(
        _quietly(
            update(ApplicationGrant)
            .where(ApplicationGrant.withdrawn_at.is_(None), *which)
            .values(withdrawn_at=now)
        )
    )


def _end_tokens(
    session: Session, tokens: ColumnElement[bool], codes: ColumnElement[bool], *, now: datetime
) -> None:
    session.execute(
        _quietly(update(Token).where(Token.revoked_at.is_(None), tokens).values(revoked_at=now))
    )
    session.execute(
        _quietly(
            update(AuthorizationCode)
            .where(AuthorizationCode.used_at.is_(None), codes)
            .values(expires_at=now)
        )
    )


def _quietly(statement: Update) -> Update:
    """Objects that the session holds are not touched: each use case is done with them."""
    return statement.execution_options(synchronize_session=False)
