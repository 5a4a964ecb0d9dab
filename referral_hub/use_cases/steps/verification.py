"""Confirming that a listing is still true, inside a transaction."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.models import Service
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import NotFound
from referral_hub.rules.listing_asks import AskKind
from referral_hub.rules.listing_freshness import ReviewTerms
from referral_hub.rules.listings import ListingAct, ListingKey, difference
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.use_cases.steps.listing_asks import answer_ask
from referral_hub.use_cases.steps.listing_change import change_listing
from referral_hub.use_cases.steps.network import network_setting

OFTEN, OTHER = "listing_review_often_days", "listing_review_days"


def confirm_listing(session: Session, actor: Actor, service_id: UUID, *, now: datetime) -> bool:
    """Note that somebody confirmed a service today; returns False where that was noted already.

    Raises NotFound, and Conflict where somebody changed it in the same moment.
    """
    service = session.get(Service, service_id)
    if service is None:
        raise NotFound(NOTHING_HERE)
    answer_ask(session, service_id, AskKind.REVIEW)
    today = now.date()
    edit = difference(
        "service", service_id, {"verified_on": service.verified_on}, {"verified_on": today}
    )
    if edit is None:
        return False
    change_listing(
        session, actor, ListingKey("service", service_id), [edit], act=ListingAct.VERIFY, now=now
    )
    return True


def review_terms(session: Session) -> ReviewTerms:
    """How often listings are to be confirmed in this network."""
    often, other = (int(str(network_setting(session, name))) for name in (OFTEN, OTHER))
    return ReviewTerms(often, other)
