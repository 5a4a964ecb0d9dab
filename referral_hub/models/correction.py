"""Corrections that somebody proposes to a listing."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list
from referral_hub.rules.corrections import CorrectionState, Origin, Refusal
from referral_hub.rules.listings import LISTING_TABLES


class Correction(Base):
    """One field of one record that should read otherwise, and what became of the proposal.

    `table_name` and `record_id` name the record, `listing_table` and `listing_id` the listing to
    which it belongs. Without a `proposed_value` something is known to be wrong, but not what would
    be right. `proposer_id` is the person who proposed it, if one did who was signed in.
    """

    __tablename__ = "correction"
    __table_args__ = (
        closed_list("state", CorrectionState),
        closed_list("origin", Origin),
        closed_list("refusal", Refusal),
        closed_list("listing_table", LISTING_TABLES),
        Index("ix_correction_listing_id_state", "listing_id", "state"),
        Index("ix_correction_state_proposed_at", "state", "proposed_at"),
    )

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
    listing_table: Mapped[str]
    listing_id: Mapped[UUID] = mapped_column(Uuid)
    origin: Mapped[str]
    proposer_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    refusal: Mapped[str | None]
