"""What of records is compared when duplicates are looked for: only what everybody may know."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from referral_hub.models import (
    Address,
    Location,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    Url,
)
from referral_hub.rules.coordinates import Basis
from referral_hub.rules.directory_matching import (
    Sketch,
    address_of,
    host_of,
    phone_key,
)
from referral_hub.use_cases.batches import in_batches

MOST_PLACES = 20
"""Of an organization with more places, so many are compared."""
MOST_AT_A_POINT = 20
"""A point that more locations state is where a geocoder gave up, and tells nothing."""
STATED = (Basis.STATED, Basis.SWAPPED, Basis.SIGN, Basis.MERCATOR)


@dataclass(slots=True)
class _Collected:
    """What was read about one record."""

    row: Any
    phones: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)
    places: list[Any] = field(default_factory=list)


def matchable(table: str) -> tuple[ColumnElement[bool], ...]:
    """Conditions that a record is compared: public, still sent, itself and what it belongs to."""
    model: Any = _MODELS[table]
    shown: list[ColumnElement[bool]] = [
        model.visibility == "public", model.vanished_at.is_(None),
        model.merged_into.is_(None), model.incomplete.is_(False),
    ]  # fmt: skip
    if table != "organization":
        hidden = select(Organization.id).where(Organization.visibility != "public")
        shown.append(model.organization_id.is_(None) | model.organization_id.not_in(hidden))
    return tuple(shown)


def read_sketches(session: Session, table: str, ids: Sequence[UUID]) -> dict[UUID, Sketch]:
    """Sketches of records of one table by id, without those that are not compared.

    A fixed number of statements for each 500.
    """
    found: dict[UUID, Sketch] = {}
    for batch in in_batches(ids):
        collected = _records(session, table, batch)
        for owner, number in _pairs(session, _phones(table, batch)):
            if owner in collected and (key := phone_key(number)) is not None:
                collected[owner].phones.add(key)
        for owner, address in _pairs(session, _urls(table, batch)):
            if owner in collected and (host := host_of(address)) is not None:
                collected[owner].hosts.add(host)
        places = [row for query in _places(table, batch) for row in session.execute(query)]
        for place in places:
            if place.owner in collected:
                collected[place.owner].places.append(place)
        crowded = _crowded(session, places)
        found |= {key: _sketch(table, each, crowded) for key, each in collected.items()}
    return found


def read_names(session: Session, table: str, ids: Sequence[UUID]) -> dict[UUID, Sketch]:
    """Sketches that tell no more than names and owners, for what is not worth to be read whole:
    one statement for each 500."""
    return {
        key: Sketch(key, *_names(table, each.row), organization=each.row.organization_id)
        for batch in in_batches(ids)
        for key, each in _records(session, table, batch).items()
    }


def digest_of(sketch: Sketch) -> str:
    """A text that differs where a sketch says something else."""
    said = (
        sketch.name, sorted(sketch.other_names), sketch.organization, sketch.organization_name,
        sketch.source, sorted(sketch.phones), sorted(map(repr, sketch.addresses)),
        sorted(sketch.points), sorted(sketch.hosts), sorted(sketch.zips), sorted(sketch.states),
    )  # fmt: skip
    return blake2b(repr(said).encode(), digest_size=16).hexdigest()


def key_number(key: str) -> int:
    """A key as the database holds it: 63 bits, of which two alike are too rare to matter."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest()) >> 1


def _records(session: Session, table: str, ids: list[UUID]) -> dict[UUID, _Collected]:
    model: Any = _MODELS[table]
    owner = aliased(Organization)
    query = select(
        model.id, model.name, model.alternate_name, model.source_id,
        (owner.website if table == "organization" else model.url).label("url"),
        owner.id.label("organization_id"), owner.name.label("organization_name"),
    )  # fmt: skip
    key = model.id if table == "organization" else model.organization_id
    if table == "location":
        query = query.add_columns(model.confidential)
    query = query.outerjoin(owner, owner.id == key)
    rows = session.execute(query.where(model.id.in_(ids), *matchable(table)))
    return {row.id: _Collected(row) for row in rows}


def _pairs(session: Session, queries: Iterable[Select[Any]]) -> list[tuple[UUID, str]]:
    return [(row[0], row[1]) for query in queries for row in session.execute(query)]


def _place_query(owner: Any) -> Select[Any]:
    """Addresses and points of locations; of a confidential one neither line nor point."""
    return (
        select(
            owner.label("owner"), Location.id, Location.confidential, Location.point_latitude,
            Location.point_longitude, Location.point_basis, Address.address_1, Address.city,
            Address.state_province, Address.postal_code,
        )
        .outerjoin(Address, Address.location_id == Location.id)
        .where(
            Location.visibility == "public", Location.vanished_at.is_(None),
        )
        .order_by(Location.id, Address.id)
    )  # fmt: skip


def _places(table: str, ids: list[UUID]) -> tuple[Select[Any], ...]:
    if table == "location":
        return (_place_query(Location.id).where(Location.id.in_(ids)),)
    if table == "service":
        given = _place_query(ServiceAtLocation.service_id).join(ServiceAtLocation, _GIVEN)
        return (given.where(ServiceAtLocation.service_id.in_(ids)),)
    own = _place_query(Location.organization_id).where(Location.organization_id.in_(ids))
    given = (
        _place_query(Service.organization_id)
        .join(ServiceAtLocation, _GIVEN)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .where(Service.organization_id.in_(ids))
    )
    return own, given


_GIVEN = and_(ServiceAtLocation.location_id == Location.id, ServiceAtLocation.vanished_at.is_(None))


def _crowded(session: Session, places: Sequence[Any]) -> frozenset[tuple[float, float]]:
    """Those of the points that many locations state."""
    latitudes = {place.point_latitude for place in places} - {None}
    found: set[Any] = set()
    for batch in in_batches(latitudes):
        rows = session.execute(
            select(Location.point_latitude, Location.point_longitude)
            .where(Location.point_latitude.in_(batch), Location.confidential.is_(False))
            .group_by(Location.point_latitude, Location.point_longitude)
            .having(func.count() > MOST_AT_A_POINT)
        )
        found |= {(row[0], row[1]) for row in rows}
    return frozenset(found)


def _sketch(table: str, found: _Collected, crowded: frozenset[tuple[float, float]]) -> Sketch:
    row = found.row
    name, other_names = _names(table, row)
    own_host = None if _is_concealed(table, row) else host_of(row.url)
    hosts = found.hosts | ({own_host} if own_host else set())
    open_places = [place for place in found.places if not place.confidential][:MOST_PLACES]
    addresses = (
        address_of(place.address_1, place.postal_code, place.city)
        for place in open_places
        if place.address_1
    )
    points: set[Any] = {
        (place.point_latitude, place.point_longitude)
        for place in open_places
        if place.point_basis in STATED and place.point_latitude is not None
    }
    return Sketch(
        id=row.id,
        name=name,
        other_names=other_names,
        organization=row.organization_id,
        organization_name=row.organization_name or "",
        source=row.source_id,
        phones=frozenset(found.phones),
        addresses=frozenset(filter(None, addresses)),
        points=frozenset(points - crowded),
        hosts=frozenset(hosts),
        zips=_said(found.places, "postal_code", lambda text: text[:5]),
        states=_said(found.places, "state_province", str.upper),
        is_organization=table == "organization",
    )


def _names(table: str, row: Any) -> tuple[str, frozenset[str]]:
    """What a record is called, and what else; a place without a name by its organization's."""
    owner = row.organization_name or ""
    if _is_concealed(table, row):
        return owner, frozenset()
    return row.name or owner, frozenset(filter(None, [row.alternate_name]))


def _is_concealed(table: str, row: Any) -> bool:
    return table == "location" and bool(row.confidential)


def _said(places: Iterable[Any], name: str, short: Callable[[str], str]) -> frozenset[str]:
    said = (getattr(place, name) for place in places)
    return frozenset(short(text.strip()) for text in said if text and text.strip())


_MODELS: Mapping[str, Any] = {
    "organization": Organization,
    "location": Location,
    "service": Service,
}


def _phones(table: str, ids: list[UUID]) -> Iterator[Select[Any]]:
    """Numbers of records: their own, and those of what leads to them."""
    own = getattr(Phone, f"{table}_id")
    yield select(own, Phone.number).where(own.in_(ids))
    for record, key, named in _LEADS_TO[table]:
        yield select(record, Phone.number).where(key == named, record.in_(ids))


def _urls(table: str, ids: list[UUID]) -> Iterator[Select[Any]]:
    """Further web addresses of records; locations have none."""
    own = getattr(Url, f"{table}_id", None)
    if own is not None:
        yield select(own, Url.url).where(own.in_(ids))


_LEADS_TO: Mapping[str, tuple[tuple[Any, Any, Any], ...]] = {
    "organization": (
        (Location.organization_id, Location.id, Phone.location_id),
        (Service.organization_id, Service.id, Phone.service_id),
    ),
    "location": (
        (ServiceAtLocation.location_id, ServiceAtLocation.id, Phone.service_at_location_id),
        (ServiceAtLocation.location_id, ServiceAtLocation.service_id, Phone.service_id),
    ),
    "service": (
        (ServiceAtLocation.service_id, ServiceAtLocation.id, Phone.service_at_location_id),
        (ServiceAtLocation.service_id, ServiceAtLocation.location_id, Phone.location_id),
    ),
}
"""By table: the record's id, the key that leads to it, and the key of a phone that is the same."""
