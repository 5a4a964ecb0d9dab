"""People and what is sealed of them."""

from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Invitation, Membership, Person
from referral_hub.rules.email_addresses import folded
from referral_hub.rules.roles import Role

EMAIL = "person.email"
"""Under which name all e-mail addresses are indexed, those of invitations too."""


def seal_person(vault: Vault, person: Person | Invitation, name: str, email: str) -> None:
    """Give a person, or somebody invited, their name and e-mail address."""
    person.id = person.id or uuid4()
    table = person.__tablename__
    person.name_sealed = vault.seal(f"{table}.name", person.id, name.strip())
    person.email_sealed = vault.seal(f"{table}.email", person.id, email.strip())
    person.email_index = vault.index(EMAIL, folded(email))


def name_of(vault: Vault, person: Person | Invitation) -> str:
    """The name of a person, or of somebody invited."""
    return vault.open(f"{person.__tablename__}.name", person.id, person.name_sealed)


def email_of(vault: Vault, person: Person | Invitation) -> str:
    """The e-mail address of a person, or of somebody invited."""
    return vault.open(f"{person.__tablename__}.email", person.id, person.email_sealed)


def person_with_email(session: Session, vault: Vault, email: str) -> Person | None:
    """The person with an e-mail address, however it is written."""
    indexes = vault.indexes(EMAIL, folded(email))
    return session.scalars(select(Person).where(Person.email_index.in_(indexes))).one_or_none()


def current_roles(session: Session, person_id: UUID, agency_id: UUID | None) -> frozenset[Role]:
    """What a person does now for an agency or, for None, for the network."""
    here: ColumnElement[bool] = (
        Membership.agency_id.is_(None) if agency_id is None else Membership.agency_id == agency_id
    )
    held = select(Membership.role).where(
        Membership.person_id == person_id, Membership.until.is_(None), here
    )
    return frozenset(map(Role, session.scalars(held)))


def is_known_as(person: Person, vault: Vault, email: str) -> bool:
    """Whether an e-mail address is that of the person."""
    return person.email_index in vault.indexes(EMAIL, folded(email))


def with_email(vault: Vault, email: str) -> ColumnElement[bool]:
    """Invitations to an e-mail address."""
    return or_(*(Invitation.email_index == index for index in vault.indexes(EMAIL, folded(email))))
