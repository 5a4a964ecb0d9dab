"""Opening hours as recurrence rules."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped

from referral_hub.models.base import Base, DirectoryRecord, closed_list, owner_key
from referral_hub.rules import hsds


class Schedule(DirectoryRecord, Base):
    """When something is open: an RFC 5545 rule in columns. Times keep their spelling."""

    __tablename__ = "schedule"
    __table_args__ = (
        closed_list("wkst", hsds.WEEKDAYS),
        closed_list("freq", hsds.FREQUENCIES),
    )

    service_id: Mapped[UUID | None] = owner_key("service")
    location_id: Mapped[UUID | None] = owner_key("location")
    service_at_location_id: Mapped[UUID | None] = owner_key("service_at_location")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    dtstart: Mapped[date | None]
    timezone: Mapped[float | None]
    until: Mapped[date | None]
    count: Mapped[float | None]
    wkst: Mapped[str | None]
    freq: Mapped[str | None]
    interval: Mapped[float | None]
    byday: Mapped[str | None]
    byweekno: Mapped[str | None]
    bymonthday: Mapped[str | None]
    byyearday: Mapped[str | None]
    description: Mapped[str | None]
    opens_at: Mapped[str | None]
    closes_at: Mapped[str | None]
    schedule_link: Mapped[str | None]
    attending_type: Mapped[str | None]
    notes: Mapped[str | None]
