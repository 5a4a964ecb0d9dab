"""Which teams and workers of an agency a client can be given to."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Membership, Person, Team, TeamMember
from referral_hub.rules.actor import Actor, Application
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.roles import Role

WORKERS = (Role.CASE_MANAGER, Role.INTAKE_WORKER)


def workers_of(session: Session, agency_id: UUID) -> frozenset[UUID]:
    """Who works with clients of the agency now."""
    held = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.agency_id == agency_id,
            Membership.until.is_(None),
            Membership.role.in_(WORKERS),
            Person.disabled_at.is_(None),
        )
    )
    return frozenset(session.scalars(held))


def require_worker(session: Session, agency_id: UUID, person_id: UUID, field: str) -> None:
    """Raise InvalidInput for somebody who does not work with clients of the agency."""
    if person_id not in workers_of(session, agency_id):
        message = "Choose a case manager or intake worker of your agency."
        raise InvalidInput(message, {field: message})


def teams_of(session: Session, agency_id: UUID) -> dict[UUID, str]:
    """The names of the agency's teams that have not ended, by id, in the order of their names."""
    rows = session.execute(
        select(Team.id, Team.name)
        .where(Team.agency_id == agency_id, Team.ended_at.is_(None))
        .order_by(Team.name)
    )
    return {row.id: row.name for row in rows}


def team_for(session: Session, actor: Actor, agency_id: UUID, team_id: UUID | None) -> UUID:
    """The team for a client: the one named, else the actor's own, else the agency's only one.

    Raises InvalidInput where none is clear.
    """
    teams = teams_of(session, agency_id)
    chosen = team_id or own_team(session, actor, teams)
    if chosen is None or chosen not in teams:
        message = "Choose a team of your agency."
        raise InvalidInput(message, {"team_id": message})
    return chosen


def own_team(session: Session, actor: Actor, teams: dict[UUID, str]) -> UUID | None:
    """The only team of those that the actor belongs to, or the only one there is."""
    if len(teams) == 1:
        return next(iter(teams))
    acting = actor.person if isinstance(actor, Application) else actor
    if not isinstance(acting, PersonActing):
        return None
    mine = session.scalars(
        select(TeamMember.team_id).where(
            TeamMember.person_id == acting.person_id,
            TeamMember.team_id.in_(list(teams)),
            TeamMember.until.is_(None),
        )
    )
    found = set(mine)
    return found.pop() if len(found) == 1 else None
