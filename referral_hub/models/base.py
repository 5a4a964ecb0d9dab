"""What directory records share: identity, source, order and times."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, MappedColumn, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from referral_hub.extensions import Base

__all__ = [
    "Base",
    "DirectoryRecord",
    "ListedRecord",
    "UtcDateTime",
    "closed_list",
    "owner_key",
]


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored and given back in UTC. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What values are: whoever reads them out of JSON asks."""
        return datetime

    def process_bind_param(self, value: datetime | None, _dialect: object) -> datetime | None:
        """To UTC; SQLite keeps no zone, so all rows must mean the same one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: object) -> datetime | None:
        """Aware, in UTC."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class DirectoryRecord:
    """One HSDS record: its UUID, where it came from, its place among siblings.

    `source_record_id` is the id as its source writes it. `position` keeps the source's order.
    """

    __tablename__: str

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4, sort_order=-10)
    source_record_id: Mapped[str | None] = mapped_column(String, sort_order=100)
    position: Mapped[int] = mapped_column(default=0, sort_order=101)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, sort_order=102)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, sort_order=103)

    @declared_attr
    def source_id(cls) -> Mapped[int | None]:  # noqa: N805 SQLAlchemy passes the class
        """The source that this record belongs to; None for records made in the hub."""
        return mapped_column(ForeignKey("source.id"), index=True, sort_order=99)


class ListedRecord(DirectoryRecord):
    """A record with a life of its own in the directory.

    `visibility` is public, network or hidden. `incomplete` marks a stub that the hub made because
    a source named a record that it did not send. `vanished_at` is when its source stopped
    sending it. `verified_on` is the day somebody last confirmed it. `merged_into` is the record of
    the same table that stands in its place; it is never the record's own id.
    """

    visibility: Mapped[str] = mapped_column(String, default="public", sort_order=110)
    incomplete: Mapped[bool] = mapped_column(default=False, sort_order=111)
    vanished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, sort_order=112)
    verified_on: Mapped[date | None] = mapped_column(sort_order=113)
    merged_into: Mapped[UUID | None] = mapped_column(Uuid, index=True, sort_order=114)


def owner_key(table: str) -> MappedColumn[Any]:
    """A foreign key to `table`.id, indexed: children are always read by their owner."""
    return mapped_column(ForeignKey(f"{table}.id"), index=True)


def closed_list(column: str, values: Iterable[str]) -> CheckConstraint:
    """A check that the column holds one of the values, or nothing."""
    allowed = ", ".join(f"'{value}'" for value in sorted(values))
    return CheckConstraint(f"{column} IN ({allowed})", name=column)
