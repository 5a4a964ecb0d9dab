"""Places of the United States by ZIP code, city, county or point, without any network."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from referral_hub.gateways.zip_table import IN_USE, STREETS, Rows, ZipTable
from referral_hub.rules.coordinates import Bounds
from referral_hub.rules.places import (
    STATES,
    AmbiguousPlace,
    Place,
    PlaceKind,
    PlaceNotFound,
    county_key,
    fold_place_name,
    place_name_key,
    state_code,
)

LONGEST_TEXT = 200
MOST_CHOICES = 8
_ZIP_PLACES_KEPT = 50_000
_TEXTS_KEPT = 10_000
DOMINANCE = 10
"""A city name without a state is taken for the city with this many times the ZIP codes of any
other ("Chicago"); otherwise the person is asked which one is meant."""

_LONGEST_STATE_WORDS = 3
_FEWEST_FOR_BOUNDS = 3

_ALASKA = (Bounds(51.2, -180.0, 71.5, -129.9), Bounds(51.2, 172.3, 53.1, 180.0))
"""Drawn by hand: ZIP codes are too few there to mark the borders, across the 180th meridian."""

_NUMBER = r"([+-]?\d{1,3}(?:\.\d+)?)"
_POINT = re.compile(rf"{_NUMBER}\s*[,;\s]\s*{_NUMBER}")
_ZIP = re.compile(r"(\d{5})(?:-?\d{4})?")
_ENDING_ZIP = re.compile(r"(.*[^\s\d,])[\s,]+(\d{5})(?:-\d{4})?")
_COUNTRY = re.compile(r"[\s,]+(?:USA?|U\.S\.A?|United States(?: of America)?)$", re.IGNORECASE)
_COUNTY = re.compile(
    r"\b(?:county|parish|borough|census area|municipality|municipio)\b", re.IGNORECASE
)


class Gazetteer:
    """Looks up places. The data is read at the first question; threads may share one instance."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` keeps the prepared data between processes; None prepares it each time."""
        self._folder = folder
        self._lock = threading.Lock()
        self._loaded: ZipTable | None = None
        self._zip_place = lru_cache(_ZIP_PLACES_KEPT)(self._place_of_zip)
        self._found = lru_cache(_TEXTS_KEPT)(self._find)

    def find(self, text: str) -> Place:
        """The place that this text names in full: "94110", "St. Louis, MO", "37.75,-122.41" …

        Raises PlaceNotFound, or AmbiguousPlace when only a person can say which is meant.
        """
        return self._found(text) if len(text) <= LONGEST_TEXT else self._find(text)

    def _find(self, text: str) -> Place:
        words = _COUNTRY.sub("", " ".join(text.replace("−", "-").split())).strip(" ,.")
        place = None
        if len(words) <= LONGEST_TEXT:
            place = self._find_point(words) or self._find_zip(words)
            place = place or self._find_county(words) or self._find_city(words)
        if place is None:
            raise PlaceNotFound(text)
        return place

    def area_of_address(self, text: str) -> Place:
        """The ZIP code or city that ends a street address; raises like `find`."""
        parts = _COUNTRY.sub("", text).split(",")
        for tail in (",".join(parts[-2:]), parts[-1]):
            if re.search(r"\d", text.removesuffix(tail)) and not state_code(tail):
                try:
                    return self.find(tail)
                except PlaceNotFound:
                    continue
        raise PlaceNotFound(text)

    def approximate_point(
        self, postal_code: str | None, city: str | None, state: str | None
    ) -> Place | None:
        """Where an address without a point lies, by ZIP code, else by city and state.

        A ZIP code of another state than the stated one is not believed.
        """
        code = state_code(state or "")
        digits = (postal_code or "").strip()
        if code and digits.isdecimal():
            digits = digits.zfill(5)  # spreadsheets lose the zero that New England's begin with
        match = _ZIP.fullmatch(digits)
        place = self._zip_place(match[1]) if match else None
        if place and code in (None, place.state):
            return place
        return self._city_place(city, code) if city and code else None

    def zip_of_point(self, latitude: float, longitude: float) -> Place:
        """A point in degrees WGS84 with the facts of the nearest ZIP code; none far from any.

        Near a border the nearest ZIP code may be the neighbour's. ValueError off the Earth.
        """
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            raise ValueError("There is no such point on Earth.")
        label = f"{latitude:.4f}, {longitude:.4f}"
        row = self._table.nearest_row(latitude, longitude)
        if row is None:
            return Place(label, latitude, longitude, PlaceKind.POINT)
        return replace(self._place_at(row, latitude, longitude), label=label, kind=PlaceKind.POINT)

    def time_zone_of(self, zip_code: str | None) -> str | None:
        """The IANA time zone of a ZIP code (five digits or ZIP+4), None when it is not known."""
        match = _ZIP.fullmatch((zip_code or "").strip())
        row = self._table.row_of(match[1]) if match else None
        return None if row is None else self._table.text_at("zone", row)

    def state_bounds(self, state: str) -> tuple[Bounds, ...]:
        """Boxes around a state (code or name) by its ZIP codes; () when they say too little."""
        return self._bounds.get(state_code(state) or "", ())

    def county_keys(self) -> frozenset[str]:
        """The keys of all counties, such as "IL:cook county"."""
        return self._county_keys

    @property
    def _table(self) -> ZipTable:
        if self._loaded is None:
            with self._lock:
                if self._loaded is None:
                    self._loaded = ZipTable.load(self._folder)
        return self._loaded

    @cached_property
    def _counties(self) -> dict[str, dict[str, str]]:
        """Folded county name -> state -> the name as written."""
        table = self._table
        by_name: dict[str, dict[str, str]] = {}
        for state, county in set(zip(table.state.tolist(), table.county.tolist(), strict=True)):
            if county >= 0:
                label = table.county_label[county].decode()
                by_name.setdefault(place_name_key(label), {})[state.decode()] = label
        return by_name

    @cached_property
    def _county_keys(self) -> frozenset[str]:
        return frozenset(
            county_key(state, label)
            for labels in self._counties.values()
            for state, label in labels.items()
        )

    @cached_property
    def _bounds(self) -> dict[str, tuple[Bounds, ...]]:
        table = self._table
        boxes: dict[str, tuple[Bounds, ...]] = {}
        for state in STATES:
            is_here = (table.state == state.encode()) & (table.standing >= IN_USE)
            rows = np.flatnonzero(is_here & ~np.isnan(table.latitude))
            if len(rows) >= _FEWEST_FOR_BOUNDS:
                south, north = (float(edge(table.latitude[rows])) for edge in (np.min, np.max))
                west, east = (float(edge(table.longitude[rows])) for edge in (np.min, np.max))
                boxes[state] = (Bounds(south, west, north, east),)
        return boxes | {"AK": _ALASKA}

    def _find_point(self, text: str) -> Place | None:
        match = _POINT.fullmatch(text)
        if match is None:
            return None
        latitude, longitude = float(match[1]), float(match[2])
        if abs(latitude) > 90 or abs(longitude) > 180:
            return None
        return self.zip_of_point(latitude, longitude)

    def _find_zip(self, text: str) -> Place | None:
        """A ZIP code by itself, or after its city or state."""
        match = _ZIP.fullmatch(text)
        if match:
            return self._zip_place(match[1])
        ending = _ENDING_ZIP.fullmatch(text)
        if ending is None:
            return None
        head = ending[1].strip(" ,")
        named = state_code(head) or any(
            self._table.rows_named(place_name_key(name)) for name, _ in _splits(head)
        )
        return self._zip_place(ending[2]) if named else None

    def _place_of_zip(self, code: str) -> Place | None:
        """A ZIP code without a point of its own lies at the centre of its city."""
        row = self._table.row_of(code)
        if row is None:
            return None
        point = self._table.centre(np.array([row]))
        if point is None:
            key = place_name_key(self._table.text_at("city", row) or "")
            same_city = self._table.rows_named(key).get(self._table.state_at(row))
            point = None if same_city is None else self._table.centre(same_city)
        return None if point is None else self._place_at(row, *point)

    def _place_at(self, row: int, latitude: float, longitude: float) -> Place:
        code, state = self._table.code[row].decode(), self._table.state_at(row)
        city, county = self._table.text_at("city", row), self._table.text_at("county", row)
        return Place(
            f"{city}, {state} {code}",
            latitude,
            longitude,
            PlaceKind.ZIP,
            code,
            city,
            county_key(state, county) if county else None,
            state,
            self._table.text_at("zone", row),
        )

    def _find_county(self, text: str) -> Place | None:
        if not _COUNTY.search(text):
            return None
        for name, state in _splits(text):
            labels = self._counties.get(place_name_key(name), {})
            if state is None and len(labels) > 1:
                counts = {s: len(self._table.rows_of_county(labels[s], s)) for s in labels}
                states = sorted(counts, key=lambda s: (-counts[s], s))[:MOST_CHOICES]
                raise AmbiguousPlace(text, [f"{labels[s]}, {s}" for s in states])
            state = state or next(iter(labels), None)
            if state in labels:
                return self._county_place(labels[state], state)
        return None

    def _county_place(self, county: str, state: str) -> Place | None:
        rows = self._table.rows_of_county(county, state)
        return self._place_of(rows, f"{county}, {state}", PlaceKind.COUNTY, None, county, state)

    def _find_city(self, text: str) -> Place | None:
        for name, state in _splits(text):
            place = self._city_place(name, state) if state else self._only_city(name, text)
            if place:
                return place
        return None

    def _only_city(self, name: str, text: str) -> Place | None:
        """The city of this name in whichever state; AmbiguousPlace when none stands out."""
        key = place_name_key(name)
        by_state = self._table.rows_named(key)
        if not by_state:
            return None
        label = self._table.label_of(key)
        if state_code(name.split()[-1]) and fold_place_name(label) != fold_place_name(name):
            return None  # "Boston IA" is not Bostonia
        sizes = {
            state: int((self._table.standing[rows] == STREETS).sum())
            for state, rows in by_state.items()
        }
        states = sorted(sizes, key=lambda state: (-sizes[state], state))
        if len(states) > 1 and sizes[states[0]] < DOMINANCE * max(sizes[states[1]], 1):
            raise AmbiguousPlace(text, [f"{label}, {state}" for state in states[:MOST_CHOICES]])
        return self._city_place(name, states[0])

    def _city_place(self, name: str, state: str) -> Place | None:
        key = place_name_key(name)
        rows = self._table.rows_named(key).get(state)
        if rows is None:
            return None
        city = self._table.label_of(key)
        county = self._table.most_common("county", rows)
        return self._place_of(rows, f"{city}, {state}", PlaceKind.CITY, city, county, state)

    def _place_of(
        self,
        rows: Rows,
        label: str,
        kind: PlaceKind,
        city: str | None,
        county: str | None,
        state: str,
    ) -> Place | None:
        point = self._table.centre(rows)
        if point is None:
            return None
        key = county_key(state, county) if county else None
        zone = self._table.most_common("zone", rows)
        return Place(label, *point, kind, None, city, key, state, zone)


def _splits(text: str) -> Iterator[tuple[str, str | None]]:
    """Ways to read a text as a name and a state, the likelier first; the whole text last."""
    head, comma, tail = text.rpartition(",")
    if comma and state_code(tail):
        yield head, state_code(tail)
        return
    words = text.split()
    for count in range(min(_LONGEST_STATE_WORDS, len(words) - 1), 0, -1):
        code = state_code(" ".join(words[-count:]))
        if code:
            yield " ".join(words[:-count]), code
    yield text, None
