"""Reading where a confidential location truly is, for the people who work there."""

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Address, ConcealedRecord, Location, columns
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.visibility import WhyRead
from referral_hub.use_cases.directory.concealing import opened
from referral_hub.use_cases.directory.wording import address_lines
from referral_hub.use_cases.steps.partners import NO_AGENCY, agency_of_location
from referral_hub.use_cases.steps.secret_places import note_address_read
from referral_hub.use_cases.transaction import transaction


@dataclass(frozen=True, slots=True)
class TrueAddress:
    """What everybody else may not know. Coordinates are as the source states them, in degrees."""

    location_id: UUID
    name: str
    addresses: tuple[tuple[str, ...], ...]
    phones: tuple[str, ...]
    transportation: str
    description: str
    latitude: float | None
    longitude: float | None


def read_true_address(
    session: Session,
    actor: Actor,
    location_id: UUID,
    why: WhyRead,
    vault: Vault,
    *,
    now: datetime,
) -> TrueAddress:
    """Where a confidential location truly is: for people of the agency alone, and noted with the
    reason each time.

    Raises NotFound for a location that is not confidential, or not of the actor's agency.
    """
    require(actor, Permission.LOCATION_READ)
    with transaction(session):
        agency_id = agency_of_location(session, location_id)
        require(actor, Permission.LOCATION_READ, agency_id or NO_AGENCY)
        location = session.get(Location, location_id)
        if location is None or not location.confidential:
            raise NotFound(NOTHING_HERE)
        note_address_read(session, actor, location_id, why, now=now)
        return _true_address(session, vault, location_id)


def _true_address(session: Session, vault: Vault, location_id: UUID) -> TrueAddress:
    sealed = session.scalars(
        select(ConcealedRecord).where(ConcealedRecord.location_id == location_id)
    ).all()
    true = {(one.table_name, one.record_id): opened(vault, one) for one in sealed}
    place = _rows(session, Location, Location.id == location_id)[0]
    place |= true.get(("location", location_id), {})
    addresses: list[Any] = [
        SimpleNamespace(**row | true.get(("address", row["id"]), {}))
        for row in _rows(session, Address, Address.location_id == location_id)
    ]
    phones = [
        row["number"] for (table, _), row in true.items() if table == "phone" and "number" in row
    ]
    return TrueAddress(
        location_id=location_id,
        name=place["name"] or "",
        addresses=tuple(address_lines(address) for address in addresses),
        phones=tuple(dict.fromkeys(phones)),
        transportation=place["transportation"] or "",
        description=place["description"] or "",
        latitude=place["latitude"],
        longitude=place["longitude"],
    )


def _rows(session: Session, model: type[Any], condition: Any) -> list[dict[str, Any]]:
    query = select(*columns(model)).where(condition).order_by(model.position, model.id)
    return [row._asdict() for row in session.execute(query)]
