"""The conditions under which a service can be used, as an agency states them."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, closed_list, owner_key
from referral_hub.rules.eligibility import Kind, Operator, Source


class ServiceCriterion(Base):
    """One condition of a service. What the listing itself says is read from there, not kept here.

    `values` are as `rules.eligibility` describes them; `position` is its place among siblings.
    """

    __tablename__ = "service_criterion"
    __table_args__ = (
        closed_list("kind", Kind),
        closed_list("operator", Operator),
        closed_list("source", Source),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    service_id: Mapped[UUID] = owner_key("service")
    kind: Mapped[str]
    operator: Mapped[str]
    values: Mapped[list[Any]] = mapped_column(JSON)
    required: Mapped[bool] = mapped_column(default=True)
    source: Mapped[str] = mapped_column(default=Source.AGENCY)
    quote: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)
