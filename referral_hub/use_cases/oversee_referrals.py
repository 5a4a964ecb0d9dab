"""Referrals as the network's stewards see them: between whom, where they stand and since when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.models import Referral
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.referral_views import OverseenReferral
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.oversight import overseen_referral, overseen_rows
from referral_hub.use_cases.transaction import transaction

PAGE = 50


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
    found = (
        overseen_rows()
        .order_by(Referral.last_event_at.desc(), Referral.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    if referral_id is not None:
        found = found.where(Referral.id == referral_id)
    with transaction(session):
        rows = session.execute(found).all()
        seen = tuple(overseen_referral(*row) for row in rows[:PAGE])
        add_audit(
            session, actor, "referral:oversee", detail=f"{len(seen)} referrals",
            shown=(each.id for each in seen), now=now,
        )  # fmt: skip
    return OverseenPage(seen, page, len(rows) > PAGE)
