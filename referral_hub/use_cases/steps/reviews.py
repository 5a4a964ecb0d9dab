"""Which listings wait for somebody to confirm them: the same question for mail and for pages."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from referral_hub.models import AgencyOrganization, Organization, Service, ServiceNeed
from referral_hub.rules.listing_freshness import CHANGING_OFTEN, ReviewTerms
from referral_hub.rules.visibility import FINDABLE_STATUSES


def due_services() -> Select[Service, str, UUID]:
    """All services that are offered, with their organization and the agency that answers."""
    return (
        select(Service, Organization.name, AgencyOrganization.agency_id)
        .join(Organization, Organization.id == Service.organization_id)
        .outerjoin(
            AgencyOrganization, AgencyOrganization.organization_id == Service.organization_id
        )
        .where(
            Service.status.in_(sorted(FINDABLE_STATUSES)),
            Service.visibility != "hidden",
            Service.vanished_at.is_(None),
        )
        .order_by(Service.verified_on.is_not(None), Service.verified_on, Service.id)
    )


def is_due(terms: ReviewTerms, today: date, since: timedelta = timedelta()) -> ColumnElement[bool]:
    """Whether the review of a service has been due for so long on a day."""
    often = exists().where(
        ServiceNeed.service_id == Service.id,
        or_(
            *(
                (ServiceNeed.need_code == code) | ServiceNeed.need_code.startswith(f"{code}.")
                for code in CHANGING_OFTEN
            )
        ),
    )
    return or_(
        and_(often, _confirmed_before(today - since - timedelta(days=terms.often_days))),
        and_(~often, _confirmed_before(today - since - timedelta(days=terms.other_days))),
    )


def confirmed_day(service: Service) -> date:
    """When a service was last confirmed; before the first time, when the hub got to know it."""
    return service.verified_on or service.created_at.date()


def _confirmed_before(day: date) -> ColumnElement[bool]:
    """Whether a service was last confirmed on the day, or before."""
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    never = Service.verified_on.is_(None) & (Service.created_at < end)
    return (Service.verified_on <= day) | never
