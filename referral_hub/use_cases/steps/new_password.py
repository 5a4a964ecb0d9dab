"""Setting a password, in whatever way somebody proved that they may."""

from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.passwords import Passwords
from referral_hub.models import Person
from referral_hub.use_cases.steps.people import email_of, name_of


def hash_of_new(
    session: Session, vault: Vault, passwords: Passwords, person_id: UUID, password: str
) -> str:
    """What is stored of a person's new password. Raises InvalidInput naming `password`.

    Call it outside a transaction: it takes long on purpose.
    """
    person = session.get_one(Person, person_id)
    passwords.check(password, name_of(vault, person), email_of(vault, person))
    return passwords.hash(password)
