"""Accepting an invitation: by somebody new, or by somebody who has an account."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.errors import Conflict, NotFound
from referral_hub.rules.invitations import NOT_VALID, Welcome, welcome
from referral_hub.rules.people import check_name
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.roles import Role
from referral_hub.use_cases.steps.identity_providers import enabled_provider
from referral_hub.use_cases.steps.invitations import (
    NETWORK,
    join_by_invitation,
    take_invitation,
    valid_invitation,
)
from referral_hub.use_cases.steps.own_session import person_of
from referral_hub.use_cases.steps.people import (
    email_of,
    is_known_as,
    name_of,
    person_with_email,
    seal_person,
)
from referral_hub.use_cases.steps.people_views import in_order
from referral_hub.use_cases.steps.unique import only_once
from referral_hub.use_cases.transaction import transaction

HAS_ACCOUNT = "You have an account with this e-mail address. Sign in, then open the link again."


class Hasher(Protocol):
    """What keeps passwords."""

    def hash(self, password: str) -> str:
        """What is stored of a password. It takes a while on purpose."""


class PasswordPolicy(Protocol):
    """What passwords are good enough."""

    def check(self, password: str, *words: str) -> None:
        """Raise InvalidInput for a password that is too weak, or too close to one of the words."""


@dataclass(frozen=True, slots=True)
class InvitationOffer:
    """What somebody who opens an invitation reads, and what they have to do.

    `provider_id` is where they can accept it with their agency's own sign-in, if it has one.
    """

    to_join: str
    name: str
    email: str
    roles: tuple[Role, ...]
    expires_at: datetime
    welcome: Welcome
    provider_id: UUID | None = None


def open_invitation(
    session: Session, actor: Actor, token: str, vault: Vault, *, now: datetime
) -> InvitationOffer:
    """What an invitation offers. Raises NotFound for one that is unknown, used or too old."""
    require(actor, Permission.SIGN_IN)
    invitation = valid_invitation(session, token, now)
    agency = session.get(Agency, invitation.agency_id) if invitation.agency_id else None
    email = email_of(vault, invitation)
    known = person_with_email(session, vault, email)
    provider = enabled_provider(session, agency.id) if agency is not None else None
    return InvitationOffer(
        to_join=NETWORK if agency is None else agency.name,
        name=name_of(vault, invitation),
        email=email,
        roles=in_order(invitation.roles),
        expires_at=invitation.expires_at,
        welcome=welcome(
            has_account=known is not None,
            closed=known is not None and known.disabled_at is not None,
            signed_in=isinstance(actor, PersonActing),
            is_same=isinstance(actor, PersonActing)
            and known is not None
            and known.id == actor.person_id,
        ),
        provider_id=provider.id if provider is not None else None,
    )


def accept_as_new(
    session: Session,
    actor: Actor,
    token: str,
    name: str,
    password: str,
    vault: Vault,
    *,
    hasher: Hasher,
    policy: PasswordPolicy,
    now: datetime,
) -> UUID:
    """Accept an invitation with a new account, and return the id of its person.

    Raises InvalidInput for a name or password that cannot be, NotFound for an invitation that is
    not valid, Conflict where there is an account already.
    """
    require(actor, Permission.SIGN_IN)
    name = check_name(name)
    invitation = valid_invitation(session, token, now)
    email = email_of(vault, invitation)
    policy.check(password, name, email)
    password_hash = hasher.hash(password)  # before the transaction: it takes long
    with transaction(session):
        invitation = take_invitation(session, token, now)
        if person_with_email(session, vault, email) is not None:
            raise Conflict(HAS_ACCOUNT)
        person = Person(password_hash=password_hash, password_changed_at=now, created_at=now)
        seal_person(vault, person, name, email)
        with only_once(session, "email", HAS_ACCOUNT):
            session.add(person)
        join_by_invitation(session, person, invitation, now)
    return person.id


def accept_as_known(
    session: Session, actor: Actor, token: str, vault: Vault, *, now: datetime
) -> None:
    """Accept an invitation with the account in which one is signed in.

    Raises NotFound for an invitation that is not valid, Conflict for one to another address.
    """
    require(actor, Permission.ACCOUNT_USE)
    with transaction(session):
        person = session.get(Person, person_of(actor).person_id, with_for_update=True)
        invitation = take_invitation(session, token, now)
        if person is None or person.disabled_at is not None:
            raise NotFound(NOT_VALID)
        if not is_known_as(person, vault, email_of(vault, invitation)):
            raise Conflict("This invitation is for another e-mail address than your account's.")
        join_by_invitation(session, person, invitation, now)
