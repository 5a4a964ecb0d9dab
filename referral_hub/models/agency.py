"""Agencies: the organizations that take part in the network, and under which agreement."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Uuid, false
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list, owner_key
from referral_hub.rules.agencies import AgencyStatus


class Agency(Base):
    """An agency. `victim_services` marks one whose clients must never be known to others.

    `time_zone` (IANA) and `holiday_region` (such as "US-IL") say when it works; None: as the
    network does. `conflict_check` marks one that must look for conflicts of interest, as legal
    aid does, before it hears a client's story. `review_declines` marks one where a supervisor
    decides whether a received referral is declined.
    """

    __tablename__ = "agency"
    __table_args__ = (closed_list("status", AgencyStatus),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str]
    victim_services: Mapped[bool] = mapped_column(default=False)
    conflict_check: Mapped[bool] = mapped_column(default=False, server_default=false())
    review_declines: Mapped[bool] = mapped_column(default=False, server_default=false())
    time_zone: Mapped[str | None]
    holiday_region: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status_since: Mapped[datetime] = mapped_column(UtcDateTime)


class AgencyOrganization(Base):
    """An HSDS organization that is an agency's own: of one agency only."""

    __tablename__ = "agency_organization"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    agency_id: Mapped[UUID] = owner_key("agency")


class Agreement(Base):
    """A network agreement that an agency signed; without one in force it neither sends nor
    receives. `ends_on` is its last day; `ended_at` is when somebody ended it before."""

    __tablename__ = "agreement"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    agency_id: Mapped[UUID] = owner_key("agency")
    title: Mapped[str]
    signed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
