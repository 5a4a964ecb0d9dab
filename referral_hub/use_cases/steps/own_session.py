"""The session in which somebody acts, and the others of theirs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from referral_hub.models import ApplicationGrant, AuthorizationCode, SignInSession, Token
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.errors import SignInNeeded
from referral_hub.rules.sign_in import Method, require_proof


def person_of(actor: Actor) -> PersonActing:
    """The person that `require` has let pass."""
    if not isinstance(actor, PersonActing):
        raise SignInNeeded("Sign in to go on.")
    return actor


def proved_person(actor: Actor, now: datetime) -> PersonActing:
    """The person that `require` has let pass, who proved who they are just now."""
    person = person_of(actor)
    require_proof(person.proved_at, now)
    return person


def add_proof(
    session: Session, person: PersonActing, method: Method, *, now: datetime
) -> SignInSession:
    """Note in the session that the person proved anew who they are, and how."""
    held = session.get(SignInSession, person.session_id)
    if held is None or held.ended_at is not None:
        raise SignInNeeded("Sign in to go on.")
    held.proved_at = now
    held.methods = " ".join(dict.fromkeys((*held.methods.split(), method)))
    return held


def end_sessions_of(
    session: Session, person_id: UUID, *, but: UUID | None = None, now: datetime
) -> None:
    """End the sessions of a person, all or all but one."""
    ending = update(SignInSession).where(
        SignInSession.person_id == person_id, SignInSession.ended_at.is_(None)
    )
    if but is not None:
        ending = ending.where(SignInSession.id != but)
    session.execute(ending.values(ended_at=now))


def revoke_tokens_of(session: Session, person_id: UUID, *, now: datetime) -> None:
    """Take back what applications hold in a person's name: codes and tokens, not the grants."""
    granted = select(ApplicationGrant.id).where(ApplicationGrant.person_id == person_id)
    session.execute(
        update(Token)
        .where(Token.grant_id.in_(granted), Token.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    session.execute(
        update(AuthorizationCode)
        .where(AuthorizationCode.grant_id.in_(granted), AuthorizationCode.used_at.is_(None))
        .values(used_at=now)
    )
