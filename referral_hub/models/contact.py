"""Ways to reach somebody, and the languages spoken there."""

from uuid import UUID

from sqlalchemy.orm import Mapped

from referral_hub.models.base import Base, DirectoryRecord, owner_key


class Contact(DirectoryRecord, Base):
    """A person or desk."""

    __tablename__ = "contact"

    organization_id: Mapped[UUID | None] = owner_key("organization")
    service_id: Mapped[UUID | None] = owner_key("service")
    service_at_location_id: Mapped[UUID | None] = owner_key("service_at_location")
    location_id: Mapped[UUID | None] = owner_key("location")
    name: Mapped[str | None]
    title: Mapped[str | None]
    department: Mapped[str | None]
    email: Mapped[str | None]


class Phone(DirectoryRecord, Base):
    """A telephone number."""

    __tablename__ = "phone"

    location_id: Mapped[UUID | None] = owner_key("location")
    service_id: Mapped[UUID | None] = owner_key("service")
    organization_id: Mapped[UUID | None] = owner_key("organization")
    contact_id: Mapped[UUID | None] = owner_key("contact")
    service_at_location_id: Mapped[UUID | None] = owner_key("service_at_location")
    number: Mapped[str]
    extension: Mapped[float | None]
    type: Mapped[str | None]
    description: Mapped[str | None]


class Url(DirectoryRecord, Base):
    """A further web address."""

    __tablename__ = "url"

    label: Mapped[str | None]
    url: Mapped[str]
    organization_id: Mapped[UUID | None] = owner_key("organization")
    service_id: Mapped[UUID | None] = owner_key("service")


class Language(DirectoryRecord, Base):
    """A language that is spoken, or a phone that is answered in it."""

    __tablename__ = "language"

    service_id: Mapped[UUID | None] = owner_key("service")
    location_id: Mapped[UUID | None] = owner_key("location")
    phone_id: Mapped[UUID | None] = owner_key("phone")
    name: Mapped[str | None]
    code: Mapped[str | None]
    note: Mapped[str | None]
