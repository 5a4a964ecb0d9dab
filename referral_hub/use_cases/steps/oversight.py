"""Referrals as whoever oversees the network sees them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from referral_hub.models import Agency, Referral
from referral_hub.rules.referral_lifecycle import LABEL, Status
from referral_hub.use_cases.referral_views import OverseenReferral


def overseen_rows() -> Select[Referral, str, str]:
    """What was sent, with the names of sender and receiver. What never was is the sender's."""
    sender, receiver = aliased(Agency), aliased(Agency)
    return (
        select(Referral, sender.name, receiver.name)
        .join(sender, sender.id == Referral.from_agency_id)
        .join(receiver, receiver.id == Referral.to_agency_id)
        .where(Referral.first_sent_at.is_not(None))
    )


def overseen(session: Session, ids: Sequence[UUID]) -> tuple[OverseenReferral, ...]:
    """These, in the same order."""
    rows = session.execute(overseen_rows().where(Referral.id.in_(ids))).all()
    found = {row[0].id: overseen_referral(*row) for row in rows}
    return tuple(found[each] for each in ids if each in found)


def overseen_referral(referral: Referral, from_agency: str, to_agency: str) -> OverseenReferral:
    """Between whom it is, and where it stands."""
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
