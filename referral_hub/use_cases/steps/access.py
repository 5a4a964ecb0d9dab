"""Ending access at once: sessions, tokens, codes, grants. The rows stay, for the history; addresses
of calendars are deleted."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Update, delete, or_, select, union, update
from sqlalchemy.orm import Session

from referral_hub.models import (
    Application,
    ApplicationGrant,
    AuthorizationCode,
    CalendarLink,
    OneTimeLink,
    Person,
    SignInAttempt,
    SignInSession,
    Token,
)

Given = type[Token] | type[AuthorizationCode]
"""What an application is given by a grant: tokens, and codes that it trades for tokens."""


def end_access_of_person(
    session: Session, person_id: UUID, agency_id: UUID | None, *, now: datetime
) -> None:
    """End the sessions in which a person acts for an agency (None: for the network), what they let
    applications do there, and the address of their calendar."""
    of_agency = ApplicationGrant.agency_id == agency_id  # None becomes IS NULL
    end_sessions(
        session, SignInSession.person_id == person_id, SignInSession.agency_id == agency_id, now=now
    )
    _end_grants(session, ApplicationGrant.person_id == person_id, of_agency, now=now)
    _end_calendars(
        session, CalendarLink.person_id == person_id, CalendarLink.agency_id == agency_id
    )


def end_all_access_of_person(session: Session, person_id: UUID, *, now: datetime) -> None:
    """End all sessions, grants, tokens, links and sign-ins under way of a person."""
    forget_proofs(session, person_id, now=now)
    _end_grants(session, ApplicationGrant.person_id == person_id, now=now)


def forget_proofs(
    session: Session, person_id: UUID, *, but: UUID | None = None, now: datetime
) -> None:
    """End what rests on how a person proved who they are, once that counts no more: sessions (but
    one), sign-ins under way, links, codes, tokens and addresses of calendars. What they let
    applications do stays.

    The person is locked first, since signing in with a password locks them too.
    """
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    for table in (SignInAttempt, OneTimeLink):
        session.execute(
            _quietly(
                update(table)
                .where(table.person_id == person_id, table.used_at.is_(None))
                .values(used_at=now)
            )
        )
    # After the sign-ins under way: one that was faster has a session by now.
    others = () if but is None else (SignInSession.id != but,)
    end_sessions(session, SignInSession.person_id == person_id, *others, now=now)
    granted = select(ApplicationGrant.id).where(ApplicationGrant.person_id == person_id)
    end_tokens(session, lambda given: given.grant_id.in_(granted), now=now)
    _end_calendars(session, CalendarLink.person_id == person_id)


def end_access_for_agency(session: Session, agency_id: UUID, *, now: datetime) -> None:
    """End all sessions in which somebody acts for an agency, and all tokens for it.

    What people let applications do stays, but counts for nothing while the agency is no partner.
    """
    end_sessions(session, SignInSession.agency_id == agency_id, now=now)
    applications = select(Application.id).where(Application.agency_id == agency_id)
    grants = select(ApplicationGrant.id).where(ApplicationGrant.agency_id == agency_id)
    end_tokens(
        session,
        lambda given: or_(given.application_id.in_(applications), given.grant_id.in_(grants)),
        now=now,
    )


def end_sessions(session: Session, *which: ColumnElement[bool], now: datetime) -> None:
    """End the sessions that match and have not ended."""
    session.execute(
        _quietly(
            update(SignInSession)
            .where(SignInSession.ended_at.is_(None), *which)
            .values(ended_at=now, client_id=None)
        )
    )


def end_sign_ins(session: Session, *which: ColumnElement[bool], now: datetime) -> None:
    """End the sessions that match and all that came of them, also where they ended before."""
    end_sessions(session, *which, now=now)
    matching = select(SignInSession.id).where(*which)
    end_tokens(session, lambda given: given.session_id.in_(matching), now=now)


def end_tokens(
    session: Session, which: Callable[[Given], ColumnElement[bool]], *, now: datetime
) -> None:
    """Revoke the tokens that match, and let the codes that match expire.

    A code is not marked as used: the application that comes with it is honest, only too late.
    """
    grants = union(*(select(given.grant_id).where(which(given)) for given in _GIVEN))
    session.execute(
        select(ApplicationGrant.id)
        .where(ApplicationGrant.id.in_(grants))
        .order_by(ApplicationGrant.id)
        .with_for_update(key_share=True)
    )
    session.execute(
        _quietly(
            update(Token).where(Token.revoked_at.is_(None), which(Token)).values(revoked_at=now)
        )
    )
    session.execute(
        _quietly(
            update(AuthorizationCode)
            .where(
                AuthorizationCode.used_at.is_(None),
                AuthorizationCode.expires_at > now,
                which(AuthorizationCode),
            )
            .values(expires_at=now)
        )
    )


def lock_grant(session: Session, grant_id: UUID | None) -> ApplicationGrant | None:
    """Take a grant for this transaction: what redeems and what ends its tokens take turns.

    Without that, a token that is being made while its family ends would outlive the family.
    """
    if grant_id is None:
        return None
    return session.get(
        ApplicationGrant, grant_id, populate_existing=True, with_for_update={"key_share": True}
    )


_GIVEN: tuple[Given, ...] = (Token, AuthorizationCode)


def _end_grants(session: Session, *which: ColumnElement[bool], now: datetime) -> None:
    granted = select(ApplicationGrant.id).where(*which)
    end_tokens(session, lambda given: given.grant_id.in_(granted), now=now)
    session.execute(
        _quietly(
            update(ApplicationGrant)
            .where(ApplicationGrant.withdrawn_at.is_(None), *which)
            .values(withdrawn_at=now)
        )
    )


def _end_calendars(session: Session, *which: ColumnElement[bool]) -> None:
    session.execute(delete(CalendarLink).where(*which).execution_options(synchronize_session=False))


def _quietly(statement: Update) -> Update:
    """Objects that the session holds are not touched: each use case is done with them."""
    return statement.execution_options(synchronize_session=False)
