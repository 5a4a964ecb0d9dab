"""What of the directory may be found, and what may be seen by its address."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

FINDABLE_STATUSES = frozenset({"active", "temporarily closed"})


def is_findable(status: str, visibility: str, vanished_at: datetime | None) -> bool:
    """Whether a service may come up in a public search."""
    return status in FINDABLE_STATUSES and is_listed(visibility, vanished_at)


def is_listed(visibility: str, vanished_at: datetime | None) -> bool:
    """Whether a record is public and still sent by its source."""
    return visibility == "public" and vanished_at is None


def is_seen(service_visibility: str, organization_visibility: str) -> bool:
    """Whether a service's own page is public; a retired one is shown with a notice."""
    return service_visibility == organization_visibility == "public"


CONCEALED: Mapping[str, Mapping[str, object]] = {
    "location": {
        "description": None,
        "transportation": None,
        "name": None,
        "alternate_name": None,
        "url": None,
        "external_identifier": None,
        "external_identifier_type": None,
    },
    "address": {"attention": None, "address_1": "", "address_2": None, "region": None},
    "service_at_location": {"description": None},
    "accessibility": {"details": None, "url": None},
    "schedule": {
        "description": None,
        "notes": None,
        "schedule_link": None,
        "attending_type": None,
    },
    "language": {"note": None},
}
"""What stands in place of each field of a confidential location that would tell where it is.
Its coordinates become those of its area; its city, state and ZIP code may be known."""

WITHHELD = frozenset({"attribute", "contact", "metadata", "phone", "service_area"})
"""Records of a confidential location of which nothing may be known: numbers stand in directories
beside addresses, histories hold old values, drawn areas have the place in their middle."""

DRAWN_AREAS = frozenset({"circle", "geojson", "topojson", "kml"})
"""Kinds of service areas that are shapes on a map."""

PLAIN_ACCESS = frozenset({
    "accessible restroom", "accessible shower", "all-gender restroom", "automatic doors",
    "braille signs", "cd", "changing room", "deaf interpreter", "disabled parking", "elevator",
    "family restroom", "free parking", "hearing loop", "large print", "private rooms",
    "quiet room", "ramp", "restroom", "roll-in shower", "service animals welcome",
    "tape braille", "tty", "wheelchair", "wheelchair lift", "wheelchair van",
})  # fmt: skip
"""What may be said of how accessible a confidential location is: other words could name a door."""

_ZIP_LENGTH = 5


def concealed(table: str, row: Mapping[str, Any]) -> dict[str, object]:
    """The fields of a record of a confidential location, as far as they may not be as they are.

    A location's row has `point_*` of its area. Of a ZIP+4 code only the ZIP code may be known:
    the other four digits name one side of a street.
    """
    found: dict[str, object] = {**CONCEALED.get(table, {}), "source_record_id": None}
    if table == "location":
        found |= {"latitude": row["point_latitude"], "longitude": row["point_longitude"]}
    if table == "address":
        found["postal_code"] = _zip_alone(row["postal_code"])
    if table == "accessibility":
        word = str(row["description"] or "").strip().replace("_", " ").casefold()
        found["description"] = row["description"] if word in PLAIN_ACCESS else None
    return found


_ALSO_TELL: Mapping[str, frozenset[str]] = {
    "location": frozenset(
        {"latitude", "longitude", "point_latitude", "point_longitude", "time_zone"}
    ),
    "address": frozenset({"postal_code"}),
    "accessibility": frozenset({"description"}),
}


def tells_place(table: str, field: str) -> bool:
    """Whether a field of a record of a confidential location could tell where it is."""
    known = field.endswith("_id") or field == "position"
    return not known and (
        table in WITHHELD
        or field in CONCEALED.get(table, {})
        or field in _ALSO_TELL.get(table, frozenset())
    )


def is_drawn(extent_type: str | None) -> bool:
    """Whether a service area is a shape on a map."""
    return (extent_type or "").strip().casefold() in DRAWN_AREAS


def _zip_alone(code: str) -> str:
    digits = code.replace("-", "").replace(" ", "")
    long = digits.isdecimal() and len(digits) > _ZIP_LENGTH
    return digits[:_ZIP_LENGTH] if long else code


class WhyShown(StrEnum):
    """Why the address of a location need be secret no longer."""

    MOVED_AWAY = "moved_away"
    PUBLISHED_BY_AGENCY = "published_by_agency"
    MARKED_BY_MISTAKE = "marked_by_mistake"
