"""All US ZIP codes and the names of their cities as compact arrays.

The `zipcodes` package needs a second and a hundred megabytes to say all it knows. Its answer
is kept in a file of arrays, so that every later process starts in a few milliseconds.
"""

import logging
import math
import os
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import zipcodes

from referral_hub.rules.places import place_name_key

IN_USE, STREETS = 1, 2
"""Standing of a ZIP code that is in use, and of one with street delivery."""

_LAYOUT = 1
_STRAY_DEGREES = 0.6
_NEAR_DEGREES, _FAR_DEGREES = 0.4, 1.0
_log = logging.getLogger(__name__)

Text = npt.NDArray[np.bytes_]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int32]
Rows = npt.NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, slots=True)
class ZipTable:
    """Columns of equal length, one row a ZIP code, sorted by code; texts are UTF-8 bytes.

    `latitude` and `longitude` are NaN where unknown; `by_latitude` are the rows from south to
    north, unknown last. `standing`: STREETS, IN_USE (PO
    boxes, one big receiver, military) or 0 = no longer in use.
    `city`, `county` and `zone` point into their `..._label` arrays, -1 = unknown.

    `name` holds every folded city name once, sorted. The ZIP codes that go by name i are
    `name_row[name_start[i]:name_start[i + 1]]`; `name_rank` beside them: 0 = the city of the
    ZIP code, 1 = also accepted for it, 2 = in use but not accepted by the post office.
    """

    code: Text
    latitude: Floats
    longitude: Floats
    by_latitude: Whole
    standing: Whole
    state: Text
    city: Whole
    city_label: Text
    county: Whole
    county_label: Text
    zone: Whole
    zone_label: Text
    name: Text
    name_label: Text
    name_start: Whole
    name_row: Whole
    name_rank: Whole

    @classmethod
    def load(cls, folder: Path | None = None) -> Self:
        """The table from the file in `folder`; built, and written there, when it is not there."""
        name = f"zip-codes-{version('zipcodes')}-{_LAYOUT}.npz"
        path = folder / name if folder else None
        if path is not None and path.exists():
            try:
                with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                    return cls(**{field.name: arrays[field.name] for field in fields(cls)})
            except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
                _log.warning("%s cannot be read and is made anew", path)
        table = cls(**_build_columns(_read_package()))
        if path is not None:
            try:
                table._write(path)
            except OSError:
                _log.warning("%s cannot be written: every start will take a second", path)
        return table

    def row_of(self, code: str) -> int | None:
        """The row of a five-digit ZIP code, in use or not."""
        wanted = code.encode()
        row = int(np.searchsorted(self.code, wanted))
        return row if row < len(self.code) and self.code[row] == wanted else None

    def text_at(self, column: str, row: int) -> str | None:
        """The city, county or time zone of a row as text."""
        number = getattr(self, column)[row]
        return None if number < 0 else getattr(self, f"{column}_label")[number].decode()

    def state_at(self, row: int) -> str:
        """The state's code of a row."""
        return str(self.state[row].decode())

    def most_common(self, column: str, rows: Rows) -> str | None:
        """The city, county or time zone that most of these rows have."""
        numbers, counts = np.unique(getattr(self, column)[rows], return_counts=True)
        number = numbers[np.argmax(counts)]
        return None if number < 0 else getattr(self, f"{column}_label")[number].decode()

    def rows_named(self, key: str) -> dict[str, Rows]:
        """By state, the rows whose city has this folded name; also accepted names only if none."""
        number = int(np.searchsorted(self.name, key.encode()))
        if number == len(self.name) or self.name[number] != key.encode():
            return {}
        part = slice(self.name_start[number], self.name_start[number + 1])
        rows, ranks = self.name_row[part], self.name_rank[part]
        found = {}
        for state in np.unique(self.state[rows]):
            here = self.state[rows] == state
            found[state.decode()] = rows[here & (ranks == ranks[here].min())]
        return found

    def label_of(self, key: str) -> str:
        """A folded city name, known to exist, as it is written."""
        return str(self.name_label[np.searchsorted(self.name, key.encode())].decode())

    def rows_of_county(self, county: str, state: str) -> Rows:
        """The rows of a county (as written in `county_label`) of a state."""
        number = np.flatnonzero(self.county_label == county.encode())
        return np.flatnonzero((self.county == number) & (self.state == state.encode()))

    def centre(self, rows: Rows) -> tuple[float, float] | None:
        """The mean point of rows, of those with streets if any, without rows far from the rest."""
        located = rows[~np.isnan(self.latitude[rows])]
        with_streets = located[self.standing[located] == STREETS]
        chosen = with_streets if len(with_streets) else located
        if not len(chosen):
            return None
        points = np.column_stack((self.latitude[chosen], self.longitude[chosen]))
        near = np.abs(points - np.median(points, axis=0)).max(axis=1) <= _STRAY_DEGREES
        latitude, longitude = points[near].mean(axis=0) if near.any() else points[0]
        return round(float(latitude), 5), round(float(longitude), 5)

    def nearest_row(self, latitude: float, longitude: float) -> int | None:
        """The nearest ZIP code with streets, farther away any in use, None far from all."""
        edges = (latitude - _FAR_DEGREES, latitude + _FAR_DEGREES)
        first, last = np.searchsorted(self.latitude, edges, sorter=self.by_latitude)
        rows = self.by_latitude[first:last]
        north = self.latitude[rows] - latitude
        east = (self.longitude[rows] - longitude + 180) % 360 - 180
        squares = north**2 + (east * math.cos(math.radians(latitude))) ** 2
        for standing, degrees in ((STREETS, _NEAR_DEGREES), (IN_USE, _FAR_DEGREES)):
            usable = np.where(self.standing[rows] >= standing, squares, np.inf)
            if len(usable) and usable.min() <= degrees**2:
                return int(rows[usable.argmin()])
        return None

    def _write(self, path: Path) -> None:
        """All or nothing, so that another process never reads half a file."""
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                np.savez(file, **{field.name: getattr(self, field.name) for field in fields(self)})
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Row:
    """What is used of one entry of the package."""

    code: str
    latitude: float
    longitude: float
    standing: int
    state: str
    names: tuple[Sequence[str], Sequence[str], Sequence[str]]
    county: str
    zone: str

    @property
    def city(self) -> str:
        return self.names[0][0]


def _read_package() -> list[_Row]:
    """Digit by digit, which never holds all entries of the package at once."""
    similar_to: Callable[[str], list[dict[str, Any]]] = zipcodes.similar_to
    entries = (entry for digit in "0123456789" for entry in similar_to(digit))
    return sorted((_read_entry(entry) for entry in entries), key=lambda row: row.code)


def _read_entry(entry: Mapping[str, Any]) -> _Row:
    latitude, longitude = float(entry["lat"] or 0), float(entry["long"] or 0)
    known = bool(latitude or longitude)
    kind, active = entry["zip_code_type"], entry["active"]
    county, state = entry["county"], entry["state"]
    if county and state == "PR" and not county.endswith("Municipio"):
        county += " Municipio"
    return _Row(
        entry["zip_code"],
        latitude if known else np.nan,
        longitude if known else np.nan,
        active * (1 + (kind == "STANDARD")),
        state,
        ((entry["city"],), entry["acceptable_cities"], entry["unacceptable_cities"]),
        county,
        entry["timezone"] if "/" in entry["timezone"] else "",
    )


def _build_columns(rows: Sequence[_Row]) -> dict[str, npt.NDArray[Any]]:
    latitude = np.array([row.latitude for row in rows])
    return {
        "code": _texts(row.code for row in rows),
        "latitude": latitude,
        "longitude": np.array([row.longitude for row in rows]),
        "by_latitude": np.argsort(latitude).astype(np.int32),
        "standing": np.array([row.standing for row in rows], np.int32),
        "state": _texts(row.state for row in rows),
        **_labelled("city", [row.city for row in rows]),
        **_labelled("county", _counties(rows)),
        **_labelled("zone", _zones(rows)),
        **_named(rows),
    }


def _texts(values: Iterable[str]) -> Text:
    return np.array([value.encode() for value in values])


def _labelled(name: str, values: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
    """A column of numbers and its labels; an empty value is -1."""
    labels = sorted(set(values) - {""})
    number_of = {label: number for number, label in enumerate(labels)} | {"": -1}
    numbers = np.array([number_of[value] for value in values], np.int32)
    return {name: numbers, f"{name}_label": _texts(labels)}


def _counties(rows: Sequence[_Row]) -> list[str]:
    """One spelling for each county of a state; where none is stated, that of the same city."""
    by_city: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.county:
            by_city[row.state, row.city][row.county] += 1
    stated = [row.county or _most_common(by_city[row.state, row.city]) for row in rows]
    folded = {county: place_name_key(county) for county in set(stated)}
    spellings: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row, county in zip(rows, stated, strict=True):
        spellings[row.state, folded[county]][county] += 1
    common = {key: _most_common(counter) for key, counter in spellings.items()}
    return [common[row.state, folded[county]] for row, county in zip(rows, stated, strict=True)]


def _zones(rows: Sequence[_Row]) -> list[str]:
    """Time zones; where none is stated, the usual one of the state."""
    by_state: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.zone:
            by_state[row.state][row.zone] += 1
    return [row.zone or _most_common(by_state[row.state]) for row in rows]


def _most_common(counter: Counter[str]) -> str:
    return counter.most_common(1)[0][0] if counter else ""


def _named(rows: Sequence[_Row]) -> dict[str, npt.NDArray[Any]]:
    """The index of folded city names over the ZIP codes in use that lie somewhere."""
    keys: dict[str, str] = {}
    entries: defaultdict[str, dict[int, int]] = defaultdict(dict)
    labels: dict[str, str] = {}
    for rank in range(3):
        for number, row in enumerate(rows):
            for name in row.names[rank] if row.standing and row.zone else ():
                key = keys.get(name) or keys.setdefault(name, place_name_key(name))
                if len(key) > 2:
                    entries[key].setdefault(number, rank)
                    is_short = rank == 2 and len(name) == 3  # "NYC"; but "Ely" is a name
                    labels.setdefault(key, name.upper() if is_short else name)
    names = sorted(entries)
    found = [entry for name in names for entry in entries[name].items()]
    starts = np.cumsum([0, *(len(entries[name]) for name in names)])
    return {
        "name": _texts(names),
        "name_label": _texts(labels[name] for name in names),
        "name_start": starts.astype(np.int32),
        "name_row": np.array([row for row, _ in found], np.int32),
        "name_rank": np.array([rank for _, rank in found], np.int32),
    }
