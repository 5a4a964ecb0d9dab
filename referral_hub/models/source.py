"""Where directory records come from, and what their sources left open."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list
from referral_hub.rules.source_rules import SourceWins


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


class SourceRule(Base):
    """Who decides what a field of a source's records says: see `rules.source_rules`."""

    __tablename__ = "source_rule"
    __table_args__ = (closed_list("wins", SourceWins),)

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True)
    table_name: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    wins: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SourceWord(Base):
    """What a source said last of a field in which it is not followed: only when it says something
    else than that, it disagrees anew."""

    __tablename__ = "source_word"

    table_name: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
