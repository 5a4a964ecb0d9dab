"""What people see of their own account."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, AuthenticatorApp, Membership, Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.roles import LABEL, MEANING, Role
from referral_hub.use_cases.steps.codes import codes_left
from referral_hub.use_cases.steps.own_session import person_of
from referral_hub.use_cases.steps.people import email_of, name_of
from referral_hub.use_cases.steps.second_factor import has_second_factor, required_second_factor


@dataclass(frozen=True, slots=True)
class Badge:
    """Who is signed in, and for whom they act: what stands at the head of each page."""

    name: str
    agency: str
    email: str


@dataclass(frozen=True, slots=True)
class Place:
    """An agency (None: the network) in which a person has roles, each with what it means."""

    agency_id: UUID | None
    name: str
    roles: tuple[tuple[str, str], ...]
    is_current: bool
    is_active: bool


@dataclass(frozen=True, slots=True)
class AccountView:
    """A person's own account."""

    name: str
    email: str
    languages: tuple[str, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class SecurityView:
    """How a person signs in."""

    has_password: bool
    password_since: datetime | None
    app_since: datetime | None
    codes_left: int
    has_second_factor: bool
    needs_second_factor: bool


NETWORK = "The network"


def show_badge(session: Session, actor: Actor, *, vault: Vault) -> Badge:
    """Name and agency of who is signed in."""
    require(actor, Permission.ACCOUNT_USE)
    acting = person_of(actor)
    agency = session.get(Agency, acting.agency_id) if acting.agency_id else None
    in_network = NETWORK if acting.roles else ""
    person = session.get_one(Person, acting.person_id)
    return Badge(
        name_of(vault, person), agency.name if agency else in_network, email_of(vault, person)
    )


def show_account(session: Session, actor: Actor, *, vault: Vault) -> AccountView:
    """The account of the person who asks, with their roles in plain words."""
    require(actor, Permission.ACCOUNT_USE)
    acting = person_of(actor)
    person = session.get_one(Person, acting.person_id)
    rows = session.execute(
        select(Membership.agency_id, Membership.role, Agency.name, Agency.status)
        .outerjoin(Agency, Agency.id == Membership.agency_id)
        .where(Membership.person_id == person.id, Membership.until.is_(None))
        .order_by(Membership.since, Membership.id)
    ).all()
    places: dict[UUID | None, Place] = {}
    for row in rows:
        role = Role(row.role)
        before = places[row.agency_id].roles if row.agency_id in places else ()
        places[row.agency_id] = Place(
            row.agency_id,
            row.name or NETWORK,
            (*before, (LABEL[role], MEANING[role])),
            is_current=row.agency_id == acting.agency_id,
            is_active=row.agency_id is None or row.status == AgencyStatus.PARTNER,
        )
    return AccountView(
        name_of(vault, person),
        email_of(vault, person),
        tuple(person.languages or ()),
        tuple(places.values()),
    )


def show_security(session: Session, actor: Actor) -> SecurityView:
    """How the person who asks signs in."""
    require(actor, Permission.ACCOUNT_USE)
    acting = person_of(actor)
    person = session.get_one(Person, acting.person_id)
    app = session.get(AuthenticatorApp, person.id)
    roles = session.scalars(
        select(Membership.role).where(Membership.person_id == person.id, Membership.until.is_(None))
    )
    return SecurityView(
        has_password=person.password_hash is not None,
        password_since=person.password_changed_at,
        app_since=app.confirmed_at if app else None,
        codes_left=codes_left(session, person.id),
        has_second_factor=has_second_factor(session, person.id),
        needs_second_factor=required_second_factor(session, roles),
    )
