"""Answering for listings by the link of a mail: one button each, without signing in.

Opening the link changes nothing, so that programs that look into mail do no harm. Who holds the
link acts as the person to whom the mail went, with the roles that they hold today.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import (
    Agency,
    LinkedService,
    ListingAsk,
    ListingLink,
    Organization,
    Service,
    ServiceState,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.capacity import CapacityState
from referral_hub.rules.errors import NotFound
from referral_hub.rules.listing_asks import LINK_NOT_VALID, AskReason
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.permissions import Permission, is_allowed, require
from referral_hub.use_cases.steps.capacity import tap_capacity
from referral_hub.use_cases.steps.listing_links import linked_services, valid_listing_link
from referral_hub.use_cases.steps.listing_rights import answering_agency
from referral_hub.use_cases.steps.partners import phone_of_service
from referral_hub.use_cases.steps.verification import confirm_listing
from referral_hub.use_cases.transaction import transaction


@dataclass(frozen=True, slots=True)
class LinkedListing:
    """A service as the link shows it: what everybody can see, and what is asked about it."""

    service_id: UUID
    name: str
    organization: str
    description: str
    phone: str
    url: str
    verified_on: date | None
    capacity: CapacityState | None
    stated_at: datetime | None
    asked: tuple[AskReason, ...]
    confirmed: bool
    may_confirm: bool


@dataclass(frozen=True, slots=True)
class LinkedListings:
    """All that one link is about."""

    agency: str
    listings: tuple[LinkedListing, ...]


def open_listing_link(
    session: Session, actor: Actor, token: str, *, now: datetime
) -> LinkedListings:
    """The listings that a link is about. Raises NotFound for one that counts no more."""
    require(actor, Permission.SIGN_IN)
    link, person = valid_listing_link(session, token, now=now)
    held = linked_services(session, link)
    rows = session.execute(
        select(Service, Organization.name, ServiceState)
        .join(Organization, Organization.id == Service.organization_id)
        .outerjoin(ServiceState, ServiceState.service_id == Service.id)
        .where(Service.id.in_(held))
        .order_by(Service.name, Service.id)
    ).all()
    asks: dict[UUID, list[AskReason]] = {}
    for ask in session.scalars(select(ListingAsk).where(ListingAsk.service_id.in_(held))):
        asks.setdefault(ask.service_id, []).append(AskReason(ask.reason))
    listings = [
        LinkedListing(
            service.id, service.name, organization, service.description or "",
            phone_of_service(session, service.id), service.url or "", service.verified_on,
            CapacityState(state.capacity) if state is not None else None,
            state.stated_at if state is not None else None,
            tuple(sorted(asks.get(service.id, ()))),
            held[service.id].confirmed_at is not None,
            is_allowed(person, Permission.LISTING_VERIFY, link.agency_id),
        )
        for service, organization, state in rows
        if answering_agency(session, ListingKey("service", service.id)) == link.agency_id
    ]  # fmt: skip
    return LinkedListings(session.get_one(Agency, link.agency_id).name, tuple(listings))


def confirm_by_link(
    session: Session, actor: Actor, token: str, service_id: UUID, *, now: datetime
) -> bool:
    """Say by a link that a listing is still true; returns False where the link said so before.

    Raises NotFound.
    """
    require(actor, Permission.SIGN_IN)
    with transaction(session):
        linked, person = _answering(session, token, service_id, Permission.LISTING_VERIFY, now=now)
        if linked.confirmed_at is not None:
            return False
        linked.confirmed_at = now
        confirm_listing(session, person, service_id, now=now)
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
        _, person = _answering(session, token, service_id, Permission.CAPACITY_RECORD, now=now)
        tap_capacity(session, person, service_id, state, now=now)


def _answering(
    session: Session, token: str, service_id: UUID, permission: Permission, *, now: datetime
) -> tuple[LinkedService, PersonActing]:
    """What a link says of a service, locked, and who answers. Raises NotFound."""
    link, person = valid_listing_link(session, token, now=now)
    session.get_one(ListingLink, link.id, with_for_update=True)
    linked = linked_services(session, link).get(service_id)
    if linked is None:
        raise NotFound(LINK_NOT_VALID)
    whose = answering_agency(session, ListingKey("service", service_id))
    require(person, permission, whose)
    return linked, person
