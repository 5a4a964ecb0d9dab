"""Network stewards: who they are, and ending their role."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require, require_another
from referral_hub.use_cases.agency_views import PersonView
from referral_hub.use_cases.steps.access import end_access_of_person
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.memberships import held_memberships, set_roles
from referral_hub.use_cases.steps.people_views import people_views
from referral_hub.use_cases.transaction import transaction

NOT_ONESELF = "Nobody changes their own roles. Ask another steward."


def list_stewards(session: Session, actor: Actor, vault: Vault) -> tuple[PersonView, ...]:
    """The stewards of the network, by name, and those who were."""
    require(actor, Permission.STEWARDS_CHANGE)
    return people_views(session, vault, None, in_full=True)


def end_steward(session: Session, actor: Actor, person_id: UUID, *, now: datetime) -> None:
    """Somebody is a steward no longer; sessions and tokens of the role end now.

    Raises NotFound, NotPermitted for oneself, Conflict for the last steward.
    """
    require(actor, Permission.STEWARDS_CHANGE)
    require_another(actor, person_id, NOT_ONESELF)
    with transaction(session):
        person = session.get(Person, person_id)
        if person is None or not held_memberships(session, person_id, None):
            raise NotFound(NOTHING_HERE)
        set_roles(session, person_id, None, (), now=now)
        end_access_of_person(session, person_id, None, now=now)
        add_audit(session, actor, "steward:end", person, now=now)
