"""What happened to the referrals of an agency, in one order: for partner systems that ask."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from referral_hub.models import AgencyEvent, Referral, ReferralEvent
from referral_hub.rules.actor import Actor, Application, Person
from referral_hub.rules.cursors import no_cursor
from referral_hub.rules.event_sight import Sight
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_lifecycle import Side, Status
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.referral_sight import visible
from referral_hub.use_cases.steps.referrals import seen_of_event
from referral_hub.use_cases.transaction import transaction

_WITH_REASON = frozenset({Sight.WHOLE, Sight.BARE})


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
            select(AgencyEvent.number, ReferralEvent, Referral, received.label("received"))
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
        return Feed(tuple(_event(*row[1:]) for row in rows), reached)


def _event(event: ReferralEvent, referral: Referral, received: bool) -> FeedEvent:
    sight = seen_of_event(referral, event, Side.RECEIVER if received else Side.SENDER)
    return FeedEvent(
        event.id, event.referral_id, event.seq, event.kind, Status(event.from_status),
        Status(event.to_status), event.reason_code if sight in _WITH_REASON else None,
        event.occurred_at, event.recorded_at,
    )  # fmt: skip
