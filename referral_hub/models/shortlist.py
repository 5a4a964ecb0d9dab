"""Services that somebody has put aside for a client."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime


class ShortlistEntry(Base):
    """A service on the list of a person for a client."""

    __tablename__ = "shortlist_entry"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), primary_key=True, index=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), primary_key=True, index=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
