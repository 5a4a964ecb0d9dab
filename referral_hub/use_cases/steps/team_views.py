"""Teams as people see them: who belongs to them, and who did."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Team, TeamMember
from referral_hub.rules.teams import TeamPart, belongs
from referral_hub.use_cases.agency_views import TeamPartView, TeamView
from referral_hub.use_cases.steps.people_views import names_of


def team_views(
    session: Session,
    vault: Vault,
    agency_id: UUID,
    today: date,
    *,
    only: Collection[UUID] | None = None,
) -> tuple[TeamView, ...]:
    """The teams of an agency, those that ended last; `only` names those that may be seen."""
    asked = select(Team).where(Team.agency_id == agency_id)
    if only is not None:
        asked = asked.where(Team.id.in_(only))
    teams = list(session.scalars(asked))
    rows = session.scalars(
        select(TeamMember)
        .where(TeamMember.team_id.in_([team.id for team in teams]))
        .order_by(TeamMember.since, TeamMember.id)
    ).all()
    names = names_of(session, vault, (row.person_id for row in rows))
    named = {team.id: team.name for team in teams}
    parts: dict[UUID, list[TeamPartView]] = defaultdict(list)
    for row in rows:
        parts[row.team_id].append(_part(row, named[row.team_id], names[row.person_id], today))
    return tuple(
        TeamView(team.id, team.agency_id, team.name, team.ended_at, tuple(parts[team.id]))
        for team in sorted(teams, key=lambda team: (team.ended_at is not None, team.name))
    )


def team_names(session: Session, agency_id: UUID, today: date) -> dict[UUID, tuple[str, ...]]:
    """The names of the teams that people of an agency belong to today, by person."""
    rows = session.execute(
        select(TeamMember, Team.name)
        .join(Team, Team.id == TeamMember.team_id)
        .where(Team.agency_id == agency_id, Team.ended_at.is_(None))
        .order_by(Team.name)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for member, name in rows:
        if belongs(member, today) and name not in found[member.person_id]:
            found[member.person_id].append(name)
    return {person_id: tuple(names) for person_id, names in found.items()}


def parts_of_person(
    session: Session, agency_id: UUID, person_id: UUID, name: str, today: date
) -> tuple[TeamPartView, ...]:
    """The teams of an agency that a person belongs or belonged to, the latest first."""
    rows = session.execute(
        select(TeamMember, Team.name)
        .join(Team, Team.id == TeamMember.team_id)
        .where(Team.agency_id == agency_id, TeamMember.person_id == person_id)
        .order_by(TeamMember.since.desc(), TeamMember.id)
    )
    return tuple(_part(member, team, name, today) for member, team in rows)


def _part(row: TeamMember, team: str, person: str, today: date) -> TeamPartView:
    return TeamPartView(
        id=row.id,
        team_id=row.team_id,
        team=team,
        person_id=row.person_id,
        person=person,
        part=TeamPart(row.part),
        since=row.since,
        until=row.until,
        now=belongs(row, today),
        over=row.until is not None and row.until <= today,
    )
