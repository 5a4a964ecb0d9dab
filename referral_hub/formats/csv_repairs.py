"""What older tables say in a way of their own: weekdays, holidays, places, texts kept apart."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from referral_hub.formats.csv_facts import Facts
from referral_hub.formats.csv_shapes import FOLDED
from referral_hub.formats.keys import child_key, content_key
from referral_hub.formats.times import clock_time, iso_date, weekday

_YEAR = re.compile(r"[12]\d{3}")
_YES = frozenset({"true", "t", "yes", "y", "1", "x"})
_NO = frozenset({"false", "f", "no", "n", "0"})


@dataclass(frozen=True, slots=True)
class Flaw:
    """A value that could not be understood, and was left out or kept as text."""

    code: str
    reason: str
    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Extra:
    """Another record that a row brings about, named by its key."""

    table: str
    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)


Repair = Callable[[dict[str, str], Facts], Iterator[Flaw | Extra]]


def _regular_schedule(fields: dict[str, str], facts: Facts) -> Iterator[Flaw | Extra]:
    """A weekly opening. A weekday without hours stays without: nobody said that it is closed."""
    day = fields.pop("byday", "")
    code = weekday(day)
    if code:
        fields["byday"] = code
    elif day:
        yield Flaw("bad_weekday", "this is no weekday; it was left out", "byday", day)
    if code and not {"opens_at", "closes_at"} & fields.keys():
        yield Flaw("no_hours", "")
    _tidy_times(fields)


def _holiday_schedule(fields: dict[str, str], facts: Facts) -> Iterator[Flaw | Extra]:
    """Hours on some dates. Dates that cannot be read are kept as text: no date means always."""
    written = [fields.pop(name, "") for name in ("valid_from", "valid_to")]
    dates = [iso_date(text) for text in written]
    closed = fields.pop("closed", "").casefold()
    words = ["Closed"] if closed in _YES else []
    if closed and closed not in _YES | _NO:
        yield Flaw("bad_choice", "“closed” is true or false; it was left out", "closed", closed)
    for name, text, date in zip(("valid_from", "valid_to"), written, dates, strict=True):
        if text and not date:
            reason = "this is not clearly a date; it was kept as text"
            yield Flaw("bad_date", reason, name, text)
    if all(date or not text for text, date in zip(written, dates, strict=True)):
        given = zip(("valid_from", "valid_to"), dates, strict=True)
        fields.update({name: date for name, date in given if date})
    else:
        words.append(" to ".join(dict.fromkeys(text for text in written if text)))
    if words:
        fields["description"] = ": ".join(words)
    if closed in _YES:
        fields.pop("opens_at", "")
        fields.pop("closes_at", "")
    _tidy_times(fields)


def _tidy_times(fields: dict[str, str]) -> None:
    for name in ("opens_at", "closes_at"):
        if name in fields:
            fields[name] = clock_time(fields[name]) or fields[name]


def _location(fields: dict[str, str], facts: Facts) -> Iterator[Flaw | Extra]:
    """Older locations have no type: one with an address or a position is a physical place."""
    if fields.get("location_type", "").casefold() in _YES:
        fields["location_type"] = "virtual"
    elif fields.get("location_type", "").casefold() in _NO:
        del fields["location_type"]
    has_position = "latitude" in fields and "longitude" in fields
    has_place = has_position or fields.get("id", "") in facts.placed
    if facts.types_are_unknown and has_place:
        fields.setdefault("location_type", "physical")
    yield from ()


def _service(fields: dict[str, str], facts: Facts) -> Iterator[Flaw | Extra]:
    """Add the texts of the small tables, and the organization that only the location names."""
    texts = facts.folded.pop(fields.get("id", ""), {})
    for source, folded in FOLDED.items():
        if source in texts:
            text = folded.prefix + folded.separator.join(texts[source])
            fields[folded.into] = "; ".join(filter(None, (fields.get(folded.into), text)))
    owner = facts.organization_of.get(fields.get("location_id", ""))
    if owner:
        fields.setdefault("organization_id", owner)
    yield from ()


def _address(fields: dict[str, str], facts: Facts) -> Iterator[Flaw | Extra]:
    """An organization's own address is no place of its services: it gets a location of its own."""
    owner = fields.pop("organization_id", "")
    if not owner or "location_id" in fields:
        return
    kind = fields.get("address_type", "postal")
    key = child_key("organization", owner, f"{kind} address")
    fields["location_id"] = key
    if key not in facts.told:
        facts.told.add(key)
        yield Extra("location", key, {"location_type": kind}, {"organization_id": owner})


def _taxonomy(fields: dict[str, str], facts: Facts) -> Iterator[Flaw | Extra]:
    """Make one taxonomy of each vocabulary that is named."""
    vocabulary = fields.get("taxonomy", "")
    if not vocabulary:
        return
    key = content_key(vocabulary)
    fields["taxonomy_id"] = key
    if key not in facts.told:
        facts.told.add(key)
        yield Extra("taxonomy", key, {"name": vocabulary})


def _phone(fields: dict[str, str], facts: Facts) -> Iterator[Flaw | Extra]:
    prefix = fields.pop("country_prefix", "")
    if prefix and "number" in fields:
        fields["number"] = f"{prefix} {fields['number']}"
    yield from ()


def _organization(fields: dict[str, str], facts: Facts) -> Iterator[Flaw | Extra]:
    """A year of incorporation may be written as a whole date."""
    year = fields.get("year_incorporated", "")
    if year and not _YEAR.fullmatch(year):
        date = iso_date(year)
        if date:
            fields["year_incorporated"] = date[:4]
    yield from ()


REPAIRS: dict[str, Repair] = {
    "organization": _organization,
    "service": _service,
    "location": _location,
    "phone": _phone,
    "physical_address": _address,
    "postal_address": _address,
    "regular_schedule": _regular_schedule,
    "holiday_schedule": _holiday_schedule,
    "older_taxonomy": _taxonomy,
}
"""Repair by source table: changes the fields in place, tells of flaws and further records."""
