"""Corrections that somebody proposes to a listing."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list

CORRECTION_STATES = ("proposed", "accepted", "refused")


class Correction(Base):
    """One field of one record that should read otherwise, and what became of the proposal."""

    __tablename__ = "correction"
    __table_args__ = (closed_list("state", CORRECTION_STATES),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    table_name: Mapped[str]
    record_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    field: Mapped[str]
    current_value: Mapped[str | None]
    proposed_value: Mapped[str | None]
    note: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="proposed")
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
