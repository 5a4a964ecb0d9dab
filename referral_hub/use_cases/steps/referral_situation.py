"""What the guards of a move look at, gathered from the database."""

from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from referral_hub.models import ContactAttempt, Referral, ServiceState
from referral_hub.rules.referral_details import MoveDetails, code_of
from referral_hub.rules.referral_guards import Situation
from referral_hub.rules.referral_lifecycle import UNDER_WAY, Rule, Status

TAKEN = UNDER_WAY | {Status.COMPLETED}
"""Where a referral is that another agency has accepted."""


def situation_of(
    session: Session, referral: Referral, rule: Rule, details: MoveDetails, now: datetime
) -> Situation:
    """The situation in which a referral is to be moved."""
    return Situation(
        status=Status(referral.status),
        now=now,
        reason_code=code_of(rule, details),
        note=details.note,
        capacity=capacity_of(session, referral.service_id, now),
        attempt_days=_attempt_days(session, referral.id),
        reached=referral.first_contact_at is not None or details.contacted_at is not None,
        service_begun=referral.started_at is not None or details.began_at is not None,
        withdrawal_requested=referral.withdrawal_requested_at is not None,
        sends=referral.sends,
        other_accepted=_other_accepted(session, referral),
        closed_at=referral.closed_at,
    )


def capacity_of(session: Session, service_id: UUID, now: datetime) -> str:
    """What the listing says of taking referrals: empty where nobody said, or it is over."""
    state = session.get(ServiceState, service_id)
    if state is None or (state.until is not None and state.until < now.date()):
        return ""
    return state.capacity


def _attempt_days(session: Session, referral_id: UUID) -> list[date]:
    attempts = session.scalars(
        select(ContactAttempt.occurred_at).where(ContactAttempt.referral_id == referral_id)
    )
    return [at.astimezone(UTC).date() for at in attempts]


def _other_accepted(session: Session, referral: Referral) -> bool:
    return bool(
        session.scalar(
            select(
                exists().where(
                    Referral.need_id == referral.need_id,
                    Referral.id != referral.id,
                    Referral.status.in_(TAKEN),
                )
            )
        )
    )
