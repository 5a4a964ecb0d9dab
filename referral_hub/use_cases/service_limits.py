"""Limits that a service of an agency sets for itself, where those of the network do not fit."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import AgencyOrganization, Service, ServiceClock
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.referrals import Clock, Priority
from referral_hub.rules.response_deadlines import Limit, check_own_limit
from referral_hub.use_cases.steps.agencies import the_agency
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.service_clocks import Limits, limits_of_service
from referral_hub.use_cases.transaction import transaction


def show_service_limits(
    session: Session, actor: Actor, agency_id: UUID, service_id: UUID
) -> Limits:
    """The limits that a service of the agency has of its own. Raises NotFound."""
    require(actor, Permission.AGENCY_CHANGE, agency_id)
    _the_service(session, agency_id, service_id)
    return limits_of_service(session, service_id)


def change_service_limit(
    session: Session,
    actor: Actor,
    agency_id: UUID,
    service_id: UUID,
    clock: Clock,
    priority: Priority,
    limit: Limit | None,
    *,
    now: datetime,
) -> bool:
    """Give a service a limit of its own, or with None that of the network again.

    Times that run already stay as they are. Returns whether something changed. Raises NotFound,
    and InvalidInput for a limit that nobody can mean.
    """
    require(actor, Permission.AGENCY_CHANGE, agency_id)
    check_own_limit(clock, priority, limit)
    with transaction(session):
        the_agency(session, agency_id)
        service = _the_service(session, agency_id, service_id)
        row = session.get(ServiceClock, (service_id, clock, priority))
        before = None if row is None else Limit(row.amount, row.in_business_days)
        if before == limit:
            return False
        if row is not None:
            session.delete(row)
            session.flush()
        if limit is not None:
            session.add(
                ServiceClock(
                    service_id=service_id, clock=clock, priority=priority,
                    amount=limit.amount, in_business_days=limit.in_business_days,
                )
            )  # fmt: skip
        detail = f"{clock}, {priority}: {limit or 'as the network'}"
        add_audit(
            session, actor, "service:limit", service, agency_id=agency_id, detail=detail, now=now
        )
    return True


def _the_service(session: Session, agency_id: UUID, service_id: UUID) -> Service:
    """A service of an organization that is the agency's own. Raises NotFound."""
    service = session.scalars(
        select(Service)
        .join(AgencyOrganization, AgencyOrganization.organization_id == Service.organization_id)
        .where(Service.id == service_id, AgencyOrganization.agency_id == agency_id)
    ).first()
    if service is None:
        raise NotFound(NOTHING_HERE)
    return service
