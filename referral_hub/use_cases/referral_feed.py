"""What happened to the referrals of an agency, in one order: for partner systems that ask."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from referral_hub.models import Referral, ReferralEvent
from referral_hub.rules.actor import Actor, Application, Person
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_lifecycle import Side, Status
from referral_hub.rules.referral_state import SENDINGS
from referral_hub.rules.referrals import Fact
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.referral_sight import veiled, visible
from referral_hub.use_cases.transaction import transaction


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """An event: ids, codes and times, and nothing that anybody wrote."""

    position: int
    event_id: UUID
    referral_id: UUID
    seq: int
    kind: str
    from_status: Status
    to_status: Status
    reason_code: str | None
    occurred_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """Events after a position; `since` is where to go on."""

    events: tuple[FeedEvent, ...]
    since: int


def referral_feed(session: Session, actor: Actor, since: int, limit: int, *, now: datetime) -> Feed:
    """The events after a position that the actor may know of, the oldest first.

    Positions have no gaps over the whole hub and are given in the order of commit, so whoever asks
    from the last one misses nothing. A draft is known to its sender alone. Once consent was taken
    back the sender learns the status only: no reasons, and nothing that changed no status.
    """
    require(actor, Permission.REFERRAL_READ)
    seen_by_receiver = and_(
        visible(actor, Side.RECEIVER),
        or_(ReferralEvent.from_status != Status.DRAFT, ReferralEvent.kind.in_(SENDINGS)),
    )
    sent = visible(actor, Side.SENDER)
    seen_by_sender = and_(
        sent,
        ReferralEvent.kind != Fact.CONFLICT_CHECKED,
        or_(ReferralEvent.from_status != ReferralEvent.to_status, ~veiled()),
    )
    query = (
        select(ReferralEvent, and_(sent, veiled()))
        .join(Referral, Referral.id == ReferralEvent.referral_id)
        .where(
            ReferralEvent.position > since,
            or_(seen_by_sender, seen_by_receiver),
        )
        .order_by(ReferralEvent.position)
        .limit(limit)
    )
    with transaction(session):
        events = tuple(_event(row, veiled=hidden) for row, hidden in session.execute(query))
        agency_id = actor.agency_id if isinstance(actor, Person | Application) else None
        detail = f"{len(events)} events after {since}"
        add_audit(session, actor, "referral:feed", agency_id=agency_id, detail=detail, now=now)
    return Feed(events, events[-1].position if events else since)


def _event(row: ReferralEvent, *, veiled: bool) -> FeedEvent:
    return FeedEvent(
        row.position or 0, row.id, row.referral_id, row.seq, row.kind, Status(row.from_status),
        Status(row.to_status), None if veiled else row.reason_code, row.occurred_at,
        row.recorded_at,
    )  # fmt: skip
