"""The audit: who did what to which record, in the transaction that did it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list
from referral_hub.rules.audit import Outcome


class AuditRow(Base):
    """One act. Ids and names of fields only, never values: nothing here needs to be forgotten.

    `agency_id` is the agency that the act concerns. `position` and `seal` are set when the row is
    sealed into the chain: positions have no gaps, and each seal covers the row and the seal before.
    """

    __tablename__ = "audit"
    __table_args__ = (closed_list("outcome", Outcome),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(index=True)
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"), index=True)
    action: Mapped[str] = mapped_column(index=True)
    outcome: Mapped[str] = mapped_column(default=Outcome.DONE, server_default=Outcome.DONE)
    table_name: Mapped[str | None]
    record_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    detail: Mapped[str | None]
    position: Mapped[int | None] = mapped_column(unique=True)
    seal: Mapped[bytes | None] = mapped_column(LargeBinary)
