"""What of the directory may be found, and what may be seen by its address."""

import re
from collections.abc import Collection, Mapping
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

TELLING = {
    **{table: frozenset(fields) for table, fields in CONCEALED.items()},
    "location": frozenset(CONCEALED["location"])
    | {"latitude", "longitude", "point_latitude", "point_longitude", "point_basis"},
    "address": frozenset(CONCEALED["address"]) | {"postal_code"},
    "accessibility": frozenset(CONCEALED["accessibility"]) | {"description"},
}
"""Fields by table whose values of the time before a location became confidential tell where it
is."""

_ZIP = re.compile(r"\s*(\d{5})(?!\d)")
_KEYS = frozenset({
    "id", "contact_id", "created_at", "link_id", "location_id", "organization_id", "owner_table",
    "position", "resource_id", "service_at_location_id", "service_id", "source_id", "updated_at",
})  # fmt: skip
"""Fields that say only what a record belongs to, or of its row."""
_SHAPE = re.compile(r"^\s*[\[{<]|\d\.\d{3,}\s*[,;\s]\s*-?\d{1,3}\.\d{3,}")
_WORD = re.compile(r"[^\W_]+")
_PHONE_DIGITS = 7
VEILED = "is of a confidential location: look it up in the file"
"""What reports of imports say of it."""
_ZIP_LENGTH, _MOST_OF_A_CODE = 5, 3


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


def telling(table: str, names: Collection[str]) -> frozenset[str]:
    """Those of some fields of a record of a confidential location that may be told to nobody."""
    if table in WITHHELD:
        return frozenset(names) - _KEYS
    return (TELLING.get(table, frozenset()) | {"source_record_id"}) & frozenset(names)


def quotes(text: str, words: Collection[str]) -> bool:
    """Whether a text says a street with its number, or a phone number, however it is written."""
    said, digits = _plain(text), _digits(text)
    for word in words:
        number = _digits(word)
        is_phone = len(number) >= _PHONE_DIGITS and not any(sign.isalpha() for sign in word)
        if number[-_PHONE_DIGITS:] in digits if is_phone else _plain(word) in said:
            return True
    return False


def _plain(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def is_drawn(extent_type: str | None, extent: str | None = None) -> bool:
    """Whether a service area is a shape on a map, also where its source calls it otherwise."""
    named = (extent_type or "").strip().casefold() in DRAWN_AREAS
    return named or bool(extent and _SHAPE.search(extent))


def _zip_alone(code: str) -> str:
    """The ZIP code of a ZIP+4 code, however it is written. Codes of other countries can name one
    house: of these the part before a space stays, or the first letters."""
    code = code.strip()
    digits = _ZIP.match(code) or re.match(r"(\d{5})\d{4}$", code)
    if digits:
        return digits[1]
    if code.isdecimal() or not any(sign.isdigit() for sign in code):
        return code[:_ZIP_LENGTH] if code.isdecimal() else code
    area, _, rest = code.partition(" ")
    return area if rest else code[:_MOST_OF_A_CODE]


class WhyShown(StrEnum):
    """Why the address of a location need be secret no longer."""

    MOVED_AWAY = "moved_away"
    PUBLISHED_BY_AGENCY = "published_by_agency"
    MARKED_BY_MISTAKE = "marked_by_mistake"


class WhyRead(StrEnum):
    """Why somebody looks up where a confidential location truly is."""

    CLIENT_GOES_THERE = "client_goes_there"
    GOING_THERE = "going_there"
    CHECKING_LISTING = "checking_listing"
    EMERGENCY = "emergency"


WHY_READ_LABEL: Mapping[WhyRead, str] = {
    WhyRead.CLIENT_GOES_THERE: "A client is to go there",
    WhyRead.GOING_THERE: "I go there myself, or send somebody",
    WhyRead.CHECKING_LISTING: "To see whether it is right",
    WhyRead.EMERGENCY: "An emergency",
}
WHY_SHOWN_LABEL: Mapping[WhyShown, str] = {
    WhyShown.MOVED_AWAY: "Nobody who must be safe is there any more",
    WhyShown.PUBLISHED_BY_AGENCY: "The agency publishes the address itself",
    WhyShown.MARKED_BY_MISTAKE: "It was marked by mistake",
}
