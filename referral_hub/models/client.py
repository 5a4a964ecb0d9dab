"""Clients of an agency, and the work with them. What tells about a person is sealed.

`profile_sealed` holds a profile as JSON (`rules.client_profile`). A client belongs to one agency
and is known to no other one; what another agency may see lies in `models.disclosure`.
"""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, LargeBinary, Uuid, false
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list, owner_key
from referral_hub.rules.clients import CaseEnd, NeedStatus, NoteKind, SendMode


class Client(Base):
    """A person whom an agency helps. `version` grows with each change of the profile.

    `received_from` is the referral whose acceptance made this record. `acuity`, `intensity` and
    `travels` say what the case weighs (`rules.caseload_weights`); `trauma` is the worker's own word
    that it weighs on the one who carries it.
    """

    __tablename__ = "client"
    __table_args__ = (closed_list("closed_reason", CaseEnd),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    agency_id: Mapped[UUID] = owner_key("agency")
    team_id: Mapped[UUID] = owner_key("team")
    worker_id: Mapped[UUID | None] = owner_key("person")
    profile_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    acuity: Mapped[int | None]
    intensity: Mapped[int | None]
    travels: Mapped[bool] = mapped_column(default=False, server_default=false())
    trauma: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_contact_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_reason: Mapped[str | None]
    received_from: Mapped[UUID | None] = mapped_column(Uuid, index=True)


class ClientKey(Base):
    """A blind index of part of a profile (name, birth date, phone), to find a client by it."""

    __tablename__ = "client_key"
    __table_args__ = (Index("ix_client_key_agency_id_key", "agency_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    client_id: Mapped[UUID] = owner_key("client")
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    key: Mapped[bytes] = mapped_column(LargeBinary)


class HouseholdMember(Base):
    """Somebody who lives with a client."""

    __tablename__ = "household_member"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    client_id: Mapped[UUID] = owner_key("client")
    profile_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Need(Base):
    """A need of a client, as a term of the hub's taxonomy. Referrals for it share its id."""

    __tablename__ = "need"
    __table_args__ = (closed_list("status", NeedStatus), closed_list("mode", SendMode))

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    client_id: Mapped[UUID] = owner_key("client")
    need_code: Mapped[str] = mapped_column(index=True)
    urgency: Mapped[int]
    importance: Mapped[int]
    acuity: Mapped[int]
    detail_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(default=NeedStatus.OPEN)
    mode: Mapped[str] = mapped_column(default=SendMode.SINGLE)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Goal(Base):
    """What a client wants to reach, and whether it was."""

    __tablename__ = "goal"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    client_id: Mapped[UUID] = owner_key("client")
    need_id: Mapped[UUID | None] = owner_key("need")
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    due_on: Mapped[date | None]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reached: Mapped[bool | None]


class GoalStep(Base):
    """A step towards a goal."""

    __tablename__ = "goal_step"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    goal_id: Mapped[UUID] = owner_key("goal")
    position: Mapped[int]
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ClientNote(Base):
    """A note about a client: never changed; a correction is a note of its own."""

    __tablename__ = "client_note"
    __table_args__ = (closed_list("kind", NoteKind),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    client_id: Mapped[UUID] = owner_key("client")
    author_id: Mapped[UUID] = owner_key("person")
    kind: Mapped[str]
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("client_note.id"))


class Task(Base):
    """Something to do for a client, by a day; urgency and importance from 1 to 3."""

    __tablename__ = "task"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    agency_id: Mapped[UUID] = owner_key("agency")
    client_id: Mapped[UUID] = owner_key("client")
    referral_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    assignee_id: Mapped[UUID | None] = owner_key("person")
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    urgency: Mapped[int]
    importance: Mapped[int]
    due_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
