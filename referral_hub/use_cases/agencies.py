"""Agencies: adding them, deciding about them, listing and showing them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, AgencyOrganization, Agreement, Membership, Team
from referral_hub.rules.actor import Actor
from referral_hub.rules.agencies import (
    AgencyMove,
    AgencyStatus,
    in_force,
    may_exchange,
    next_status,
)
from referral_hub.rules.errors import NotFound
from referral_hub.rules.people import check_person
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.roles import Role
from referral_hub.use_cases.agency_views import AgencyLine, AgencyView
from referral_hub.use_cases.steps.access import end_access_for_agency
from referral_hub.use_cases.steps.agencies import (
    add_agency_row,
    agreement_views,
    organizations_of,
    the_agency,
)
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.invitations import add_invitation
from referral_hub.use_cases.transaction import transaction


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """Who is invited to look after a new agency."""

    name: str
    email: str


def add_agency(
    session: Session,
    actor: Actor,
    name: str,
    first: FirstAdministrator | None,
    vault: Vault,
    *,
    victim_services: bool = False,
    now: datetime,
) -> UUID:
    """Add an agency with its first team, and invite its first administrator. Return its id.

    Nobody acts for it until a steward approves it. Raises InvalidInput.
    """
    require(actor, Permission.AGENCY_ADD)
    invitee = check_person(first.name, first.email) if first is not None else None
    with transaction(session):
        agency = add_agency_row(session, name, victim_services=victim_services, now=now)
        add_audit(session, actor, "agency:add", agency, agency_id=agency.id, now=now)
        if invitee is not None:
            roles = (Role.AGENCY_ADMINISTRATOR,)
            made = add_invitation(session, actor, agency, *invitee, roles, vault, now=now)
            add_audit(session, actor, "invitation:send", made, agency_id=agency.id, now=now)
    return agency.id


def decide_agency(
    session: Session, actor: Actor, agency_id: UUID, move: AgencyMove, *, now: datetime
) -> AgencyStatus:
    """Approve, suspend or resume an agency, or keep it in the directory only.

    Who acts for an agency that is no partner any more is signed out, and its tokens end. Raises
    NotFound, and Conflict where the move cannot be made.
    """
    require(actor, Permission.AGENCY_DECIDE)
    with transaction(session):
        agency = the_agency(session, agency_id)
        status = next_status(AgencyStatus(agency.status), move)
        agency.status = status
        agency.status_since = now
        if status is not AgencyStatus.PARTNER:
            end_access_for_agency(session, agency_id, now=now)
        add_audit(session, actor, f"agency:{move}", agency, agency_id=agency_id, now=now)
    return status


def list_agencies(session: Session, actor: Actor, *, now: datetime) -> tuple[AgencyLine, ...]:
    """All agencies by name, with how they take part."""
    require(actor, Permission.NETWORK_READ)
    people = _counts(session, "people")
    organizations = _counts(session, "organizations")
    agreements: dict[UUID, list[Agreement]] = defaultdict(list)
    for agreement in session.scalars(select(Agreement)):
        agreements[agreement.agency_id].append(agreement)
    return tuple(
        AgencyLine(
            id=agency.id,
            name=agency.name,
            status=AgencyStatus(agency.status),
            victim_services=agency.victim_services,
            people=people.get(agency.id, 0),
            organizations=organizations.get(agency.id, 0),
            agreement_in_force=in_force(agreements[agency.id], now.date()),
        )
        for agency in session.scalars(select(Agency).order_by(Agency.name))
    )


def show_agency(
    session: Session, actor: Actor, agency_id: UUID, vault: Vault, *, now: datetime
) -> AgencyView:
    """How an agency takes part. Raises NotFound."""
    require(actor, Permission.AGENCY_READ, agency_id)
    agency = session.get(Agency, agency_id)
    if agency is None:
        raise NotFound(NOTHING_HERE)
    agreements = session.scalars(select(Agreement).where(Agreement.agency_id == agency_id)).all()
    today = now.date()
    teams = select(func.count()).where(Team.agency_id == agency_id, Team.ended_at.is_(None))
    return AgencyView(
        id=agency.id,
        name=agency.name,
        status=AgencyStatus(agency.status),
        status_since=agency.status_since,
        victim_services=agency.victim_services,
        organizations=organizations_of(session, agency_id),
        agreements=agreement_views(session, vault, agreements, today),
        may_exchange=may_exchange(AgencyStatus(agency.status), agreements, today),
        people=_counts(session, "people").get(agency_id, 0),
        teams=session.scalar(teams) or 0,
    )


def _counts(session: Session, what: str) -> dict[UUID, int]:
    """How many people work for each agency now, or how many organizations are its own."""
    if what == "people":
        asked = (
            select(Membership.agency_id, func.count(Membership.person_id.distinct()))
            .where(Membership.until.is_(None), Membership.agency_id.is_not(None))
            .group_by(Membership.agency_id)
        )
    else:
        asked = select(AgencyOrganization.agency_id, func.count()).group_by(
            AgencyOrganization.agency_id
        )
    return {agency_id: count for agency_id, count in session.execute(asked).tuples() if agency_id}
