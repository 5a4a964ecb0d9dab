"""An agency's webhooks: where news of its referrals is sent, and what came of it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from json import dumps
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.webhooks import Receipt, new_secret
from referral_hub.models import Agency, Webhook, WebhookDelivery
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.errors import Conflict, FetchRefused, InvalidInput
from referral_hub.rules.outgoing import target_of
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.webhooks import (
    MOST_URL,
    MOST_WEBHOOKS,
    ROTATION,
    TEST,
    Ended,
    Fault,
    check_kinds,
)
from referral_hub.use_cases.deliver_webhooks import Sender
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.rates import Rate, spend
from referral_hub.use_cases.steps.webhook_log import (
    deliveries_before,
    delivery_page,
    webhook_views,
)
from referral_hub.use_cases.steps.webhooks import (
    seal_secrets,
    secrets_of,
    switch_off,
    the_webhook,
)
from referral_hub.use_cases.transaction import transaction
from referral_hub.use_cases.webhook_views import DeliveryLine, DeliveryPage, NewSecret, WebhookView

TESTS = Rate("webhook-test", 20, timedelta(hours=1))
"""How often an agency may have a test sent."""


def list_webhooks(session: Session, actor: Actor, agency_id: UUID) -> tuple[WebhookView, ...]:
    """The webhooks of an agency, the oldest first."""
    require(actor, Permission.WEBHOOK_MANAGE, agency_id)
    rows = session.scalars(
        select(Webhook)
        .where(Webhook.agency_id == agency_id, Webhook.deleted_at.is_(None))
        .order_by(Webhook.created_at, Webhook.id)
    ).all()
    return webhook_views(session, rows)


def show_webhook(
    session: Session, actor: Actor, agency_id: UUID, webhook_id: UUID, vault: Vault,
    page: int = 1, *, now: datetime,
) -> tuple[WebhookView, DeliveryPage]:  # fmt: skip
    """A webhook and a page of what went to it. Raises NotFound."""
    require(actor, Permission.WEBHOOK_MANAGE, agency_id)
    webhook = the_webhook(session, agency_id, webhook_id)
    (view,) = webhook_views(session, [webhook])
    older = secrets_of(vault, webhook.id, webhook.secret_sealed, now)[1:]
    view = replace(view, old_secret_until=older[0][1] if older else None)
    return view, delivery_page(session, webhook_id, page)


def list_deliveries(
    session: Session, actor: Actor, agency_id: UUID, webhook_id: UUID, limit: int,
    before: UUID | None = None,
) -> tuple[DeliveryLine, ...]:  # fmt: skip
    """What went to a webhook, the newest events first, before that of a delivery.

    Raises NotFound, and InvalidInput for a delivery that there is not.
    """
    require(actor, Permission.WEBHOOK_MANAGE, agency_id)
    the_webhook(session, agency_id, webhook_id)
    return deliveries_before(session, webhook_id, before, limit)


def add_webhook(
    session: Session,
    actor: Actor,
    agency_id: UUID,
    vault: Vault,
    url: str,
    kinds: Collection[str],
    allow: frozenset[str],
    *,
    now: datetime,
) -> NewSecret:
    """Have news sent to an address from now on; returns the secret that signs it.

    No kinds means all. `allow` has the addresses of private networks that may be used. Raises
    InvalidInput, and Conflict where there are too many.
    """
    require(actor, Permission.WEBHOOK_MANAGE, agency_id)
    url, kinds = _checked(url, allow), check_kinds(list(kinds))
    secret = new_secret()
    with transaction(session):
        # Locked, so that two at once cannot pass the limit; notices that name it do not wait.
        session.get_one(Agency, agency_id, with_for_update={"key_share": True})
        here = Webhook.agency_id == agency_id, Webhook.deleted_at.is_(None)
        count = session.scalar(select(func.count()).select_from(Webhook).where(*here)) or 0
        if count >= MOST_WEBHOOKS:
            raise Conflict(
                f"An agency has at most {MOST_WEBHOOKS} webhooks. Delete one that is not needed."
            )
        webhook = Webhook(
            id=uuid4(), agency_id=agency_id, url=url, kinds=list(kinds), created_at=now,
            created_by=actor_label(actor),
        )  # fmt: skip
        seal_secrets(vault, webhook, [(secret, None)])
        session.add(webhook)
        add_audit(session, actor, "webhook:add", webhook, agency_id=agency_id, now=now)
    return NewSecret(webhook.id, secret)


def renew_secret(
    session: Session,
    actor: Actor,
    agency_id: UUID,
    webhook_id: UUID,
    vault: Vault,
    *,
    now: datetime,
) -> NewSecret:
    """Give a webhook a new secret. For a day the one before signs too. Raises NotFound."""
    require(actor, Permission.WEBHOOK_MANAGE, agency_id)
    secret = new_secret()
    with transaction(session):
        webhook = the_webhook(session, agency_id, webhook_id, lock=True)
        held = secrets_of(vault, webhook.id, webhook.secret_sealed, now)
        older = [(held[0][0], now + ROTATION)] if held else []
        seal_secrets(vault, webhook, [(secret, None), *older])
        add_audit(session, actor, "webhook:renew-secret", webhook, agency_id=agency_id, now=now)
    return NewSecret(webhook_id, secret)


def disable_webhook(
    session: Session, actor: Actor, agency_id: UUID, webhook_id: UUID, *, now: datetime
) -> None:
    """Send nothing more to a webhook until it is switched on. Raises NotFound."""
    require(actor, Permission.WEBHOOK_MANAGE, agency_id)
    with transaction(session):
        webhook = the_webhook(session, agency_id, webhook_id, lock=True)
        if webhook.disabled_at is None:
            switch_off(session, actor, webhook, Ended.BY_HAND, now=now)


def enable_webhook(
    session: Session, actor: Actor, agency_id: UUID, webhook_id: UUID, *, now: datetime
) -> None:
    """Send to a webhook again, what waited first. Raises NotFound."""
    require(actor, Permission.WEBHOOK_MANAGE, agency_id)
    with transaction(session):
        webhook = the_webhook(session, agency_id, webhook_id, lock=True)
        webhook.disabled_at = webhook.disabled_because = webhook.failing_since = None
        session.execute(
            update(WebhookDelivery)
            .where(WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.due_at.is_not(None))
            .values(due_at=now, attempts=0, leased_until=None)
        )
        add_audit(session, actor, "webhook:enable", webhook, agency_id=agency_id, now=now)


def delete_webhook(
    session: Session,
    actor: Actor,
    agency_id: UUID,
    webhook_id: UUID,
    vault: Vault,
    *,
    now: datetime,
) -> None:
    """End a webhook for good: its secrets are wiped, what waits is dropped. Raises NotFound."""
    require(actor, Permission.WEBHOOK_MANAGE, agency_id)
    with transaction(session):
        webhook = the_webhook(session, agency_id, webhook_id, lock=True)
        webhook.deleted_at = now
        seal_secrets(vault, webhook, [])
        session.execute(
            update(WebhookDelivery)
            .where(WebhookDelivery.webhook_id == webhook_id)
            .values(due_at=None, leased_until=None)
        )
        add_audit(session, actor, "webhook:delete", webhook, agency_id=agency_id, now=now)


def send_test(
    session: Session,
    actor: Actor,
    agency_id: UUID,
    webhook_id: UUID,
    vault: Vault,
    sender: Sender,
    *,
    now: datetime,
) -> Receipt:
    """Send a signed message that tells of nothing, and return what came of it.

    It is not in the log, and counts for nothing. Raises NotFound, TooManyTries.
    """
    require(actor, Permission.WEBHOOK_MANAGE, agency_id)
    webhook = the_webhook(session, agency_id, webhook_id)
    url, sealed = webhook.url, webhook.secret_sealed
    secrets = [secret for secret, _ in secrets_of(vault, webhook_id, sealed, now)]
    spend(session, TESTS, str(agency_id), now=now)
    body = dumps({"type": TEST, "timestamp": now.isoformat(), "data": {}}).encode()
    receipt = (
        sender.send(url, secrets, uuid4(), now, body) if secrets else Receipt(None, Fault.SEALED, 0)
    )
    with transaction(session):
        webhook = the_webhook(session, agency_id, webhook_id)
        add_audit(session, actor, "webhook:test", webhook, agency_id=agency_id, now=now)
    return receipt


def _checked(url: str, allow: frozenset[str]) -> str:
    url = url.strip()
    if len(url) > MOST_URL:
        message = f"Use at most {MOST_URL} characters."
        raise InvalidInput(message, {"url": message})
    try:
        target_of(url, allow)
    except FetchRefused as error:
        raise InvalidInput(error.message, {"url": error.message}) from error
    return url
