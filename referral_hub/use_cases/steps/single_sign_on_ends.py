"""How a sign-in at a provider ends: a session, an account linked, or an invitation accepted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import IdentityProvider, Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.errors import AccountUnknown, Conflict, NotFound, SingleSignOnRefused
from referral_hub.rules.invitations import NOT_VALID
from referral_hub.rules.sign_in import Method
from referral_hub.rules.single_sign_on import Proof, Refusal
from referral_hub.use_cases.steps.account_mail import tell_of_change
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.browsers import Browser
from referral_hub.use_cases.steps.identity_providers import NOT_OPEN, open_provider
from referral_hub.use_cases.steps.invitations import join_by_invitation, take_known_invitation
from referral_hub.use_cases.steps.people import (
    current_roles,
    email_of,
    is_known_as,
    name_of,
    person_with_email,
    seal_person,
)
from referral_hub.use_cases.steps.sessions import Through
from referral_hub.use_cases.steps.signing_in import SignedIn, add_sign_in
from referral_hub.use_cases.steps.single_sign_on import Begun, add_identity, identity_of
from referral_hub.use_cases.steps.unique import only_once

UNKNOWN = (
    "This account is not known here yet: ask your agency for an invitation. If you have an "
    "account here, sign in in another way, and link the two on your account's page on security."
)
OTHERS = "This account at your agency is linked to somebody else here."
HAS_ACCOUNT = (
    "There is an account with your e-mail address. Sign in in another way, open the invitation "
    "again, and then link the two on your account's page on security."
)


def conclude(
    session: Session,
    actor: Actor,
    provider_id: UUID,
    issuer: str,
    proof: Proof,
    begun: Begun,
    browser: Browser,
    *,
    vault: Vault,
    now: datetime,
) -> SignedIn | None:
    """Do what the sign-in was begun for; None where no new session comes of it."""
    provider = open_provider(session, provider_id)
    if provider.issuer != issuer:
        raise SingleSignOnRefused(NOT_OPEN, Refusal.DISABLED)
    if begun.person_id is not None:
        _link(session, actor, provider, proof.subject, begun.person_id, vault, now)
        return None
    if begun.invitation_id is not None:
        person = _accept(session, provider, proof.subject, begun.invitation_id, vault, now)
    else:
        person = _known(session, provider, proof.subject)
    return add_sign_in(
        session, actor, person, (Method.SINGLE_SIGN_ON,), browser, begun.next_path,
        through=Through(provider, proof.proved_at), vault=vault, now=now,
    )  # fmt: skip


def _known(session: Session, provider: IdentityProvider, subject: str) -> Person:
    """Whose account it is, if they have a role in the provider's agency now."""
    identity = identity_of(session, provider.issuer, subject)
    if identity is None:
        raise AccountUnknown(UNKNOWN)
    person = session.get(Person, identity.person_id, with_for_update=True)
    if person is None or person.disabled_at is not None:
        raise AccountUnknown(UNKNOWN)
    if not current_roles(session, person.id, provider.agency_id):
        raise AccountUnknown(UNKNOWN)
    return person


def _link(
    session: Session,
    actor: Actor,
    provider: IdentityProvider,
    subject: str,
    person_id: UUID,
    vault: Vault,
    now: datetime,
) -> None:
    """For whoever began it, in the session in which they did or a later one of theirs."""
    if not isinstance(actor, PersonActing) or actor.person_id != person_id:
        raise Conflict("Somebody else has signed in here meanwhile. Nothing was linked.")
    if not current_roles(session, person_id, provider.agency_id):
        raise AccountUnknown(UNKNOWN)
    identity = identity_of(session, provider.issuer, subject)
    if identity is not None and identity.person_id != person_id:
        raise Conflict(OTHERS)
    if identity is None:
        with only_once(session, "identity", OTHERS):
            identity = add_identity(session, provider, person_id, subject, now=now)
        tell_of_change(session, vault, person_id, "linked_account_changed", now=now)
        add_audit(session, actor, "identity:link", identity, agency_id=provider.agency_id, now=now)


def _accept(
    session: Session,
    provider: IdentityProvider,
    subject: str,
    invitation_id: UUID,
    vault: Vault,
    now: datetime,
) -> Person:
    """Somebody new, with the name and address to which they were invited."""
    identity = identity_of(session, provider.issuer, subject)
    person = (
        session.get_one(Person, identity.person_id, with_for_update=True)
        if identity is not None
        else None
    )
    invitation = take_known_invitation(session, invitation_id, now)
    if invitation.agency_id != provider.agency_id:
        raise NotFound(NOT_VALID)
    email = email_of(vault, invitation)
    if person is not None:
        if person.disabled_at is not None or not is_known_as(person, vault, email):
            raise Conflict(OTHERS)
        join_by_invitation(session, person, invitation, now)
        return person
    if person_with_email(session, vault, email) is not None:
        raise Conflict(HAS_ACCOUNT)
    person = Person(created_at=now)
    seal_person(vault, person, name_of(vault, invitation), email)
    with only_once(session, "email", HAS_ACCOUNT):
        session.add(person)
    with only_once(session, "identity", OTHERS):
        add_identity(session, provider, person.id, subject, now=now)
    join_by_invitation(session, person, invitation, now)
    return person
