"""Agencies and people in the database, with complete defaults."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Identity, IdentityProvider, Membership, Person
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.roles import Role
from referral_hub.rules.sign_in import Method
from referral_hub.use_cases.steps.browsers import Browser
from referral_hub.use_cases.steps.identity_providers import SECRET
from referral_hub.use_cases.steps.people import seal_person
from referral_hub.use_cases.steps.sessions import acting_person, add_session

CLIENT_SECRET = "a secret of the hub at a provider"


def an_agency(
    session: Session,
    now: datetime,
    name: str = "Fair Homes Legal Aid",
    status: AgencyStatus = AgencyStatus.PARTNER,
) -> Agency:
    """An agency that takes part."""
    agency = Agency(id=uuid4(), name=name, status=status, created_at=now, status_since=now)
    session.add(agency)
    session.commit()
    return agency


def a_person(
    session: Session,
    vault: Vault,
    now: datetime,
    *agencies: Agency | None,
    email: str = "ana@fairhomes.example.org",
    role: Role = Role.CASE_MANAGER,
    password_hash: str | None = None,
) -> Person:
    """A person with a role in each of the agencies (None: the network), the first one first."""
    person = Person(id=uuid4(), password_hash=password_hash, created_at=now)
    seal_person(vault, person, "Ana Ruiz", email)
    session.add(person)
    session.flush()
    for number, agency in enumerate(agencies):
        session.add(
            Membership(
                person_id=person.id,
                agency_id=agency.id if agency else None,
                role=role if agency else Role.NETWORK_STEWARD,
                since=now + timedelta(seconds=number),
            )
        )
    session.commit()
    return person


def a_provider(
    session: Session,
    vault: Vault,
    now: datetime,
    agency: Agency,
    issuer: str = "https://login.fairhomes.example.org",
    client_id: str = "hub",
    client_secret: str = CLIENT_SECRET,
) -> IdentityProvider:
    """A provider of an agency, in use."""
    provider = IdentityProvider(
        id=uuid4(), agency_id=agency.id, name="Fair Homes login", issuer=issuer,
        client_id=client_id, created_at=now,
    )  # fmt: skip
    provider.client_secret_sealed = vault.seal(SECRET, provider.id, client_secret)
    session.add(provider)
    session.commit()
    return provider


def an_identity(
    session: Session, now: datetime, provider: IdentityProvider, person: Person, subject: str
) -> Identity:
    """An account at a provider, linked to a person."""
    identity = Identity(
        id=uuid4(), person_id=person.id, provider_id=provider.id, issuer=provider.issuer,
        subject=subject, created_at=now,
    )  # fmt: skip
    session.add(identity)
    session.commit()
    return identity


def signed_in(session: Session, now: datetime, person: Person) -> PersonActing:
    """The person, signed in just now with password and app."""
    _, held = add_session(
        session, person, (Method.PASSWORD, Method.AUTHENTICATOR_APP), "Firefox", now=now
    )
    acting = acting_person(session, held, now)
    session.commit()
    assert acting is not None
    return acting


def a_browser(secret: str = "one") -> Browser:
    """A browser, known by its secret."""
    return Browser(secret, "Firefox on Linux", "192.0.2.7")
