"""The places that people name in a search, from the table of ZIP codes.

Cities come with every name that the post office accepts for them, so boroughs and many
neighbourhoods are among them. What is left out are names that it does not accept: most are
buildings, streets and old spellings.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt

from referral_hub.gateways.array_file import Arrays, load_or_make
from referral_hub.gateways.zip_table import STREETS, Rows, ZipTable
from referral_hub.rules.places import STATES, county_key
from search_index.documents import NamedPlace, PlaceKind
from search_index.gazetteer import Gazetteer

_LAYOUT = 1
_LAST_ACCEPTED_RANK = 1
_LEAST_ZIP_KM, _MOST_ZIP_KM = 3.0, 25.0
_LEAST_CITY_KM, _LEAST_COUNTY_KM = 5.0, 10.0
_EDGE_KM = 3.0
_MOST_OF_IT = 0.9
_SAME_POINT_KM = 0.1
_WITHOUT_STREETS = 0.5
_KM_PER_DEGREE = 111.2
_BLOCK = 200

Floats = npt.NDArray[np.float64]
Extent = tuple[Floats, float]

_ALSO_CALLED = {
    "Manhattan": "New York County, NY",
    "Queens": "Queens County, NY",
    "NYC": "New York, NY",
    "New York City": "New York, NY",
    "Nueva York": "New York, NY",
    "Philly": "Philadelphia, PA",
    "Filadelfia": "Philadelphia, PA",
    "NOLA": "New Orleans, LA",
    "Nueva Orleans": "New Orleans, LA",
    "Vegas": "Las Vegas, NV",
    "SF": "San Francisco, CA",
    "San Fran": "San Francisco, CA",
    "Indy": "Indianapolis, IN",
    "OKC": "Oklahoma City, OK",
    "SLC": "Salt Lake City, UT",
    "STL": "Saint Louis, MO",
    "New York State": "New York",
    "Washington State": "Washington",
    "Carolina del Norte": "North Carolina",
    "Carolina del Sur": "South Carolina",
    "Dakota del Norte": "North Dakota",
    "Dakota del Sur": "South Dakota",
    "Luisiana": "Louisiana",
    "Nueva Jersey": "New Jersey",
    "Nuevo Mexico": "New Mexico",
    "Pensilvania": "Pennsylvania",
    "Virginia Occidental": "West Virginia",
}
"""Names that people say and the post office does not know, by the label of the place."""


def search_places(folder: Path | None = None) -> Gazetteer:
    """The places for searching. `folder` keeps them between processes; None makes them anew."""
    name = f"search-places-{version('zipcodes')}-{_LAYOUT}.npz"
    columns = [field.name for field in fields(Gazetteer)]

    def make() -> Arrays:
        made = Gazetteer.of(_Source(ZipTable.load(folder)).places())
        return {column: getattr(made, column) for column in columns}

    return Gazetteer(**load_or_make(folder / name if folder else None, columns, make))


class _Source:
    """Reads places off the table of ZIP codes. Their names are folded by the gazetteer."""

    def __init__(self, table: ZipTable) -> None:
        self._table = table
        states = np.array([code.encode() for code in STATES])
        self._located = ~np.isnan(table.latitude) & np.isin(table.state, states)
        self._points = np.column_stack((table.latitude, table.longitude))
        self._spacing = self._km_to_next()

    def places(self) -> Iterator[NamedPlace]:
        regions = [*self._states(), *self._counties(), *self._cities()]
        yield from regions
        yield from self._zips()
        labelled = {place.label: place for place in regions}
        for name, label in _ALSO_CALLED.items():
            yield replace(labelled[label], name=name)

    def _states(self) -> Iterator[NamedPlace]:
        """Each state by its name and by its postal code."""
        for state, label in STATES.items():
            points = self._points[self._located & (self._table.state == state.encode())]
            if len(points):
                middle = (points.min(axis=0) + points.max(axis=0)) / 2
                extent = middle, _km_from(points, middle).max() + _EDGE_KM
                for name in (label, state):
                    yield _place(name, label, PlaceKind.STATE, extent, len(points), state)

    def _counties(self) -> Iterator[NamedPlace]:
        table = self._table
        by_county: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
        for row in np.flatnonzero(self._located & (table.county >= 0)).tolist():
            by_county[int(table.county[row]), table.state_at(row)].append(row)
        for (number, state), numbers in by_county.items():
            rows, county = np.array(numbers), table.county_label[number].decode()
            extent, weight = self._extent(rows, _LEAST_COUNTY_KM), self._weight(rows)
            kind, label, key = PlaceKind.COUNTY, f"{county}, {state}", county_key(state, county)
            yield _place(county, label, kind, extent, weight, state, key)

    def _cities(self) -> Iterator[NamedPlace]:
        """Each city in each state: where its own ZIP codes are, or else those that accept it."""
        table = self._table
        for number, name in enumerate(table.name_label.tolist()):
            part = slice(table.name_start[number], table.name_start[number + 1])
            rows, ranks = table.name_row[part], table.name_rank[part]
            known = self._located[rows] & (ranks <= _LAST_ACCEPTED_RANK)
            for state in set(table.state[rows[known]].tolist()):
                here = known & (table.state[rows] == state)
                own = rows[here & (ranks == ranks[here].min())]
                yield self._city(name.decode(), state.decode(), own, self._weight(rows[here]))

    def _city(self, name: str, state: str, own: Rows, weight: float) -> NamedPlace:
        city = self._table.text_at("city", own[0]) or name
        label = f"{city if _is_short_for(name, city) else name}, {state}"
        extent, kind = self._extent(own, _LEAST_CITY_KM), PlaceKind.CITY
        return _place(name, label, kind, extent, weight, state, self._county(own))

    def _zips(self) -> Iterator[NamedPlace]:
        table = self._table
        for row in np.flatnonzero(self._located).tolist():
            code, state, rows = table.code[row].decode(), table.state_at(row), np.array([row])
            label, kind = f"{table.text_at('city', row)}, {state} {code}", PlaceKind.ZIP
            extent, weight = self._extent(rows, _LEAST_ZIP_KM), self._weight(rows)
            yield _place(code, label, kind, extent, weight, state, self._county(rows), code)

    def _county(self, rows: Rows) -> str | None:
        """The key of the county in which most of these ZIP codes are."""
        table = self._table
        of_one = len(rows) == 1
        county = table.text_at("county", rows[0]) if of_one else table.most_common("county", rows)
        return county_key(table.state_at(rows[0]), county) if county else None

    def _extent(self, rows: Rows, least_km: float) -> Extent:
        """The middle of ZIP codes, and how far most of them lie from there."""
        if len(rows) == 1:
            return self._points[rows[0]], max(self._spacing[rows[0]], least_km)
        middle = np.array(self._table.centre(rows))
        far = np.sort(_km_from(self._points[rows], middle))[int(_MOST_OF_IT * (len(rows) - 1))]
        return middle, max(far + _EDGE_KM, least_km)

    def _weight(self, rows: Rows) -> float:
        """How many ZIP codes with streets there are; a place of post boxes alone counts little."""
        streets = int(np.count_nonzero(self._table.standing[rows] == STREETS))
        return streets or _WITHOUT_STREETS

    def _km_to_next(self) -> Floats:
        """How far it is from each ZIP code to the nearest other one with streets, within bounds."""
        table, spacing = self._table, np.full(len(self._points), _MOST_ZIP_KM)
        northward = table.by_latitude[self._located[table.by_latitude]]
        others = northward[table.standing[northward] == STREETS]
        reach = _MOST_ZIP_KM / _KM_PER_DEGREE
        for first in range(0, len(northward), _BLOCK):
            block = northward[first : first + _BLOCK]
            edges = table.latitude[block[0]] - reach, table.latitude[block[-1]] + reach
            near = others[slice(*np.searchsorted(table.latitude[others], edges))]
            km = _km_from(self._points[near], self._points[block][:, None])
            km[km < _SAME_POINT_KM] = np.inf
            spacing[block] = km.min(axis=1, initial=_MOST_ZIP_KM)
        return np.asarray(np.maximum(spacing, _LEAST_ZIP_KM))


def _is_short_for(name: str, city: str) -> bool:
    """Whether a name has only letters of the city's, in their order: "Colo Spgs"."""
    left = iter(city.lower())
    return name[0] == city[0] and all(letter in left for letter in name.lower())


def _place(
    name: str,
    label: str,
    kind: PlaceKind,
    extent: Extent,
    weight: float,
    state: str,
    county: str | None = None,
    zip_code: str | None = None,
) -> NamedPlace:
    (latitude, longitude), radius = extent
    return NamedPlace(
        name,
        label,
        kind,
        round(float(latitude), 5),
        round(float(longitude), 5),
        round(float(radius), 1),
        weight,
        state,
        county,
        zip_code,
    )


def _km_from(points: Floats, point: Floats) -> Floats:
    """About how far points lie from a point, both in degrees along the last axis."""
    north = points[..., 0] - point[..., 0]
    east = (points[..., 1] - point[..., 1]) * np.cos(np.radians(point[..., 0]))
    return np.asarray(np.hypot(north, east) * _KM_PER_DEGREE)
