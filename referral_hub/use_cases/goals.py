"""The plan with a client: goals, the steps towards them, and whether they were reached."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, Goal, GoalStep, Need
from referral_hub.rules.actor import Actor
from referral_hub.rules.clients import MOST_TASK, check_due
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.profile_check import clean_text
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import local_day, require_open, the_client
from referral_hub.use_cases.transaction import transaction

MOST_STEPS = 50


def add_goal(
    session: Session,
    actor: Actor,
    client_id: UUID,
    text: str,
    vault: Vault,
    *,
    need_id: UUID | None = None,
    due_on: date | None = None,
    now: datetime,
) -> UUID:
    """Add what a client wants to reach, perhaps for one of their needs, and return its id.

    Raises InvalidInput, and Conflict where the case is closed.
    """
    require(actor, Permission.CLIENT_CHANGE)
    text = clean_text(text, MOST_TASK, "text", "Say what the client wants to reach.")
    with transaction(session):
        client = the_client(session, actor, Permission.CLIENT_CHANGE, client_id, lock=True)
        require_open(client)
        check_due(due_on, local_day(session, client.agency_id, now))
        need = session.get(Need, need_id) if need_id is not None else None
        if need_id is not None and (need is None or need.client_id != client_id):
            message = "Choose one of the client's needs."
            raise InvalidInput(message, {"need_id": message})
        goal = Goal(id=uuid4(), client_id=client_id, need_id=need_id, due_on=due_on, opened_at=now)
        goal.text_sealed = vault.seal("goal.text", goal.id, text)
        session.add(goal)
        add_audit(session, actor, "goal:add", goal, agency_id=client.agency_id, now=now)
        return goal.id


def add_step(
    session: Session,
    actor: Actor,
    client_id: UUID,
    goal_id: UUID,
    text: str,
    vault: Vault,
    *,
    now: datetime,
) -> UUID:
    """Add a step at the end of a goal's steps, and return its id.

    Raises NotFound, InvalidInput, and Conflict where the goal is closed.
    """
    require(actor, Permission.CLIENT_CHANGE)
    text = clean_text(text, MOST_TASK, "text", "Say what the step is.")
    with transaction(session):
        client, goal = _goal(session, actor, client_id, goal_id)
        _require_open(goal)
        count, last = session.execute(
            select(func.count(), func.max(GoalStep.position)).where(GoalStep.goal_id == goal_id)
        ).one()
        if count >= MOST_STEPS:
            message = f"A goal can have {MOST_STEPS} steps. Add another goal."
            raise InvalidInput(message, {"text": message})
        step = GoalStep(id=uuid4(), goal_id=goal_id, position=(last or 0) + 1)
        step.text_sealed = vault.seal("goal_step.text", step.id, text)
        session.add(step)
        add_audit(session, actor, "goal:add-step", step, agency_id=client.agency_id, now=now)
        return step.id


def mark_step(
    session: Session,
    actor: Actor,
    client_id: UUID,
    goal_id: UUID,
    step_id: UUID,
    *,
    done: bool,
    now: datetime,
) -> None:
    """Say that a step is done, or that it is not. Said twice it stays as it was said first."""
    require(actor, Permission.CLIENT_CHANGE)
    with transaction(session):
        client, _ = _goal(session, actor, client_id, goal_id)
        step = session.get(GoalStep, step_id)
        if step is None or step.goal_id != goal_id:
            raise NotFound(NOTHING_HERE)
        if done is (step.done_at is not None):
            return
        step.done_at = now if done else None
        act = "goal:step-done" if done else "goal:step-undone"
        add_audit(session, actor, act, step, agency_id=client.agency_id, now=now)


def close_goal(
    session: Session,
    actor: Actor,
    client_id: UUID,
    goal_id: UUID,
    *,
    reached: bool,
    now: datetime,
) -> None:
    """End a goal, reached or not. Raises NotFound, and Conflict for one that has ended."""
    require(actor, Permission.CLIENT_CHANGE)
    with transaction(session):
        client, goal = _goal(session, actor, client_id, goal_id)
        _require_open(goal)
        goal.closed_at, goal.reached = now, reached
        detail = "reached" if reached else "not reached"
        add_audit(
            session, actor, "goal:close", goal, agency_id=client.agency_id, detail=detail, now=now
        )


def reopen_goal(
    session: Session, actor: Actor, client_id: UUID, goal_id: UUID, *, now: datetime
) -> None:
    """Take up a goal again. Raises NotFound, and Conflict for one that is open."""
    require(actor, Permission.CLIENT_CHANGE)
    with transaction(session):
        client, goal = _goal(session, actor, client_id, goal_id)
        require_open(client)
        if goal.closed_at is None:
            raise Conflict("This goal is open. Load the page again.")
        goal.closed_at = goal.reached = None
        add_audit(session, actor, "goal:reopen", goal, agency_id=client.agency_id, now=now)


def _goal(session: Session, actor: Actor, client_id: UUID, goal_id: UUID) -> tuple[Client, Goal]:
    client = the_client(session, actor, Permission.CLIENT_CHANGE, client_id)
    goal = session.get(Goal, goal_id, with_for_update=True)
    if goal is None or goal.client_id != client_id:
        raise NotFound(NOTHING_HERE)
    return client, goal


def _require_open(goal: Goal) -> None:
    if goal.closed_at is not None:
        raise Conflict("This goal is closed. Reopen it first.")
