"""Addresses of partner systems that hear of news, and each delivery to them."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, LargeBinary, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, owner_key


class Webhook(Base):
    """An address of an agency's system, with the secret that signs what goes there.

    `kinds` are those of which it hears; none means all. `secret_sealed` is JSON: the secrets, the
    newest first, each with when it ends. `failing_since` is when deliveries began to fail without
    a success in between.
    """

    __tablename__ = "webhook"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    agency_id: Mapped[UUID] = owner_key("agency")
    url: Mapped[str]
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    kinds: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str]
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_because: Mapped[str | None]
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WebhookDelivery(Base):
    """An event on its way to an address. Its id is the message's id in every try.

    `due_at` is when to try next; None when it was delivered, withheld, or given up. `attempts`
    counts the tries since it last began to wait; all of them are in `webhook_attempt`.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (UniqueConstraint("webhook_id", "event_id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    webhook_id: Mapped[UUID] = owner_key("webhook")
    event_id: Mapped[UUID] = owner_key("referral_event")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withheld_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WebhookAttempt(Base):
    """One try of a delivery, and what came of it."""

    __tablename__ = "webhook_attempt"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    delivery_id: Mapped[UUID] = owner_key("webhook_delivery")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[int | None]
    fault: Mapped[str | None]
    milliseconds: Mapped[int]
