"""Where directory records come from, and what their sources left open."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime


class Source(Base):
    """A file or feed that the hub imports under one name."""

    __tablename__ = "source"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    format: Mapped[str]
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UnresolvedReference(Base):
    """A key of a record that names another which its source has not sent.

    It is kept apart, since a foreign key must hold; it is exported as the source wrote it and
    resolved when the record comes.
    """

    __tablename__ = "unresolved_reference"

    table_name: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    target_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
