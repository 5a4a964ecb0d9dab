"""Keeping the address of a location from everybody, and giving it back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Address, Location
from referral_hub.rules.actor import Actor
from referral_hub.rules.coordinates import judge_coordinates
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.places import Place, area_basis
from referral_hub.rules.visibility import WhyShown
from referral_hub.use_cases.directory.concealing import (
    Concealing,
    confidential_locations,
    lock_places,
    reveal,
)
from referral_hub.use_cases.directory.facts import main_address
from referral_hub.use_cases.importing.placing import Gazetteer
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.old_words import concerned_by, forget_old_words
from referral_hub.use_cases.steps.partners import NO_AGENCY, agency_of_location
from referral_hub.use_cases.steps.secret_places import index_again, one_place, seal_places
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

    What tells more is sealed, of the location, of all that belongs to it and of the records that
    were merged into it; what the hub noted of it while it was public is withheld for good. The
    index knows better until the services there are indexed: they are left out of searches that
    long. Raises NotFound for a location that is not there or not the actor's to protect.
    """
    require(actor, Permission.LOCATION_PROTECT)
    with transaction(session):
        lock_places(session, exclusive=True)
        places = one_place(session, location_id)
        agency_id = agency_of_location(session, places[0])
        require(actor, Permission.LOCATION_PROTECT, agency_id or NO_AGENCY)
        for each in places:
            location = _the_location(session, each)
            area = _area(_address(session, each), gazetteer)
            location.confidential = True
            location.point_latitude = area.latitude if area else None
            location.point_longitude = area.longitude if area else None
            location.point_basis = area_basis(area)
            location.updated_at = now
            add_audit(session, actor, "location:protect", location, agency_id=agency_id, now=now)
        seal_places(session, vault, places, now)


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
        places = one_place(session, location_id)
        if not _the_location(session, location_id).confidential:
            raise NotFound("This location is not confidential.")
        agency_id = agency_of_location(session, places[0])
        for each in places:
            location = _the_location(session, each)
            reveal(session, vault, each)
            session.refresh(location)
            location.confidential = False
            _place(session, location, gazetteer)
            location.updated_at = now
            add_audit(
                session, actor, "location:unprotect", location,
                agency_id=agency_id, detail=why, now=now,
            )  # fmt: skip
        index_again(session, concerned_by(session, places).service, now, withheld=False)


def seal_protected(session: Session, actor: Actor, vault: Vault) -> None:
    """Seal what older versions of the hub left in clear of confidential locations."""
    require(actor, Permission.LOCATION_SEAL)
    with transaction(session):
        places = confidential_locations(session)
        secrets = Concealing(session, vault, places)
        secrets.conceal_rows()
        forget_old_words(session, vault, secrets, concerned_by(session, places))


def _the_location(session: Session, location_id: UUID) -> Location:
    location = session.get(Location, location_id)
    if location is None:
        raise NotFound(NOTHING_HERE)
    return location


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
