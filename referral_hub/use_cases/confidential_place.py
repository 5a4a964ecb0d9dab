"""Whether the address of a location is confidential, and what follows from that."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import String, select
from sqlalchemy.orm import Session

from referral_hub.models import (
    Address,
    Location,
    Organization,
    Phone,
    Service,
    table_of,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import NotFound
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.permissions import NOTHING_HERE, Permission, is_allowed, require
from referral_hub.rules.visibility import quotes
from referral_hub.use_cases.directory.facts import main_address
from referral_hub.use_cases.listing_forms.places import CONFIDENTIAL, NAMELESS
from referral_hub.use_cases.steps.listings import is_steward
from referral_hub.use_cases.steps.old_words import Concerned, concerned_by
from referral_hub.use_cases.steps.partners import NO_AGENCY, agency_of_location
from referral_hub.use_cases.steps.secret_places import one_place


@dataclass(frozen=True, slots=True)
class ConfidentialityView:
    """A location with what somebody may do about its address. `area` is what everybody may know of
    a confidential one; `telling` are the listings of which a text names the street or a number."""

    location_id: UUID
    name: str
    organization: str
    area: str
    is_confidential: bool
    may_protect: bool
    may_read: bool
    may_open: bool
    telling: tuple[tuple[str, ListingKey], ...]


def show_confidentiality(session: Session, actor: Actor, location_id: UUID) -> ConfidentialityView:
    """How it stands with a location's address. Nothing that is sealed is read. Raises NotFound."""
    require(actor, Permission.LISTING_READ)
    location = session.get(Location, location_id)
    agency_id = agency_of_location(session, location_id)
    if location is None or (agency_id is None and not is_steward(actor)):
        raise NotFound(NOTHING_HERE)
    require(actor, Permission.LISTING_READ, agency_id)
    owner = session.get(Organization, location.organization_id or NO_AGENCY)
    address = main_address(list(session.scalars(_addresses(location_id))))
    whose = agency_id or NO_AGENCY
    return ConfidentialityView(
        location_id=location_id,
        name=location.name or (CONFIDENTIAL if location.confidential else NAMELESS),
        organization=owner.name if owner is not None else "",
        area=_area(address),
        is_confidential=location.confidential,
        may_protect=is_allowed(actor, Permission.LOCATION_PROTECT, whose),
        may_read=is_allowed(actor, Permission.LOCATION_READ, whose),
        may_open=is_allowed(actor, Permission.LOCATION_UNPROTECT, whose),
        telling=() if location.confidential else tuple(_telling(session, location_id)),
    )


def _addresses(location_id: UUID) -> Any:
    return select(Address).where(Address.location_id == location_id).order_by(Address.position)


def _area(address: Any) -> str:
    if address is None:
        return ""
    town = ", ".join(filter(None, (address.city, address.state_province)))
    return " ".join(filter(None, (town, address.postal_code[:5])))


def _telling(session: Session, location_id: UUID) -> Iterator[tuple[str, ListingKey]]:
    """Texts and other places that go on to say where it is: people have to change them."""
    places = one_place(session, location_id)
    words = set(session.scalars(select(Address.address_1).where(Address.location_id.in_(places))))
    words |= set(session.scalars(select(Phone.number).where(Phone.location_id.in_(places))))
    words = {word for word in words if word and any(sign.isalnum() for sign in word)}
    concerned = concerned_by(session, places)
    for model, ids in ((Service, concerned.service), (Organization, concerned.organization)):
        for row in session.execute(select(*_texts(model)).where(model.id.in_(ids))):
            if any(quotes(str(text), words) for text in row[1:] if text):
                yield row.name, ListingKey(model.__tablename__, row.id)
    yield from _same_door(session, concerned, words)


def _same_door(
    session: Session, concerned: Concerned, words: set[str]
) -> Iterator[tuple[str, ListingKey]]:
    """Other locations of the same organizations that state the address."""
    others = (
        select(Location.id, Location.name, Address.address_1)
        .join(Address, Address.location_id == Location.id)
        .where(
            Location.organization_id.in_(concerned.organization),
            Location.id.not_in(concerned.location),
            Location.confidential.is_(False),
        )
    )
    for row in session.execute(others):
        if quotes(row.address_1, words):
            yield row.name or NAMELESS, ListingKey("location", row.id)


def _texts(model: type[Any]) -> list[Any]:
    columns = table_of(model).c
    texts = [column for column in columns if isinstance(column.type, String)]
    return [columns.id, columns.name, *(column for column in texts if column.name != "name")]
