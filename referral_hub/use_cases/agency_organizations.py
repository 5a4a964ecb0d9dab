"""Which organizations of the directory are an agency's own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.models import AgencyOrganization, Organization
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.use_cases.agency_views import OrganizationLine
from referral_hub.use_cases.steps.agencies import the_agency, tie_row
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.transaction import transaction

MOST = 25


def find_organizations(session: Session, actor: Actor, words: str) -> tuple[OrganizationLine, ...]:
    """The first organizations whose name contains the words, by name; none for no words."""
    require(actor, Permission.AGENCY_DECIDE)
    words = words.strip()[:100]
    if not words:
        return ()
    rows = session.execute(
        select(Organization.id, Organization.name, AgencyOrganization.agency_id)
        .outerjoin(AgencyOrganization, AgencyOrganization.organization_id == Organization.id)
        .where(func.lower(Organization.name).contains(words.lower(), autoescape=True))
        .order_by(Organization.name, Organization.id)
        .limit(MOST)
    )
    return tuple(OrganizationLine(row.id, row.name, row.agency_id) for row in rows)


def tie_organization(
    session: Session, actor: Actor, agency_id: UUID, organization_id: UUID, *, now: datetime
) -> None:
    """Say that an organization is an agency's own: only of one.

    Raises NotFound, and InvalidInput where it is another's.
    """
    require(actor, Permission.AGENCY_DECIDE)
    with transaction(session):
        agency = the_agency(session, agency_id)
        tie_row(session, agency_id, organization_id)
        add_audit(
            session, actor, "agency:tie", agency, agency_id=agency_id,
            detail=f"organization {organization_id}", now=now,
        )  # fmt: skip


def untie_organization(
    session: Session, actor: Actor, agency_id: UUID, organization_id: UUID, *, now: datetime
) -> None:
    """Say that an organization is an agency's own no longer. Raises NotFound."""
    require(actor, Permission.AGENCY_DECIDE)
    with transaction(session):
        agency = the_agency(session, agency_id)
        tied = session.get(AgencyOrganization, organization_id)
        if tied is None or tied.agency_id != agency_id:
            raise NotFound(NOTHING_HERE)
        session.delete(tied)
        add_audit(
            session, actor, "agency:untie", agency, agency_id=agency_id,
            detail=f"organization {organization_id}", now=now,
        )  # fmt: skip
