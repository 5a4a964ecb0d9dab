"""How far the worker is behind."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.models import OutboxMessage, PendingIndex
from referral_hub.rules.actor import Actor
from referral_hub.rules.permissions import Permission, require


def worker_lag(session: Session, actor: Actor, *, now: datetime) -> timedelta:
    """For how long the oldest work that is due has waited: a message to deliver, or a service to
    index. What a worker holds, or tries again later, does not wait for one."""
    require(actor, Permission.READINESS_READ)
    since = func.coalesce(OutboxMessage.leased_until, OutboxMessage.due_at)
    oldest = (
        session.scalar(select(func.min(since)).where(OutboxMessage.due_at <= now)),
        session.scalar(select(func.min(PendingIndex.created_at))),
    )
    return max((now - at for at in oldest if at is not None and at < now), default=timedelta())
