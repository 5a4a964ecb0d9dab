"""Agendas of check-ins: gathered from the data, and opened for one of the two.

Gathering and opening ask the same question of each record: may the viewer open it?
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import CheckIn, CheckInAction, CheckInPoint, Client, Goal, Referral, Task
from referral_hub.rules.actor import Actor
from referral_hub.rules.check_ins import (
    LONG,
    RECENT,
    AgendaKind,
    CheckInStatus,
    Entry,
    Pair,
)
from referral_hub.rules.referral_lifecycle import OPEN, Side, Status
from referral_hub.use_cases.check_in_views import AgendaItem
from referral_hub.use_cases.steps.check_ins import ACTION, POINT, pair_of
from referral_hub.use_cases.steps.clients import local_day, name_of, seen_by
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.use_cases.steps.referral_lines import referral_lines
from referral_hub.use_cases.steps.referral_sight import due_at, few_visible, is_status_only, visible

MOST = 20
"""How much of each kind an agenda holds."""
NEED_MET = "need_met"
_REFERRALS = frozenset({AgendaKind.SUCCESS, AgendaKind.OVERDUE_REFERRAL, AgendaKind.LONG_OPEN})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at an agenda, and when."""

    session: Session
    actor: Actor
    vault: Vault
    now: datetime


def gather(viewer: Viewer, check_in: CheckIn) -> tuple[Entry, ...]:
    """What stands on the agenda of a check-in now, as far as the viewer may open it."""
    pair = pair_of(check_in)
    since = _last_held(viewer.session, pair, viewer.now)
    today = local_day(viewer.session, pair.agency_id, viewer.now)
    asked = {
        AgendaKind.POINT: _points(check_in),
        AgendaKind.ACTION: _actions(pair, check_in),
        AgendaKind.SUCCESS: _referrals(viewer, pair, lambda side: _succeeded(side, since)),
        AgendaKind.GOAL_REACHED: _goals(viewer, pair, since),
        AgendaKind.OVERDUE_REFERRAL: _referrals(viewer, pair, lambda side: _late(viewer, side)),
        AgendaKind.OVERDUE_TASK: _tasks(viewer, pair, today),
        AgendaKind.NO_CONTACT: _clients(viewer, pair),
        AgendaKind.LONG_OPEN: _referrals(viewer, pair, lambda side: _still(viewer, side)),
    }
    return tuple(
        Entry(kind, found)
        for kind, which in asked.items()
        for found in viewer.session.scalars(which.limit(MOST))
    )


def opened(viewer: Viewer, entries: Sequence[Entry]) -> tuple[AgendaItem, ...]:
    """An agenda in words, in its order; without what the viewer may not open."""
    wanted: dict[AgendaKind, list[UUID]] = defaultdict(list)
    for entry in entries:
        wanted[entry.kind].append(entry.id)
    known: dict[Entry, AgendaItem] = {}
    for kind, ids in wanted.items():
        found = _opened_referrals if kind in _REFERRALS else _OPENED[kind]
        known |= {Entry(kind, item.id): item for item in found(viewer, kind, ids)}
    return tuple(known[entry] for entry in entries if entry in known)


def _last_held(session: Session, pair: Pair, now: datetime) -> datetime:
    """Since when successes are new to the pair."""
    last = session.scalar(
        select(func.max(CheckIn.held_at)).where(
            CheckIn.supervisor_id == pair.supervisor_id,
            CheckIn.worker_id == pair.worker_id,
            CheckIn.agency_id == pair.agency_id,
            CheckIn.status == CheckInStatus.HELD,
        )
    )
    return now - RECENT if last is None else last


def _points(check_in: CheckIn) -> Select[UUID]:
    return (
        select(CheckInPoint.id)
        .where(CheckInPoint.check_in_id == check_in.id)
        .order_by(CheckInPoint.written_at, CheckInPoint.id)
    )


def _actions(pair: Pair, check_in: CheckIn) -> Select[UUID]:
    """What is open of other check-ins of the pair."""
    return (
        select(CheckInAction.id)
        .join(CheckIn, CheckIn.id == CheckInAction.check_in_id)
        .where(_of_pair(pair), CheckIn.id != check_in.id, CheckInAction.done_at.is_(None))
        .order_by(CheckInAction.due_on.is_(None), CheckInAction.due_on, CheckInAction.agreed_at)
    )


def _of_pair(pair: Pair) -> ColumnElement[bool]:
    return and_(
        CheckIn.agency_id == pair.agency_id,
        CheckIn.supervisor_id == pair.supervisor_id,
        CheckIn.worker_id == pair.worker_id,
    )


def _referrals(
    viewer: Viewer, pair: Pair, which: Callable[[Side], ColumnElement[bool]]
) -> Select[UUID]:
    """Referrals that the worker sent or works on."""
    own = {
        Side.RECEIVER: Referral.assignee_id == pair.worker_id,
        Side.SENDER: Referral.sender_id == pair.worker_id,
    }
    sides = [and_(visible(viewer.actor, side), own[side], which(side)) for side in own]
    return select(Referral.id).where(or_(*sides)).order_by(Referral.status_since, Referral.id)


def _succeeded(side: Side, since: datetime) -> ColumnElement[bool]:
    told = and_(
        Referral.status == Status.COMPLETED,
        Referral.reason_code == NEED_MET,
        Referral.closed_at >= since,
    )
    return told if side is Side.RECEIVER else and_(told, ~is_status_only())


def _late(viewer: Viewer, side: Side) -> ColumnElement[bool]:
    return and_(Referral.status.in_(OPEN), due_at(side) < viewer.now)


def _still(viewer: Viewer, side: Side) -> ColumnElement[bool]:
    """Open in one status for long, and not overdue, which is said already."""
    late = func.coalesce(due_at(side) < viewer.now, False)
    return and_(Referral.status.in_(OPEN), Referral.status_since < viewer.now - LONG, ~late)


def _tasks(viewer: Viewer, pair: Pair, today: date) -> Select[UUID]:
    return (
        select(Task.id)
        .join(Client, Client.id == Task.client_id)
        .where(
            seen_by(viewer.actor),
            Task.assignee_id == pair.worker_id,
            Task.done_at.is_(None),
            Task.due_on < today,
        )
        .order_by(Task.due_on, Task.id)
    )


def _clients(viewer: Viewer, pair: Pair) -> Select[UUID]:
    heard_of = func.coalesce(Client.last_contact_at, Client.opened_at)
    return (
        select(Client.id)
        .where(
            seen_by(viewer.actor),
            Client.worker_id == pair.worker_id,
            Client.closed_at.is_(None),
            heard_of < viewer.now - LONG,
        )
        .order_by(heard_of, Client.id)
    )


def _goals(viewer: Viewer, pair: Pair, since: datetime) -> Select[UUID]:
    return (
        select(Goal.id)
        .join(Client, Client.id == Goal.client_id)
        .where(
            seen_by(viewer.actor),
            Client.worker_id == pair.worker_id,
            Goal.reached.is_(True),
            Goal.closed_at >= since,
        )
        .order_by(Goal.closed_at, Goal.id)
    )


def _opened_referrals(
    viewer: Viewer, kind: AgendaKind, ids: Collection[UUID]
) -> Iterator[AgendaItem]:
    sides: dict[UUID, tuple[Referral, Side]] = {}
    for side in (Side.SENDER, Side.RECEIVER):
        asked = few_visible(ids, viewer.actor, side)
        sides |= {row.id: (row, side) for row in viewer.session.scalars(asked)}
    lines = referral_lines(viewer.session, viewer.vault, list(sides.values()), viewer.now)
    for line in lines:
        other = line.to_agency if line.side is Side.SENDER else line.from_agency
        yield AgendaItem(
            kind, line.id, f"{line.client_name or 'Name not shared'}: {line.need}",
            f"{line.status_label}, {other}", f"/referrals/{line.id}",
            at=line.due_at if kind is AgendaKind.OVERDUE_REFERRAL else line.status_since,
        )  # fmt: skip


def _opened_tasks(viewer: Viewer, kind: AgendaKind, ids: Collection[UUID]) -> Iterator[AgendaItem]:
    for task, client in _with_client(viewer, Task, ids):
        text = viewer.vault.open("task.text", task.id, task.text_sealed)
        yield _of_client(viewer, kind, task.id, client, text, day=task.due_on)


def _opened_goals(viewer: Viewer, kind: AgendaKind, ids: Collection[UUID]) -> Iterator[AgendaItem]:
    for goal, client in _with_client(viewer, Goal, ids):
        text = viewer.vault.open("goal.text", goal.id, goal.text_sealed)
        yield _of_client(viewer, kind, goal.id, client, text, at=goal.closed_at)


def _opened_clients(
    viewer: Viewer, kind: AgendaKind, ids: Collection[UUID]
) -> Iterator[AgendaItem]:
    asked = select(Client).where(Client.id.in_(ids), seen_by(viewer.actor))
    for client in viewer.session.scalars(asked):
        at = client.last_contact_at or client.opened_at
        note = "" if client.last_contact_at else "no contact since the case was opened"
        yield _of_client(viewer, kind, client.id, client, "", note=note, at=at)


def _of_client(
    viewer: Viewer, kind: AgendaKind, found: UUID, client: Client, text: str, **more: Any
) -> AgendaItem:
    name = name_of(viewer.vault, client)
    words = f"{name}: {text}" if text else name
    return AgendaItem(kind, found, words, address=f"/clients/{client.id}", **more)


def _with_client(
    viewer: Viewer, model: type[Task] | type[Goal], ids: Collection[UUID]
) -> Iterator[tuple[Any, Client]]:
    rows = viewer.session.execute(
        select(model, Client)
        .join(Client, Client.id == model.client_id)
        .where(model.id.in_(ids), seen_by(viewer.actor))
    )
    yield from ((row, client) for row, client in rows)


def _opened_actions(
    viewer: Viewer, kind: AgendaKind, ids: Collection[UUID]
) -> Iterator[AgendaItem]:
    rows = viewer.session.scalars(select(CheckInAction).where(CheckInAction.id.in_(ids))).all()
    names = names_of(viewer.session, viewer.vault, (row.person_id for row in rows))
    for row in rows:
        yield AgendaItem(
            kind, row.id, viewer.vault.open(ACTION, row.id, row.text_sealed),
            names.get(row.person_id, ""), f"/supervision/check-ins/{row.check_in_id}",
            day=row.due_on,
        )  # fmt: skip


def _opened_points(viewer: Viewer, kind: AgendaKind, ids: Collection[UUID]) -> Iterator[AgendaItem]:
    asked = select(CheckInPoint).where(CheckInPoint.id.in_(ids))
    for row in viewer.session.scalars(asked):
        yield AgendaItem(kind, row.id, viewer.vault.open(POINT, row.id, row.text_sealed))


_OPENED: Mapping[
    AgendaKind, Callable[[Viewer, AgendaKind, Collection[UUID]], Iterator[AgendaItem]]
] = {
    AgendaKind.POINT: _opened_points,
    AgendaKind.ACTION: _opened_actions,
    AgendaKind.GOAL_REACHED: _opened_goals,
    AgendaKind.OVERDUE_TASK: _opened_tasks,
    AgendaKind.NO_CONTACT: _opened_clients,
}
"""How each kind is opened, but for referrals."""
