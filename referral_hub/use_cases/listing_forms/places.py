"""Where things are: the address of a location with its point, and where a service is given."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from referral_hub.models import Address, Location, ServiceAtLocation, table_of
from referral_hub.rules.coordinates import judge_coordinates
from referral_hub.rules.listing_sections import MainAddress, Sites, read_number
from referral_hub.rules.listing_state import PUBLIC
from referral_hub.rules.listings import RowEdit
from referral_hub.rules.places import area_basis
from referral_hub.rules.three_way import lines_of
from referral_hub.use_cases.directory.facts import main_address
from referral_hub.use_cases.directory.wording import address_line
from referral_hub.use_cases.listing_forms.editing import Editing, Texts, changed, removed, shown

NAMELESS = "A place without a name"
CONFIDENTIAL = "Confidential place"
_COLUMNS = ("address_1", "address_2", "city", "state_province", "postal_code")
_MISSING = {
    "address_1": "Enter the street and number.",
    "city": "Enter the city.",
    "state_province": "Enter the state.",
    "postal_code": "Enter the ZIP code.",
}


def read_address(part: MainAddress, editing: Editing) -> dict[str, str]:
    """The main address as texts."""
    row = main_address(editing.rows("address"))
    return {
        each.name: "" if row is None else each.write(getattr(row, each.name.partition(".")[2]))
        for each in part.fields
    }


def write_address(
    part: MainAddress, editing: Editing, before: Texts, after: Texts
) -> list[RowEdit]:
    """The address and, where it or the stated point changed, the point that stands for it."""
    names = [each.name for each in part.fields]
    moved = any(
        before.get(n, "") != after.get(n, "")
        for n in (*names, "latitude", "longitude", "location_type")
    )
    if not moved:
        return []
    typed: dict[str, Any] = {
        column: after.get(f"address.{column}", "").strip() for column in _COLUMNS
    }
    edits = []
    row = main_address(editing.rows("address"))
    if any(before.get(n, "") != after.get(n, "") for n in names):
        edits = _address(editing, row, typed)
    return [*edits, *_point(editing, typed, after)]


def _address(editing: Editing, row: Any, typed: dict[str, Any]) -> list[RowEdit]:
    if not any(typed.values()):
        return [removed("address", row)] if row is not None else []
    unseen = editing.record.confidential and not editing.secrets
    for column, message in _MISSING.items():
        if unseen and column == "address_1":
            continue  # it is there, for others to see
        if not typed[column]:
            editing.faults[f"address.{column}"] = message
        elif len(typed[column]) > 200:
            editing.faults[f"address.{column}"] = "Use at most 200 characters."
    values = typed | {"address_2": typed["address_2"] or None}
    if row is not None:
        return changed("address", row.id, row, values)
    more = {"country": "US", "address_type": "physical"}
    return [editing.added("address", values | more, 0)]


def _point(editing: Editing, typed: dict[str, Any], after: Texts) -> list[RowEdit]:
    """As an import places a location: its stated point if it can be believed, else its ZIP code's
    middle; a confidential one is never nearer than that."""
    location = editing.record
    try:
        stated = [read_number(text) if (text := after.get(n, "").strip()) else None
                  for n in ("latitude", "longitude")]  # fmt: skip
    except ValueError:
        return []  # said beside the field
    if (stated[0] is None) != (stated[1] is None):
        editing.faults["latitude"] = "Enter both latitude and longitude, or none."
    found = editing.gazetteer.approximate_point(
        typed["postal_code"], typed["city"], typed["state_province"]
    )
    zone = editing.gazetteer.time_zone_of(typed["postal_code"]) or (found and found.time_zone)
    point: dict[str, Any] = {"point_latitude": None, "point_longitude": None, "point_basis": "none"}
    if not location.confidential:
        bounds = tuple(editing.gazetteer.state_bounds(typed["state_province"]))
        judged = judge_coordinates(stated[0], stated[1], bounds)
        if judged.code and stated[0] is not None:
            editing.faults["latitude"] = "This point is not where the address is. Look at it again."
        point = {
            "point_latitude": judged.latitude,
            "point_longitude": judged.longitude,
            "point_basis": str(judged.basis),
        }
    comes_here = after.get("location_type", "physical") == "physical"
    if point["point_latitude"] is None and found and (comes_here or location.confidential):
        point = {
            "point_latitude": found.latitude,
            "point_longitude": found.longitude,
            "point_basis": area_basis(found),
        }
    return changed("location", location.id, location, point | {"time_zone": zone or None})


def read_sites(part: Sites, editing: Editing) -> dict[str, str]:
    """The locations at which the service is given."""
    return {part.field.name: "\n".join(str(row.location_id) for row in _links(editing))}


def site_options(editing: Editing) -> tuple[tuple[str, str], ...]:
    """The locations that can be ticked: those of the organization, and those that are or were."""
    links = [*_links(editing), *_links(editing, gone=True)]
    linked = {row.location_id for row in links}
    rows = editing.session.scalars(
        select(Location)
        .where(
            (Location.organization_id == editing.record.organization_id) | Location.id.in_(linked),
            Location.vanished_at.is_(None),
        )
        .order_by(Location.name, Location.id)
    ).all()
    addresses: dict[UUID | None, list[Any]] = {}
    for address in editing.session.scalars(
        select(Address).where(Address.location_id.in_([row.id for row in rows]))
    ):
        addresses.setdefault(address.location_id, []).append(address)
    return tuple((str(row.id), _label(row, addresses.get(row.id, []))) for row in rows)


def _label(location: Location, addresses: list[Any]) -> str:
    """Of a confidential place only the town: stewards read this too."""
    address = main_address(addresses)
    if location.confidential:
        return f"{CONFIDENTIAL} in {address.city}" if address else CONFIDENTIAL
    return ", ".join(filter(None, (location.name, address_line(address)))) or NAMELESS


def write_sites(part: Sites, editing: Editing, before: Texts, after: Texts) -> list[RowEdit]:
    """Links to places that come or go."""
    name = part.field.name
    wanted = lines_of(after.get(name, ""))
    links = _links(editing)
    if set(wanted) == {str(row.location_id) for row in links}:
        return []
    if not set(wanted) <= set(dict(site_options(editing))):
        editing.faults[name] = "Choose only from the list."
        return []
    edits: list[RowEdit] = []
    for row in links:
        if str(row.location_id) not in wanted:
            edits += changed("service_at_location", row.id, row, {"vanished_at": editing.now})
    held = {str(row.location_id) for row in links}
    left = {str(row.location_id): row for row in _links(editing, gone=True)}
    for position, each in enumerate(wanted):
        if each in left and each not in held:
            row = left[each]
            edits += changed("service_at_location", row.id, row, {"vanished_at": None})
        elif each not in held:
            values = {"location_id": UUID(each), "visibility": "public", "incomplete": False}
            edits.append(editing.added("service_at_location", values, position))
    added = [UUID(each) for each in wanted if each not in held]
    if editing.record.visibility == PUBLIC:
        edits += shown(editing, Location, added)
    return edits


def _links(editing: Editing, *, gone: bool = False) -> list[Any]:
    """Where the service is given; with `gone` where it was. A link that goes keeps what hangs on
    it, such as hours, for the day on which it comes back."""
    table = table_of(ServiceAtLocation)
    left = table.c.vanished_at.is_not(None) if gone else table.c.vanished_at.is_(None)
    query = select(*table.c).where(table.c.service_id == editing.listing.id, left)
    return list(editing.session.execute(query.order_by(table.c.position, table.c.id)))
