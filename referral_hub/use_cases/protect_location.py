"""Keeping the address of a location from everybody."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Address, Location, ServiceAtLocation
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.places import Place, area_basis
from referral_hub.use_cases.directory.pending import note_change, put_on_list
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.transaction import transaction


class Gazetteer(Protocol):
    """What is asked about geography."""

    def approximate_point(
        self, postal_code: str | None, city: str | None, state: str | None
    ) -> Place | None:
        """The middle of a ZIP code, else of a city."""


def protect_location(
    session: Session, actor: Actor, location_id: UUID, gazetteer: Gazetteer, *, now: datetime
) -> None:
    """From now on only the middle of the location's ZIP code is shown, searched and measured.

    The index knows better until the services there are indexed: they are withheld that long.
    """
    require(actor, Permission.LOCATION_PROTECT)
    with transaction(session):
        location = session.get(Location, location_id)
        if location is None:
            raise NotFound("There is no such location.")
        area = _area(session, location_id, gazetteer)
        location.confidential = True
        location.point_latitude = area.latitude if area else None
        location.point_longitude = area.longitude if area else None
        location.point_basis = area_basis(area)
        location.updated_at = now
        services = session.scalars(
            select(ServiceAtLocation.service_id).where(ServiceAtLocation.location_id == location_id)
        )
        there = set(services)
        note_change(session, there, now)
        put_on_list(session, there, now, withheld=there)
        add_audit(session, actor, "location:protect", location, now=now)


def _area(session: Session, location_id: UUID, gazetteer: Gazetteer) -> Place | None:
    """The middle of the ZIP code or city of the location, by its physical address if it has one."""
    addresses = session.scalars(
        select(Address).where(Address.location_id == location_id).order_by(Address.position)
    ).all()
    physical = [address for address in addresses if address.address_type == "physical"]
    address = next(iter(physical or addresses), None)
    if address is None:
        return None
    return gazetteer.approximate_point(address.postal_code, address.city, address.state_province)
