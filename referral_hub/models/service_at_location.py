"""Which service is given where."""

from uuid import UUID

from sqlalchemy.orm import Mapped

from referral_hub.models.base import Base, ListedRecord, owner_key


class ServiceAtLocation(ListedRecord, Base):
    """A service at a location."""

    __tablename__ = "service_at_location"

    service_id: Mapped[UUID] = owner_key("service")
    location_id: Mapped[UUID] = owner_key("location")
    description: Mapped[str | None]
