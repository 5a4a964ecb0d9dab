"""Services whose place in the search index is out of date."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime


class PendingIndex(Base):
    """One service to index again, written with the change and drained after it.

    No foreign key: a service that is gone must still leave the index.
    """

    __tablename__ = "pending_index"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
