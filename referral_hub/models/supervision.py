"""Supervision: check-ins of a pair, what they agree and tell each other, and looks at declines.

What the two write is sealed, and read by the two alone (`rules.check_ins`).
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, LargeBinary, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list, owner_key
from referral_hub.rules.check_ins import CheckInStatus


class CheckIn(Base):
    """A talk between a supervisor and a worker of a team that they supervise.

    `weeks` is after how many weeks the next one is suggested. `agenda` holds, once it was held,
    what stood on it: kinds and ids, no names.
    """

    __tablename__ = "check_in"
    __table_args__ = (closed_list("status", CheckInStatus),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    agency_id: Mapped[UUID] = owner_key("agency")
    supervisor_id: Mapped[UUID] = owner_key("person")
    worker_id: Mapped[UUID] = owner_key("person")
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    weeks: Mapped[int]
    status: Mapped[str] = mapped_column(default=CheckInStatus.PLANNED)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agenda: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    notes_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class CheckInPoint(Base):
    """What one of the two wants to talk about."""

    __tablename__ = "check_in_point"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    check_in_id: Mapped[UUID] = owner_key("check_in")
    author_id: Mapped[UUID] = owner_key("person")
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CheckInAction(Base):
    """What the two agreed that one of them does: a task of that person."""

    __tablename__ = "check_in_action"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    check_in_id: Mapped[UUID] = owner_key("check_in")
    person_id: Mapped[UUID] = owner_key("person")
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    due_on: Mapped[date | None]
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FeedbackNote(Base):
    """What one of a pair tells the other. Written once, never changed."""

    __tablename__ = "feedback_note"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    agency_id: Mapped[UUID] = owner_key("agency")
    supervisor_id: Mapped[UUID] = owner_key("person")
    worker_id: Mapped[UUID] = owner_key("person")
    author_id: Mapped[UUID] = owner_key("person")
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeclineLook(Base):
    """That a supervisor looked at a decline, which stays as it is. Once for each decline."""

    __tablename__ = "decline_look"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("referral_event.id"), unique=True)
    person_id: Mapped[UUID] = owner_key("person")
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
