"""The session in which somebody acts."""

from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.models import SignInSession
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.errors import SignInNeeded
from referral_hub.rules.sign_in import Method, without_second_factor


def person_of(actor: Actor) -> PersonActing:
    """The person that `require` has let pass."""
    if not isinstance(actor, PersonActing):
        raise SignInNeeded("Sign in to go on.")
    return actor


def add_proof(
    session: Session, person: PersonActing, method: Method, *, now: datetime
) -> SignInSession:
    """Note in the session that the person proved anew who they are, and how.

    The session is locked: in one that is being ended nothing is proved.
    """
    held = _locked(session, person)
    held.proved_at = now
    held.methods = " ".join(dict.fromkeys((*held.methods.split(), method)))
    return held


def weaken(session: Session, person: PersonActing) -> None:
    """Let the session count as one without a second factor: the person has none any more."""
    held = _locked(session, person)
    held.methods = " ".join(without_second_factor(held.methods.split()))


def _locked(session: Session, person: PersonActing) -> SignInSession:
    held = session.get(
        SignInSession, person.session_id, populate_existing=True, with_for_update=True
    )
    if held is None or held.ended_at is not None:
        raise SignInNeeded("Sign in to go on.")
    return held
