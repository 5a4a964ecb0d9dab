"""The audit: who did what to which record, in the transaction that did it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime


class AuditRow(Base):
    """One act. Ids and names of fields only, never values: nothing here needs to be forgotten."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(index=True)
    table_name: Mapped[str | None]
    record_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    detail: Mapped[str | None]
