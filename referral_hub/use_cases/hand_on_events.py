"""Handing events on: each gets its place in the order of the hub, and with it, in the same
transaction, the notices for people and the deliveries to partner systems that follow from it.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from referral_hub.models import AgencyEvent, Referral, ReferralEvent, Webhook, WebhookDelivery
from referral_hub.rules.actor import Actor
from referral_hub.rules.event_order import in_order
from referral_hub.rules.event_sight import Sight, is_of_a_draft
from referral_hub.rules.news import News, concerned
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.rules.referrals import Fact
from referral_hub.rules.webhooks import is_wanted
from referral_hub.use_cases.steps.disclosures import close_undelivered, may_deliver
from referral_hub.use_cases.steps.notices import add_notices
from referral_hub.use_cases.steps.referrals import locked_referral, seen_of_event, was_veiled
from referral_hub.use_cases.steps.rosters import roster_of
from referral_hub.use_cases.steps.snapshots import resting_on_lapsed
from referral_hub.use_cases.transaction import found_once, let_go, transaction

BATCH = 100
LONGEST_RETRY = timedelta(hours=1)
log = logging.getLogger(__name__)
_LOCK = 0x6576656E7473
"""The key of PostgreSQL's advisory lock: "events"."""


def hand_on_events(session: Session, actor: Actor, *, now: datetime) -> int:
    """Hand on events that wait, the oldest first; returns how many.

    One that meets a fault is tried again later and holds up no other, but for what came after it
    in its own referral.

    Only one worker does this at a time, so that positions have no gaps and each event is handed on
    once. Another one finds nothing to do. What was shared under a consent that has ended since is
    closed first, each in a transaction of its own, as whoever shares or takes back locks it.
    """
    require(actor, Permission.EVENTS_HAND_ON)
    waiting = session.scalars(_waiting(now).limit(BATCH)).all()
    shared = {event.referral_id for event in waiting if event.kind == Fact.DISCLOSED}
    lapsed = resting_on_lapsed(session, shared, now) if shared else set()
    let_go(session)
    if not waiting:
        return 0
    for referral_id in sorted(lapsed):
        _close_undelivered(session, referral_id, now)
    with transaction(session):
        if not _is_alone(session):
            return 0
        last = session.scalar(select(func.max(ReferralEvent.position))) or 0
        position, faulty = last, set[UUID]()
        for event in in_order(_batch(session, now)):
            if event.referral_id in faulty:
                continue
            if _handed_on(session, event, position + 1, now):
                position += 1
            else:
                faulty.add(event.referral_id)
    return position - last


def _handed_on(session: Session, event: ReferralEvent, position: int, now: datetime) -> bool:
    """Hand on an event whole, or not at all and have it tried again."""
    try:
        with session.begin_nested():
            event.position = position
            _hand_on(session, event, now)
    except Exception:  # whatever it is, it must be told, and tried again
        event.faults += 1
        event.retry_at = now + min(timedelta(seconds=2**event.faults), LONGEST_RETRY)
        log.exception(
            "Event %s met fault %d and is handed on from %s", event.id, event.faults, event.retry_at
        )
        return False
    return True


def _close_undelivered(session: Session, referral_id: UUID, now: datetime) -> None:
    with transaction(session):
        referral = locked_referral(session, referral_id)
        if referral is not None:
            close_undelivered(session, referral, now)


def _hand_on(session: Session, event: ReferralEvent, now: datetime) -> None:
    # Read again: the row may be older than the event.
    referral = session.get_one(Referral, event.referral_id, populate_existing=True)
    lapsed = event.kind == Fact.DISCLOSED and not may_deliver(session, referral, now, event)
    agencies = _agencies(event, referral, lapsed=lapsed)
    for agency_id in agencies:
        number = _last_number(session, agency_id) + 1
        session.add(AgencyEvent(agency_id=agency_id, number=number, event_id=event.id))
    if is_of_a_draft(event.from_status, event.kind, event.to_status):
        return
    news = News(
        event.kind,
        event.from_status,
        event.to_status,
        referral.priority,
        event.actor_part,
        event.actor_person_id,
        event.data,
        was_veiled(referral, event.recorded_at),
    )
    concerns = concerned(news, roster_of(session, referral, now.date()))
    if lapsed:
        concerns = tuple(each for each in concerns if each.side is not Side.RECEIVER)
    add_notices(session, event, referral, concerns, now)
    for webhook in _webhooks(session, event, agencies):
        session.add(
            WebhookDelivery(
                id=uuid4(), webhook_id=webhook.id, event_id=event.id, created_at=now, due_at=now
            )
        )


def _agencies(event: ReferralEvent, referral: Referral, *, lapsed: bool) -> list[UUID]:
    """The agencies that see an event at all. Of what was shared and `lapsed` before it left, the
    receiver hears nothing."""
    sides = {Side.SENDER: referral.from_agency_id, Side.RECEIVER: referral.to_agency_id}
    return [
        agency_id
        for side, agency_id in sides.items()
        if seen_of_event(referral, event, side) is not Sight.NOTHING
        and not (lapsed and side is Side.RECEIVER)
    ]


def _last_number(session: Session, agency_id: UUID) -> int:
    """The last number among the events of an agency, 0 where it has none."""
    last = select(func.max(AgencyEvent.number)).where(AgencyEvent.agency_id == agency_id)
    return session.scalar(last) or 0


def _webhooks(session: Session, event: ReferralEvent, agencies: Collection[UUID]) -> list[Webhook]:
    found = found_once(session, "webhooks", lambda: _listening(session))
    return [
        webhook
        for webhook in found
        if webhook.agency_id in agencies and is_wanted(event.kind, webhook.kinds)
    ]


def _listening(session: Session) -> Sequence[Webhook]:
    """Every webhook that is told of events."""
    return session.scalars(
        select(Webhook)
        .where(Webhook.disabled_at.is_(None), Webhook.deleted_at.is_(None))
        .order_by(Webhook.id)
    ).all()


def _batch(session: Session, now: datetime) -> Sequence[ReferralEvent]:
    """Events that wait longest, with all that went before them in their referrals."""
    oldest = session.scalars(_waiting(now).limit(BATCH)).all()
    last = {event.referral_id: event.seq for event in sorted(oldest, key=lambda each: each.seq)}
    of_those = session.scalars(
        select(ReferralEvent).where(
            ReferralEvent.position.is_(None), ReferralEvent.referral_id.in_(last)
        )
    )
    return [event for event in of_those if event.seq <= last[event.referral_id]]


def _waiting(now: datetime) -> Select[ReferralEvent]:
    held_up = select(ReferralEvent.referral_id).where(
        ReferralEvent.position.is_(None), ReferralEvent.retry_at > now
    )
    return (
        select(ReferralEvent)
        .where(ReferralEvent.position.is_(None), ReferralEvent.referral_id.not_in(held_up))
        .order_by(ReferralEvent.recorded_at, ReferralEvent.referral_id, ReferralEvent.seq)
    )


def _is_alone(session: Session) -> bool:
    """Whether this transaction may hand on. SQLite has one writer anyhow."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))))
