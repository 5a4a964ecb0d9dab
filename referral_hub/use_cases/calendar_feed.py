"""One's own calendar at a secret address, for programs that cannot sign in."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from referral_hub.gateways.tokens import new_token, token_hash
from referral_hub.models import Agency, CalendarLink, Client, Person, Referral, Task
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.calendar_entries import (
    AHEAD,
    CalendarEntry,
    appointment_entry,
    task_entry,
)
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, is_allowed, require
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.use_cases.steps.appointments import awaited_appointments
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import agency_of, author_of, seen_by
from referral_hub.use_cases.steps.people import current_roles
from referral_hub.use_cases.steps.referral_sight import visible
from referral_hub.use_cases.steps.sessions import supervised_teams
from referral_hub.use_cases.transaction import look, transaction
from referral_hub.vocabulary.needs_reader import need_words


def calendar_since(session: Session, actor: Actor) -> datetime | None:
    """Since when one's own calendar has the address that it has; None where it has none."""
    require(actor, Permission.CALENDAR_KEEP)
    return session.scalar(select(CalendarLink.made_at).where(_own(actor)))


def make_calendar(session: Session, actor: Actor, *, now: datetime) -> str:
    """Give one's own calendar a new address, and return its secret. The one before ends."""
    require(actor, Permission.CALENDAR_KEEP)
    person_id, agency_id, token = author_of(actor), agency_of(actor), new_token()
    with transaction(session):
        session.get_one(Person, person_id, with_for_update={"key_share": True})
        link = session.scalars(select(CalendarLink).where(_own(actor))).one_or_none()
        act = "calendar:renew" if link else "calendar:make"
        if link is None:
            link = CalendarLink(person_id=person_id, agency_id=agency_id)
            session.add(link)
        link.token_hash, link.made_at = token_hash(token), now
        add_audit(session, actor, act, link, agency_id=agency_id, now=now)
    return token


def end_calendar(session: Session, actor: Actor, *, now: datetime) -> None:
    """Switch one's own calendar off. Said twice, it stays as it is."""
    require(actor, Permission.CALENDAR_KEEP)
    with transaction(session):
        link = session.scalars(select(CalendarLink).where(_own(actor))).one_or_none()
        if link is not None:
            session.delete(link)
            add_audit(session, actor, "calendar:end", link, agency_id=link.agency_id, now=now)


def read_calendar(
    session: Session, actor: Actor, token: str, *, now: datetime
) -> tuple[CalendarEntry, ...]:
    """What stands in the calendar with a secret, as far as its person may see it today: their open
    tasks with a day, and the appointments of received referrals on which they work. Raises
    NotFound."""
    require(actor, Permission.SIGN_IN)
    with look(session):
        person = _person_of(session, token, now)
        return (*_tasks(session, person), *_appointments(session, person, now))


def _own(actor: Actor) -> ColumnElement[bool]:
    return and_(
        CalendarLink.person_id == author_of(actor), CalendarLink.agency_id == agency_of(actor)
    )


def _person_of(session: Session, token: str, now: datetime) -> PersonActing:
    """Whose calendar it is, with the roles that they hold today: who has left sees nothing."""
    link = session.scalars(
        select(CalendarLink)
        .join(Person, Person.id == CalendarLink.person_id)
        .join(Agency, Agency.id == CalendarLink.agency_id)
        .where(
            CalendarLink.token_hash == token_hash(token),
            Person.disabled_at.is_(None),
            Agency.status == AgencyStatus.PARTNER,
        )
    ).one_or_none()
    if link is None:
        raise NotFound(NOTHING_HERE)
    roles = frozenset(current_roles(session, link.person_id, link.agency_id))
    teams = supervised_teams(session, link.person_id, link.agency_id, now)
    person = PersonActing(link.person_id, link.agency_id, roles, teams)
    if not is_allowed(person, Permission.CALENDAR_KEEP):
        raise NotFound(NOTHING_HERE)
    return person


def _tasks(session: Session, person: PersonActing) -> list[CalendarEntry]:
    rows = session.scalars(
        select(Task)
        .join(Client, Client.id == Task.client_id)
        .where(
            seen_by(person),
            Task.assignee_id == person.person_id,
            Task.done_at.is_(None),
        )
        .order_by(Task.due_on, Task.id)
    )
    return [task_entry(row.id, row.client_id, row.due_on) for row in rows if row.due_on]


def _appointments(session: Session, person: PersonActing, now: datetime) -> list[CalendarEntry]:
    mine = and_(visible(person, Side.RECEIVER), Referral.assignee_id == person.person_id)
    return [
        appointment_entry(each.id, referral.id, _domain(referral), each.at)
        for referral, each in awaited_appointments(session, mine, now + AHEAD)
    ]


def _domain(referral: Referral) -> str:
    return need_words(referral.need_code.partition(".")[0])
