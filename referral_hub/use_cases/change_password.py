"""Changing one's own password."""

from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.passwords import Passwords
from referral_hub.models import Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.steps.access import forget_proofs
from referral_hub.use_cases.steps.account_mail import tell_of_change
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.browsers import Browser, with_mark
from referral_hub.use_cases.steps.new_password import hash_of_new
from referral_hub.use_cases.steps.own_session import person_of
from referral_hub.use_cases.transaction import transaction


def change_password(
    session: Session,
    actor: Actor,
    password: str,
    browser: Browser,
    *,
    vault: Vault,
    passwords: Passwords,
    now: datetime,
) -> str:
    """Change one's own password, or set a first one; end all that rested on the old one, but this
    session.

    Returns the browser's marks. Raises InvalidInput naming `password`.
    """
    require(actor, Permission.ACCOUNT_USE)
    acting = person_of(actor)
    hashed = hash_of_new(session, vault, passwords, acting.person_id, password)
    with transaction(session):
        person = session.get_one(Person, acting.person_id, with_for_update=True)
        person.password_hash, person.password_changed_at = hashed, now
        forget_proofs(session, person.id, but=acting.session_id, now=now)
        tell_of_change(session, vault, person.id, "password_changed", now=now)
        add_audit(session, actor, "password:change", person, agency_id=acting.agency_id, now=now)
        return with_mark(vault, person, browser.known)
