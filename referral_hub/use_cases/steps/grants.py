"""What people let applications do: who acts by it now, and ending it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from referral_hub.models import ApplicationGrant, Person, Token
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.use_cases.steps.sessions import agency_and_roles, supervised_teams


def person_of_grant(
    session: Session, grant: ApplicationGrant, now: datetime
) -> PersonActing | None:
    """In whose name an application acts; None once it may not: withdrawn, or the person left."""
    person = session.get(Person, grant.person_id)
    if grant.withdrawn_at is not None or person is None or person.disabled_at is not None:
        return None
    agency_id, roles = agency_and_roles(session, person.id, grant.agency_id)
    if not roles or agency_id != grant.agency_id:
        return None
    teams = supervised_teams(session, person.id, agency_id, now)
    return PersonActing(person.id, agency_id, roles, teams)


def lock_grant(session: Session, grant_id: UUID | None) -> ApplicationGrant | None:
    """Take a grant for this transaction: what redeems and what ends its tokens take turns.

    Without that, a token that is being made while its family ends would outlive the family.
    """
    if grant_id is None:
        return None
    return session.get(
        ApplicationGrant, grant_id, populate_existing=True, with_for_update={"key_share": True}
    )


def end_tokens(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    """Revoke the tokens that match."""
    session.execute(
        update(Token)
        .where(which, Token.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
