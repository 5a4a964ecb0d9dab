"""Cards of services as they were when they were last indexed."""

from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base


class StoredCard(Base):
    """What a list shows of one service at one public location, or of one without any.

    It holds while nothing of the service is pending (see `PendingIndex`). `key` is the id of the
    service and that of the location, if any, in 32 digits each. `time_zone` is None where no
    location of the service has one.
    """

    __tablename__ = "stored_card"

    key: Mapped[str] = mapped_column(primary_key=True)
    service_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    location_id: Mapped[UUID | None] = mapped_column(Uuid)
    time_zone: Mapped[str | None]
    content: Mapped[str]
