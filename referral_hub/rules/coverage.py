"""The area that a service serves, read from what HSDS service areas say.

Only what is said in full is understood: "Northern Illinois" is no area here, since a guess would
either promise help to people outside or hide it from people inside.
"""

import math
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from referral_hub.rules.places import STATES, fold_place_name, place_name_key, state_code

CIRCLE_EXTENT = "circle"
"""The `extent_type` of a radius drawn here; its `extent` is "latitude,longitude,radius in km"."""

_DRAWN = frozenset({"geojson", "topojson", "kml"})
_MOST_KM = 20_038.0
_KM_PER_MILE = 1.609344


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
        areas = _AreaText(owner_state, known_counties).read(text)
        if areas:
            return areas
    return ()


def describe_area(area: CoverageArea) -> str:
    """The area in plain words."""
    match area.kind:
        case CoverageKind.NATION:
            return "Anywhere in the United States"
        case CoverageKind.STATE:
            return f"Anywhere in {STATES.get(area.value, area.value)}"
        case CoverageKind.COUNTY:
            return county_label(area.value)
        case CoverageKind.ZIP:
            return f"ZIP code {area.value}"
    miles = (area.radius_km or 0) / _KM_PER_MILE
    return f"Within {miles:.3g} miles of {area.latitude:.4f}, {area.longitude:.4f}"


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
    map(place_name_key, ("nationwide", "national", "united states", "united states of america"))
) | frozenset({"us", "usa", "allstates", "all50states"})
_STATEWIDE = frozenset({"statewide", "entirestate", "wholestate", "allofstate"})
_STATES_NAMED_LIKE_CITIES = frozenset({"newyork", "washington"})
_FILLER = re.compile(
    r"(?i)^(?:(?:serves?|serving|service area:?|covers?|covering|residents? of|people in|"
    r"all of|throughout|within|the|entire|whole|any\s?where in)\s+)+|\s+(?:only|residents?)$"
)
_COUNTY_END = "county|parish|borough|census area|municipality|municipio"
_COUNTIES_END = "counties|parishes|boroughs"
_SEPARATOR = re.compile(r"\s*(;|\n|/|,\s*and\b|,|&|\band\b|\bor\b)\s*")


class _AreaText:
    """Reads one text part by part; a part that is not understood makes the whole unknown."""

    def __init__(self, owner_state: str | None, known_counties: frozenset[str]) -> None:
        self._owner_state = owner_state
        self._counties = _by_folded_name(known_counties)
        self._areas: list[CoverageArea] = []
        self._named: list[str] = []
