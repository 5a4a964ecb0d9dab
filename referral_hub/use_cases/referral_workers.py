"""Who can take on referrals in one's own agency."""

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Actor
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.referral_views import PersonName
from referral_hub.use_cases.steps.client_staff import workers_of
from referral_hub.use_cases.steps.clients import agency_of
from referral_hub.use_cases.steps.people_views import names_of


def list_workers(session: Session, actor: Actor, vault: Vault) -> tuple[PersonName, ...]:
    """The case managers and intake workers of the agency that the actor acts for, by name."""
    require(actor, Permission.REFERRAL_READ)
    names = names_of(session, vault, workers_of(session, agency_of(actor)))
    return tuple(
        PersonName(person_id, name)
        for person_id, name in sorted(names.items(), key=lambda item: item[1].casefold())
    )
