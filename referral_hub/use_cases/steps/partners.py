"""Which organizations of the directory a referral can go to."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Agency, AgencyOrganization, Agreement
from referral_hub.rules.agencies import AgencyStatus, may_exchange


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
