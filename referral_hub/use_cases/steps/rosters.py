"""Who looks after a referral in its two agencies today, and who of them may still see it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Membership, Person, Referral, Team, TeamMember
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.news import People, Roster
from referral_hub.rules.referral_parts import SENDERS, parts_of
from referral_hub.rules.roles import Role
from referral_hub.rules.teams import TeamPart, belongs
from referral_hub.use_cases.steps.referrals import parties_of
from referral_hub.use_cases.transaction import found_once


def roster_of(session: Session, referral: Referral, today: date) -> Roster:
    """Everybody whom news of a referral may concern.

    Where the person who sent it works there no more, the case managers of their team wait for
    news, else its supervisors. Before somebody is assigned, the intake workers of the receiving
    agency do, else the case managers of its team, else all of its case managers.
    """
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
    at_work = found_once(session, ("at work", agency_id), lambda: _at_work(session, agency_id))
    wanted = {Role(role) for role in roles}
    found = frozenset(person_id for person_id, role in at_work if role in wanted)
    return found if among is None else found & frozenset(among)


def _at_work(session: Session, agency_id: UUID) -> Sequence[tuple[UUID, Role]]:
    """Everybody who has a role in an agency now, with each of their roles."""
    rows = session.execute(
        select(Membership.person_id, Membership.role)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.agency_id == agency_id,
            Membership.until.is_(None),
            Person.disabled_at.is_(None),
        )
    )
    return [(person_id, Role(role)) for person_id, role in rows]


def _of_team(session: Session, team_id: UUID, part: TeamPart, today: date) -> People:
    members = found_once(session, ("members", team_id), lambda: _members(session, team_id))
    return frozenset(
        each.person_id for each in members if each.part == part and belongs(each, today)
    )


def _members(session: Session, team_id: UUID) -> Sequence[TeamMember]:
    """Everybody who is, was or will be in a team that has not ended."""
    return session.scalars(
        select(TeamMember)
        .join(Team, Team.id == TeamMember.team_id)
        .where(TeamMember.team_id == team_id, Team.ended_at.is_(None))
    ).all()
