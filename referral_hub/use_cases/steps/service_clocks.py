"""The limits that services set for themselves."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import ServiceClock
from referral_hub.rules.referrals import Clock, Priority
from referral_hub.rules.response_deadlines import Limit

Limits = dict[tuple[Clock, Priority], Limit]


def limits_of_service(session: Session, service_id: UUID) -> Limits:
    """The limits that a service has of its own."""
    rows = session.scalars(select(ServiceClock).where(ServiceClock.service_id == service_id))
    return {
        (Clock(row.clock), Priority(row.priority)): Limit(row.amount, row.in_business_days)
        for row in rows
    }
