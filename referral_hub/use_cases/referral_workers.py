"""Who can take on referrals in one's own agency."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Membership
from referral_hub.rules.actor import Actor, Application, Person
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_parts import RECEIVERS
from referral_hub.use_cases.referral_views import PersonName
from referral_hub.use_cases.steps.people_views import names_of


def workers_of(session: Session, actor: Actor, vault: Vault) -> tuple[PersonName, ...]:
    """The case managers and intake workers of the agency that the actor acts for, by name."""
    require(actor, Permission.REFERRAL_READ)
    agency_id = actor.agency_id if isinstance(actor, Person | Application) else None
    ids = session.scalars(
        select(Membership.person_id).where(
            Membership.agency_id == agency_id,
            Membership.until.is_(None),
            Membership.role.in_(RECEIVERS),
        )
    )
    names = names_of(session, vault, ids)
    return tuple(
        PersonName(person_id, name)
        for person_id, name in sorted(names.items(), key=lambda item: item[1].casefold())
    )
