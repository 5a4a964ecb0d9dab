"""Check-ins: planned, moved, cancelled and held by a supervisor with a worker of their team."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import CheckIn
from referral_hub.rules.actor import Actor
from referral_hub.rules.check_ins import (
    MOST_TEXT,
    CheckInStatus,
    check_planned,
    entries_to_json,
)
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.profile_check import clean_text
from referral_hub.use_cases.steps.agendas import Viewer, gather
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.check_ins import (
    NOTES,
    led_check_in,
    supervised_workers,
    tell,
)
from referral_hub.use_cases.steps.clients import agency_of, author_of
from referral_hub.use_cases.transaction import transaction


def plan_check_in(
    session: Session,
    actor: Actor,
    worker_id: UUID,
    planned_at: datetime,
    weeks: int,
    *,
    now: datetime,
) -> UUID:
    """Plan a check-in with a worker of a team that the actor supervises, and return its id. The
    worker hears of it. Raises InvalidInput."""
    require(actor, Permission.CHECK_IN_LEAD)
    check_planned(planned_at, weeks, now)
    with transaction(session):
        if worker_id not in supervised_workers(session, actor, now.date()):
            message = "Choose somebody of a team that you supervise."
            raise InvalidInput(message, {"worker_id": message})
        check_in = CheckIn(
            id=uuid4(), agency_id=agency_of(actor), supervisor_id=author_of(actor),
            worker_id=worker_id, planned_at=planned_at, weeks=weeks,
            status=CheckInStatus.PLANNED, created_at=now,
        )  # fmt: skip
        session.add(check_in)
        session.flush()
        tell(session, check_in, worker_id, now)
        _audit(session, actor, "check-in:plan", check_in, now)
        return check_in.id


def move_check_in(
    session: Session,
    actor: Actor,
    check_in_id: UUID,
    planned_at: datetime,
    weeks: int,
    *,
    now: datetime,
) -> None:
    """Plan a check-in for another time. Raises NotFound, Conflict, InvalidInput."""
    require(actor, Permission.CHECK_IN_LEAD)
    check_planned(planned_at, weeks, now)
    with transaction(session):
        check_in = led_check_in(session, actor, check_in_id, now)
        check_in.planned_at, check_in.weeks = planned_at, weeks
        tell(session, check_in, check_in.worker_id, now)
        _audit(session, actor, "check-in:move", check_in, now)


def cancel_check_in(session: Session, actor: Actor, check_in_id: UUID, *, now: datetime) -> None:
    """Cancel a planned check-in. Raises NotFound, Conflict."""
    require(actor, Permission.CHECK_IN_LEAD)
    with transaction(session):
        check_in = led_check_in(session, actor, check_in_id, now)
        check_in.status = CheckInStatus.CANCELLED
        tell(session, check_in, check_in.worker_id, now)
        _audit(session, actor, "check-in:cancel", check_in, now)


def hold_check_in(
    session: Session, actor: Actor, vault: Vault, check_in_id: UUID, notes: str, *, now: datetime
) -> None:
    """Record that a check-in was held, with notes that both read. What stands on the agenda now is
    kept. Raises NotFound, Conflict, InvalidInput."""
    require(actor, Permission.CHECK_IN_LEAD)
    notes = clean_text(notes, MOST_TEXT, "notes")
    with transaction(session):
        check_in = led_check_in(session, actor, check_in_id, now)
        entries = gather(Viewer(session, actor, vault, now), check_in)
        check_in.agenda = entries_to_json(entries)
        check_in.status, check_in.held_at = CheckInStatus.HELD, now
        if notes:
            check_in.notes_sealed = vault.seal(NOTES, check_in.id, notes)
        _audit(session, actor, "check-in:hold", check_in, now)


def _audit(session: Session, actor: Actor, action: str, check_in: CheckIn, now: datetime) -> None:
    add_audit(session, actor, action, check_in, agency_id=check_in.agency_id, now=now)
