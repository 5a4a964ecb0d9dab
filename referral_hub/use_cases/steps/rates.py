"""Counting tries, in a transaction of their own: a try counts whatever becomes of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from referral_hub.models import RateCount
from referral_hub.rules.errors import TooManyTries
from referral_hub.use_cases.transaction import transaction

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many tries of a kind in a window of time."""

    kind: str
    tries: int
    window: timedelta


def spend(session: Session, rate: Rate, who: str, *, now: datetime) -> None:
    """Count a try of somebody. Raises TooManyTries when that is more than there may be.

    `who` is kept as a hash only. Call it before the use case's own transaction.
    """
    key, start = _key(rate, who), window_start(rate, now)
    dialect: Any = {"postgresql": postgresql, "sqlite": sqlite}[session.get_bind().dialect.name]
    new = dialect.insert(RateCount).values(
        key=key, window_start=start, count=1, expires_at=start + rate.window
    )
    with transaction(session):
        count = session.execute(
            new.on_conflict_do_update(
                index_elements=["key", "window_start"], set_={"count": RateCount.count + 1}
            ).returning(RateCount.count)
        ).scalar_one()
    if count > rate.tries:
        raise too_many(rate, count, now)


def give_back(session: Session, rate: Rate, who: str, *, now: datetime) -> None:
    """Take back a try that `spend` counted, since it was not a wrong one. Inside a transaction."""
    session.execute(
        update(RateCount)
        .where(
            RateCount.key == _key(rate, who),
            RateCount.window_start == window_start(rate, now),
            RateCount.count > 0,
        )
        .values(count=RateCount.count - 1)
    )


def _key(rate: Rate, who: str) -> bytes:
    return sha256(f"{rate.kind}:{who}".encode("utf-8", "surrogatepass")).digest()


def window_start(rate: Rate, now: datetime) -> datetime:
    """When the window began that is open now."""
    return _EPOCH + (now - _EPOCH) // rate.window * rate.window


def too_many(rate: Rate, count: int, now: datetime) -> TooManyTries:
    """What somebody is told whose tries in the open window are `count`, which is too many."""
    seconds = ceil((window_start(rate, now) + rate.window - now).total_seconds())
    return TooManyTries(
        f"Too many tries. Wait {_in_words(seconds)} and try again.",
        seconds,
        is_first=count == rate.tries + 1,
    )


def _in_words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return "a minute" if minutes <= 1 else f"{minutes} minutes"
