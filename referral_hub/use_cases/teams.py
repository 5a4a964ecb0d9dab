"""Teams of an agency: who belongs to them and who supervises them, from day to day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Team, TeamMember
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.errors import InvalidInput, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, is_allowed, require
from referral_hub.rules.roles import Role
from referral_hub.rules.teams import TeamPart, check_since, check_until, overlaps
from referral_hub.use_cases.agency_views import TeamView
from referral_hub.use_cases.steps.agencies import clean_name, the_agency
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.people import current_roles
from referral_hub.use_cases.steps.team_views import team_views
from referral_hub.use_cases.steps.unique import only_once
from referral_hub.use_cases.transaction import transaction

TAKEN = "There is a team of this name already, or there was one."


def list_teams(
    session: Session, actor: Actor, agency_id: UUID, vault: Vault, *, now: datetime
) -> tuple[TeamView, ...]:
    """The teams of an agency; for a supervisor those that they supervise today."""
    require(actor, Permission.TEAM_READ, agency_id)
    return team_views(session, vault, agency_id, now.date(), only=_seen(actor, agency_id))


def show_team(
    session: Session, actor: Actor, agency_id: UUID, team_id: UUID, vault: Vault, *, now: datetime
) -> TeamView:
    """A team with who belongs to it, and who did. Raises NotFound, also where a supervisor does
    not supervise it."""
    require(actor, Permission.TEAM_READ, agency_id)
    seen = _seen(actor, agency_id)
    if seen is not None and team_id not in seen:
        raise NotFound(NOTHING_HERE)
    found = team_views(session, vault, agency_id, now.date(), only=[team_id])
    if not found:
        raise NotFound(NOTHING_HERE)
    return found[0]


def add_team(session: Session, actor: Actor, agency_id: UUID, name: str, *, now: datetime) -> UUID:
    """Add a team to an agency and return its id. Raises InvalidInput for a name that is taken."""
    require(actor, Permission.TEAM_CHANGE, agency_id)
    name = clean_name(name)
    with transaction(session):
        the_agency(session, agency_id)
        team = Team(agency_id=agency_id, name=name, created_at=now)
        with only_once(session, "name", TAKEN):
            session.add(team)
        add_audit(session, actor, "team:add", team, agency_id=agency_id, now=now)
    return team.id


def rename_team(
    session: Session, actor: Actor, agency_id: UUID, team_id: UUID, name: str, *, now: datetime
) -> None:
    """Give a team another name. Raises NotFound, and InvalidInput for a name that is taken."""
    require(actor, Permission.TEAM_CHANGE, agency_id)
    name = clean_name(name)
    with transaction(session):
        team = _team(session, agency_id, team_id)
        with only_once(session, "name", TAKEN):
            team.name = name
        add_audit(session, actor, "team:rename", team, agency_id=agency_id, now=now)


def end_team(
    session: Session, actor: Actor, agency_id: UUID, team_id: UUID, *, now: datetime
) -> None:
    """End a team: nobody belongs to it from today on. Raises NotFound."""
    require(actor, Permission.TEAM_CHANGE, agency_id)
    today = now.date()
    with transaction(session):
        team = _team(session, agency_id, team_id)
        team.ended_at = now
        for row in session.scalars(select(TeamMember).where(TeamMember.team_id == team_id)):
            if row.until is None or row.until > today:
                row.until = max(row.since, today)
        add_audit(session, actor, "team:end", team, agency_id=agency_id, now=now)


def join_team(
    session: Session,
    actor: Actor,
    agency_id: UUID,
    team_id: UUID,
    person_id: UUID,
    part: TeamPart,
    since: date,
    *,
    now: datetime,
) -> None:
    """Make somebody of the agency a member or supervisor of a team from a day on.

    Raises NotFound, and InvalidInput for a person or day that does not fit.
    """
    require(actor, Permission.TEAM_CHANGE, agency_id)
    check_since(since, now.date())
    with transaction(session):
        team = _team(session, agency_id, team_id)
        _require_fit(current_roles(session, person_id, agency_id), part)
        mine = session.scalars(
            select(TeamMember).where(
                TeamMember.team_id == team_id,
                TeamMember.person_id == person_id,
                TeamMember.part == part,
            )
        )
        if any(overlaps(row, since, None) for row in mine):
            _refuse("This person belongs to the team at that time already.")
        session.add(TeamMember(team_id=team_id, person_id=person_id, part=part, since=since))
        detail = f"{part} person {person_id}"
        add_audit(session, actor, "team:join", team, agency_id=agency_id, detail=detail, now=now)


def leave_team(
    session: Session,
    actor: Actor,
    agency_id: UUID,
    team_id: UUID,
    part_id: UUID,
    until: date,
    *,
    now: datetime,
) -> None:
    """End somebody's part in a team; `until` is the first day no longer. The row stays.

    Raises NotFound, and InvalidInput for a day that does not fit.
    """
    require(actor, Permission.TEAM_CHANGE, agency_id)
    with transaction(session):
        team = _team(session, agency_id, team_id)
        row = session.get(TeamMember, part_id)
        if row is None or row.team_id != team_id:
            raise NotFound(NOTHING_HERE)
        if row.until is not None and row.until <= now.date():
            raise InvalidInput("This has ended already.", {"until": "This has ended already."})
        check_until(row.since, until, now.date())
        row.until = until
        detail = f"{row.part} person {row.person_id}"
        add_audit(session, actor, "team:leave", team, agency_id=agency_id, detail=detail, now=now)


def _seen(actor: Actor, agency_id: UUID) -> frozenset[UUID] | None:
    """The teams that the actor may see; None for all."""
    if is_allowed(actor, Permission.TEAM_CHANGE, agency_id):
        return None
    return actor.teams if isinstance(actor, PersonActing) else frozenset()


def _team(session: Session, agency_id: UUID, team_id: UUID) -> Team:
    """A team of the agency that has not ended, locked against other changes. Raises NotFound."""
    team = session.get(Team, team_id, with_for_update=True)
    if team is None or team.agency_id != agency_id or team.ended_at is not None:
        raise NotFound(NOTHING_HERE)
    return team


def _require_fit(roles: frozenset[Role], part: TeamPart) -> None:
    if not roles:
        _refuse("Choose somebody who works for the agency.")
    if part is TeamPart.SUPERVISOR and Role.SUPERVISOR not in roles:
        _refuse("Only somebody with the role Supervisor can supervise a team.")


def _refuse(message: str) -> None:
    raise InvalidInput(message, {"person_id": message})
