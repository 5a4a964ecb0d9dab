"""Services, and what belongs to one: costs, papers to bring, the area covered."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from referral_hub.models.base import Base, DirectoryRecord, ListedRecord, closed_list, owner_key
from referral_hub.rules import hsds


class Service(ListedRecord, Base):
    """Something an organization does for people: what a referral is made to."""

    __tablename__ = "service"
    __table_args__ = (
        closed_list("status", hsds.SERVICE_STATUSES),
        # Lists by id are counted, and pages far back found, without reading the records.
        Index("ix_service_listed", "id", "visibility", "organization_id", "merged_into"),
    )

    organization_id: Mapped[UUID] = owner_key("organization")
    program_id: Mapped[UUID | None] = owner_key("program")
    name: Mapped[str]
    alternate_name: Mapped[str | None]
    description: Mapped[str | None]
    url: Mapped[str | None]
    email: Mapped[str | None]
    status: Mapped[str]
    interpretation_services: Mapped[str | None]
    application_process: Mapped[str | None]
    fees_description: Mapped[str | None]
    wait_time: Mapped[str | None]
    fees: Mapped[str | None]
    accreditations: Mapped[str | None]
    eligibility_description: Mapped[str | None]
    minimum_age: Mapped[float | None]
    maximum_age: Mapped[float | None]
    assured_date: Mapped[date | None]
    assurer_email: Mapped[str | None]
    licenses: Mapped[str | None]
    alert: Mapped[str | None]
    last_modified: Mapped[str | None]


class CostOption(DirectoryRecord, Base):
    """One price of a service."""

    __tablename__ = "cost_option"

    service_id: Mapped[UUID] = owner_key("service")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    option: Mapped[str | None]
    currency: Mapped[str | None]
    amount: Mapped[float | None]
    amount_description: Mapped[str | None]


class RequiredDocument(DirectoryRecord, Base):
    """A paper that a person must bring."""

    __tablename__ = "required_document"

    service_id: Mapped[UUID | None] = owner_key("service")
    document: Mapped[str | None]
    uri: Mapped[str | None]


class ServiceArea(DirectoryRecord, Base):
    """An area that a service covers, whoever lives there."""

    __tablename__ = "service_area"

    service_id: Mapped[UUID | None] = owner_key("service")
    service_at_location_id: Mapped[UUID | None] = owner_key("service_at_location")
    name: Mapped[str | None]
    description: Mapped[str | None]
    extent: Mapped[str | None]
    extent_type: Mapped[str | None]
    uri: Mapped[str | None]
