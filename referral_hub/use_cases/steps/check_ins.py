"""Check-ins inside a transaction: whose they are, who reads them, and who hears of them."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import CheckIn, Notice, Person, Team, TeamMember
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.check_ins import CheckInStatus, Pair, may_read
from referral_hub.rules.errors import Conflict, NotFound
from referral_hub.rules.notices import NoticeKind
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.rules.roles import Role
from referral_hub.rules.teams import TeamPart, belongs
from referral_hub.use_cases.steps.client_staff import workers_of
from referral_hub.use_cases.steps.clients import agency_of, author_of
from referral_hub.use_cases.steps.notices import frequencies_of, has_unread_of_check_in
from referral_hub.use_cases.steps.people import current_roles

NOTES = "check_in.notes"
POINT = "check_in_point.text"
ACTION = "check_in_action.text"
FEEDBACK = "feedback_note.text"


def pair_of(check_in: CheckIn) -> Pair:
    """Between whom a check-in is."""
    return Pair(check_in.agency_id, check_in.supervisor_id, check_in.worker_id)


def supervised_workers(session: Session, actor: Actor, today: date) -> frozenset[UUID]:
    """The workers of the teams that the actor supervises today."""
    if not isinstance(actor, PersonActing) or Role.SUPERVISOR not in actor.roles:
        return frozenset()
    members = _of_teams(session, actor.teams, TeamPart.MEMBER, today)
    return (members & workers_of(session, agency_of(actor))) - {actor.person_id}


def the_check_in(
    session: Session, actor: Actor, check_in_id: UUID, now: datetime, *, lock: bool = False
) -> CheckIn:
    """A check-in of the actor's, with `lock` locked against other changes. Raises NotFound for
    everybody who does not read it."""
    check_in = session.get(CheckIn, check_in_id, with_for_update=lock or None)
    if check_in is None or not reads(session, actor, pair_of(check_in), now):
        raise NotFound(NOTHING_HERE)
    return check_in


def reads(session: Session, actor: Actor, pair: Pair, now: datetime) -> bool:
    """Whether the actor reads what a pair writes, acting for its agency."""
    if agency_of(actor) != pair.agency_id:
        return False
    supervises = pair.worker_id in supervised_workers(session, actor, now.date())
    return may_read(pair, author_of(actor), supervises=supervises)


def led_check_in(
    session: Session, actor: Actor, check_in_id: UUID, now: datetime, *, planned: bool = True
) -> CheckIn:
    """A check-in, locked, whose supervisor the actor is. Raises NotFound, and Conflict where it
    should be `planned` and is not any more."""
    check_in = the_check_in(session, actor, check_in_id, now, lock=True)
    if check_in.supervisor_id != author_of(actor):
        raise NotFound(NOTHING_HERE)
    if planned:
        require_planned(check_in)
    return check_in


def require_planned(check_in: CheckIn) -> None:
    """Raise Conflict for what was held or cancelled."""
    if check_in.status != CheckInStatus.PLANNED:
        raise Conflict(f"This check-in was {check_in.status} already. See how it stands now.")


def may_read_check_in(session: Session, person_id: UUID, check_in_id: UUID, today: date) -> bool:
    """Whether somebody reads a check-in today, whatever they are signed in as."""
    check_in = session.get(CheckIn, check_in_id)
    person = session.get(Person, person_id)
    if check_in is None or person is None or person.disabled_at is not None:
        return False
    roles = current_roles(session, person_id, check_in.agency_id)
    teams = frozenset(session.scalars(select(Team.id).where(Team.agency_id == check_in.agency_id)))
    own = frozenset(
        team_id
        for team_id in teams
        if person_id in _of_teams(session, [team_id], TeamPart.SUPERVISOR, today)
    )
    acting = PersonActing(person_id, check_in.agency_id, frozenset(roles), own)
    supervises = check_in.worker_id in supervised_workers(session, acting, today)
    return bool(roles) and may_read(pair_of(check_in), person_id, supervises=supervises)


def tell(session: Session, check_in: CheckIn, person_id: UUID, now: datetime) -> None:
    """Write a notice of a check-in, unless one of it is unread."""
    if not has_unread_of_check_in(session, person_id, check_in.id):
        session.add(
            Notice(
                person_id=person_id, agency_id=check_in.agency_id, kind=NoticeKind.CHECK_IN,
                check_in_id=check_in.id, created_at=now,
                mail=frequencies_of(session, person_id)[NoticeKind.CHECK_IN],
            )
        )  # fmt: skip


def _of_teams(
    session: Session, teams: Iterable[UUID], part: TeamPart, today: date
) -> frozenset[UUID]:
    rows = session.scalars(
        select(TeamMember)
        .join(Team, Team.id == TeamMember.team_id)
        .where(
            TeamMember.team_id.in_(list(teams)),
            TeamMember.part == part,
            Team.ended_at.is_(None),
        )
    )
    return frozenset(row.person_id for row in rows if belongs(row, today))
