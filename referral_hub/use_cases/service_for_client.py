"""What one service is to the client for whom somebody searches."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Actor
from referral_hub.rules.eligibility_answers import judge
from referral_hub.rules.permissions import Permission, is_allowed, require
from referral_hub.use_cases.client_search_views import (
    ClientBanner,
    ServiceForClient,
    ServicePageView,
)
from referral_hub.use_cases.directory.criteria import read_criteria
from referral_hub.use_cases.directory.documents import Gazetteer
from referral_hub.use_cases.directory.facts import read_services
from referral_hub.use_cases.steps.chosen_client import chosen_client, known_of
from referral_hub.use_cases.steps.partners import reachable
from referral_hub.use_cases.steps.shortlists import shortlisted
from referral_hub.use_cases.transaction import transaction


def judge_service(
    session: Session,
    actor: Actor,
    service_id: UUID,
    *,
    vault: Vault,
    gazetteer: Gazetteer,
    now: datetime,
) -> ServicePageView | None:
    """What one service is to the client in context; None without a client or a service."""
    require(actor, Permission.CLIENT_READ)
    with transaction(session):
        client = chosen_client(session, actor, vault, f"service {service_id}", now=now)
        aside = shortlisted(session, actor, client.client_id) if client else ()
    facts = read_services(session, [service_id])
    if client is None or service_id not in facts:
        return None
    known = known_of(client.profile, gazetteer, now.date())
    found = judge(read_criteria(session, facts, gazetteer)[service_id], known)
    organization_id = facts[service_id].organization.id
    may_refer = is_allowed(actor, Permission.REFERRAL_PREPARE, client.agency_id)
    partners = reachable(session, [organization_id], now.date()) if may_refer else frozenset()
    can_refer = organization_id in partners if may_refer else None
    return ServicePageView(
        ClientBanner(client.client_id, client.initials, len(aside)),
        ServiceForClient(found, service_id in aside, can_refer),
    )
