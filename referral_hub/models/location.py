"""Places, their addresses and how accessible they are."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, DirectoryRecord, ListedRecord, closed_list, owner_key
from referral_hub.rules import hsds


class Location(ListedRecord, Base):
    """A physical, postal or virtual place.

    `latitude` and `longitude` are as the source states them. `point_*` is what the hub uses:
    judged, repaired or derived, `point_basis` says how. The point of a confidential location is
    the middle of its ZIP code or city: nothing nearer may be shown, searched or measured.
    """

    __tablename__ = "location"
    __table_args__ = (closed_list("location_type", hsds.LOCATION_TYPES),)

    location_type: Mapped[str]
    url: Mapped[str | None]
    organization_id: Mapped[UUID | None] = owner_key("organization")
    name: Mapped[str | None]
    alternate_name: Mapped[str | None]
    description: Mapped[str | None]
    transportation: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    external_identifier: Mapped[str | None]
    external_identifier_type: Mapped[str | None]
    point_latitude: Mapped[float | None]
    point_longitude: Mapped[float | None]
    point_basis: Mapped[str | None]
    time_zone: Mapped[str | None]
    confidential: Mapped[bool] = mapped_column(default=False)


class Address(DirectoryRecord, Base):
    """A postal or physical address of a location."""

    __tablename__ = "address"
    __table_args__ = (closed_list("address_type", hsds.ADDRESS_TYPES),)

    location_id: Mapped[UUID | None] = owner_key("location")
    attention: Mapped[str | None]
    address_1: Mapped[str]
    address_2: Mapped[str | None]
    city: Mapped[str]
    region: Mapped[str | None]
    state_province: Mapped[str]
    postal_code: Mapped[str]
    country: Mapped[str]
    address_type: Mapped[str]


class Accessibility(DirectoryRecord, Base):
    """One thing that makes a location accessible."""

    __tablename__ = "accessibility"

    location_id: Mapped[UUID | None] = owner_key("location")
    description: Mapped[str | None]
    details: Mapped[str | None]
    url: Mapped[str | None]
