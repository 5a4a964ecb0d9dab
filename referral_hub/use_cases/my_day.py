"""What waits on somebody today: the first thing they see."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Referral
from referral_hub.rules.actor import Actor, Application, Person
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_lifecycle import OPEN, Side, Status
from referral_hub.rules.roles import Role
from referral_hub.use_cases.referral_views import ReferralLine
from referral_hub.use_cases.steps.agencies import zone_of
from referral_hub.use_cases.steps.appointments import awaited_appointments
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import agency_of, author_of
from referral_hub.use_cases.steps.referral_lines import referral_lines
from referral_hub.use_cases.steps.referral_sight import came_back, due_at, visible, waits_on_side
from referral_hub.use_cases.transaction import transaction

SHOWN = 8
_NEW = (Status.SENT, Status.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class DayAppointment:
    """An appointment with the client of a referral; with `waits` its time has come."""

    id: UUID
    line: ReferralLine
    at: datetime
    waits: bool


@dataclass(frozen=True, slots=True)
class MyDay:
    """Lists that begin with what is due first. `new` was received and nobody works on it;
    `mine` was received and the viewer works on it; `questions` wait for the viewer's word;
    `appointments` are of those that the viewer works on, until the end of the day, and those before
    of which nobody has said what came of them; `came_back` were declined or expired and the need is
    still open; `others` were sent by the viewer and wait on another agency, or on the client;
    `overdue` are those of the teams that the viewer supervises."""

    new: tuple[ReferralLine, ...]
    mine: tuple[ReferralLine, ...]
    questions: tuple[ReferralLine, ...]
    came_back: tuple[ReferralLine, ...]
    others: tuple[ReferralLine, ...]
    drafts: tuple[ReferralLine, ...]
    overdue: tuple[ReferralLine, ...]
    appointments: tuple[DayAppointment, ...]


def my_day(session: Session, actor: Actor, vault: Vault, *, now: datetime) -> MyDay:
    """What waits on a worker, and on whom their own referrals wait."""
    require(actor, Permission.REFERRAL_READ)
    person_id, agency_id = author_of(actor), agency_of(actor)
    received = visible(actor, Side.RECEIVER)
    sent = and_(visible(actor, Side.SENDER), Referral.sender_id == person_id)
    with transaction(session):
        lists = [
            [(row, side) for row in session.scalars(_some(condition, side))]
            for condition, side in (
                (and_(received, Referral.status.in_(_NEW), _nobody()), Side.RECEIVER),
                (_works_on(received, person_id, now), Side.RECEIVER),
                (and_(sent, waits_on_side(Side.SENDER, now)), Side.SENDER),
                (and_(sent, came_back()), Side.SENDER),
                (and_(sent, _waits_on_others(now)), Side.SENDER),
                (and_(sent, Referral.status == Status.DRAFT), Side.SENDER),
            )
        ]
        lists.append(_overdue(session, actor, now) if _supervises(actor) else [])
        ours = and_(received, Referral.assignee_id == person_id)
        until = _end_of_day(session, agency_id, now)
        meetings = awaited_appointments(session, ours, until)[:SHOWN]
        lists.append([(row, Side.RECEIVER) for row, _ in meetings])
        lines = referral_lines(session, vault, [*chain.from_iterable(lists)], now)
        add_audit(
            session, actor, "referral:list", agency_id=agency_id, detail="my day",
            shown=(line.id for line in lines), now=now,
        )  # fmt: skip
    left = iter(lines)
    parts = [tuple(islice(left, len(found))) for found in lists]
    new, mine, questions, back, others, drafts, overdue, met = parts
    appointments = tuple(
        DayAppointment(each.id, line, each.at, each.waits_for_word(now))
        for line, (_, each) in zip(met, meetings, strict=True)
    )
    return MyDay(new, mine, questions, back, others, drafts, overdue, appointments)


def _end_of_day(session: Session, agency_id: UUID, now: datetime) -> datetime:
    """The midnight that ends the day where an agency works."""
    tomorrow = now.astimezone(zone_of(session, agency_id)) + timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0)


def _supervises(actor: Actor) -> bool:
    person = actor.person if isinstance(actor, Application) else actor
    return isinstance(person, Person) and Role.SUPERVISOR in person.roles


def _overdue(session: Session, actor: Actor, now: datetime) -> list[tuple[Referral, Side]]:
    """What is overdue and open, whoever has to act; a referral inside the agency once."""
    found = [
        (row, side)
        for side in (Side.RECEIVER, Side.SENDER)
        for row in session.scalars(
            _some(and_(visible(actor, side), Referral.status.in_(OPEN), due_at(side) < now), side)
        )
    ]
    sides = {row.id: (row, side) for row, side in reversed(found)}
    return sorted(sides.values(), key=lambda each: each[0].due_at or now)[:SHOWN]


def _waits_on_others(now: datetime) -> ColumnElement[bool]:
    return and_(Referral.status.in_(OPEN), ~waits_on_side(Side.SENDER, now))


def _works_on(received: ColumnElement[bool], person_id: UUID, now: datetime) -> ColumnElement[bool]:
    mine = Referral.assignee_id == person_id
    return and_(received, mine, waits_on_side(Side.RECEIVER, now))


def _nobody() -> ColumnElement[bool]:
    return Referral.assignee_id.is_(None)


def _some(condition: ColumnElement[bool], side: Side) -> Select[Referral]:
    due = due_at(side)
    return select(Referral).where(condition).order_by(due.is_(None), due, Referral.id).limit(SHOWN)
