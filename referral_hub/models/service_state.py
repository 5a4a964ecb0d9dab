"""Whether a service takes referrals now: the hub's own word beside HSDS capacities."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list
from referral_hub.rules.capacity import CapacityState


class ServiceState(Base):
    """What the agency last said about taking referrals; absent means it never said.

    `version` counts what was said: before the first word it is 1. `lapsed_at` is when that
    got too old to count, and a search took it for not known.
    """

    __tablename__ = "service_state"
    __table_args__ = (closed_list("capacity", CapacityState),)

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    capacity: Mapped[str]
    note: Mapped[str | None]
    until: Mapped[date | None]
    stated_by: Mapped[str]
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    available: Mapped[float | None]
    maximum: Mapped[float | None]
    unit: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=2, server_default="2")
    lapsed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PopulationState(Base):
    """How it is for one kind of people, where the agency said so with its last word."""

    __tablename__ = "population_state"
    __table_args__ = (closed_list("capacity", CapacityState),)

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    population: Mapped[str] = mapped_column(primary_key=True)
    capacity: Mapped[str]
    available: Mapped[float | None]
    maximum: Mapped[float | None]
