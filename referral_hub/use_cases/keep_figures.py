"""Keeping the figures of referrals true to their events: count what is new, or all anew."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from sqlalchemy import and_, func, null, or_, select, tuple_
from sqlalchemy.orm import Session

from referral_hub.gateways.figures.folder import Contents
from referral_hub.gateways.figures.writing import Counted, FigureWriter
from referral_hub.models import Referral, ReferralEvent
from referral_hub.models.base import UtcDateTime
from referral_hub.rules.actor import Actor
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.steps.figure_rows import FigureRows, Places
from referral_hub.use_cases.transaction import look

EVENTS_AT_ONCE = 5_000
REFERRALS_AT_ONCE = 2_000
Progress = Callable[[int], None]


def count_figures(
    session: Session, actor: Actor, writer: FigureWriter, places: Places, *, now: datetime
) -> int:
    """Count the oldest events that are not in the figures yet; all of them where there are no
    figures. Returns how many referrals changed, 0 when none waits. Raises FiguresBusy."""
    require(actor, Permission.FIGURES_COUNT)
    with writer.alone(), look(session):
        contents = writer.contents()
        if contents is None or contents.position > _last_position(session):
            return _count_all(session, writer, places, now, None)
        events = session.execute(
            select(ReferralEvent.position, ReferralEvent.referral_id)
            .where(ReferralEvent.position > contents.position)
            .order_by(ReferralEvent.position)
            .limit(EVENTS_AT_ONCE)
        ).all()
        position = events[-1].position if events else contents.position
        rows = FigureRows(session, places)
        ids = list(dict.fromkeys(event.referral_id for event in events))
        counted = [*_read(rows, ids, position, contents.position)]
        until = _until(session, position, now)
        writer.put(writer.add(contents, counted, position, until))
    return len(ids)


def recount_figures(
    session: Session,
    actor: Actor,
    writer: FigureWriter,
    places: Places,
    *,
    now: datetime,
    progress: Progress | None = None,
) -> int:
    """Count everything anew, while what was counted before goes on being shown. Returns how many
    referrals there are. Raises FiguresBusy."""
    require(actor, Permission.FIGURES_COUNT)
    with writer.alone(), look(session):
        return _count_all(session, writer, places, now, progress)


def _count_all(
    session: Session,
    writer: FigureWriter,
    places: Places,
    now: datetime,
    progress: Progress | None,
) -> int:
    position = _last_position(session)
    until = _until(session, position, now)
    rows, contents, done = FigureRows(session, places), writer.begin(), 0
    for ids in _all_sent(session):
        contents = writer.add(contents, rows.read(ids, position, 0), position, until)
        done += len(ids)
        if progress is not None:
            progress(done)
    writer.put(_ended(writer, contents, position, until))
    return done


def _last_position(session: Session) -> int:
    """The last place in the order of the hub. A database that was put back to an earlier time has
    an earlier one than the figures: they are of another past then."""
    return session.scalar(select(func.max(ReferralEvent.position))) or 0


def _ended(writer: FigureWriter, contents: Contents, position: int, until: datetime) -> Contents:
    """The same, also where nothing was sent yet."""
    return writer.add(contents, (), position, until)


def _read(rows: FigureRows, ids: Sequence[UUID], position: int, known: int) -> Iterator[Counted]:
    parts = (ids[at : at + REFERRALS_AT_ONCE] for at in range(0, len(ids), REFERRALS_AT_ONCE))
    return chain.from_iterable(rows.read(part, position, known) for part in parts)


def _until(session: Session, position: int, now: datetime) -> datetime:
    """Up to when everything that was recorded has been counted; but for what cannot be handed on,
    which must not stop all figures."""
    # As no plain column: its index would be read to the end for the few rows that are asked for.
    recorded_at = func.nullif(ReferralEvent.recorded_at, null())
    waiting = session.scalar(
        select(func.min(recorded_at, type_=UtcDateTime())).where(
            or_(
                and_(ReferralEvent.position.is_(None), ReferralEvent.faults == 0),
                ReferralEvent.position > position,
            )
        )
    )
    return now if waiting is None else min(waiting, now)


def _all_sent(session: Session) -> Iterator[list[UUID]]:
    """All referrals that were ever sent, by when, in batches."""
    last: tuple[datetime, UUID] | None = None
    while True:
        query = (
            select(Referral.first_sent_at, Referral.id)
            .where(Referral.first_sent_at.is_not(None))
            .order_by(Referral.first_sent_at, Referral.id)
            .limit(REFERRALS_AT_ONCE)
        )
        if last is not None:
            query = query.where(tuple_(Referral.first_sent_at, Referral.id) > tuple_(*last))
        found = session.execute(query).all()
        if not found:
            return
        yield [row.id for row in found]
        last = found[-1].first_sent_at, found[-1].id
