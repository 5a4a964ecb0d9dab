"""Sending again what a partner system missed: one message, or all since a moment."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import AgencyEvent, ReferralEvent, Webhook, WebhookDelivery
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound
from referral_hub.rules.event_sight import is_of_a_draft
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.webhooks import is_wanted
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.webhooks import the_webhook
from referral_hub.use_cases.transaction import transaction

MOST = 5_000
"""How many messages are sent again at once at most."""


def replay_delivery(
    session: Session,
    actor: Actor,
    agency_id: UUID,
    webhook_id: UUID,
    delivery_id: UUID,
    *,
    now: datetime,
) -> None:
    """Send a message again, under the same id. Raises NotFound, and Conflict while switched off."""
    require(actor, Permission.WEBHOOK_MANAGE, agency_id)
    with transaction(session):
        webhook = _running(session, agency_id, webhook_id)
        delivery = session.get(WebhookDelivery, delivery_id, with_for_update=True)
        if delivery is None or delivery.webhook_id != webhook_id:
            raise NotFound(NOTHING_HERE)
        _again(delivery, now)
        add_audit(
            session, actor, "webhook:replay", webhook, agency_id=agency_id, detail="1", now=now
        )


def replay_since(
    session: Session,
    actor: Actor,
    agency_id: UUID,
    webhook_id: UUID,
    since: datetime,
    *,
    now: datetime,
) -> int:
    """Send everything again that happened since a moment, also what happened while the webhook was
    switched off; returns how many messages. Consent is asked anew for each.

    Raises NotFound, Conflict while it is switched off, InvalidInput for too much or a moment that
    does not fit.
    """
    require(actor, Permission.WEBHOOK_MANAGE, agency_id)
    if since > now:
        _refuse("Use a day that is not in the future.")
    with transaction(session):
        webhook = _running(session, agency_id, webhook_id)
        events = _events(session, webhook, since)
        if len(events) > MOST:
            _refuse(f"That would be more than {MOST:,} messages. Choose a later day.")
        found = session.scalars(
            select(WebhookDelivery)
            .where(WebhookDelivery.webhook_id == webhook_id)
            .join(ReferralEvent, ReferralEvent.id == WebhookDelivery.event_id)
            .where(ReferralEvent.recorded_at >= since)
            .with_for_update(of=WebhookDelivery)
        )
        known = {delivery.event_id: delivery for delivery in found}
        for event in events:
            if event.id in known:
                _again(known[event.id], now)
            else:
                session.add(
                    WebhookDelivery(
                        id=uuid4(), webhook_id=webhook_id, event_id=event.id,
                        created_at=now, due_at=now,
                    )
                )  # fmt: skip
        add_audit(
            session, actor, "webhook:replay", webhook,
            agency_id=agency_id, detail=str(len(events)), now=now,
        )  # fmt: skip
    return len(events)


def _running(session: Session, agency_id: UUID, webhook_id: UUID) -> Webhook:
    webhook = the_webhook(session, agency_id, webhook_id, lock=True)
    if webhook.disabled_at is not None:
        raise Conflict("This webhook is switched off. Switch it on first.")
    return webhook


def _again(delivery: WebhookDelivery, now: datetime) -> None:
    delivery.due_at, delivery.attempts = now, 0
    delivery.leased_until = delivery.delivered_at = delivery.withheld_at = None


def _events(session: Session, webhook: Webhook, since: datetime) -> list[ReferralEvent]:
    """What was handed on since then and the webhook wants, at most one more than may be."""
    rows = session.scalars(
        select(ReferralEvent)
        .join(AgencyEvent, AgencyEvent.event_id == ReferralEvent.id)
        .where(AgencyEvent.agency_id == webhook.agency_id, ReferralEvent.recorded_at >= since)
        .order_by(AgencyEvent.number)
        .execution_options(yield_per=500)
    )
    wanted: list[ReferralEvent] = []
    for event in rows:
        of_draft = is_of_a_draft(event.from_status, event.kind, event.to_status)
        if not of_draft and is_wanted(event.kind, webhook.kinds):
            wanted.append(event)
        if len(wanted) > MOST:
            break
    return wanted


def _refuse(message: str) -> None:
    raise InvalidInput(message, {"since": message})
