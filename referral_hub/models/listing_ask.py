"""What agencies are asked about their listings, and the links with which they answer."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list, owner_key
from referral_hub.rules.listing_asks import AskKind, AskReason
from referral_hub.rules.listings import LISTING_TABLES


class ListingAsk(Base):
    """A question about a listing that its agency has not answered yet; its answer deletes it.

    `since` is when it came up. `told_at` is when a mail first asked it, `escalated_at` when one
    told the administrators that nobody answers.
    """

    __tablename__ = "listing_ask"
    __table_args__ = (
        closed_list("kind", AskKind),
        closed_list("reason", AskReason),
        closed_list("listing_table", LISTING_TABLES),
    )

    listing_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    listing_table: Mapped[str]
    agency_id: Mapped[UUID] = owner_key("agency")
    reason: Mapped[str]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None]
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ListingLink(Base):
    """The link of one mail: its holder may answer for some listings what the mail asked.

    Only the SHA-256 of its secret is kept.
    """

    __tablename__ = "listing_link"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[UUID] = owner_key("person")
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class LinkedListing(Base):
    """A listing that a link is about. `confirmed_at` is when it was confirmed by the link."""

    __tablename__ = "linked_listing"
    __table_args__ = (closed_list("listing_table", LISTING_TABLES),)

    link_id: Mapped[UUID] = mapped_column(
        ForeignKey("listing_link.id", ondelete="CASCADE"), primary_key=True
    )
    listing_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    listing_table: Mapped[str]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
