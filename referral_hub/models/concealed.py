"""What confidential locations truly are."""

from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, owner_key


class ConcealedRecord(Base):
    """The fields of a directory record that tell where a confidential location is, sealed.

    The record's own row has what may be known in their place; with `away` there is no such row,
    and all of its columns are here. `location_id` is the place that would be told.
    """

    __tablename__ = "concealed_record"
    __table_args__ = (UniqueConstraint("table_name", "record_id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    table_name: Mapped[str]
    record_id: Mapped[UUID] = mapped_column(Uuid)
    location_id: Mapped[UUID] = owner_key("location")
    away: Mapped[bool]
    fields_sealed: Mapped[bytes]
