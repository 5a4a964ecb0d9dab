"""Delivering events to partner systems: lease one, send it outside of any transaction, mark it.

A worker that dies in between loses nothing: when its lease has run out, the same message is sent
again, under the same id.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from json import dumps
from typing import Protocol
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.webhooks import Receipt
from referral_hub.models import (
    Referral,
    ReferralEvent,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.audit import Outcome
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.webhooks import LEASE, Fault, is_success, message_of, must_end, next_try
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.delivery import may_leave
from referral_hub.use_cases.steps.webhooks import secrets_of, switch_off, tell_administrators
from referral_hub.use_cases.transaction import let_go, transaction

log = logging.getLogger(__name__)


class Sender(Protocol):
    """What sends messages."""

    def send(
        self, url: str, secrets: Sequence[str], message_id: UUID, at: datetime, body: bytes
    ) -> Receipt:
        """Send a message once, and say what came of it."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where deliveries go out: the sender, and the hub's public address."""

    sender: Sender
    public_url: str


@dataclass(frozen=True, slots=True)
class _Leased:
    id: UUID
    webhook_id: UUID
    attempts: int
    url: str
    secret_sealed: bytes
    body: bytes


def deliver_webhooks(
    session: Session, actor: Actor, vault: Vault, outlet: Outlet, *, now: datetime, luck: float
) -> bool:
    """Try the delivery that is due longest; returns whether there was one.

    A later event of a referral goes to a webhook only when the earlier ones have been delivered,
    withheld or given up. What fails is tried again, later each time and spread by `luck` (0 to 1).
    """
    require(actor, Permission.EVENTS_HAND_ON)
    nothing_is_due = session.scalars(_due(now)).first() is None
    let_go(session)
    if nothing_is_due:
        return False
    with transaction(session):
        delivery = session.scalars(
            _due(now).with_for_update(of=WebhookDelivery, skip_locked=True)
        ).first()
        if delivery is None:
            return False
        leased = _lease(session, actor, delivery, outlet, now)
    if leased is None:
        return True
    receipt = _send(leased, vault, outlet.sender, now)
    with transaction(session):
        _mark(session, actor, vault, leased, receipt, now, luck)
    return True


def _lease(
    session: Session, actor: Actor, delivery: WebhookDelivery, outlet: Outlet, now: datetime
) -> _Leased | None:
    """The delivery, held by this worker for a while; None where it may not leave any more."""
    webhook = session.get_one(Webhook, delivery.webhook_id)
    event = session.get_one(ReferralEvent, delivery.event_id)
    referral = session.get_one(Referral, event.referral_id)
    if not may_leave(session, webhook.agency_id, referral, event, now):
        delivery.withheld_at, delivery.due_at, delivery.leased_until = now, None, None
        add_audit(
            session, actor, "webhook:withhold", delivery,
            agency_id=webhook.agency_id, outcome=Outcome.REFUSED, now=now,
        )  # fmt: skip
        return None
    delivery.leased_until = now + LEASE
    delivery.attempts += 1
    link = f"{outlet.public_url.rstrip('/')}/referrals/{referral.id}"
    body = dumps(
        message_of(
            event.kind, event.recorded_at, referral.id, event.seq, event.to_status, link
        ),
        separators=(",", ":"),
    ).encode()  # fmt: skip
    return _Leased(
        delivery.id, webhook.id, delivery.attempts, webhook.url, webhook.secret_sealed, body
    )


def _send(leased: _Leased, vault: Vault, sender: Sender, now: datetime) -> Receipt:
    secrets = secrets_of(vault, leased.webhook_id, leased.secret_sealed, now)
    if not secrets:
        return Receipt(None, Fault.SEALED, 0)
    return sender.send(leased.url, [secret for secret, _ in secrets], leased.id, now, leased.body)


def _mark(
    session: Session,
    actor: Actor,
    vault: Vault,
    leased: _Leased,
    receipt: Receipt,
    now: datetime,
    luck: float,
) -> None:
    """Note what came of a try, unless somebody else has the delivery by now."""
    webhook = session.get_one(Webhook, leased.webhook_id, with_for_update=True)
    delivery = session.get_one(WebhookDelivery, leased.id, with_for_update=True)
    session.add(
        WebhookAttempt(
            delivery_id=delivery.id, at=now, status=receipt.status, fault=receipt.fault,
            milliseconds=receipt.milliseconds,
        )
    )  # fmt: skip
    succeeded = is_success(receipt.status)
    if succeeded:
        webhook.failing_since = None
    elif webhook.failing_since is None:
        webhook.failing_since = now
    if delivery.attempts != leased.attempts or delivery.due_at is None:
        return
    delivery.leased_until = None
    if succeeded:
        delivery.delivered_at, delivery.due_at = now, None
        return
    told = receipt.status if receipt.fault is None else receipt.fault
    log.warning("Delivery %s to webhook %s failed: %s", delivery.id, webhook.id, told)
    delivery.due_at = next_try(delivery.attempts, now, luck, receipt.wait)
    if delivery.due_at is None:
        add_audit(
            session, actor, "webhook:give-up", delivery,
            agency_id=webhook.agency_id, detail=str(told), outcome=Outcome.REFUSED, now=now,
        )  # fmt: skip
    because = must_end(receipt.status, webhook.failing_since or now, now)
    if because is not None and webhook.disabled_at is None:
        switch_off(session, actor, webhook, because, now=now)
        tell_administrators(session, vault, webhook, because, now=now)


def _due(now: datetime) -> Select[WebhookDelivery]:
    earlier, before = aliased(WebhookDelivery), aliased(ReferralEvent)
    # From the few events of the referral to their deliveries: SQLite would look through all
    # deliveries of the webhook, for each one that is due.
    events_before = (
        select(before.id)
        .where(
            before.referral_id == ReferralEvent.referral_id,
            before.position < ReferralEvent.position,
        )
        .correlate(ReferralEvent)
    )
    forerunner_waits = (
        exists()
        .where(
            earlier.webhook_id == WebhookDelivery.webhook_id,
            earlier.event_id.in_(events_before),
            earlier.due_at.is_not(None),
        )
        .correlate(WebhookDelivery, ReferralEvent)
    )
    return (
        select(WebhookDelivery)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .join(ReferralEvent, ReferralEvent.id == WebhookDelivery.event_id)
        .where(
            Webhook.disabled_at.is_(None),
            Webhook.deleted_at.is_(None),
            WebhookDelivery.due_at <= now,
            or_(WebhookDelivery.leased_until.is_(None), WebhookDelivery.leased_until <= now),
            ~forerunner_waits,
        )
        .order_by(WebhookDelivery.due_at, ReferralEvent.position)
        .limit(1)
    )
