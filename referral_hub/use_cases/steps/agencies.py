"""Agencies inside a transaction."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, AgencyOrganization, Agreement, Organization, Team
from referral_hub.rules.agencies import AgencyStatus, agreement_state
from referral_hub.rules.errors import InvalidInput, NotFound
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.rules.teams import FIRST_TEAM
from referral_hub.rules.texts import is_name, on_one_line
from referral_hub.use_cases.agency_views import AgreementView, OrganizationLine
from referral_hub.use_cases.steps.network import network_setting
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.use_cases.steps.unique import only_once

MOST_NAME = 200


def clean_name(name: str, field: str = "name") -> str:
    """A name of an agency or a team. Raises InvalidInput."""
    name = on_one_line(name)
    if not is_name(name, MOST_NAME):
        message = f"Use a name of 1 to {MOST_NAME} letters that can be seen."
        raise InvalidInput(message, {field: message})
    return name


def add_agency_row(session: Session, name: str, *, victim_services: bool, now: datetime) -> Agency:
    """A new agency, invited, with its first team. Raises InvalidInput for a name that is taken."""
    agency = Agency(
        name=clean_name(name),
        status=AgencyStatus.INVITED,
        victim_services=victim_services,
        created_at=now,
        status_since=now,
    )
    with only_once(session, "name", "There is an agency of this name already."):
        session.add(agency)
        session.flush()
        session.add(Team(agency_id=agency.id, name=FIRST_TEAM, created_at=now))
    return agency


def the_agency(session: Session, agency_id: UUID) -> Agency:
    """The agency, locked against other changes. Raises NotFound."""
    agency = session.get(Agency, agency_id, with_for_update={"key_share": True})
    if agency is None:
        raise NotFound(NOTHING_HERE)
    return agency


def zone_of(session: Session, agency_id: UUID | None) -> ZoneInfo:
    """Where an agency reckons its days; where it does not say, as the network does."""
    agency = session.get(Agency, agency_id) if agency_id is not None else None
    own = agency.time_zone if agency is not None else None
    return ZoneInfo(own or str(network_setting(session, "time_zone")))


def tie_row(session: Session, agency_id: UUID, organization_id: UUID) -> None:
    """Say that an organization of the directory is an agency's own. Raises InvalidInput where it
    is another's, NotFound where there is none."""
    if session.get(Organization, organization_id) is None:
        raise NotFound(NOTHING_HERE)
    tied = session.get(AgencyOrganization, organization_id)
    message = "This organization belongs to another agency already."
    if tied is not None and tied.agency_id != agency_id:
        raise InvalidInput(message, {"organization_id": message})
    if tied is None:
        with only_once(session, "organization_id", message):
            session.add(AgencyOrganization(organization_id=organization_id, agency_id=agency_id))


def organizations_of(session: Session, agency_id: UUID) -> tuple[OrganizationLine, ...]:
    """The organizations of an agency, by name."""
    rows = session.execute(
        select(Organization.id, Organization.name)
        .join(AgencyOrganization, AgencyOrganization.organization_id == Organization.id)
        .where(AgencyOrganization.agency_id == agency_id)
        .order_by(Organization.name, Organization.id)
    )
    return tuple(OrganizationLine(row.id, row.name, agency_id) for row in rows)


def agreement_views(
    session: Session, vault: Vault, agreements: Iterable[Agreement], today: date
) -> tuple[AgreementView, ...]:
    """Agreements as people see them, the latest first."""
    rows = sorted(agreements, key=lambda row: (row.starts_on, row.signed_at), reverse=True)
    names = names_of(session, vault, (row.signed_by for row in rows))
    return tuple(
        AgreementView(
            row.id, row.title, names[row.signed_by], row.signed_at, row.starts_on, row.ends_on,
            row.ended_at, agreement_state(row, today),
        )
        for row in rows
    )  # fmt: skip
