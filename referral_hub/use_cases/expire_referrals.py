"""What the hub does when a time of a referral is over: it expires, withdraws or reminds, once."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from referral_hub.models import Referral, ReferralClock
from referral_hub.rules.actor import Actor
from referral_hub.rules.deadline_reminders import reminders_of
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_lifecycle import Move, Part, Status, next_status
from referral_hub.rules.referrals import Channel, Clock, Fact, Priority
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.referral_clocks import Clocks
from referral_hub.use_cases.steps.referrals import (
    Act,
    locked_referral,
    reason_asked,
    record_event,
)
from referral_hub.use_cases.transaction import let_go, transaction

PORTION = 100
log = logging.getLogger(__name__)


def keep_time(session: Session, actor: Actor, *, now: datetime) -> int:
    """Act on clocks whose time is over, each in a transaction of its own; returns how many.

    Workers at the same moment share them out. Those that meet a fault hold up none of the others,
    however many they are.
    """
    require(actor, Permission.REFERRALS_KEEP_TIME)
    due = session.scalars(_due(now).order_by(ReferralClock.act_at, ReferralClock.id)).all()
    let_go(session)
    done = 0
    for clock_id in due:
        try:
            done += _keep(session, actor, clock_id, now)
        except Exception:  # whatever it is, it must be told, and tried again
            log.exception("Clock %s met a fault and is tried again", clock_id)
        if done == PORTION:
            break
    return done


def _due(now: datetime) -> Select[UUID]:
    return select(ReferralClock.id).where(
        ReferralClock.act_at <= now, ReferralClock.ended_at.is_(None)
    )


def _keep(session: Session, actor: Actor, clock_id: UUID, now: datetime) -> bool:
    """Act on one clock; False where somebody else has, or is about to."""
    with transaction(session):
        row = session.get_one(ReferralClock, clock_id)
        referral = locked_referral(session, row.referral_id, skip_locked=True)
        if referral is None:
            return False
        # Read again under the lock: another worker, or an answer, may have been faster.
        session.refresh(row)
        if row.ended_at is not None or row.act_at is None or row.act_at > now:
            return False
        _act(session, actor, referral, row, now)
    return True


def _act(
    session: Session, actor: Actor, referral: Referral, row: ReferralClock, now: datetime
) -> None:
    clock = Clock(row.clock)
    act = Act(actor, Part.SYSTEM, Channel.SYSTEM, now)
    kind: Move | Fact
    if clock is Clock.EXPIRE:
        kind = Move.EXPIRE
        due = {"due_at": row.act_at.isoformat()} if row.act_at else {}
        _record(session, referral, act, kind, data=due)
    elif clock is Clock.WITHDRAWAL:
        kind = Move.CONFIRM_WITHDRAWAL
        _record(session, referral, act, kind, reason_code=reason_asked(session, referral))
    else:
        kind = Fact.REMINDED
        reminder = reminders_of(clock, Priority(referral.priority))[row.reminders]
        Clocks(session).remind(referral, row, now)
        told = {"clock": clock.value, "whom": list(reminder.whom)}
        record_event(session, referral, act, kind, data=told)
    action, agency_id = f"referral:{kind.replace('_', '-')}", referral.to_agency_id
    add_audit(session, actor, action, referral, agency_id=agency_id, detail=clock, now=now)


def _record(session: Session, referral: Referral, act: Act, move: Move, **what: Any) -> None:
    """Make a move of the hub. Raises IllegalMove where the table of moves does not have it."""
    to_status = next_status(Status(referral.status), move, act.part)
    record_event(session, referral, act, move, to_status=to_status, **what)
