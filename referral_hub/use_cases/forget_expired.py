"""Deleting what has expired and is of no use to anybody."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import Session

from referral_hub.models import (
    Base,
    OneTimeLink,
    OutboxMessage,
    RateCount,
    SignInAttempt,
    UsedAssertion,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.transaction import transaction

ATTEMPTS_KEPT = timedelta(days=1)
ASSERTIONS_KEPT = timedelta(days=1)
"""Far longer than any clock is wrong: an assertion that is forgotten could be used again."""
LINKS_KEPT = timedelta(days=30)
"""So long a link that was used or came too late is still told from one that never was."""
MESSAGES_KEPT = timedelta(days=30)
"""Counted from when a message was written: it says only that there was one, and when."""


def forget_expired(session: Session, actor: Actor, *, now: datetime) -> int:
    """Delete counts of tries, ids of used assertions, old sign-in attempts, one-time links and
    delivered messages; returns how many rows."""
    require(actor, Permission.EXPIRED_FORGET)
    done = OutboxMessage.due_at.is_(None), OutboxMessage.created_at < now - MESSAGES_KEPT
    expired: tuple[tuple[type[Base], tuple[ColumnElement[bool], ...]], ...] = (
        (RateCount, (RateCount.expires_at < now,)),
        (UsedAssertion, (UsedAssertion.expires_at < now - ASSERTIONS_KEPT,)),
        (SignInAttempt, (SignInAttempt.expires_at < now - ATTEMPTS_KEPT,)),
        (OneTimeLink, (OneTimeLink.expires_at < now - LINKS_KEPT,)),
        (OutboxMessage, done),
    )
    count = 0
    for model, conditions in expired:
        with transaction(session):
            gone = session.execute(delete(model).where(*conditions))
            count += gone.rowcount  # type: ignore[attr-defined]
    return count
