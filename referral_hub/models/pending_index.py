"""Services whose place in the search index is out of date."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Uuid, true
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime


class PendingIndex(Base):
    """One service to index again, written with the change and drained after it.

    Until then a withheld service is as if it were not in the index: what that says of it may be
    secret by now. Who says nothing withholds; who knows that the change hides nothing does not.
    No foreign key: a service that is gone must still leave the index.
    """

    __tablename__ = "pending_index"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withheld: Mapped[bool] = mapped_column(default=True, server_default=true())


# Each search asks for the withheld: mostly there are none, however many wait.
_WITHHELD = PendingIndex.withheld.is_(True)
Index(
    "ix_pending_index_withheld",
    PendingIndex.service_id,
    sqlite_where=_WITHHELD,
    postgresql_where=_WITHHELD,
)
