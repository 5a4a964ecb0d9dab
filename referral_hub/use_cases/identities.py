"""Accounts at agencies' providers that are linked to one's own account here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    Agency,
    Identity,
    IdentityProvider,
    Membership,
    Person,
    SignInSession,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.errors import Conflict, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.use_cases.steps.access import end_sign_ins
from referral_hub.use_cases.steps.account_mail import tell_of_change
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.own_session import person_of
from referral_hub.use_cases.steps.second_factor import has_passkey
from referral_hub.use_cases.transaction import transaction

LAST_WAY = "This is your only way to sign in. Set a password or add a passkey first."


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """An account at a provider that signs its person in here."""

    id: UUID
    agency: str
    provider: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LinkableProvider:
    """A provider at which a person could link an account: that of an agency of theirs."""

    provider_id: UUID
    agency: str


@dataclass(frozen=True, slots=True)
class LinksView:
    """What a person has linked, and what they could link."""

    linked: tuple[LinkedAccount, ...]
    linkable: tuple[LinkableProvider, ...]


def show_links(session: Session, actor: Actor) -> LinksView:
    """The accounts that the person who asks has linked, and where they could link one."""
    require(actor, Permission.ACCOUNT_USE)
    person_id = person_of(actor).person_id
    rows = session.execute(
        select(Identity.id, Identity.issuer, Identity.created_at, IdentityProvider.name, Agency)
        .join(IdentityProvider, IdentityProvider.id == Identity.provider_id)
        .join(Agency, Agency.id == IdentityProvider.agency_id)
        .where(Identity.person_id == person_id)
        .order_by(Identity.created_at)
    ).all()
    issuers = {row.issuer for row in rows}
    return LinksView(
        tuple(LinkedAccount(row.id, row.Agency.name, row.name, row.created_at) for row in rows),
        tuple(
            LinkableProvider(provider.id, agency.name)
            for provider, agency in session.execute(
                select(IdentityProvider, Agency)
                .join(Agency, Agency.id == IdentityProvider.agency_id)
                .where(*_usable(person_id))
                .order_by(Agency.name)
            )
            if provider.issuer not in issuers
        ),
    )


def unlink_account(
    session: Session, actor: Actor, identity_id: UUID, *, vault: Vault, now: datetime
) -> None:
    """Unlink an account, and end the other sessions and tokens that came through its provider.

    Raises NotFound for one that is not one's own, and Conflict for the last way to sign in.
    """
    require(actor, Permission.ACCOUNT_USE)
    acting = person_of(actor)
    with transaction(session):
        person = session.get_one(Person, acting.person_id, with_for_update=True)
        identity = session.get(Identity, identity_id)
        if identity is None or identity.person_id != person.id:
            raise NotFound(NOTHING_HERE)
        if not _has_another_way(session, person, identity):
            raise Conflict(LAST_WAY)
        agency_id = session.get_one(IdentityProvider, identity.provider_id).agency_id
        add_audit(session, actor, "identity:unlink", identity, agency_id=agency_id, now=now)
        through = select(IdentityProvider.id).where(IdentityProvider.issuer == identity.issuer)
        session.delete(identity)
        end_sign_ins(
            session,
            SignInSession.person_id == person.id,
            SignInSession.id != acting.session_id,
            SignInSession.provider_id.in_(through),
            now=now,
        )
        tell_of_change(session, vault, person.id, "linked_account_changed", now=now)


def _has_another_way(session: Session, person: Person, identity: Identity) -> bool:
    if person.password_hash is not None or has_passkey(session, person.id):
        return True
    others = select(Identity.id).where(
        Identity.person_id == person.id,
        Identity.id != identity.id,
        Identity.issuer.in_(select(IdentityProvider.issuer).where(*_usable(person.id))),
    )
    return session.scalars(others).first() is not None


def _usable(person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """At which providers a person can sign in now: their agencies'."""
    agencies = select(Membership.agency_id).where(
        Membership.person_id == person_id, Membership.until.is_(None)
    )
    partners = select(Agency.id).where(Agency.status == AgencyStatus.PARTNER)
    return (
        IdentityProvider.disabled_at.is_(None),
        IdentityProvider.agency_id.in_(agencies),
        IdentityProvider.agency_id.in_(partners),
    )
