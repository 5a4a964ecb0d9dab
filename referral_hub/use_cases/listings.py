"""The listings of an agency, and one of them as its agency and as everybody would see it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, literal, or_, select
from sqlalchemy.orm import Session, aliased

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    AgencyOrganization,
    ListingChange,
    ListingReview,
    Location,
    Organization,
    Program,
    Service,
    ServiceAtLocation,
    ServiceState,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.listing_state import ListingState, offered, review_words, state_of
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.directory.documents import Gazetteer
from referral_hub.use_cases.directory.facts import read_services
from referral_hub.use_cases.directory_views import ServiceView
from referral_hub.use_cases.listing_forms.places import CONFIDENTIAL, NAMELESS
from referral_hub.use_cases.listing_views import (
    ListingsView,
    RecordLine,
    ServiceLine,
    ServiceListingView,
)
from referral_hub.use_cases.show_service import service_view
from referral_hub.use_cases.steps.listing_facts import completeness_of
from referral_hub.use_cases.steps.listing_heads import head_of
from referral_hub.use_cases.steps.listings import (
    is_reviewed,
    is_steward,
    listing_for,
    state_of_service,
    who_made,
)


def list_listings(
    session: Session, actor: Actor, agency_id: UUID, *, now: datetime
) -> ListingsView:
    """All that an agency lists: services with what they lack, and what they belong to."""
    require(actor, Permission.LISTING_READ, agency_id)
    owned = select(AgencyOrganization.organization_id).where(
        AgencyOrganization.agency_id == agency_id
    )
    services = session.execute(
        select(
            Service.id, Service.name, Service.status, Service.visibility, Service.verified_on,
            Organization.name.label("organization"),
            case((ServiceState.lapsed_at.is_(None), ServiceState.capacity)).label("capacity"),
            ListingReview.submitted_at, ListingReview.returned_at,
        )
        .join(Organization, Organization.id == Service.organization_id)
        .outerjoin(ServiceState, ServiceState.service_id == Service.id)
        .outerjoin(ListingReview, ListingReview.service_id == Service.id)
        .where(Service.organization_id.in_(owned), Service.merged_into.is_(None))
        .order_by(Service.name, Service.id)
    ).all()  # fmt: skip
    complete = completeness_of(session, [row.id for row in services], now.date())
    lines = [
        ServiceLine(
            id=row.id,
            name=row.name,
            organization=row.organization,
            state=state_of(
                row.status, row.visibility,
                waits=row.submitted_at is not None and row.returned_at is None,
            ),
            completeness=complete[row.id],
            capacity=row.capacity or "",
            verified_on=row.verified_on,
        )
        for row in services
    ]  # fmt: skip
    return ListingsView(
        services=tuple(sorted(lines, key=lambda line: line.state is ListingState.RETIRED)),
        organizations=_lines(session, "organization", Organization, Organization.id.in_(owned)),
        programs=_lines(session, "program", Program, Program.organization_id.in_(owned)),
        locations=_lines(session, "location", Location, _places_of(agency_id)),
    )


def show_service_listing(
    session: Session, actor: Actor, service_id: UUID, vault: Vault, *, now: datetime
) -> ServiceListingView:
    """A service as its agency sees it. Raises NotFound."""
    require(actor, Permission.LISTING_READ)
    listing = ListingKey("service", service_id)
    service = listing_for(session, actor, listing, Permission.LISTING_READ)
    state = state_of_service(session, service)
    review = session.get(ListingReview, service_id)
    said = session.get(ServiceState, service_id)
    last = session.scalars(
        select(ListingChange)
        .where(ListingChange.table_name == "service", ListingChange.record_id == service_id)
        .order_by(ListingChange.id.desc())
        .limit(1)
    ).one_or_none()
    head = head_of(session, actor, listing, service)
    reviewed = is_reviewed(session)
    moves = offered(state, reviewed=reviewed, is_steward=is_steward(actor))
    note = (review.note if review is not None else None) or ""
    if state is ListingState.PAUSED:
        note = service.alert or ""
    return ServiceListingView(
        head=head,
        state=state,
        moves=moves if head.may_change else (),
        completeness=completeness_of(session, [service_id], now.date())[service_id],
        review=review_words(state, reviewed=reviewed, is_steward=is_steward(actor)),
        note=note,
        changed_by=who_made(session, vault, [last.made_by])[last.made_by] if last else "",
        changed_at=last.made_at if last else None,
        capacity=said.capacity if said is not None and said.lapsed_at is None else "",
        verified_on=service.verified_on,
    )


def preview_listing(
    session: Session, actor: Actor, service_id: UUID, gazetteer: Gazetteer, *, now: datetime
) -> ServiceView:
    """A service as everybody would see it if it were published now. Raises NotFound."""
    require(actor, Permission.LISTING_READ)
    listing_for(session, actor, ListingKey("service", service_id), Permission.LISTING_READ)
    facts = read_services(session, [service_id], hidden=True)[service_id]
    return service_view(session, facts, gazetteer, now=now)


def _places_of(agency_id: UUID) -> Any:
    """Places of the agency's organizations, and those that name none where it alone works."""
    owner = aliased(AgencyOrganization)
    there = (
        select(ServiceAtLocation.location_id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .outerjoin(owner, owner.organization_id == Service.organization_id)
    )
    own = select(AgencyOrganization.organization_id).where(
        AgencyOrganization.agency_id == agency_id
    )
    alone = and_(
        Location.organization_id.is_(None),
        Location.id.in_(there.where(owner.agency_id == agency_id)),
        Location.id.not_in(
            there.where(or_(owner.agency_id.is_(None), owner.agency_id != agency_id))
        ),
    )
    return or_(Location.organization_id.in_(own), alone)


def _lines(session: Session, table: str, model: Any, owned: Any) -> tuple[RecordLine, ...]:
    secret = model.confidential if model is Location else literal(False)
    rows = session.execute(
        select(model.id, model.name, model.visibility, secret.label("confidential"))
        .where(owned, model.vanished_at.is_(None))
        .order_by(model.name, model.id)
    )
    return tuple(
        RecordLine(
            ListingKey(table, row.id),
            row.name or (CONFIDENTIAL if row.confidential else NAMELESS),
            row.visibility == "public",
        )
        for row in rows
    )  # fmt: skip
