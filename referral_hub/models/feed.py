"""Directories of partners that the hub pulls."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list
from referral_hub.rules.feeds import FeedKind


class PartnerFeed(Base):
    """An HSDS API or a file of a partner that is read every `every_hours`.

    `due_at` is when to read it next; `leased_until`, until when a worker reads it. `read_at` is
    when the last reading that succeeded began, `whole_at` the last one of everything. `failures`
    counts those in a row. `etag` and `modified` are the partner's words for the version of a file.
    `accepts_gone`: the next reading may take away as much as it likes.
    """

    __tablename__ = "partner_feed"
    __table_args__ = (closed_list("kind", FeedKind),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str]
    kind: Mapped[str]
    every_hours: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    whole_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    etag: Mapped[str | None]
    modified: Mapped[str | None]
    accepts_gone: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    message: Mapped[str | None]
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
