"""The area that a service serves, read from what HSDS service areas say.

Only what is said in full is understood: "Northern Illinois" is no area here, since a guess would
either promise help to people outside or hide it from people inside.
"""

import math
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from referral_hub.rules.places import STATES, place_name_key, state_code

CIRCLE_EXTENT = "circle"
"""The `extent_type` of a radius drawn here; its `extent` is "latitude,longitude,radius in km"."""

_DRAWN = frozenset({"geojson", "topojson", "kml"})
_MOST_KM = 20_038.0
_KM_PER_MILE = 1.609344
_WITH_ARTICLE = frozenset({"DC", "MH", "MP", "VI"})


class CoverageKind(StrEnum):
    """What an area is made of."""

    NATION = "nation"
    STATE = "state"
    COUNTY = "county"
    ZIP = "zip"
    CIRCLE = "circle"


@dataclass(frozen=True, slots=True)
class CoverageArea:
    """One area. `value` is "US", a state code, a county key or a ZIP code, and "" for a circle.

    A circle has its centre in degrees WGS84 and its radius in kilometres.
    """

    kind: CoverageKind
    value: str = ""
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None


def read_coverage(
    area: Mapping[str, Any], state: str | None, known_counties: frozenset[str]
) -> tuple[CoverageArea, ...]:
    """The areas of one HSDS service_area row, or () when it is not understood in full.

    Args: `state` is where the owner's address is (code or name), if known; `known_counties`
    are the keys of all true counties.
    """
    extent, extent_type = (_text(area.get(name)) for name in ("extent", "extent_type"))
    if extent_type.lower() == CIRCLE_EXTENT:
        return _read_circle(extent)
    owner_state = state_code(state) if state else None
    texts = [_text(area.get("name")), _text(area.get("description"))]
    if extent_type.lower() not in _DRAWN:
        texts.insert(0, extent)
    for text in texts:
        areas = _TextReader(owner_state, known_counties).read(text)
        if areas:
            return areas
    return ()


def describe_area(area: CoverageArea) -> str:
    """The area in plain words."""
    match area.kind:
        case CoverageKind.NATION:
            return "Anywhere in the United States"
        case CoverageKind.STATE:
            article = "the " if area.value in _WITH_ARTICLE else ""
            return f"Anywhere in {article}{STATES.get(area.value, area.value)}"
        case CoverageKind.COUNTY:
            return county_label(area.value)
        case CoverageKind.ZIP:
            return f"ZIP code {area.value}"
    miles = (area.radius_km or 0) / _KM_PER_MILE
    distance = f"{miles:,.1f}".removesuffix(".0")
    return f"Within {distance} miles of {area.latitude:.4f}, {area.longitude:.4f}"


def county_label(key: str) -> str:
    """A county key as people write it: "IL:dupage county" is "DuPage County, IL"."""
    state, _, name = key.partition(":")
    words = [_COUNTY_WORDS.get(word, _capital(word)) for word in name.split()]
    return f"{' '.join(words)}, {state}"


_COUNTY_WORDS = {
    word.lower(): word
    for word in (
        *("of", "the", "and", "du", "qui"),
        *("DeKalb", "DeSoto", "DeWitt", "DuPage", "LaGrange", "LaMoure", "LaPorte", "LaSalle"),
    )
}


def _capital(word: str) -> str:
    word = "-".join(string.capwords(part, "'") for part in word.split("-"))
    word = re.sub(r"'S$", "'s", word)
    return word if not word.startswith("Mc") else "Mc" + word[2:].capitalize()


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _read_circle(extent: str) -> tuple[CoverageArea, ...]:
    try:
        latitude, longitude, radius = (float(part) for part in extent.split(","))
    except ValueError:
        return ()
    is_place = abs(latitude) <= 90 and abs(longitude) <= 180
    if not (is_place and math.isfinite(radius) and 0 < radius <= _MOST_KM):
        return ()
    return (CoverageArea(CoverageKind.CIRCLE, "", latitude, longitude, radius),)


_NATION = frozenset(
    {"nationwide", "national", "unitedstates", "unitedstatesofamerica", "us", "usa"}
)
_STATES_NAMED_LIKE_CITIES = frozenset({"newyork", "washington"})

_COUNTY_OF = re.compile(r"\b(?:city and )?county of ([a-z' .-]+)", re.IGNORECASE)
_COUNTIES = re.compile(r"(.+) (count|parish|borough)(?:ies|es|s)", re.IGNORECASE)
_COUNTY_ENDS = {"count": "county", "parish": "parish", "borough": "borough"}
_STATE_WORDS = re.compile(r"^(?:the )?state of |\bstate\s?-?wide\b| state$", re.IGNORECASE)
_ZIP = re.compile(r"(?:zip(?: codes?)?:? )?(\d{5})(?:-\d{4})?", re.IGNORECASE)
_FILLER = re.compile(
    r"^(?:(?:serves?|serving|covers?|residents of|people in|all of|throughout|within|the|entire|"
    r"anywhere in)\s+)+|\s+(?:only|residents)$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*(?:(;|\n|/)|(,\s*and\b|&|\band\b|\bor\b)|(,))\s*")


class _Unknown(Exception):
    """Some part of a text is not an area that is known for certain."""


class _TextReader:
    """Reads the parts of one text in order; the first part not understood ends it."""

    def __init__(self, owner_state: str | None, known_counties: frozenset[str]) -> None:
        self._owner_state = owner_state
        self._counties = _counties_by_name(known_counties)
        self._areas: list[CoverageArea] = []
        self._awaiting_state: list[str] = []
        self._awaiting_plural: list[str] = []
        self._may_be_qualified = False

    def read(self, text: str) -> tuple[CoverageArea, ...]:
        """The areas, each once, or () when any part is unknown."""
        try:
            for separator, part in self._parts(text):
                self._read_part(separator, part)
            self._settle(None)
        except _Unknown:
            return ()
        return () if self._awaiting_plural else tuple(dict.fromkeys(self._areas))

    def _parts(self, text: str) -> list[tuple[str, str]]:
        """Pairs of the separator before a part and the part; "King and Queen County" is one."""
        if state_code(text):
            return [("", text)]
        text = _COUNTY_OF.sub(r"\1 County", text).replace("(", ",").replace(")", "")
        found: list[tuple[str, str]] = []
        start, before = 0, ""
        for match in [*_SEPARATOR.finditer(text), None]:
            part = text[start : match.start() if match else len(text)].strip(" .")
            whole = f"{found[-1][1]} and {part}" if found else ""
            if before == "and" and place_name_key(whole) in self._counties:
                found[-1] = found[-1][0], whole
            elif part:
                found.append((before, part))
            if match:
                start, before = match.end(), "," if match[3] else "and" if match[2] else ";"
        return found

    def _read_part(self, separator: str, part: str) -> None:
        part = _FILLER.sub("", part)
        zip_code, plural = _ZIP.fullmatch(part), _COUNTIES.fullmatch(part)
        if zip_code:
            self._add(CoverageKind.ZIP, zip_code[1])
        elif place_name_key(part) in _NATION:
            self._add(CoverageKind.NATION, "US")
        elif plural:
            end = _COUNTY_ENDS[plural[2].lower()]
            self._awaiting_state += [f"{n} {end}" for n in (*self._awaiting_plural, plural[1])]
            self._awaiting_plural = []
        elif not (self._read_county(part) or self._read_state(separator, part)):
            self._awaiting_plural.append(part)

    def _read_county(self, part: str) -> bool:
        """ "Cook County", "Cook County IL", or a city that is a county of its own."""
        if place_name_key(part) in self._counties and state_code(part) is None:
            self._awaiting_state.append(part)
            return True
        words = part.split()
        for cut in range(1, min(len(words), 5)):
            name, state = " ".join(words[:-cut]), state_code(" ".join(words[-cut:]))
            if state and place_name_key(name) in self._counties:
                self._awaiting_state.append(name)
                self._settle(state)
                return True
        return False

    def _read_state(self, separator: str, part: str) -> bool:
        """A state by itself, or after a comma the state of the counties or ZIP code before it."""
        name = " ".join(_STATE_WORDS.sub(" ", part).split())
        state = state_code(name) if name else self._owner_state
        if state is None or (len(name) == 2 and not name.isupper()):
            return False
        if separator == "," and self._awaiting_state:
            self._settle(state)
        elif separator == "," and self._may_be_qualified:
            pass
        elif name == part and place_name_key(name) in _STATES_NAMED_LIKE_CITIES:
            raise _Unknown
        else:
            self._add(CoverageKind.STATE, state)
        return True

    def _settle(self, state: str | None) -> None:
        """Give the counties read so far their state: the named one, else the owner's."""
        for name in self._awaiting_state:
            self._areas.append(CoverageArea(CoverageKind.COUNTY, self._county(name, state)))
        self._awaiting_state = []

    def _county(self, name: str, state: str | None) -> str:
        keys = self._counties.get(place_name_key(name), {})
        key = keys.get(state or self._owner_state or "")
        if key is None and state is None and len(keys) == 1:
            key = next(iter(keys.values()))
        if key is None:
            raise _Unknown
        return key

    def _add(self, kind: CoverageKind, value: str) -> None:
        self._settle(None)
        self._areas.append(CoverageArea(kind, value))
        self._may_be_qualified = kind is CoverageKind.ZIP


@lru_cache(maxsize=4)
def _counties_by_name(known_counties: frozenset[str]) -> Mapping[str, Mapping[str, str]]:
    """Folded name -> state -> county key."""
    by_name: dict[str, dict[str, str]] = {}
    for key in known_counties:
        state, _, name = key.partition(":")
        by_name.setdefault(place_name_key(name), {})[state] = key
    return by_name
