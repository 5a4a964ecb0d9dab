"""What administrators see of their agency's webhooks and of what went to them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from referral_hub.rules.webhooks import DeliveryState


@dataclass(frozen=True, slots=True)
class WebhookView:
    """A webhook. `kinds`, in words, and `codes` are empty where it hears of everything; `waiting`
    counts deliveries.

    `old_secret_until` is when the secret before the current one ends to sign.
    """

    id: UUID
    url: str
    kinds: tuple[str, ...]
    created_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_because: str
    waiting: int
    old_secret_until: datetime | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A delivery in the log: which event, where it stands, and its last try."""

    id: UUID
    type: str
    referral_id: UUID
    seq: int
    state: DeliveryState
    tries: int
    next_try: datetime | None
    last_at: datetime | None
    last_status: int | None
    last_fault: str
    milliseconds: int | None


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """Some of the deliveries to a webhook, the newest events first."""

    deliveries: tuple[DeliveryLine, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret, which is shown this once."""

    webhook_id: UUID
    secret: str
