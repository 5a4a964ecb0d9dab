"""Whether supervisors of an agency decide on declines. By default whoever works on them does."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.models import Agency
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.use_cases.steps.agencies import the_agency
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.transaction import transaction


def reviews_declines_of(session: Session, actor: Actor, agency_id: UUID) -> bool:
    """Whether supervisors of an agency decide on declines. Raises NotFound."""
    require(actor, Permission.DECLINE_RULE, agency_id)
    agency = session.get(Agency, agency_id)
    if agency is None:
        raise NotFound(NOTHING_HERE)
    return agency.review_declines


def change_decline_rule(
    session: Session, actor: Actor, agency_id: UUID, *, reviewed: bool, now: datetime
) -> None:
    """Say whether supervisors of an agency decide on declines. What is proposed already still
    waits for a supervisor. Raises NotFound."""
    require(actor, Permission.DECLINE_RULE, agency_id)
    with transaction(session):
        agency = the_agency(session, agency_id)
        if agency.review_declines is reviewed:
            return
        agency.review_declines = reviewed
        detail = "reviewed" if reviewed else "not reviewed"
        add_audit(
            session, actor, "decline:rule", agency, agency_id=agency_id, detail=detail, now=now
        )
