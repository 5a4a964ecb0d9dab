"""Which needs of the hub's taxonomy a service answers."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, closed_list


class ServiceNeed(Base):
    """One need answered by one service, and how the hub knows.

    `basis`: stated (a term of the hub's taxonomy), crosswalk (a term of Open Eligibility) or
    suggested (found in the text, `quote` says where, until somebody confirms it).
    """

    __tablename__ = "service_need"
    __table_args__ = (closed_list("basis", ("stated", "crosswalk", "suggested")),)

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    need_code: Mapped[str] = mapped_column(primary_key=True)
    basis: Mapped[str]
    quote: Mapped[str | None]
