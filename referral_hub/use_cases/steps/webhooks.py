"""Webhooks inside a transaction: found, their secrets, switched off."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from json import dumps, loads
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Webhook
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import KeyMissing, NotFound
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.rules.webhooks import ENDED_LABEL, Ended
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.mail import send_mail
from referral_hub.use_cases.steps.memberships import administrators_of

SEALED = "webhook.secret"
log = logging.getLogger(__name__)
Secret = tuple[str, datetime | None]
"""A secret, and when it ends."""


def the_webhook(
    session: Session, agency_id: UUID, webhook_id: UUID, *, lock: bool = False
) -> Webhook:
    """A webhook of the agency. Raises NotFound, also for one that was deleted."""
    webhook = session.get(Webhook, webhook_id, with_for_update=lock or None)
    if webhook is None or webhook.agency_id != agency_id or webhook.deleted_at is not None:
        raise NotFound(NOTHING_HERE)
    return webhook


def seal_secrets(vault: Vault, webhook: Webhook, secrets: Iterable[Secret]) -> None:
    """Give a webhook its secrets, the newest first."""
    held = [
        {"secret": secret, "until": until.isoformat() if until else None}
        for secret, until in secrets
    ]
    webhook.secret_sealed = vault.seal(SEALED, webhook.id, dumps(held))


def secrets_of(vault: Vault, webhook_id: UUID, sealed: bytes, now: datetime) -> Sequence[Secret]:
    """The secrets that count now, the newest first; none where they cannot be opened."""
    try:
        opened = loads(vault.open(SEALED, webhook_id, sealed))
    except KeyMissing as error:
        log.error("The secret of webhook %s cannot be opened: %s", webhook_id, error)
        return []
    held = [
        (str(each["secret"]), datetime.fromisoformat(each["until"]) if each["until"] else None)
        for each in opened
    ]
    return [(secret, until) for secret, until in held if until is None or until > now]


def switch_off(
    session: Session, actor: Actor, webhook: Webhook, because: Ended, *, now: datetime
) -> None:
    """Stop sending to a webhook. What waits for it goes on waiting."""
    webhook.disabled_at, webhook.disabled_because = now, because
    add_audit(
        session, actor, "webhook:disable", webhook,
        agency_id=webhook.agency_id, detail=because, now=now,
    )  # fmt: skip


def tell_administrators(
    session: Session, vault: Vault, webhook: Webhook, because: Ended, *, now: datetime
) -> None:
    """Write to those who look after the agency that a webhook was switched off."""
    for address in administrators_of(session, vault, webhook.agency_id):
        send_mail(
            session, vault, address, "webhook_disabled",
            reason=ENDED_LABEL[because], link=f"/agency/webhooks/{webhook.id}", now=now,
        )  # fmt: skip
