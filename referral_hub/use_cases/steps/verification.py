"""Confirming that a listing is still true, inside a transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import NotFound
from referral_hub.rules.listing_asks import AskKind
from referral_hub.rules.listing_freshness import ReviewTerms
from referral_hub.rules.listings import ListingAct, ListingKey, difference
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.use_cases.steps.listing_asks import answer_ask
from referral_hub.use_cases.steps.listing_change import change_listing
from referral_hub.use_cases.steps.network import network_setting
from referral_hub.use_cases.steps.reviews import REVIEWED

TERMS = (
    "listing_review_often_days", "listing_review_days", "listing_review_organization_days",
    "listing_review_location_days",
)  # fmt: skip
"""The settings that `ReviewTerms` has, in its order."""


def confirm_listing(session: Session, actor: Actor, listing: ListingKey, *, now: datetime) -> bool:
    """Note that somebody confirmed a listing today; returns False where that was noted already.

    Raises NotFound, and Conflict where somebody changed it in the same moment.
    """
    record = session.get(REVIEWED[listing.table], listing.id) if listing.table in REVIEWED else None
    if record is None:
        raise NotFound(NOTHING_HERE)
    answer_ask(session, listing.id, AskKind.REVIEW)
    before, after = {"verified_on": record.verified_on}, {"verified_on": now.date()}
    edit = difference(listing.table, listing.id, before, after)
    if edit is None:
        return False
    change_listing(session, actor, listing, [edit], act=ListingAct.VERIFY, now=now)
    return True


def review_terms(session: Session) -> ReviewTerms:
    """How often listings are to be confirmed in this network."""
    return ReviewTerms(*(int(str(network_setting(session, name))) for name in TERMS))
