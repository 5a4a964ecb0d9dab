"""Moving cases of a supervised team from one worker to another."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Client, Referral, Task
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.referral_lifecycle import OPEN, Part
from referral_hub.rules.referrals import Channel, Fact
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.client_staff import require_worker
from referral_hub.use_cases.steps.clients import agency_of
from referral_hub.use_cases.steps.referrals import Act, locked_referral, record_event
from referral_hub.use_cases.steps.responsibility import note_responsible
from referral_hub.use_cases.steps.supervised import supervised_teams
from referral_hub.use_cases.transaction import transaction

MOST_AT_ONCE = 200


def reassign_cases(
    session: Session,
    actor: Actor,
    from_id: UUID | None,
    to_id: UUID,
    client_ids: Collection[UUID],
    *,
    with_referrals: bool,
    channel: Channel,
    now: datetime,
) -> int:
    """Give cases of one worker (None: of nobody) to another one, with the open tasks, and with the
    open received referrals on which the first one works where that is wanted; returns how many.

    All or none. Raises InvalidInput, NotFound for cases of teams that the actor does not supervise,
    Conflict for those that went to somebody else meanwhile.
    """
    require(actor, Permission.CASE_REASSIGN)
    agency_id, ids = agency_of(actor), sorted(set(client_ids))
    _check(ids, from_id, to_id)
    with transaction(session):
        require_worker(session, agency_id, to_id, "worker_id")
        referrals = _lock_referrals(session, actor, from_id, ids) if with_referrals else []
        for client in _lock_cases(session, actor, agency_id, from_id, ids):
            client.worker_id = to_id
            note_responsible(session, client, now=now)
            tasks = _move_tasks(session, client.id, from_id, to_id)
            detail = f"from {from_id or 'nobody'} to {to_id}, tasks {tasks}"
            add_audit(
                session, actor, "case:reassign", client, agency_id=agency_id, detail=detail, now=now
            )
        act = Act(actor, Part.RECEIVER_SUPERVISOR, channel, now)
        for referral in referrals:
            record_event(session, referral, act, Fact.ASSIGNED, data={"assignee_id": str(to_id)})
            add_audit(session, actor, "referral:assign", referral, agency_id=agency_id, now=now)
    return len(ids)


def _check(ids: Sequence[UUID], from_id: UUID | None, to_id: UUID) -> None:
    if not ids or len(ids) > MOST_AT_ONCE:
        message = f"Tick at least one case, and at most {MOST_AT_ONCE}."
        raise InvalidInput(message, {"client_id": message})
    if from_id == to_id:
        message = "Choose somebody else."
        raise InvalidInput(message, {"worker_id": message})


def _lock_referrals(
    session: Session, actor: Actor, from_id: UUID | None, ids: Sequence[UUID]
) -> list[Referral]:
    """The open received referrals of these clients on which the worker works, in teams that the
    actor supervises. They are locked before the clients, as everywhere."""
    wanted = session.scalars(
        select(Referral.id)
        .where(
            Referral.receiver_client_id.in_(ids),
            Referral.assignee_id == from_id,
            Referral.status.in_(OPEN),
            Referral.to_team_id.in_(supervised_teams(actor)),
        )
        .order_by(Referral.id)
    ).all()
    locked = [locked_referral(session, referral_id) for referral_id in wanted]
    return [
        each
        for each in locked
        if each is not None and each.assignee_id == from_id and each.status in OPEN
    ]


def _lock_cases(
    session: Session, actor: Actor, agency_id: UUID, from_id: UUID | None, ids: Sequence[UUID]
) -> Sequence[Client]:
    """The clients, locked, where all of them are the worker's still."""
    found = session.scalars(
        select(Client)
        .where(
            Client.id.in_(ids),
            Client.agency_id == agency_id,
            Client.team_id.in_(supervised_teams(actor)),
        )
        .order_by(Client.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    if len(found) != len(ids):
        raise NotFound(NOTHING_HERE)
    if any(client.worker_id != from_id or client.closed_at is not None for client in found):
        raise Conflict(
            "One of these cases was closed or given to somebody else meanwhile. Nothing was moved. "
            "Load the page again."
        )
    return found


def _move_tasks(session: Session, client_id: UUID, from_id: UUID | None, to_id: UUID) -> int:
    """Give the worker's open tasks for a client to the other one; returns how many."""
    tasks = session.scalars(
        select(Task)
        .where(Task.client_id == client_id, Task.assignee_id == from_id, Task.done_at.is_(None))
        .order_by(Task.id)
        .with_for_update(key_share=True)
    ).all()
    for task in tasks:
        task.assignee_id = to_id
    return len(tasks)
