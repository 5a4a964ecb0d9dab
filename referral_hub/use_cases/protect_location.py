"""Keeping the address of a location from everybody, and giving it back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    Address,
    ConcealedRecord,
    Correction,
    Location,
    ServiceAtLocation,
    StoredCard,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.coordinates import judge_coordinates
from referral_hub.rules.corrections import ListingField
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.places import Place, area_basis
from referral_hub.rules.visibility import WhyShown
from referral_hub.use_cases.directory.concealing import (
    Concealing,
    confidential_locations,
    reveal,
)
from referral_hub.use_cases.directory.facts import main_address
from referral_hub.use_cases.directory.pending import note_change, put_on_list
from referral_hub.use_cases.importing.placing import Gazetteer
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.partners import NO_AGENCY, agency_of_location
from referral_hub.use_cases.transaction import transaction


def protect_location(
    session: Session,
    actor: Actor,
    location_id: UUID,
    gazetteer: Gazetteer,
    vault: Vault,
    *,
    now: datetime,
) -> None:
    """From now on only the middle of the location's ZIP code is shown, searched and measured.

    What tells more is sealed, of the location and of all that belongs to it. The index knows better
    until the services there are indexed: they are withheld that long. Raises NotFound for a
    location that is not there or not the actor's to protect.
    """
    require(actor, Permission.LOCATION_PROTECT)
    with transaction(session):
        agency_id = agency_of_location(session, location_id)
        require(actor, Permission.LOCATION_PROTECT, agency_id or NO_AGENCY)
        location = _the_location(session, location_id)
        area = _area(_address(session, location_id), gazetteer)
        location.confidential = True
        location.point_latitude = area.latitude if area else None
        location.point_longitude = area.longitude if area else None
        location.point_basis = area_basis(area)
        location.updated_at = now
        Concealing(session, vault, [location_id]).conceal_rows()
        _forget_corrections(session, location_id)
        session.execute(delete(StoredCard).where(StoredCard.location_id == location_id))
        _index_again(session, location_id, now, withheld=True)
        add_audit(session, actor, "location:protect", location, agency_id=agency_id, now=now)


def unprotect_location(
    session: Session,
    actor: Actor,
    location_id: UUID,
    why: WhyShown,
    gazetteer: Gazetteer,
    vault: Vault,
    *,
    now: datetime,
) -> None:
    """The location is as its source sent it again, for everybody to see.

    Raises NotFound for a location that is not there or not confidential, and KeyMissing where no
    key opens what is sealed; then nothing has changed.
    """
    require(actor, Permission.LOCATION_UNPROTECT)
    with transaction(session):
        location = _the_location(session, location_id)
        if not location.confidential:
            raise NotFound("This location is not confidential.")
        reveal(session, vault, location_id)
        session.refresh(location)
        location.confidential = False
        _place(session, location, gazetteer)
        location.updated_at = now
        _index_again(session, location_id, now, withheld=False)
        agency_id = agency_of_location(session, location_id)
        add_audit(
            session, actor, "location:unprotect", location, agency_id=agency_id, detail=why, now=now
        )


def seal_protected(session: Session, actor: Actor, vault: Vault) -> None:
    """Seal what older versions of the hub left in clear of confidential locations."""
    require(actor, Permission.LOCATION_SEAL)
    with transaction(session):
        Concealing(session, vault, confidential_locations(session)).conceal_rows()


def _the_location(session: Session, location_id: UUID) -> Location:
    location = session.get(Location, location_id)
    if location is None:
        raise NotFound(NOTHING_HERE)
    return location


def _index_again(session: Session, location_id: UUID, now: datetime, *, withheld: bool) -> None:
    there = set(
        session.scalars(
            select(ServiceAtLocation.service_id).where(ServiceAtLocation.location_id == location_id)
        )
    )
    note_change(session, there, now)
    put_on_list(session, there, now, withheld=there if withheld else ())


def _forget_corrections(session: Session, location_id: UUID) -> None:
    """Delete what somebody, or a source, proposed of what is secret now: it stands in clear."""
    there = select(ServiceAtLocation.service_id).where(ServiceAtLocation.location_id == location_id)
    sealed = select(ConcealedRecord.record_id).where(ConcealedRecord.location_id == location_id)
    address = (Correction.field == ListingField.ADDRESS) & Correction.listing_id.in_(there)
    session.execute(
        delete(Correction).where(
            or_(Correction.listing_id == location_id, Correction.record_id.in_(sealed), address)
        )
    )


def _address(session: Session, location_id: UUID) -> Address | None:
    """The physical address of a location if it has one, else any."""
    query = select(Address).where(Address.location_id == location_id).order_by(Address.position)
    found: Address | None = main_address(list(session.scalars(query)))
    return found


def _area(address: Address | None, gazetteer: Gazetteer) -> Place | None:
    """The middle of the ZIP code or city of an address."""
    if address is None:
        return None
    return gazetteer.approximate_point(address.postal_code, address.city, address.state_province)


def _place(session: Session, location: Location, gazetteer: Gazetteer) -> None:
    """Where a location is that everybody may know, by the rules of an import."""
    address = _address(session, location.id)
    bounds = gazetteer.state_bounds(address.state_province if address else "")
    judged = judge_coordinates(location.latitude, location.longitude, bounds)
    location.point_latitude, location.point_longitude = judged.latitude, judged.longitude
    location.point_basis = str(judged.basis)
    kinds = (location.location_type, address.address_type if address else None)
    if judged.latitude is None and kinds == ("physical", "physical"):
        area = _area(address, gazetteer)
        location.point_latitude = area.latitude if area else None
        location.point_longitude = area.longitude if area else None
        location.point_basis = area_basis(area)
