"""Listings inside a transaction: found for somebody, with who changed them and how they stand."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.holidays import holidays_of, is_region
from referral_hub.models import (
    DIRECTORY,
    Address,
    Agency,
    ListingReview,
    Location,
    ServiceAtLocation,
)
from referral_hub.rules.actor import ACTS_FOR, Actor, acting_agency
from referral_hub.rules.errors import Conflict, NotFound
from referral_hub.rules.listing_state import ListingState, state_of
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.permissions import NOTHING_HERE, Permission, is_allowed, require
from referral_hub.rules.sources import made_by_source
from referral_hub.use_cases.directory.concealing import Concealing
from referral_hub.use_cases.listing_forms.editing import Editing, Gazetteer
from referral_hub.use_cases.steps.listing_change import agency_of_listing
from referral_hub.use_cases.steps.network import network_setting
from referral_hub.use_cases.steps.partners import NO_AGENCY
from referral_hub.use_cases.steps.people_views import names_of

MERGED = "This was merged into another record, which stands in its place. Change that one."
HOLIDAYS_AHEAD = timedelta(days=365)


def listing_to_change(session: Session, actor: Actor, listing: ListingKey) -> Any:
    """The record of a listing, locked: who edits it at the same moment goes on from what is saved
    here. Raises as `listing_for`, and Conflict for what was merged into another record.

    Its organization is locked first: who changes that or a place of it changes services too, and
    whoever publishes or hides something must not be overtaken.
    """
    record = listing_for(session, actor, listing, Permission.LISTING_CHANGE)
    if listing.table != "organization" and record.organization_id is not None:
        _locked(session, ListingKey("organization", record.organization_id))
    record = _locked(session, listing)
    if record.merged_into is not None:
        raise Conflict(MERGED)
    return record


def _locked(session: Session, listing: ListingKey) -> Any:
    return session.get_one(
        DIRECTORY[listing.table],
        listing.id,
        populate_existing=True,
        with_for_update={"key_share": True},
    )


def listing_for(session: Session, actor: Actor, listing: ListingKey, permission: Permission) -> Any:
    """The record of a listing, for who has the permission where it belongs. Raises NotFound.

    What no agency answers for is the stewards' alone; a confidential place its agency's alone.
    """
    agency_id = agency_of_listing(session, listing)
    if agency_id is None and not is_steward(actor):
        raise NotFound(NOTHING_HERE)
    require(actor, permission, agency_id)
    record = session.get_one(DIRECTORY[listing.table], listing.id)
    if getattr(record, "confidential", False) and acting_agency(actor) != agency_id:
        raise NotFound(NOTHING_HERE)
    return record


def is_steward(actor: Actor) -> bool:
    """Whether somebody may review what agencies publish."""
    return is_allowed(actor, Permission.LISTING_REVIEW)


def is_reviewed(session: Session) -> bool:
    """Whether a steward looks at listings before they are published."""
    return network_setting(session, "listings_published_by") == "steward"


def state_of_service(session: Session, service: Any) -> ListingState:
    """Where a service's listing stands."""
    review = session.get(ListingReview, service.id)
    waits = review is not None and review.returned_at is None
    return state_of(service.status, service.visibility, waits=waits)


def editing_of(
    session: Session,
    listing: ListingKey,
    record: Any,
    gazetteer: Gazetteer,
    vault: Vault | None = None,
    *,
    now: datetime,
) -> Editing:
    """A listing, about to be shown as a form or written back; with the `vault` of who may know
    where a confidential place is, as it is."""
    secret = vault is not None and getattr(record, "confidential", False)
    return Editing(
        session, listing, record, gazetteer, now,
        state=_state(session, listing), holidays=_holidays(session, listing, now),
        secrets=Concealing(session, vault, [listing.id]) if vault is not None and secret else None,
    )  # fmt: skip


def vault_for(
    session: Session, actor: Actor, listing: ListingKey, record: Any, vault: Vault
) -> Vault | None:
    """The vault for who may read and seal what a listing says; None for whom it stays shut: a
    confidential place of no agency's own is nobody's to know."""
    if not getattr(record, "confidential", False):
        return vault
    whose = agency_of_listing(session, listing) or NO_AGENCY
    return vault if is_allowed(actor, Permission.LOCATION_READ, whose) else None


def who_made(session: Session, vault: Vault, labels: Iterable[str]) -> Mapping[str, str]:
    """Names for the labels of actors."""
    labels = set(labels)
    ids: dict[str, UUID] = {}
    for label in labels:
        if made_by_source(label) is not None:
            continue  # it is called as somebody likes
        kind, _, named = label.rpartition(ACTS_FOR)[2].partition(":")
        if kind == "person":
            ids[label] = UUID(named)
    names = names_of(session, vault, ids.values())
    return {
        label: names.get(ids[label], "Somebody") if label in ids else _program(label)
        for label in labels
    }


def _program(label: str) -> str:
    if label.startswith("system"):
        return "The hub"
    return made_by_source(label) or "An application"


def _state(session: Session, listing: ListingKey) -> str:
    """The state of the first address, by which names of counties are read."""
    query = select(Address.state_province).order_by(Address.position, Address.id).limit(1)
    if listing.table == "service":
        query = query.join(
            ServiceAtLocation, ServiceAtLocation.location_id == Address.location_id
        ).where(ServiceAtLocation.service_id == listing.id)
    elif listing.table == "location":
        query = query.where(Address.location_id == listing.id)
    else:
        query = query.join(Location, Location.id == Address.location_id).where(
            Location.organization_id == listing.id
        )
    return session.scalar(query) or ""


def _holidays(session: Session, listing: ListingKey, now: datetime) -> tuple[Any, ...]:
    """The public holidays of the coming year, where the listing's agency is."""
    agency_id = agency_of_listing(session, listing)
    agency = session.get(Agency, agency_id) if agency_id else None
    own = agency.holiday_region if agency is not None else None
    region = own or str(network_setting(session, "holiday_region"))
    if not is_region(region):
        return ()
    first, last = now.date(), (now + HOLIDAYS_AHEAD).date()
    days = holidays_of(region, range(first.year, last.year + 1))
    return tuple(sorted(day for day in days if first <= day <= last))
