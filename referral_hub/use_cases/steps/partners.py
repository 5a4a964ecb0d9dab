"""Which agency answers for a service, and whether it takes part in the network today."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.models import (
    Agency,
    AgencyOrganization,
    Agreement,
    Location,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    Team,
)
from referral_hub.rules.agencies import AgencyStatus, may_exchange
from referral_hub.rules.errors import Conflict
from referral_hub.rules.visibility import is_seen


def agency_of_service(session: Session, service_id: UUID) -> UUID | None:
    """The agency whose organization offers the service; None where that is no agency's own."""
    return session.scalar(
        select(AgencyOrganization.agency_id)
        .join(Service, Service.organization_id == AgencyOrganization.organization_id)
        .where(Service.id == service_id)
    )


NO_AGENCY = UUID(int=0)
"""In place of an agency, for what is no agency's own: nobody is of this one."""


def agency_of_location(session: Session, location_id: UUID) -> UUID | None:
    """The agency whose own the location is: by its organization, or where it states none by all
    that offer services there. None where that is no agency, or not one alone."""
    organization_id = session.scalar(
        select(Location.organization_id).where(Location.id == location_id)
    )
    owners = {organization_id}
    if organization_id is None:
        owners = set(
            session.scalars(
                select(Service.organization_id)
                .join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
                .where(ServiceAtLocation.location_id == location_id)
            )
        )
    ties = session.execute(
        select(AgencyOrganization.organization_id, AgencyOrganization.agency_id).where(
            AgencyOrganization.organization_id.in_(owners)
        )
    )
    tied = {row.organization_id: row.agency_id for row in ties}
    agencies = {tied.get(owner) for owner in owners if owner}
    return agencies.pop() if len(agencies) == 1 else None


def phone_of_service(session: Session, service_id: UUID) -> str:
    """Where to call about a service: its own number, else its organization's; empty for none."""
    own = Phone.service_id == service_id
    organization = select(Service.organization_id).where(Service.id == service_id)
    found = session.scalar(
        select(Phone.number)
        .where(
            own | (Phone.organization_id == organization.scalar_subquery()),
            func.coalesce(Phone.type, "voice") == "voice",
        )
        .order_by(Phone.service_id.is_(None), Phone.id)
        .limit(1)
    )
    return found or ""


def is_listed(session: Session, service_id: UUID) -> bool:
    """Whether there is such a service for everybody to see."""
    found = session.execute(
        select(Service.visibility, Organization.visibility)
        .join(Organization, Organization.id == Service.organization_id)
        .where(Service.id == service_id)
    ).one_or_none()
    return found is not None and is_seen(found[0], found[1])


def takes_part(session: Session, agency_id: UUID, today: date) -> bool:
    """Whether an agency may send and receive: a partner under an agreement in force. It is read
    again each time: a worker that holds its rows for long must see a suspension."""
    agency = session.get(Agency, agency_id, populate_existing=True)
    if agency is None:
        return False
    agreements = session.scalars(select(Agreement).where(Agreement.agency_id == agency_id))
    return may_exchange(AgencyStatus(agency.status), agreements, today)


def first_team(session: Session, agency_id: UUID) -> UUID:
    """The team that receives what nobody else does: the oldest that has not ended.

    Raises Conflict where the agency has none.
    """
    found = session.scalar(
        select(Team.id)
        .where(Team.agency_id == agency_id, Team.ended_at.is_(None))
        .order_by(Team.created_at, Team.id)
        .limit(1)
    )
    if found is None:
        raise Conflict("This agency has no team that could take referrals. Tell its administrator.")
    return found


def reachable(session: Session, organizations: Iterable[UUID], today: date) -> frozenset[UUID]:
    """Those of the organizations that belong to a partner agency under an agreement in force."""
    rows = session.execute(
        select(AgencyOrganization.organization_id, Agency.status, Agreement)
        .join(Agency, Agency.id == AgencyOrganization.agency_id)
        .join(Agreement, Agreement.agency_id == Agency.id)
        .where(AgencyOrganization.organization_id.in_(set(organizations)))
    )
    agreements: defaultdict[tuple[UUID, str], list[Agreement]] = defaultdict(list)
    for organization_id, status, agreement in rows:
        agreements[organization_id, status].append(agreement)
    return frozenset(
        organization_id
        for (organization_id, status), signed in agreements.items()
        if may_exchange(AgencyStatus(status), signed, today)
    )
