"""The history of listings: each change with who, when, before and after."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list
from referral_hub.rules.listings import LISTING_TABLES, ListingAct


class ListingChange(Base):
    """One change of one listing. Rows are only added; of a place that becomes confidential they
    forget where it is.

    `table_name` and `record_id` name the listing; `edits` are its records before and after, as
    `rules.listings.RowEdit` in JSON. `agency_id` is whose listing it was then.
    """

    __tablename__ = "listing_change"
    __table_args__ = (
        closed_list("table_name", LISTING_TABLES),
        closed_list("act", ListingAct),
        Index("ix_listing_change_listing", "table_name", "record_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    table_name: Mapped[str]
    record_id: Mapped[UUID] = mapped_column(Uuid)
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"), index=True)
    act: Mapped[str]
    edits: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    note: Mapped[str | None]
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("listing_change.id"))
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EditedField(Base):
    """A field of a record with a source that somebody here has said otherwise.

    The source does not overwrite it: where it says something else again, somebody decides.
    `field` is empty for a record that was removed here.
    """

    __tablename__ = "edited_field"

    table_name: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("listing_change.id"))
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
