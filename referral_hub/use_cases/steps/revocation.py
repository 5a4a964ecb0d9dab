"""Taking back a consent: what rests on it ends, unless it was accepted already."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from referral_hub.models import Consent, Disclosure, Need, Referral
from referral_hub.rules.actor import System
from referral_hub.rules.consent import RevokedBy
from referral_hub.rules.errors import Conflict
from referral_hub.rules.reason_codes import CONSENT_REVOKED, check_reason
from referral_hub.rules.referral_lifecycle import (
    BEFORE_ACCEPTANCE,
    OPEN,
    Move,
    Part,
    Status,
    next_status,
)
from referral_hub.rules.referrals import Channel, Fact
from referral_hub.use_cases.consent_views import RevocationEffects
from referral_hub.use_cases.steps.disclosures import close_undelivered
from referral_hub.use_cases.steps.referrals import Act, record_event
from referral_hub.use_cases.steps.snapshots import close_snapshots


def take_back(
    session: Session, consent_id: UUID, by: RevokedBy, now: datetime
) -> RevocationEffects:
    """End a consent now, with all effects. Raises Conflict where it was taken back before.

    An accepted referral goes on; where it rests on this consent, its sender learns the status only
    from now on, and both sides hear of that.

    Needs and referrals are locked first and the consent last, as whoever shares does it; so a
    disclosure comes before the revocation and is closed by it, or after it and is refused.
    """
    _locked(session, consent_id)
    consent = session.get_one(
        Consent, consent_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if consent.revoked_at is not None:
        raise Conflict("This consent was taken back already. Nothing is left to do.")
    consent.revoked_at, consent.revoked_by = now, by
    withdrawn, kept = [], []
    # Who is sending a draft meanwhile waits for the consent: nobody may wait for them.
    for referral in _locked(session, consent_id, Referral.status != Status.DRAFT):
        if referral.accepted_at is not None:
            close_undelivered(session, referral, now)
            kept.append(referral.id)
            if referral.status in OPEN and referral.consent_id == consent_id:
                act = Act(System(), Part.SYSTEM, Channel.SYSTEM, now)
                record_event(session, referral, act, Fact.CONSENT_REVOKED)
        elif referral.status in BEFORE_ACCEPTANCE and referral.consent_id == consent_id:
            withdraw_for_revocation(session, referral, now)
            withdrawn.append(referral.id)
        else:
            close_snapshots(session, referral.id, now, consent_id=consent_id)
    return RevocationEffects(tuple(withdrawn), tuple(kept))


def withdraw_for_revocation(session: Session, referral: Referral, now: datetime) -> None:
    """Withdraw a referral, which is locked and not accepted, and close what was shared for it."""
    reason = check_reason(Move.WITHDRAW, CONSENT_REVOKED, "", by_hub=True)
    target = next_status(Status(referral.status), Move.WITHDRAW, Part.SYSTEM)
    act = Act(System(), Part.SYSTEM, Channel.SYSTEM, now)
    code = reason.code
    record_event(session, referral, act, Move.WITHDRAW, to_status=target, reason_code=code)
    close_snapshots(session, referral.id, now)


def _locked(session: Session, consent_id: UUID, *which: ColumnElement[bool]) -> list[Referral]:
    """The referrals that rest on a consent, with their needs, locked and fresh."""
    shared = select(Disclosure.referral_id).where(
        Disclosure.consent_id == consent_id, Disclosure.closed_at.is_(None)
    )
    resting = select(Referral.id, Referral.need_id).where(
        or_(Referral.consent_id == consent_id, Referral.id.in_(shared)), *which
    )
    found = session.execute(resting).all()
    needs = select(Need.id).where(Need.id.in_({row.need_id for row in found}))
    session.execute(needs.order_by(Need.id).with_for_update(key_share=True)).all()
    referrals = (
        select(Referral)
        .where(Referral.id.in_({row.id for row in found}))
        .order_by(Referral.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(referrals))
