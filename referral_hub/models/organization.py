"""Organizations, their identifiers and their funding."""

from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, DirectoryRecord, ListedRecord, owner_key


class Organization(ListedRecord, Base):
    """An agency, provider or other body that gives services."""

    __tablename__ = "organization"

    name: Mapped[str]
    alternate_name: Mapped[str | None]
    description: Mapped[str]
    email: Mapped[str | None]
    website: Mapped[str | None]
    tax_status: Mapped[str | None]
    tax_id: Mapped[str | None]
    year_incorporated: Mapped[float | None]
    legal_status: Mapped[str | None]
    logo: Mapped[str | None]
    uri: Mapped[str | None]
    parent_organization_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)


class OrganizationIdentifier(DirectoryRecord, Base):
    """A number by which somebody else knows an organization."""

    __tablename__ = "organization_identifier"

    organization_id: Mapped[UUID] = owner_key("organization")
    identifier_scheme: Mapped[str | None]
    identifier_type: Mapped[str]
    identifier: Mapped[str]


class Funding(DirectoryRecord, Base):
    """Where money comes from."""

    __tablename__ = "funding"

    organization_id: Mapped[UUID | None] = owner_key("organization")
    service_id: Mapped[UUID | None] = owner_key("service")
    source: Mapped[str | None]
