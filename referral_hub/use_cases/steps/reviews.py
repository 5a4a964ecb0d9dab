"""Which listings wait for somebody to confirm them: the same question for mail and for pages."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)

from referral_hub.models import (
    AgencyOrganization,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    ServiceNeed,
)
from referral_hub.rules.listing_freshness import CHANGING_OFTEN, ReviewTerms
from referral_hub.rules.visibility import FINDABLE_STATUSES

REVIEWED: Mapping[str, Any] = {
    "service": Service,
    "organization": Organization,
    "location": Location,
}
"""The listings that are confirmed. Programs are only names of families of services."""


def due_listings(terms: ReviewTerms, today: date, since: timedelta = timedelta()) -> Subquery:
    """The listings whose review has been due for so long on a day, of those that somebody can
    find, each with the agency that answers for it."""
    return union_all(
        _services().where(is_due(terms, today, since)),
        _organizations().where(_is_over(Organization, terms.organization_days, today, since)),
        _locations().where(_is_over(Location, terms.location_days, today, since)),
    ).subquery()


def is_due(terms: ReviewTerms, today: date, since: timedelta = timedelta()) -> ColumnElement[bool]:
    """Whether the review of a service has been due for so long on a day."""
    often = _changes_often()
    return or_(
        and_(often, _is_over(Service, terms.often_days, today, since)),
        and_(~often, _is_over(Service, terms.other_days, today, since)),
    )


def is_offered() -> ColumnElement[bool]:
    """Whether a service, joined with its organization, can be found by everybody."""
    return and_(
        Service.status.in_(sorted(FINDABLE_STATUSES)),
        Service.visibility != "hidden",
        Service.vanished_at.is_(None),
        Organization.visibility != "hidden",
        Organization.vanished_at.is_(None),
    )


def confirmed_day(verified_on: date | None, created_at: datetime, today: date) -> date:
    """When a listing was last confirmed; before the first time, when the hub got to know it. A day
    that is yet to come confirms nothing."""
    known = verified_on is not None and verified_on <= today
    return verified_on if verified_on is not None and known else created_at.date()


def _services() -> Select[Any]:
    query = _select(
        literal("service").label("table_name"), Service.id, Service.name,
        Organization.name.label("organization"), AgencyOrganization.agency_id,
        Service.verified_on, Service.created_at, _changes_often().label("often"),
    )  # fmt: skip
    return (
        query.join(Organization, Organization.id == Service.organization_id)
        .outerjoin(AgencyOrganization, AgencyOrganization.organization_id == Organization.id)
        .where(is_offered())
    )


def _organizations() -> Select[Any]:
    query = _select(
        literal("organization").label("table_name"), Organization.id, Organization.name,
        literal("").label("organization"), AgencyOrganization.agency_id,
        Organization.verified_on, Organization.created_at, false().label("often"),
    )  # fmt: skip
    gives = exists().where(Service.organization_id == Organization.id, is_offered())
    return query.outerjoin(
        AgencyOrganization, AgencyOrganization.organization_id == Organization.id
    ).where(gives.correlate(Organization))


def _locations() -> Select[Any]:
    owner = select(Organization.name).where(Organization.id == Location.organization_id)
    query = _select(
        literal("location").label("table_name"), Location.id,
        func.coalesce(Location.name, "").label("name"),
        func.coalesce(owner.scalar_subquery(), "").label("organization"),
        AgencyOrganization.agency_id, Location.verified_on, Location.created_at,
        false().label("often"),
    )  # fmt: skip
    there = (
        select(ServiceAtLocation.id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .join(Organization, Organization.id == Service.organization_id)
        .where(
            ServiceAtLocation.location_id == Location.id,
            ServiceAtLocation.vanished_at.is_(None),
            is_offered(),
        )
    )
    return query.outerjoin(
        AgencyOrganization, AgencyOrganization.organization_id == Location.organization_id
    ).where(Location.visibility != "hidden", Location.vanished_at.is_(None), there.exists())


def _changes_often() -> ColumnElement[bool]:
    return exists().where(
        ServiceNeed.service_id == Service.id,
        or_(
            *(
                (ServiceNeed.need_code == code) | ServiceNeed.need_code.startswith(f"{code}.")
                for code in CHANGING_OFTEN
            )
        ),
    )


def _is_over(model: Any, days: int, today: date, since: timedelta) -> ColumnElement[bool]:
    """Whether a record was last confirmed so long before a day, or longer ago."""
    day = today - since - timedelta(days=days)
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    never = or_(model.verified_on.is_(None), model.verified_on > today) & (model.created_at < end)
    return or_(model.verified_on <= day, never)


def _select(*wanted: Any) -> Select[Any]:
    return select(*wanted)
