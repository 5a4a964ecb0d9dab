"""Referrals as the network's stewards see them: between whom, where they stand and since when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from referral_hub.models import Agency, Referral
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_lifecycle import LABEL, Status
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.transaction import transaction

PAGE = 50


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


@dataclass(frozen=True, slots=True)
class OverseenPage:
    """A page of referrals; `more` where another one follows."""

    referrals: tuple[OverseenReferral, ...]
    page: int
    more: bool


def oversee_referrals(
    session: Session,
    actor: Actor,
    referral_id: UUID | None = None,
    *,
    page: int = 1,
    now: datetime,
) -> OverseenPage:
    """A page of the referrals, that to which something happened last on top, or the one that is
    named; none where there is no such. What was never sent is its sender's alone. The audit names
    those that were shown.

    Raises InvalidInput for a page that there cannot be.
    """
    require(actor, Permission.REFERRAL_OVERSEE)
    if page < 1:
        raise InvalidInput("There is no such page.", {"page": "Use 1 or more."})
    sender, receiver = aliased(Agency), aliased(Agency)
    found = (
        select(Referral, sender.name, receiver.name)
        .join(sender, sender.id == Referral.from_agency_id)
        .join(receiver, receiver.id == Referral.to_agency_id)
        .where(Referral.first_sent_at.is_not(None))
        .order_by(Referral.last_event_at.desc(), Referral.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    if referral_id is not None:
        found = found.where(Referral.id == referral_id)
    with transaction(session):
        rows = session.execute(found).all()
        seen = tuple(_seen(*row) for row in rows[:PAGE])
        add_audit(
            session, actor, "referral:oversee", detail=f"{len(seen)} referrals",
            shown=(each.id for each in seen), now=now,
        )  # fmt: skip
    return OverseenPage(seen, page, len(rows) > PAGE)


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
