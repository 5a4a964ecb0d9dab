"""Answering for listings by the link of a mail: one button each, without signing in.

Opening the link changes nothing, so that programs that look into mail do no harm. Who holds the
link acts as the person to whom the mail went, with the roles that they hold today.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import (
    DIRECTORY,
    Address,
    Agency,
    LinkedListing,
    ListingAsk,
    ListingLink,
    Organization,
    ServiceState,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.capacity import CapacityState
from referral_hub.rules.errors import NotFound
from referral_hub.rules.listing_asks import LINK_NOT_VALID, AskReason
from referral_hub.rules.listing_freshness import Standing
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.permissions import Permission, is_allowed, require
from referral_hub.rules.visibility import FINDABLE_STATUSES
from referral_hub.use_cases.directory.facts import main_address
from referral_hub.use_cases.listing_forms.places import NAMELESS
from referral_hub.use_cases.steps.capacity import standing_of, tap_capacity
from referral_hub.use_cases.steps.listing_links import linked_listings, valid_listing_link
from referral_hub.use_cases.steps.listing_rights import answering_agency
from referral_hub.use_cases.steps.partners import phone_of_service
from referral_hub.use_cases.steps.verification import confirm_listing
from referral_hub.use_cases.transaction import transaction


@dataclass(frozen=True, slots=True)
class LinkedListingView:
    """A listing as the link shows it: what everybody can see, and what is asked about it.

    `may_change` says that who has the mail may also edit it, after signing in.
    """

    listing: ListingKey
    name: str
    facts: tuple[tuple[str, str], ...]
    verified_on: date | None
    capacity: CapacityState | None
    stated_at: datetime | None
    asked: tuple[AskReason, ...]
    confirmed: bool
    may_confirm: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class LinkedListings:
    """All that one link is about."""

    agency: str
    listings: tuple[LinkedListingView, ...]


def open_listing_link(
    session: Session, actor: Actor, token: str, *, now: datetime
) -> LinkedListings:
    """The listings that a link is about, as far as everybody finds them. Raises NotFound for one
    that counts no more."""
    require(actor, Permission.SIGN_IN)
    link, person = valid_listing_link(session, token, now=now)
    asks: dict[UUID, list[AskReason]] = {}
    held = linked_listings(session, link)
    for ask in session.scalars(select(ListingAsk).where(ListingAsk.listing_id.in_(held))):
        asks.setdefault(ask.listing_id, []).append(AskReason(ask.reason))
    views = [
        _view(session, person, link, linked, asks, now)
        for linked in held.values()
        if _answers(session, link, linked)
    ]
    order = {table: number for number, table in enumerate(("service", "organization", "location"))}
    views.sort(key=lambda view: (order[view.listing.table], view.name.casefold(), view.listing.id))
    return LinkedListings(session.get_one(Agency, link.agency_id).name, tuple(views))


def confirm_by_link(
    session: Session, actor: Actor, token: str, listing_id: UUID, *, now: datetime
) -> bool:
    """Say by a link that a listing is still true; returns False where the link said so before.

    Raises NotFound.
    """
    require(actor, Permission.SIGN_IN)
    with transaction(session):
        linked, person = _answering(session, token, listing_id, Permission.LISTING_VERIFY, now=now)
        if linked.confirmed_at is not None:
            return False
        linked.confirmed_at = now
        confirm_listing(session, person, _key(linked), now=now)
        return True


def tap_by_link(
    session: Session,
    actor: Actor,
    token: str,
    service_id: UUID,
    state: CapacityState,
    *,
    now: datetime,
) -> None:
    """Say by a link whether a service takes referrals. Raises NotFound."""
    require(actor, Permission.SIGN_IN)
    with transaction(session):
        linked, person = _answering(session, token, service_id, Permission.CAPACITY_RECORD, now=now)
        if linked.listing_table != "service":
            raise NotFound(LINK_NOT_VALID)
        tap_capacity(session, person, service_id, state, now=now)


def _answering(
    session: Session, token: str, listing_id: UUID, permission: Permission, *, now: datetime
) -> tuple[LinkedListing, PersonActing]:
    """What a link says of a listing, locked, and who answers. Raises NotFound."""
    link, person = valid_listing_link(session, token, now=now)
    session.get_one(ListingLink, link.id, with_for_update=True)
    linked = linked_listings(session, link).get(listing_id)
    if linked is None or not _answers(session, link, linked):
        raise NotFound(LINK_NOT_VALID)
    require(person, permission, link.agency_id)
    return linked, person


def _key(linked: LinkedListing) -> ListingKey:
    return ListingKey(linked.listing_table, linked.listing_id)


def _answers(session: Session, link: ListingLink, linked: LinkedListing) -> bool:
    """Whether a listing is still one that everybody finds, and the agency's of the link."""
    record: Any = session.get(DIRECTORY[linked.listing_table], linked.listing_id)
    shown = [record]
    if record is not None and linked.listing_table == "service":
        shown.append(session.get_one(Organization, record.organization_id))
        if record.status not in FINDABLE_STATUSES:
            return False
    if any(each is None or each.visibility == "hidden" or each.vanished_at for each in shown):
        return False
    return answering_agency(session, _key(linked)) == link.agency_id


def _view(
    session: Session,
    person: PersonActing,
    link: ListingLink,
    linked: LinkedListing,
    asks: Mapping[UUID, list[AskReason]],
    now: datetime,
) -> LinkedListingView:
    listing = _key(linked)
    record: Any = session.get_one(DIRECTORY[listing.table], listing.id)
    state = session.get(ServiceState, listing.id) if listing.table == "service" else None
    if state is not None and standing_of(session, state, now) is Standing.LAPSED:
        state = None
    return LinkedListingView(
        listing, record.name or NAMELESS,
        tuple((label, text) for label, text in _facts(session, listing, record) if text),
        record.verified_on,
        CapacityState(state.capacity) if state is not None else None,
        state.stated_at if state is not None else None,
        tuple(sorted(asks.get(listing.id, ()))),
        linked.confirmed_at is not None,
        is_allowed(person, Permission.LISTING_VERIFY, link.agency_id),
        is_allowed(person, Permission.LISTING_CHANGE, link.agency_id),
    )  # fmt: skip


def _facts(session: Session, listing: ListingKey, record: Any) -> Iterator[tuple[str, str]]:
    """What everybody reads of a listing. Rows of a confidential place say only its area."""
    if listing.table == "service":
        yield "Organization", session.get_one(Organization, record.organization_id).name
    yield "What it is", record.description or ""
    if listing.table == "service":
        yield "Phone", phone_of_service(session, listing.id)
        yield "Website", record.url or ""
    if listing.table == "organization":
        yield "Website", record.website or ""
        yield "E-mail", record.email or ""
    if listing.table == "location":
        rows = session.scalars(
            select(Address).where(Address.location_id == listing.id).order_by(Address.position)
        )
        address: Address | None = main_address(list(rows))
        if address is not None:
            lines = (address.address_1, address.address_2, address.city, address.state_province,
                     address.postal_code)  # fmt: skip
            yield "Address", ", ".join(line for line in lines if line)
        yield "How to get there", record.transportation or ""
