"""Pairs of records that may be one, and what the search for them remembers."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list
from referral_hub.rules.duplicates import MATCHED_TABLES, PairState


class DuplicateCandidate(Base):
    """Two records of one table that may tell of the same thing; `one_id` is the smaller id.

    `parts` are what speaks for and against it, as [points, words]; `score` is their sum, as it was
    when somebody decided, if anybody did. Of a merge `change_id` is the change that made it, and
    `marks` the marks of edited fields that stood before it.
    """

    __tablename__ = "duplicate_candidate"
    __table_args__ = (
        closed_list("table_name", MATCHED_TABLES),
        closed_list("state", PairState),
        UniqueConstraint("table_name", "one_id", "other_id"),
        Index("ix_duplicate_candidate_state", "state", "score"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    table_name: Mapped[str]
    one_id: Mapped[UUID] = mapped_column(Uuid)
    other_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    score: Mapped[int]
    parts: Mapped[list[Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(default=PairState.OPEN)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    change_id: Mapped[int | None] = mapped_column(ForeignKey("listing_change.id"))
    marks: Mapped[list[Any] | None] = mapped_column(JSON)


class MatchedRecord(Base):
    """A record that was compared with all others, and the digest of what was compared."""

    __tablename__ = "matched_record"

    table_name: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    digest: Mapped[str]


class MatchingKey(Base):
    """A key that a record must share with another to be compared with it, as a number."""

    __tablename__ = "matching_key"
    __table_args__ = (Index("ix_matching_key_record", "table_name", "record_id"),)

    table_name: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    record_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


class MatchingSweep(Base):
    """How far the search for duplicates has come: one row.

    While it goes through all records, `table_name` and `last_id` say where it is. `change_id` is
    the last change of a listing that it has seen.
    """

    __tablename__ = "matching_sweep"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    table_name: Mapped[str | None]
    last_id: Mapped[UUID | None] = mapped_column(Uuid)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    change_id: Mapped[int] = mapped_column(default=0)
