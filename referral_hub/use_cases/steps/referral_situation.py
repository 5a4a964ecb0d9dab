"""What the guards of a move look at, gathered from the database."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from referral_hub.models import Agency, ContactAttempt, Referral, ReferralEvent, ServiceState
from referral_hub.rules.listing_freshness import Standing
from referral_hub.rules.reason_codes import SUPERSEDED
from referral_hub.rules.referral_details import MoveDetails, code_of
from referral_hub.rules.referral_guards import Situation
from referral_hub.rules.referral_lifecycle import UNDER_WAY, Guard, Move, Rule, Status
from referral_hub.use_cases.steps.capacity import standing_of
from referral_hub.use_cases.steps.referral_clocks import Clocks

TAKEN = UNDER_WAY | {Status.COMPLETED}
"""Where a referral is that another agency has accepted."""
_OF_DECLINE = frozenset({Guard.NO_REVIEW_WANTED, Guard.DECLINE_REVIEWED})
_OF_LISTING = frozenset({Guard.CAPACITY, Guard.WAITING_LIST_KEPT})


def situation_of(
    session: Session, referral: Referral, rule: Rule, details: MoveDetails, now: datetime
) -> Situation:
    """The situation in which a referral is to be moved, as far as the guards of the rule look."""
    clocks = Clocks(session)
    # An acceptance may come long after the decision to keep somebody on the waiting list.
    decided_at, closed_at = referral.accepted_at or referral.decided_at, referral.closed_at
    asked = frozenset(rule.guards)
    return Situation(
        status=Status(referral.status),
        now=now,
        reason_code=code_of(rule, details),
        note=details.note,
        capacity=capacity_of(session, referral.service_id, now) if asked & _OF_LISTING else "",
        attempt_days=_attempt_days(session, referral, clocks, now)
        if Guard.ATTEMPTS in asked
        else (),
        reached=referral.first_contact_at is not None or details.contacted_at is not None,
        service_begun=referral.started_at is not None or details.began_at is not None,
        withdrawal_requested=referral.withdrawal_requested_at is not None,
        expires_at=clocks.expires_at(referral) if Guard.EXPIRY_PASSED in asked else None,
        sends=referral.sends,
        decided_within=clocks.decided_within(referral, decided_at)
        if decided_at and Guard.DECIDED_LATELY in asked
        else None,
        resend_within=clocks.resend_within(referral, closed_at)
        if closed_at and Guard.RESEND_ONCE_IN_TIME in asked
        else None,
        other_accepted=Guard.NONE_OTHER_ACCEPTED in asked and _other_accepted(session, referral),
        closed_at=closed_at,
        others_released=Guard.NONE_RELEASED in asked and _others_released(session, referral),
        unaccepted=Guard.FIRST_UNACCEPT in asked and _unaccepted(session, referral),
        review_wanted=bool(asked & _OF_DECLINE) and reviews_declines(session, referral),
        decline_proposed=referral.decline_proposed_at is not None,
    )


def reviews_declines(session: Session, referral: Referral) -> bool:
    """Whether a supervisor of the receiving agency decides on declines."""
    return session.get_one(Agency, referral.to_agency_id).review_declines


def capacity_of(session: Session, service_id: UUID, now: datetime) -> str:
    """What the listing says of taking referrals: empty where nobody said, or long ago."""
    state = session.get(ServiceState, service_id)
    if state is None or standing_of(session, state, now) is Standing.LAPSED:
        return ""
    return state.capacity


def _attempt_days(
    session: Session, referral: Referral, clocks: Clocks, now: datetime
) -> list[date]:
    """The day of each try to reach the client, where the receiver is."""
    attempts = session.scalars(
        select(ContactAttempt.occurred_at).where(ContactAttempt.referral_id == referral.id)
    )
    zone = clocks.calendar_of(referral, now).zone
    return [at.astimezone(zone).date() for at in attempts]


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


def _others_released(session: Session, referral: Referral) -> bool:
    """Whether the acceptance ended other referrals of the need."""
    accepted_at = (
        select(func.max(ReferralEvent.recorded_at))
        .where(ReferralEvent.referral_id == referral.id, ReferralEvent.kind == Move.ACCEPT)
        .scalar_subquery()
    )
    released = exists().where(
        Referral.need_id == referral.need_id,
        Referral.id != referral.id,
        Referral.status == Status.WITHDRAWN,
        Referral.reason_code == SUPERSEDED,
        Referral.closed_at >= accepted_at,
    )
    return bool(session.scalar(select(released)))


def _unaccepted(session: Session, referral: Referral) -> bool:
    """Whether an acceptance was taken back before."""
    before = exists().where(
        ReferralEvent.referral_id == referral.id, ReferralEvent.kind == Move.UNACCEPT
    )
    return bool(session.scalar(select(before)))
