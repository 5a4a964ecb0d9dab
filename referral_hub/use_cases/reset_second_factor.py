"""Resetting the second factor of somebody who lost it: done by others, never by oneself."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import Conflict, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require, require_another
from referral_hub.rules.recovery import ResetReason
from referral_hub.use_cases.steps.access import forget_proofs
from referral_hub.use_cases.steps.account_mail import tell_of_change
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.memberships import has_roles_elsewhere, held_memberships
from referral_hub.use_cases.steps.people import name_of, person_with_email
from referral_hub.use_cases.steps.second_factor import drop_second_factor, has_second_factor
from referral_hub.use_cases.transaction import transaction

NOT_ONESELF = "Nobody resets their own second step. Ask another administrator, or a steward."
ELSEWHERE = "They work for others too. Ask a network steward to reset their second step."
NONE_THERE = "They have no second step here: there is nothing to reset."


@dataclass(frozen=True, slots=True)
class HolderView:
    """Somebody with an account, as a steward sees them."""

    id: UUID
    name: str


def show_holder(session: Session, actor: Actor, person_id: UUID, vault: Vault) -> HolderView:
    """Whose second factor it would be. Raises NotFound."""
    require(actor, Permission.ACCOUNT_RECOVER)
    person = session.get(Person, person_id)
    if person is None or person.disabled_at is not None:
        raise NotFound(NOTHING_HERE)
    return HolderView(person.id, name_of(vault, person))


def reset_for_colleague(
    session: Session,
    actor: Actor,
    agency_id: UUID,
    person_id: UUID,
    reason: ResetReason,
    vault: Vault,
    *,
    now: datetime,
) -> None:
    """Reset the second factor of somebody who works for this agency alone.

    Raises NotFound, NotPermitted for oneself, Conflict for somebody who has a role elsewhere too,
    or has no second factor.
    """
    require(actor, Permission.PEOPLE_RECOVER, agency_id)
    require_another(actor, person_id, NOT_ONESELF)
    with transaction(session):
        person = session.get(Person, person_id, with_for_update=True)
        if person is None or not held_memberships(session, person_id, agency_id):
            raise NotFound(NOTHING_HERE)
        if has_roles_elsewhere(session, person_id, agency_id):
            raise Conflict(ELSEWHERE)
        _reset(session, actor, person, agency_id, reason, vault, now)


def reset_for_anybody(
    session: Session,
    actor: Actor,
    person_id: UUID,
    reason: ResetReason,
    vault: Vault,
    *,
    now: datetime,
) -> None:
    """Reset the second factor of anybody with an account that is open.

    Raises NotFound, NotPermitted for oneself, Conflict for somebody without a second factor.
    """
    require(actor, Permission.ACCOUNT_RECOVER)
    require_another(actor, person_id, NOT_ONESELF)
    with transaction(session):
        person = session.get(Person, person_id, with_for_update=True)
        _reset(session, actor, person, None, reason, vault, now)


def reset_for_address(
    session: Session, actor: Actor, email: str, reason: ResetReason, vault: Vault, *, now: datetime
) -> None:
    """As `reset_for_anybody`, of whoever has the e-mail address."""
    require(actor, Permission.ACCOUNT_RECOVER)
    with transaction(session):
        person = person_with_email(session, vault, email)
        if person is not None:
            require_another(actor, person.id, NOT_ONESELF)
        _reset(session, actor, person, None, reason, vault, now)


def _reset(
    session: Session,
    actor: Actor,
    person: Person | None,
    agency_id: UUID | None,
    reason: ResetReason,
    vault: Vault,
    now: datetime,
) -> None:
    """Sessions end first: whoever is just adding a second factor in one of them is too late."""
    if person is None or person.disabled_at is not None:
        raise NotFound("There is no such account, or it is closed.")
    forget_proofs(session, person.id, now=now)
    if not has_second_factor(session, person.id):
        raise Conflict(NONE_THERE)
    drop_second_factor(session, person.id)
    tell_of_change(session, vault, person.id, "second_factor_reset", now=now)
    add_audit(
        session, actor, "second-factor:reset", person, agency_id=agency_id, detail=reason, now=now
    )
