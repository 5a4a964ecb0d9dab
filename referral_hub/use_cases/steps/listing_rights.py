"""For which agency a listing is asked about, where none may answer for it."""

from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.rules.listings import ListingKey
from referral_hub.use_cases.steps.listing_change import agency_of_listing

OF_NO_AGENCY = UUID(int=0)
"""Stands for the agency of a listing that no agency answers for: it is nobody's own, so that only
who may act for every agency may act on it."""


def answering_agency(session: Session, listing: ListingKey) -> UUID:
    """Whose permission an act on a listing needs. Raises NotFound where there is no listing."""
    return agency_of_listing(session, listing) or OF_NO_AGENCY
