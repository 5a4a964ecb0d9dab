"""What went to a webhook, read for people."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from referral_hub.models import ReferralEvent, Webhook, WebhookAttempt, WebhookDelivery
from referral_hub.rules.cursors import no_cursor
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.rules.webhooks import (
    ENDED_LABEL,
    FAULT_LABEL,
    KINDS,
    DeliveryState,
    Ended,
    Fault,
    type_of,
)
from referral_hub.use_cases.webhook_views import DeliveryLine, DeliveryPage, WebhookView

SHOWN = 50
"""How many deliveries a page shows."""


def webhook_views(session: Session, webhooks: Sequence[Webhook]) -> tuple[WebhookView, ...]:
    """Webhooks as people see them."""
    counted = session.execute(
        select(WebhookDelivery.webhook_id, func.count())
        .where(
            WebhookDelivery.webhook_id.in_([webhook.id for webhook in webhooks]),
            WebhookDelivery.due_at.is_not(None),
        )
        .group_by(WebhookDelivery.webhook_id)
    )
    waiting: dict[UUID, int] = dict(counted.all())
    return tuple(
        WebhookView(
            webhook.id,
            webhook.url,
            tuple(KINDS[kind] for kind in webhook.kinds if kind in KINDS),
            webhook.created_at,
            webhook.failing_since,
            webhook.disabled_at,
            ENDED_LABEL[Ended(webhook.disabled_because)] if webhook.disabled_because else "",
            waiting.get(webhook.id, 0),
            codes=tuple(kind for kind in webhook.kinds if kind in KINDS),
        )
        for webhook in webhooks
    )


def delivery_page(session: Session, webhook_id: UUID, page: int) -> DeliveryPage:
    """A page of the log. Raises NotFound for one that there is not."""
    of_webhook = WebhookDelivery.webhook_id == webhook_id
    total = session.scalar(select(func.count()).select_from(WebhookDelivery).where(of_webhook))
    pages = max(1, -(-(total or 0) // SHOWN))
    if not 1 <= page <= pages:
        raise NotFound(NOTHING_HERE)
    rows = session.execute(
        select(WebhookDelivery, ReferralEvent)
        .join(ReferralEvent, ReferralEvent.id == WebhookDelivery.event_id)
        .where(of_webhook)
        .order_by(ReferralEvent.position.desc())
        .limit(SHOWN)
        .offset((page - 1) * SHOWN)
    ).all()
    return DeliveryPage(_lines(session, rows), page, pages)


def deliveries_before(
    session: Session, webhook_id: UUID, before: UUID | None, limit: int
) -> tuple[DeliveryLine, ...]:
    """Deliveries of events before that of a delivery, or of the newest ones, the newest first.

    Raises InvalidInput for a delivery that there is not.
    """
    asked = (
        select(WebhookDelivery, ReferralEvent)
        .join(ReferralEvent, ReferralEvent.id == WebhookDelivery.event_id)
        .where(WebhookDelivery.webhook_id == webhook_id)
        .order_by(ReferralEvent.position.desc())
        .limit(limit)
    )
    if before is not None:
        position = session.scalar(
            select(ReferralEvent.position)
            .join(WebhookDelivery, WebhookDelivery.event_id == ReferralEvent.id)
            .where(WebhookDelivery.id == before, WebhookDelivery.webhook_id == webhook_id)
        )
        if position is None:
            raise no_cursor()
        asked = asked.where(ReferralEvent.position < position)
    return _lines(session, session.execute(asked).all())


def state_of(delivery: WebhookDelivery) -> DeliveryState:
    """Where a delivery stands."""
    if delivery.due_at is not None:
        return DeliveryState.WAITING
    if delivery.withheld_at is not None:
        return DeliveryState.WITHHELD
    if delivery.delivered_at is not None:
        return DeliveryState.DELIVERED
    return DeliveryState.GIVEN_UP


def _lines(
    session: Session, rows: Iterable[Row[WebhookDelivery, ReferralEvent]]
) -> tuple[DeliveryLine, ...]:
    found = [(row[0], row[1]) for row in rows]
    tries = _tries(session, [delivery.id for delivery, _ in found])
    return tuple(_line(delivery, event, tries.get(delivery.id, [])) for delivery, event in found)


def _tries(session: Session, deliveries: list[UUID]) -> dict[UUID, list[WebhookAttempt]]:
    found: dict[UUID, list[WebhookAttempt]] = {}
    rows = session.scalars(
        select(WebhookAttempt)
        .where(WebhookAttempt.delivery_id.in_(deliveries))
        .order_by(WebhookAttempt.at)
    )
    for row in rows:
        found.setdefault(row.delivery_id, []).append(row)
    return found


def _line(
    delivery: WebhookDelivery, event: ReferralEvent, tries: list[WebhookAttempt]
) -> DeliveryLine:
    last = tries[-1] if tries else None
    return DeliveryLine(
        delivery.id,
        type_of(event.kind),
        event.referral_id,
        event.seq,
        state_of(delivery),
        len(tries),
        delivery.due_at,
        last.at if last else None,
        last.status if last else None,
        FAULT_LABEL[Fault(last.fault)] if last and last.fault else "",
        last.milliseconds if last else None,
    )
