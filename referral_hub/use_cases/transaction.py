"""The only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

_JOINED = "referral_hub_transaction"


@contextmanager
def transaction(session: Session, *, dry_run: bool = False) -> Iterator[None]:
    """One use case, all or nothing. A dry run does everything and keeps nothing.

    Anything read before is let go first, so that decisions rest on what the lock protects.
    An error at commit means "unknown": the caller asks again.

    Inside of another transaction (only an answer that must be kept opens one around a use case) it
    joins that: nothing is committed before the outer one ends.
    """
    if session.info.get(_JOINED):
        if dry_run:
            raise RuntimeError("a dry run cannot be part of a transaction")
        yield
        session.flush()
        return
    session.rollback()
    session.connection(execution_options={"writes": True})
    session.info[_JOINED] = True
    try:
        yield
        if dry_run:
            session.rollback()
        else:
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(_JOINED, None)
