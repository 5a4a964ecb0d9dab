"""Imports of listings by agencies: the file, what it would do, what it did."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, LargeBinary, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list, owner_key
from referral_hub.rules.listing_imports import ImportState, PageKind


class ListingImport(Base):
    """A file that an agency sent with listings of one of its organizations.

    `columns` are those of a flat file, `mapping` its column by target. `complete`: what it leaves
    out becomes inactive. `content_sealed` is the file in base64; it is wiped with the pages after
    some days. `report` has counts; `message` is why it failed. `leased_until`: until when a worker
    has it.
    """

    __tablename__ = "listing_import"
    __table_args__ = (closed_list("state", ImportState),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    agency_id: Mapped[UUID] = owner_key("agency")
    organization_id: Mapped[UUID] = mapped_column(Uuid)
    file_name: Mapped[str]
    format: Mapped[str]
    complete: Mapped[bool]
    columns: Mapped[list[str]] = mapped_column(JSON)
    mapping: Mapped[dict[str, str]] = mapped_column(JSON)
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str]
    step: Mapped[str | None]
    done: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    message: Mapped[str | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)


class ListingImportPage(Base):
    """A page of what an import says or did; `rows_sealed` is a list in JSON."""

    __tablename__ = "listing_import_page"
    __table_args__ = (closed_list("kind", PageKind),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    import_id: Mapped[UUID] = owner_key("listing_import")
    kind: Mapped[str]
    number: Mapped[int]
    rows_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ImportMapping(Base):
    """Which column means what in an agency's files with these columns, as it said last."""

    __tablename__ = "import_mapping"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    agency_id: Mapped[UUID] = owner_key("agency")
    columns_hash: Mapped[str] = mapped_column(index=True)
    mapping: Mapped[dict[str, str]] = mapped_column(JSON)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
