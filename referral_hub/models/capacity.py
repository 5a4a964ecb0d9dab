"""How much of a service is free, in a stated unit."""

from uuid import UUID

from sqlalchemy.orm import Mapped

from referral_hub.models.base import Base, DirectoryRecord, owner_key


class Unit(DirectoryRecord, Base):
    """What capacity is counted in: beds, places, kilograms."""

    __tablename__ = "unit"

    name: Mapped[str]
    scheme: Mapped[str | None]
    identifier: Mapped[str | None]
    uri: Mapped[str | None]


class ServiceCapacity(DirectoryRecord, Base):
    """How much is free at a moment."""

    __tablename__ = "service_capacity"

    service_id: Mapped[UUID] = owner_key("service")
    unit_id: Mapped[UUID] = owner_key("unit")
    available: Mapped[float]
    maximum: Mapped[float | None]
    description: Mapped[str | None]
    updated: Mapped[str]
