"""Which second factors people have, and who needs one."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from referral_hub.models import AuthenticatorApp, Passkey, Person
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.use_cases.steps.access import forget_proofs
from referral_hub.use_cases.steps.codes import drop_recovery_codes
from referral_hub.use_cases.steps.network import roles_with_second_factor
from referral_hub.use_cases.steps.own_session import weaken


def required_second_factor(session: Session, roles: Iterable[str]) -> bool:
    """Whether one of the roles needs a second factor, as the network has decided."""
    held = frozenset(roles)
    return bool(held) and not held.isdisjoint(roles_with_second_factor(session))


def has_app(session: Session, person_id: UUID) -> bool:
    """Whether a person has set up an authenticator app, to its end."""
    found = select(AuthenticatorApp.person_id).where(
        AuthenticatorApp.person_id == person_id, AuthenticatorApp.confirmed_at.is_not(None)
    )
    return session.scalars(found).first() is not None


def has_passkey(session: Session, person_id: UUID) -> bool:
    """Whether a person has a passkey."""
    found = select(Passkey.id).where(Passkey.person_id == person_id)
    return session.scalars(found).first() is not None


def has_second_factor(session: Session, person_id: UUID) -> bool:
    """Whether a password alone is not enough to sign in as a person."""
    return has_app(session, person_id) or has_passkey(session, person_id)


def remove_factor(
    session: Session, person: PersonActing, factor: AuthenticatorApp | Passkey, *, now: datetime
) -> None:
    """Remove one of one's own second factors. With the last one go the recovery codes and all that
    rested on it: other sessions and tokens end, and this session counts as one without.

    The person is locked first: of two removals at once, one is the last.
    """
    session.get(Person, person.person_id, with_for_update={"key_share": True})
    had_one = has_second_factor(session, person.person_id)
    session.delete(factor)
    session.flush()
    if had_one and not has_second_factor(session, person.person_id):
        drop_recovery_codes(session, person.person_id)
        forget_proofs(session, person.person_id, but=person.session_id, now=now)
        weaken(session, person)


def drop_second_factor(session: Session, person_id: UUID) -> None:
    """Take authenticator app, passkeys and recovery codes from a person."""
    for table in (AuthenticatorApp, Passkey):
        session.execute(delete(table).where(table.person_id == person_id))
    drop_recovery_codes(session, person_id)
