"""Listings that wait for a network steward, or that one sent back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime


class ListingReview(Base):
    """One service's draft on its way to be published; a published one has none.

    It waits until `returned_at`, when a steward sent it back with a note.
    """

    __tablename__ = "listing_review"

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    submitted_by: Mapped[str]
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    returned_by: Mapped[str | None]
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str | None]
