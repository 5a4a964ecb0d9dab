"""Who looks after a referral in its two agencies today, and who of them may still see it."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from referral_hub.models import Membership, Person, Referral, Team, TeamMember
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.news import People, Roster
from referral_hub.rules.referral_parts import SENDERS, Parties, parts_of
from referral_hub.rules.roles import Role
from referral_hub.rules.teams import TeamPart
from referral_hub.use_cases.transaction import found_once


def roster_of(session: Session, referral: Referral, today: date) -> Roster:
    """Everybody whom news of a referral may concern.

    Where the person who sent it works there no more, the case managers of their team wait for
    news, else its supervisors. Before somebody is assigned, the intake workers of the receiving
    agency do, else the case managers of its team, else all of its case managers.
    """
    name = (
        "roster", today, parties_of(referral), referral.sender_id, referral.assignee_id,
    )  # fmt: skip
    return found_once(session, name, lambda: _roster_of(session, referral, today))


def _roster_of(session: Session, referral: Referral, today: date) -> Roster:
    from_agency, to_agency = referral.from_agency_id, referral.to_agency_id
    sender = _working(session, from_agency, SENDERS, [referral.sender_id])
    assignee = _working(session, to_agency, Role, [referral.assignee_id])
    sender_leads = _of_team(session, referral.from_team_id, TeamPart.SUPERVISOR, today)
    return Roster(
        senders=sender
        or _working(
            session, from_agency, SENDERS,
            _of_team(session, referral.from_team_id, TeamPart.MEMBER, today),
        )
        or _working(session, from_agency, [Role.SUPERVISOR], sender_leads),
        sender_supervisors=_working(session, from_agency, [Role.SUPERVISOR], sender_leads),
        receivers=assignee or _at_the_door(session, referral, today),
        receiver_supervisors=_working(
            session, to_agency, [Role.SUPERVISOR],
            _of_team(session, referral.to_team_id, TeamPart.SUPERVISOR, today),
        ),
        assignee=next(iter(assignee), None),
    )  # fmt: skip


def may_see(
    session: Session, person_id: UUID, agency_id: UUID, referral: Referral, today: date
) -> bool:
    """Whether somebody has a part in a referral today, in an agency for which they work."""
    person = session.get(Person, person_id)
    if person is None or person.disabled_at is not None:
        return False
    roles = frozenset(
        session.scalars(
            select(Membership.role).where(
                Membership.person_id == person_id,
                Membership.agency_id == agency_id,
                Membership.until.is_(None),
            )
        )
    )
    teams = frozenset(
        team_id
        for team_id in (referral.from_team_id, referral.to_team_id)
        if person_id in _of_team(session, team_id, TeamPart.SUPERVISOR, today)
    )
    acting = PersonActing(person_id, agency_id, roles, teams)
    return bool(parts_of(acting, parties_of(referral)))


def parties_of(referral: Referral) -> Parties:
    """Between whom a referral goes."""
    return Parties(
        referral.from_agency_id, referral.from_team_id, referral.to_agency_id, referral.to_team_id
    )


def _at_the_door(session: Session, referral: Referral, today: date) -> People:
    """Those who look at what arrives."""
    agency_id = referral.to_agency_id
    team = _of_team(session, referral.to_team_id, TeamPart.MEMBER, today)
    return (
        _working(session, agency_id, [Role.INTAKE_WORKER])
        or _working(session, agency_id, [Role.CASE_MANAGER], team)
        or _working(session, agency_id, [Role.CASE_MANAGER])
    )


def _working(
    session: Session,
    agency_id: UUID,
    roles: Iterable[Role],
    among: Collection[UUID | None] | None = None,
) -> People:
    """Who has one of the roles in an agency now; `among` some people, or all."""
    found = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.agency_id == agency_id,
            Membership.role.in_(list(roles)),
            Membership.until.is_(None),
            Person.disabled_at.is_(None),
        )
    )
    if among is not None:
        known = [person_id for person_id in among if person_id is not None]
        if not known:
            return frozenset()
        found = found.where(Membership.person_id.in_(known))
    return frozenset(session.scalars(found))


def _of_team(session: Session, team_id: UUID, part: TeamPart, today: date) -> People:
    return frozenset(
        session.scalars(
            select(TeamMember.person_id)
            .join(Team, Team.id == TeamMember.team_id)
            .where(
                TeamMember.team_id == team_id,
                Team.ended_at.is_(None),
                TeamMember.part == part,
                TeamMember.since <= today,
                or_(TeamMember.until.is_(None), TeamMember.until > today),
            )
        )
    )
