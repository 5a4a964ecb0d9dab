"""The only place that commits."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy.orm import Session

_JOINED = "referral_hub_transaction"
_Known = TypeVar("_Known")
_ONE_VIEW = {"postgresql": {"isolation_level": "REPEATABLE READ"}}
"""SQLite gives one view anyway."""


@contextmanager
def transaction(session: Session) -> Iterator[None]:
    """One use case, all or nothing.

    Anything read before is let go first, so that decisions rest on what the lock protects.
    An error at commit means "unknown": the caller asks again.

    Inside of another transaction (only an answer that must be kept, and sample data, open one
    around use cases) it joins that: nothing is committed before the outer one ends.
    """
    if _JOINED in session.info:
        yield
        session.flush()
        return
    session.rollback()
    session.connection(execution_options={"writes": True})
    session.info[_JOINED] = {}
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(_JOINED, None)


@contextmanager
def look(session: Session) -> Iterator[None]:
    """One view of everything, for what only reads and takes long: nobody who writes waits for it.

    Inside of a transaction it sees what that has written.
    """
    let_go(session)
    if _JOINED not in session.info:
        session.connection(execution_options=_ONE_VIEW.get(session.get_bind().dialect.name, {}))
    try:
        yield
    finally:
        let_go(session)


def let_go(session: Session) -> None:
    """End a look that found nothing to write, so that it costs no lock; a transaction around it
    goes on."""
    if _JOINED not in session.info:
        session.rollback()


def found_once(session: Session, name: Hashable, find: Callable[[], _Known]) -> _Known:
    """What `find` finds, asked once in a transaction: for what is the same from its begin to its
    end, such as settings. Outside of one it is asked each time."""
    known: dict[Hashable, Any] | None = session.info.get(_JOINED)
    if known is None:
        return find()
    if name not in known:
        known[name] = find()
    found: _Known = known[name]
    return found
