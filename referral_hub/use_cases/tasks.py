"""Tasks for clients: what to do, how much it presses, until when, and who does it."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, Task
from referral_hub.rules.actor import Actor
from referral_hub.rules.clients import MOST_TASK, check_due, check_levels
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.profile_check import clean_text
from referral_hub.use_cases.client_views import TaskView
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.client_staff import require_worker
from referral_hub.use_cases.steps.client_work import task_views
from referral_hub.use_cases.steps.clients import (
    agency_of,
    author_of,
    local_day,
    require_open,
    seen_by,
    the_client,
)
from referral_hub.use_cases.transaction import transaction

MOST_LISTED = 200


def list_tasks(
    session: Session, actor: Actor, vault: Vault, *, now: datetime
) -> tuple[TaskView, ...]:
    """What somebody has to do, for clients whom they may see: overdue first, then by weight."""
    require(actor, Permission.CLIENT_READ)
    person_id, agency_id = author_of(actor), agency_of(actor)
    with transaction(session):
        today = local_day(session, agency_id, now)
        mine = select(Task.client_id).where(
            Task.agency_id == agency_id, Task.assignee_id == person_id, Task.done_at.is_(None)
        )
        clients = session.scalars(
            select(Client).where(seen_by(actor), Client.id.in_(mine)).order_by(Client.id)
        ).all()
        views = task_views(session, vault, clients, today, assignee_id=person_id)
        views = views[:MOST_LISTED]
        add_audit(
            session, actor, "task:list", agency_id=agency_id, detail=f"{len(views)} listed",
            shown=(view.client_id for view in views), now=now,
        )  # fmt: skip
    return views


def add_task(
    session: Session,
    actor: Actor,
    client_id: UUID,
    text: str,
    vault: Vault,
    *,
    urgency: int,
    importance: int,
    due_on: date | None = None,
    assignee_id: UUID | None = None,
    now: datetime,
) -> UUID:
    """Add a task and return its id. Raises InvalidInput, and Conflict where the case is closed."""
    require(actor, Permission.CLIENT_CHANGE)
    text = clean_text(text, MOST_TASK, "text", "Say what is to be done.")
    check_levels(urgency, importance)
    with transaction(session):
        client = the_client(session, actor, Permission.CLIENT_CHANGE, client_id, lock=True)
        require_open(client)
        check_due(due_on, local_day(session, client.agency_id, now))
        if assignee_id is not None:
            require_worker(session, client.agency_id, assignee_id, "assignee_id")
        task = Task(
            id=uuid4(), agency_id=client.agency_id, client_id=client_id, assignee_id=assignee_id,
            urgency=urgency, importance=importance, due_on=due_on, created_at=now,
        )  # fmt: skip
        task.text_sealed = vault.seal("task.text", task.id, text)
        session.add(task)
        add_audit(session, actor, "task:add", task, agency_id=client.agency_id, now=now)
        return task.id


def change_task(
    session: Session,
    actor: Actor,
    client_id: UUID,
    task_id: UUID,
    *,
    urgency: int,
    importance: int,
    due_on: date | None,
    assignee_id: UUID | None,
    now: datetime,
) -> None:
    """Say anew how much a task presses, until when, and who does it."""
    require(actor, Permission.CLIENT_CHANGE)
    check_levels(urgency, importance)
    with transaction(session):
        client, task = _task(session, actor, client_id, task_id)
        if due_on != task.due_on:
            check_due(due_on, local_day(session, client.agency_id, now))
        if assignee_id is not None and assignee_id != task.assignee_id:
            require_worker(session, client.agency_id, assignee_id, "assignee_id")
        task.urgency, task.importance = urgency, importance
        task.due_on, task.assignee_id = due_on, assignee_id
        add_audit(session, actor, "task:change", task, agency_id=client.agency_id, now=now)


def mark_task(
    session: Session,
    actor: Actor,
    client_id: UUID,
    task_id: UUID,
    *,
    done: bool,
    now: datetime,
) -> None:
    """Say that a task is done, or that it is not. Said twice it stays as it was said first."""
    require(actor, Permission.CLIENT_CHANGE)
    with transaction(session):
        client, task = _task(session, actor, client_id, task_id)
        if done is (task.done_at is not None):
            return
        task.done_at = now if done else None
        act = "task:done" if done else "task:undone"
        add_audit(session, actor, act, task, agency_id=client.agency_id, now=now)


def _task(session: Session, actor: Actor, client_id: UUID, task_id: UUID) -> tuple[Client, Task]:
    client = the_client(session, actor, Permission.CLIENT_CHANGE, client_id)
    task = session.get(Task, task_id, with_for_update=True)
    if task is None or task.client_id != client_id:
        raise NotFound(NOTHING_HERE)
    return client, task
