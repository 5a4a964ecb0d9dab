"""Appointments, read from the events of referrals."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from referral_hub.models import Referral, ReferralEvent
from referral_hub.rules.appointments import AWAITED, Appointment, appointments_of
from referral_hub.rules.referral_lifecycle import UNDER_WAY, Move
from referral_hub.rules.referrals import Fact
from referral_hub.use_cases.steps.referrals import happening_of

_TELLING = ReferralEvent.kind.in_((Fact.APPOINTMENT, Move.UNACCEPT))


def appointments_of_referral(session: Session, referral_id: UUID) -> tuple[Appointment, ...]:
    """The appointments of a referral as they stand, in the order of their times."""
    events = session.scalars(
        select(ReferralEvent)
        .where(ReferralEvent.referral_id == referral_id, _TELLING)
        .order_by(ReferralEvent.seq)
    )
    return appointments_from(events)


def appointments_from(events: Iterable[ReferralEvent]) -> tuple[Appointment, ...]:
    """The appointments that some events of a referral tell of."""
    return appointments_of(happening_of(event) for event in events)


def awaited_appointments(
    session: Session, condition: ColumnElement[bool], until: datetime
) -> list[tuple[Referral, Appointment]]:
    """Of referrals under way that meet a condition, the appointments until a moment of which nobody
    has said what came of them, the first first."""
    rows = session.execute(
        select(Referral, ReferralEvent)
        .join(ReferralEvent, ReferralEvent.referral_id == Referral.id)
        .where(condition, Referral.status.in_(UNDER_WAY), _TELLING)
        .order_by(Referral.id, ReferralEvent.seq)
    )
    found = [
        (referral, each)
        for referral, of_one in groupby(rows, key=lambda row: row[0])
        for each in appointments_from(event for _, event in of_one)
        if each.state in AWAITED and each.at < until
    ]
    return sorted(found, key=lambda pair: (pair[1].at, pair[1].id))
