"""Referrals as the network's stewards see them: between whom, where they stand and since when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from referral_hub.models import Agency, Referral
from referral_hub.rules.actor import Actor
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_lifecycle import LABEL, Status
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.transaction import transaction

SHOWN = 50


@dataclass(frozen=True, slots=True)
class OverseenReferral:
    """What a steward may know of a referral: nothing of the client, the need or what was said."""

    id: UUID
    version: int
    from_agency: str
    to_agency: str
    status: Status
    status_label: str
    first_sent_at: datetime
    status_since: datetime
    last_event_at: datetime


def oversee_referrals(
    session: Session, actor: Actor, referral_id: UUID | None = None, *, now: datetime
) -> tuple[OverseenReferral, ...]:
    """The referrals to which something happened last, or the one that is named; none where there is
    no such. What was never sent is its sender's alone."""
    require(actor, Permission.REFERRAL_OVERSEE)
    sender, receiver = aliased(Agency), aliased(Agency)
    found = (
        select(Referral, sender.name, receiver.name)
        .join(sender, sender.id == Referral.from_agency_id)
        .join(receiver, receiver.id == Referral.to_agency_id)
        .where(Referral.first_sent_at.is_not(None))
        .order_by(Referral.last_event_at.desc(), Referral.id)
        .limit(SHOWN)
    )
    if referral_id is not None:
        found = found.where(Referral.id == referral_id)
    with transaction(session):
        seen = tuple(_seen(*row) for row in session.execute(found).all())
        add_audit(session, actor, "referral:oversee", detail=f"{len(seen)} referrals", now=now)
    return seen


def _seen(referral: Referral, from_agency: str, to_agency: str) -> OverseenReferral:
    status = Status(referral.status)
    return OverseenReferral(
        id=referral.id,
        version=referral.version,
        from_agency=from_agency,
        to_agency=to_agency,
        status=status,
        status_label=LABEL[status],
        first_sent_at=referral.first_sent_at or referral.created_at,
        status_since=referral.status_since,
        last_event_at=referral.last_event_at,
    )
