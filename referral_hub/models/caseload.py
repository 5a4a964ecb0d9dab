"""Who was responsible for which client, and what each worker carried day by day."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list, owner_key
from referral_hub.rules.caseload_signals import Reason


class CaseAssignment(Base):
    """A time in which a team, and of it a worker, was responsible for a client's open case.

    None as worker: nobody of the team yet. It ends when another one begins, or the case is closed.
    """

    __tablename__ = "case_assignment"
    __table_args__ = (Index("ix_case_assignment_agency_id_until", "agency_id", "until"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    client_id: Mapped[UUID] = owner_key("client")
    team_id: Mapped[UUID] = owner_key("team")
    worker_id: Mapped[UUID | None] = owner_key("person")
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CaseloadDay(Base):
    """What a worker of an agency carried at the end of a day there: cases and points. How many of
    them weigh on the one who carries them is kept of no day."""

    __tablename__ = "caseload_day"

    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    cases: Mapped[int]
    points: Mapped[float]


class CaseloadSignal(Base):
    """That a worker's caseload asks for a talk, for one reason: shown to the worker at `shown_at`,
    and to the supervisor some days later, or from `shared_at` on. It goes when the reason does."""

    __tablename__ = "caseload_signal"
    __table_args__ = (closed_list("reason", Reason),)

    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    shown_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
