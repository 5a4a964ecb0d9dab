"""The secret addresses at which calendar programs read what somebody has to do."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime


class CalendarLink(Base):
    """The address of somebody's calendar for one agency. Only the hash of its token is kept; a new
    one takes the place of the old one, and one that is switched off is deleted."""

    __tablename__ = "calendar_link"
    __table_args__ = (UniqueConstraint("person_id", "agency_id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
