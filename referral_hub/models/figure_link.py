"""Links to views of figures that people have mailed to themselves, each week or month."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, LargeBinary, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list, owner_key
from referral_hub.rules.improvements import Every


class FigureLink(Base):
    """A view that somebody wants to be reminded of, for the agency for which they acted then.

    `path` is the page with its parameters; `day` and `hour` are as `rules.mail_schedules` has them.
    `due_at` is when the next mail is due, and has passed where one waits.
    """

    __tablename__ = "figure_link"
    __table_args__ = (
        Index("ix_figure_link_ended_at_due_at", "ended_at", "due_at"),
        closed_list("every", Every),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = owner_key("person")
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"))
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    path: Mapped[str]
    every: Mapped[str]
    day: Mapped[int]
    hour: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
