"""Proposing corrections of listings, inside a transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.models import DIRECTORY, Correction, Phone, Service, table_of
from referral_hub.rules.corrections import CorrectionState, ListingField, Origin, as_text
from referral_hub.rules.errors import NotFound
from referral_hub.rules.listings import LISTING_TABLES, OWNERS, ListingKey
from referral_hub.rules.permissions import NOTHING_HERE


@dataclass(frozen=True, slots=True)
class Target:
    """A field of a record, and what it says now."""

    table: str
    record_id: UUID
    field: str
    current: Any


def propose(
    session: Session,
    *,
    table: str,
    record_id: UUID,
    field: str,
    current: Any,
    proposed: Any,
    origin: Origin,
    proposed_by: str,
    note: str | None,
    now: datetime,
    proposer_id: UUID | None = None,
) -> Correction:
    """Note that a field of a record should read otherwise; None for `proposed` says only that it
    is wrong. What waits already is not proposed twice: then the one that waits is returned.

    Values are as their column has them, or text. Raises NotFound for a record that is not there,
    or belongs to no listing.
    """
    listing = listing_of(session, table, record_id)
    wanted = as_text(proposed)
    waiting = session.scalars(
        select(Correction).where(
            Correction.record_id == record_id,
            Correction.table_name == table,
            Correction.field == field,
            Correction.state == CorrectionState.PROPOSED,
            Correction.origin == origin,
            Correction.proposed_value.is_not_distinct_from(wanted),
        )
    ).first()
    if waiting is not None:
        return waiting
    made = Correction(
        table_name=table, record_id=record_id, field=field, current_value=as_text(current),
        proposed_value=wanted, note=note or None, state=CorrectionState.PROPOSED,
        proposed_by=proposed_by, proposed_at=now, listing_table=listing.table,
        listing_id=listing.id, origin=origin, proposer_id=proposer_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def listing_of(session: Session, table: str, record_id: UUID) -> ListingKey:
    """The listing to which a record belongs, or that it is. Raises NotFound."""
    record = session.get(DIRECTORY[table], record_id) if table in DIRECTORY else None
    if record is None:
        raise NotFound(NOTHING_HERE)
    if table in LISTING_TABLES:
        return ListingKey(table, record_id)
    for owner in OWNERS:
        owner_id = getattr(record, f"{owner}_id", None)
        if isinstance(owner_id, UUID):
            return listing_of(session, owner, owner_id)
    raise NotFound(NOTHING_HERE)


def target_of(session: Session, service_id: UUID, field: ListingField) -> Target:
    """Where a service says what a proposal is about. Raises NotFound.

    A phone number is the first that the service or its organization has, a fax last. What stands
    in no one field, such as hours, is kept under its own name as being about the service.
    """
    service = session.get(Service, service_id)
    if service is None:
        raise NotFound(NOTHING_HERE)
    if field is ListingField.PHONE:
        phone = session.scalars(
            select(Phone)
            .where(
                (Phone.service_id == service_id)
                | (Phone.organization_id == service.organization_id)
            )
            .order_by(
                func.coalesce(Phone.type, "voice") == "fax",
                Phone.service_id.is_(None),
                Phone.position,
                Phone.id,
            )
            .limit(1)
        ).first()
        if phone is not None:
            return Target("phone", phone.id, "number", phone.number)
    current = getattr(service, field) if has_field("service", field) else None
    return Target("service", service_id, str(field), current)


def has_field(table: str, field: str) -> bool:
    """Whether records of a table have such a field, which a proposal can change by itself."""
    return table in DIRECTORY and field in table_of(DIRECTORY[table]).c
