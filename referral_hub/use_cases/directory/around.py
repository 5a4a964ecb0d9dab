"""Services at locations around a place: near it, or for who lives there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from referral_hub.models import Address, Location, ServiceArea, ServiceAtLocation
from referral_hub.rules.coordinates import distance_km
from referral_hub.rules.coverage import CoverageArea, read_coverage
from referral_hub.rules.eligibility_areas import Home, lives_in, written_area
from referral_hub.rules.places import Place
from referral_hub.use_cases.directory.facts import Grouped, Record
from referral_hub.use_cases.directory.nesting import public


@dataclass(frozen=True, slots=True)
class Around:
    """Where to look. What states service areas must cover `covering`, if that is asked for;
    `circles` are (latitude, longitude, metres) that must all hold the location.
    """

    covering: Place | None = None
    circles: tuple[tuple[float, float, float], ...] = ()


EVERYWHERE = Around()


def around(
    session: Session, found: Select[UUID], asked: Around, counties: frozenset[str]
) -> list[UUID]:
    """Those of some services at locations that are around a place, the nearest first, else in the
    order of their ids: two statements."""
    state = (
        select(func.min(Address.state_province))
        .where(Address.location_id == Location.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            ServiceAtLocation.id, ServiceAtLocation.service_id, Location.point_latitude,
            Location.point_longitude, state.label("state"),
        )
        .outerjoin(
            Location, and_(Location.id == ServiceAtLocation.location_id, *public(Location))
        )
        .where(ServiceAtLocation.id.in_(found))
        .order_by(ServiceAtLocation.id)
    ).all()  # fmt: skip
    if asked.covering is not None:
        areas = _areas(session)
        rows = [row for row in rows if _serves(row, areas, asked.covering, counties)]
    if not asked.circles:
        return [row.id for row in rows]
    measured = [(_metres(row, asked.circles), row.id) for row in rows]
    return [row_id for metres, row_id in sorted((m, i) for m, i in measured if m is not None)]


def _metres(row: Record, circles: Iterable[tuple[float, float, float]]) -> float | None:
    """How far the location is from the middle of the first circle; None outside of any."""
    if row.point_latitude is None or row.point_longitude is None:
        return None
    distances = [
        (1000 * distance_km(latitude, longitude, row.point_latitude, row.point_longitude), most)
        for latitude, longitude, most in circles
    ]
    return distances[0][0] if all(metres <= most for metres, most in distances) else None


def _areas(session: Session) -> Grouped:
    """All stated areas, by the service and by the service at a location that states them."""
    found: Grouped = defaultdict(list)
    rows: Iterable[Record] = session.execute(
        select(
            ServiceArea.service_id, ServiceArea.service_at_location_id, ServiceArea.name,
            ServiceArea.description, ServiceArea.extent, ServiceArea.extent_type,
        )
    )  # fmt: skip
    for row in rows:
        for owner in (row.service_id, row.service_at_location_id):
            if owner is not None:
                found[owner].append(row)
    return found


def _serves(row: Record, areas: Grouped, place: Place, counties: frozenset[str]) -> bool:
    """Whether who lives at the place is served, as far as areas are stated.

    An area that is not understood in full is not taken for one that covers the place.
    """
    stated = [*areas.get(row.service_id, ()), *areas.get(row.id, ())]
    home = Home(zip=place.zip or "", state=place.state or "", place=place)
    return not stated or any(
        lives_in(written_area(area), home) is True
        for text in stated
        for area in _read(
            (text.name, text.description, text.extent, text.extent_type), row.state, counties
        )
    )


@lru_cache(maxsize=20_000)
def _read(
    texts: tuple[Any, ...], state: str | None, counties: frozenset[str]
) -> tuple[CoverageArea, ...]:
    """The areas of a text. Few texts are many areas: counties and ZIP codes."""
    fields = ("name", "description", "extent", "extent_type")
    return read_coverage(dict(zip(fields, texts, strict=True)), state, counties)
