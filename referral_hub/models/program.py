"""Programs: a family of services of one organization."""

from uuid import UUID

from sqlalchemy.orm import Mapped

from referral_hub.models.base import Base, ListedRecord, owner_key


class Program(ListedRecord, Base):
    """A set of services under one name."""

    __tablename__ = "program"

    organization_id: Mapped[UUID] = owner_key("organization")
    name: Mapped[str]
    alternate_name: Mapped[str | None]
    description: Mapped[str]
