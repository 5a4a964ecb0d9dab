"""The work with a client as people see it: household, needs, goals, notes and tasks, opened."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, ClientNote, Goal, GoalStep, HouseholdMember, Need, Task
from referral_hub.rules.client_profile import from_json
from referral_hub.rules.clients import NeedStatus, NoteKind, SendMode
from referral_hub.use_cases.client_views import (
    GoalView,
    MemberView,
    NeedView,
    NoteView,
    StepView,
    TaskView,
)
from referral_hub.use_cases.steps.clients import name_of
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.vocabulary import need_words


def household_views(session: Session, vault: Vault, client_id: UUID) -> tuple[MemberView, ...]:
    """Who lives with a client, then who did."""
    rows = session.scalars(
        select(HouseholdMember)
        .where(HouseholdMember.client_id == client_id)
        .order_by(HouseholdMember.until.is_not(None), HouseholdMember.since, HouseholdMember.id)
    )
    return tuple(
        MemberView(
            row.id, from_json(vault.open("household_member.profile", row.id, row.profile_sealed)),
            row.since, row.until,
        )
        for row in rows
    )  # fmt: skip


def need_views(session: Session, vault: Vault, client_id: UUID) -> tuple[NeedView, ...]:
    """The needs of a client: open ones first, the most pressing at the top."""
    rows = session.scalars(select(Need).where(Need.client_id == client_id))
    views = [_need(vault, row) for row in rows]
    return tuple(
        sorted(
            views,
            key=lambda each: (
                each.status is not NeedStatus.OPEN, -each.rank, -each.acuity, each.opened_at,
                str(each.id),
            ),
        )
    )  # fmt: skip


def _need(vault: Vault, row: Need) -> NeedView:
    sealed = row.detail_sealed
    return NeedView(
        id=row.id,
        code=row.need_code,
        label=need_words(row.need_code),
        urgency=row.urgency,
        importance=row.importance,
        acuity=row.acuity,
        detail=vault.open("need.detail", row.id, sealed) if sealed is not None else "",
        status=NeedStatus(row.status),
        mode=SendMode(row.mode),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
    )


def goal_views(
    session: Session, vault: Vault, client_id: UUID, today: date
) -> tuple[GoalView, ...]:
    """The goals of a client with their steps: open ones first, the next due at the top."""
    rows = session.scalars(
        select(Goal)
        .where(Goal.client_id == client_id)
        .order_by(Goal.closed_at.is_not(None), Goal.due_on.is_(None), Goal.due_on, Goal.opened_at)
    ).all()
    steps: dict[UUID, list[StepView]] = defaultdict(list)
    for step in session.scalars(
        select(GoalStep)
        .where(GoalStep.goal_id.in_([row.id for row in rows]))
        .order_by(GoalStep.position, GoalStep.id)
    ):
        text = vault.open("goal_step.text", step.id, step.text_sealed)
        steps[step.goal_id].append(StepView(step.id, text, step.done_at))
    return tuple(
        GoalView(
            id=row.id,
            need_id=row.need_id,
            text=vault.open("goal.text", row.id, row.text_sealed),
            due_on=row.due_on,
            overdue=row.closed_at is None and row.due_on is not None and row.due_on < today,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            reached=row.reached,
            steps=tuple(steps[row.id]),
        )
        for row in rows
    )


def note_views(session: Session, vault: Vault, client_id: UUID) -> tuple[NoteView, ...]:
    """The notes about a client, the latest first."""
    rows = session.scalars(
        select(ClientNote)
        .where(ClientNote.client_id == client_id)
        .order_by(ClientNote.occurred_at.desc(), ClientNote.recorded_at.desc(), ClientNote.id)
    ).all()
    names = names_of(session, vault, (row.author_id for row in rows))
    corrected = {row.corrects_id for row in rows}
    return tuple(
        NoteView(
            id=row.id,
            kind=NoteKind(row.kind),
            author=names.get(row.author_id, ""),
            text=vault.open("client_note.text", row.id, row.text_sealed),
            occurred_at=row.occurred_at,
            recorded_at=row.recorded_at,
            corrects_id=row.corrects_id,
            corrected=row.id in corrected,
        )
        for row in rows
    )


def task_views(
    session: Session,
    vault: Vault,
    clients: Sequence[Client],
    today: date,
    *,
    done_too: bool = False,
    assignee_id: UUID | None = None,
) -> tuple[TaskView, ...]:
    """The tasks for clients: overdue ones first, then by how much they press."""
    named = {client.id: name_of(vault, client) for client in clients}
    asked = select(Task).where(Task.client_id.in_(list(named)))
    if not done_too:
        asked = asked.where(Task.done_at.is_(None))
    if assignee_id is not None:
        asked = asked.where(Task.assignee_id == assignee_id)
    rows = session.scalars(asked).all()
    names = names_of(session, vault, (row.assignee_id for row in rows if row.assignee_id))
    views = [_task(vault, row, named[row.client_id], names, today) for row in rows]
    return tuple(sorted(views, key=_pressing))


def _task(vault: Vault, row: Task, client: str, names: dict[UUID, str], today: date) -> TaskView:
    return TaskView(
        id=row.id,
        client_id=row.client_id,
        client=client,
        text=vault.open("task.text", row.id, row.text_sealed),
        urgency=row.urgency,
        importance=row.importance,
        due_on=row.due_on,
        overdue=row.done_at is None and row.due_on is not None and row.due_on < today,
        assignee_id=row.assignee_id,
        assignee=names.get(row.assignee_id, "") if row.assignee_id else "",
        created_at=row.created_at,
        done_at=row.done_at,
    )


def _pressing(task: TaskView) -> tuple[object, ...]:
    due = task.due_on or date.max
    return task.done_at is not None, not task.overdue, -task.rank, due, str(task.id)
