"""Whether a service takes referrals now: the hub's own word beside HSDS capacities."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list

CAPACITY_STATES = ("open", "limited", "waiting_list", "closed")


class ServiceState(Base):
    """What the agency last said about taking referrals; absent means it never said."""

    __tablename__ = "service_state"
    __table_args__ = (closed_list("capacity", CAPACITY_STATES),)

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    capacity: Mapped[str]
    note: Mapped[str | None]
    until: Mapped[date | None]
    stated_by: Mapped[str]
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime)
