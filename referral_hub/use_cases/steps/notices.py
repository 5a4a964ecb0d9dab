"""Notices inside a transaction: written, and read."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, select, update
from sqlalchemy.orm import Session

from referral_hub.models import Notice, NoticePreference, Referral, ReferralEvent
from referral_hub.rules.news import Concern
from referral_hub.rules.notices import Frequency, NoticeKind, default_frequency
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.use_cases.transaction import found_once


def has_unread(session: Session, person_id: UUID, referral_id: UUID) -> bool:
    """Whether there is something to hear of a referral that a person has not read."""
    unread = select(Notice.id).where(
        Notice.person_id == person_id, Notice.referral_id == referral_id, Notice.read_at.is_(None)
    )
    return session.scalars(unread.limit(1)).first() is not None


def has_unread_of_check_in(session: Session, person_id: UUID, check_in_id: UUID) -> bool:
    """Whether there is something to hear of a check-in that a person has not read."""
    unread = select(Notice.id).where(
        Notice.person_id == person_id,
        Notice.check_in_id == check_in_id,
        Notice.read_at.is_(None),
    )
    return session.scalars(unread.limit(1)).first() is not None


def mark_notices_read(session: Session, *which: ColumnElement[bool], now: datetime) -> int:
    """Note that notices were read, which no mail needs to tell any more; returns how many."""
    no_mail = case((Notice.mailed_at.is_(None), Frequency.NEVER), else_=Notice.mail)
    changed = session.execute(
        update(Notice)
        .where(Notice.read_at.is_(None), *which)
        .values(read_at=now, mail=no_mail)
        .execution_options(synchronize_session="fetch")
    )
    return int(getattr(changed, "rowcount", 0))


def add_notices(
    session: Session,
    event: ReferralEvent,
    referral: Referral,
    concerns: Iterable[Concern],
    now: datetime,
) -> None:
    """Write the notices of an event."""
    for each in concerns:
        of_sender = each.side is Side.SENDER
        session.add(
            Notice(
                person_id=each.person_id,
                agency_id=referral.from_agency_id if of_sender else referral.to_agency_id,
                kind=each.kind,
                referral_id=referral.id,
                event_id=event.id,
                created_at=now,
                mail=_frequencies_of(session, each.person_id)[each.kind],
            )
        )


def _frequencies_of(session: Session, person_id: UUID) -> dict[NoticeKind, Frequency]:
    return found_once(
        session, ("frequencies", person_id), lambda: frequencies_of(session, person_id)
    )


def frequencies_of(session: Session, person_id: UUID) -> dict[NoticeKind, Frequency]:
    """How somebody wants to hear of each kind of news."""
    rows = session.scalars(select(NoticePreference).where(NoticePreference.person_id == person_id))
    chosen = {NoticeKind(row.kind): Frequency(row.frequency) for row in rows}
    return {kind: chosen.get(kind, default_frequency(kind)) for kind in NoticeKind}
