"""Accounts that the operator makes, changes and closes at the command line."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import InvalidInput, NotFound
from referral_hub.rules.invitations import FIRST_LINK_LENGTH
from referral_hub.rules.people import check_email, check_person
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.roles import Role
from referral_hub.rules.sign_in import LinkPurpose
from referral_hub.use_cases.steps.access import end_all_access_of_person, forget_proofs
from referral_hub.use_cases.steps.account_mail import tell_of_email
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.links import add_link
from referral_hub.use_cases.steps.memberships import end_all_roles, set_roles
from referral_hub.use_cases.steps.new_email import move_to_email
from referral_hub.use_cases.steps.people import current_roles, person_with_email, seal_person
from referral_hub.use_cases.steps.second_factor import drop_second_factor
from referral_hub.use_cases.transaction import transaction


def create_account(
    session: Session,
    actor: Actor,
    name: str,
    email: str,
    agency_id: UUID | None,
    roles: Collection[Role],
    vault: Vault,
    *,
    now: datetime,
) -> str:
    """Make an account with roles in an agency (None: in the network), or add the roles to one
    that is there; a closed one is opened again, without its old password and second factor.
    Return the token of a link that sets a password.

    Raises InvalidInput for a name, address or role that cannot be, NotFound for the agency.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    name, email = check_person(name, email)
    if not roles or any((role is Role.NETWORK_STEWARD) != (agency_id is None) for role in roles):
        message = "A network steward belongs to no agency; every other role belongs to one."
        raise InvalidInput(message, {"role": message})
    with transaction(session):
        if agency_id is not None and session.get(Agency, agency_id) is None:
            raise NotFound("There is no such agency.")
        person = person_with_email(session, vault, email)
        if person is None:
            person = Person(created_at=now)
            seal_person(vault, person, name, email)
            session.add(person)
            session.flush()
        if person.disabled_at is not None:
            _reopen(session, person, now)
        held = current_roles(session, person.id, agency_id)
        set_roles(session, person.id, agency_id, held | set(roles), now=now)
        _, token = add_link(
            session, LinkPurpose.RESET_PASSWORD, person.id, FIRST_LINK_LENGTH, now=now
        )
        detail = ", ".join(sorted(roles))
        add_audit(
            session, actor, "account:create", person, agency_id=agency_id, detail=detail, now=now
        )
    return token


def close_account(
    session: Session, actor: Actor, email: str, vault: Vault, *, now: datetime
) -> None:
    """Close an account, whatever roles it has: everything ends now, the history stays.

    Raises NotFound, and Conflict for the last administrator of an agency or the last steward.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    with transaction(session):
        person = person_with_email(session, vault, email)
        if person is None:
            raise NotFound("There is no account with this e-mail address.")
        end_all_roles(session, person.id, now=now)
        end_all_access_of_person(session, person.id, now=now)
        person.disabled_at = person.disabled_at or now
        add_audit(session, actor, "person:disable", person, now=now)


def change_email(
    session: Session, actor: Actor, before: str, email: str, vault: Vault, *, now: datetime
) -> None:
    """Give an account another address, for an owner whom somebody has locked out or who cannot read
    the mail of the one before. Sessions and tokens end now, and both addresses are told.

    Raises NotFound, and InvalidInput naming `email` for one that cannot be or is another account's.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    email = check_email(email)
    with transaction(session):
        person = person_with_email(session, vault, before)
        if person is None or person.disabled_at is not None:
            raise NotFound("There is no such account, or it is closed.")
        forget_proofs(session, person.id, now=now)
        move_to_email(session, actor, vault, person, email, field="email", now=now)
        tell_of_email(session, vault, email, now=now)
        add_audit(session, actor, "person:email", person, now=now)


def _reopen(session: Session, person: Person, now: datetime) -> None:
    """Open a closed account. What proved who its person was may be in other hands by now."""
    forget_proofs(session, person.id, now=now)
    drop_second_factor(session, person.id)
    person.password_hash = None
    person.disabled_at = None
