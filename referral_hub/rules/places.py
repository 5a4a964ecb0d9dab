"""Places that people name: a ZIP code, a city, a county, a point."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

STATES = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
    "AS": "American Samoa",
    "GU": "Guam",
    "MP": "Northern Mariana Islands",
    "PR": "Puerto Rico",
    "VI": "U.S. Virgin Islands",
    "FM": "Micronesia",
    "MH": "Marshall Islands",
    "PW": "Palau",
}
"""Postal codes and names of the states, the capital's district and the islands with ZIP codes."""

_SAME_WORDS = {
    "st": "saint",
    "ste": "sainte",
    "ft": "fort",
    "mt": "mount",
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
}


FARTHEST_KM = 500.0
"""The widest radius that a search may ask for."""

ANYWHERE = "any"
"""What stands for any distance where a radius is asked for."""


class PlaceKind(StrEnum):
    """How exactly a place is known."""

    ZIP = "zip"
    CITY = "city"
    POINT = "point"
    COUNTY = "county"
    STATE = "state"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Place:
    """A resolved place. Degrees are WGS84; `county` is a key like "CA:san mateo county"."""

    label: str
    latitude: float
    longitude: float
    kind: PlaceKind
    zip: str | None = None
    city: str | None = None
    county: str | None = None
    state: str | None = None
    time_zone: str | None = None


def area_basis(area: Place | None) -> str:
    """How a point was found that stands for an area: by ZIP code, by city, or not at all."""
    if area is None:
        return "none"
    return "zip" if area.kind is PlaceKind.ZIP else "city"


def county_key(state: str, county: str) -> str:
    """The key under which coverage areas and places name the same county."""
    return f"{state.strip().upper()}:{county.strip().casefold()}"


class PlaceNotFound(Exception):
    """No place is known by this text."""

    def __init__(self, text: str) -> None:
        super().__init__(f"No place found for “{text}”.")
        self.text = text


class AmbiguousPlace(Exception):
    """Several places have this name; `choices` are texts that each name one of them."""

    def __init__(self, text: str, choices: Sequence[str]) -> None:
        super().__init__(f"“{text}” could be {', or '.join(choices)}.")
        self.text = text
        self.choices = tuple(choices)


class GeocoderUnavailable(Exception):
    """The outside geocoder gave no answer; the same text may be found later."""


def fold_place_name(text: str) -> str:
    """The words of a place's name without case, accents, punctuation or short forms.

    "St. Louis" and "SAINT LOUIS" give the same words; so do "Coeur d'Alene" and "Coeur dAlene".
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    return " ".join(_SAME_WORDS.get(word, word) for word in words)


def place_name_key(text: str) -> str:
    """Folded like `fold_place_name`, and spaces do not count: "Mc Henry" is "McHenry"."""
    return fold_place_name(text).replace(" ", "")


_STATE_CODES = {place_name_key(name): code for code, name in STATES.items()}
_STATE_CODES |= {code.lower(): code for code in STATES}
_STATE_CODES |= {"washingtondc": "DC", "virginislands": "VI", "usvirginislands": "VI"}


def state_code(text: str) -> str | None:
    """The postal code of a state named by code ("N.C.") or name ("N. Carolina"), or None."""
    plain = "".join(filter(str.isalnum, text.lower()))
    return _STATE_CODES.get(plain) or _STATE_CODES.get(place_name_key(text))
