"""Improvement cycles of an agency or of the network, and the notes pinned to charts.

`agency_id` is None for the network's. `conditions` says of which referrals a figure is, as
`rules.figure_filters` writes it. What people write is sealed: a name may be in it.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, LargeBinary, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list, owner_key
from referral_hub.rules.improvements import MEASURED_LABEL, Drawn, Every, Stage


class ImprovementCycle(Base):
    """An aim, the change that is tried, and the measure by which one would see it.

    `version` grows with each change of what was written at first.
    """

    __tablename__ = "improvement_cycle"
    __table_args__ = (
        closed_list("stage", Stage),
        closed_list("measured", MEASURED_LABEL),
        closed_list("every", Every),
        closed_list("drawn", Drawn),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    agency_id: Mapped[UUID | None] = owner_key("agency")
    author_id: Mapped[UUID] = owner_key("person")
    stage: Mapped[str]
    title_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    aim_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    change_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    learned_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    measured: Mapped[str]
    conditions: Mapped[dict[str, Any]] = mapped_column(JSON)
    every: Mapped[str]
    drawn: Mapped[str]
    baseline_on: Mapped[date]
    ends_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImprovementMark(Base):
    """The day on which something was changed. One that was wrong is withdrawn, and stays."""

    __tablename__ = "improvement_mark"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    cycle_id: Mapped[UUID] = owner_key("improvement_cycle")
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImprovementNote(Base):
    """A line of the log of a cycle, with the stage in which it was written: never changed."""

    __tablename__ = "improvement_note"
    __table_args__ = (closed_list("stage", Stage),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    cycle_id: Mapped[UUID] = owner_key("improvement_cycle")
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    stage: Mapped[str]
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FigureNote(Base):
    """What somebody says of a chart: of which page and chart, of which referrals, and of which day
    in it. Never changed; its author can withdraw it."""

    __tablename__ = "figure_note"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    agency_id: Mapped[UUID | None] = owner_key("agency")
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    page: Mapped[str]
    chart: Mapped[str]
    conditions: Mapped[dict[str, Any]] = mapped_column(JSON)
    about_on: Mapped[date | None]
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
