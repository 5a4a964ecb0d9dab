"""Housekeeping of a feed: changes of fields, descriptions of tables."""

from datetime import date
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, DirectoryRecord


class Metadata(DirectoryRecord, Base):
    """One change of a field, as its source tells it."""

    __tablename__ = "metadata"

    resource_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    resource_type: Mapped[str | None]
    last_action_date: Mapped[date]
    last_action_type: Mapped[str]
    field_name: Mapped[str]
    previous_value: Mapped[str]
    replacement_value: Mapped[str]
    updated_by: Mapped[str]
    owner_table: Mapped[str | None]


class MetaTableDescription(DirectoryRecord, Base):
    """Language and character set of a source's table."""

    __tablename__ = "meta_table_description"

    name: Mapped[str | None]
    language: Mapped[str | None]
    character_set: Mapped[str | None]
