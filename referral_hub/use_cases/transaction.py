"""The only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session


@contextmanager
def transaction(session: Session, *, dry_run: bool = False) -> Iterator[None]:
    """One use case, all or nothing. A dry run does everything and keeps nothing.

    Anything read before is let go first, so that decisions rest on what the lock protects.
    An error at commit means "unknown": the caller asks again.
    """
    session.rollback()
    session.connection(execution_options={"writes": True})
    try:
        yield
        if dry_run:
            session.rollback()
        else:
            session.commit()
    except BaseException:
        session.rollback()
        raise
