"""What happened to the referrals of an agency, in one order: for partner systems that ask."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from referral_hub.models import AgencyEvent, Referral, ReferralEvent
from referral_hub.rules.actor import Actor, Application, Person
from referral_hub.rules.cursors import no_cursor
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_lifecycle import Side, Status
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.referral_sight import veiled, visible
from referral_hub.use_cases.transaction import transaction


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """An event: ids, codes and times, and nothing that anybody wrote."""

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
    """Events after a number; `since` is the number from which to go on."""

    events: tuple[FeedEvent, ...]
    since: int


def referral_feed(session: Session, actor: Actor, since: int, limit: int, *, now: datetime) -> Feed:
    """The events after a number that the actor may know of, the oldest first.

    Numbers are those of the actor's agency: they tell nothing of other agencies, have no gaps, and
    are given in the order of commit, so whoever asks from the last one misses nothing. Whoever sees
    a part of the agency's referrals is led past the rest. Once consent was taken back the sender
    learns the status only. Raises InvalidInput for a number that was never given.
    """
    require(actor, Permission.REFERRAL_READ)
    agency_id = actor.agency_id if isinstance(actor, Person | Application) else None
    of_agency = AgencyEvent.agency_id == agency_id
    sent, received = visible(actor, Side.SENDER), visible(actor, Side.RECEIVER)
    with transaction(session):
        last = session.scalar(select(func.max(AgencyEvent.number)).where(of_agency)) or 0
        if since > last:
            raise no_cursor("since")
        rows = session.execute(
            select(AgencyEvent.number, ReferralEvent, and_(sent, veiled()).label("veiled"))
            .join(ReferralEvent, ReferralEvent.id == AgencyEvent.event_id)
            .join(Referral, Referral.id == ReferralEvent.referral_id)
            .where(
                of_agency,
                AgencyEvent.number > since,
                AgencyEvent.number <= last,
                or_(sent, received),
            )
            .order_by(AgencyEvent.number)
            .limit(limit)
        ).all()
        detail = f"{len(rows)} events"
        add_audit(session, actor, "referral:feed", agency_id=agency_id, detail=detail, now=now)
        reached = rows[-1].number if len(rows) == limit else last
        return Feed(tuple(_event(row.ReferralEvent, veiled=row.veiled) for row in rows), reached)


def _event(row: ReferralEvent, *, veiled: bool) -> FeedEvent:
    return FeedEvent(
        row.id, row.referral_id, row.seq, row.kind, Status(row.from_status),
        Status(row.to_status), None if veiled else row.reason_code, row.occurred_at,
        row.recorded_at,
    )  # fmt: skip
