"""Places by name as compact columns: found by the whole name, completed from its beginnings."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import words
from search_index.documents import NamedPlace, PlaceKind

Point = tuple[float, float]
"""Latitude and longitude in WGS84 degrees."""

Text = NDArray[np.bytes_]
Floats = NDArray[np.float64]
RowNumbers = NDArray[np.int32]

KINDS = (PlaceKind.STATE, PlaceKind.COUNTY, PlaceKind.CITY, PlaceKind.ZIP)
"""What the numbers of `Gazetteer.kind` stand for, the largest first."""

_SHORT_FORMS = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
_DIRECTIONS = {"n": "north", "s": "south", "e": "east", "w": "west"}
_KM_PER_DEGREE = 111.2
_NEAR_KM = 50.0
_FALL = 1.5
_LATER_WORD = 0.2


def name_words(found: Sequence[str]) -> list[str]:
    """Return folded words with the short forms in names written out: "st" is "saint".

    A letter is a direction only before a whole word: "n canton", but not in "n y".
    """
    full = [_SHORT_FORMS.get(word, word) for word in found]
    for place, word in enumerate(found[:-1]):
        if word in _DIRECTIONS and len(found[place + 1]) > 1:
            full[place] = _DIRECTIONS[word]
    return full


def fold_name(name: str) -> str:
    """Return a place's name without capitals, accents, marks and short forms."""
    return " ".join(name_words(list(words(name))))


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """Columns with one row for each name of a place; texts are UTF-8, empty where there is none.

    Rows are sorted by `key`, the folded name without spaces ("mc henry" is "mchenry"), then from
    large kinds to small, then from heavy to light. `kind` points into KINDS. `start_row` and
    `start_at` are the beginnings of all words of all keys, in the order of the text from there.
    """

    key: Text
    name: Text
    label: Text
    kind: NDArray[np.int8]
    latitude: Floats
    longitude: Floats
    radius_km: Floats
    weight: Floats
    state: Text
    county: Text
    zip: Text
    start_row: RowNumbers
    start_at: NDArray[np.int16]

    @classmethod
    def of(cls, places: Iterable[NamedPlace]) -> Self:
        """Return the gazetteer of these places."""
        named = [(name, place) for place in places if (name := fold_name(place.name))]
        named.sort(key=lambda entry: (_key(entry[0]), *_rank(entry[1])))
        names, sorted_places = [name for name, _ in named], [place for _, place in named]
        start_row, start_at = _starts(names)
        return cls(
            key=_texts(map(_key, names)),
            name=_texts(names),
            label=_texts(place.label for place in sorted_places),
            kind=np.array([KINDS.index(place.kind) for place in sorted_places], np.int8),
            latitude=np.array([place.latitude for place in sorted_places], np.float64),
            longitude=np.array([place.longitude for place in sorted_places], np.float64),
            radius_km=np.array([place.radius_km for place in sorted_places], np.float64),
            weight=np.array([place.weight for place in sorted_places], np.float64),
            state=_texts(place.state or "" for place in sorted_places),
            county=_texts(place.county or "" for place in sorted_places),
            zip=_texts(place.zip or "" for place in sorted_places),
            start_row=start_row,
            start_at=start_at,
        )

    def find(self, name: str) -> tuple[NamedPlace, ...]:
        """Return all places of this name, however it is spelt, the largest kind first."""
        return tuple(map(self.place, self.rows(_key(fold_name(name)))))

    def completing(
        self, prefix: str, limit: int, near: Point | None = None
    ) -> tuple[NamedPlace, ...]:
        """Return the likeliest places with a word, or more, that begins like this.

        Heavy ones come first; with `near`, those nearby before others of the same weight.
        """
        starts = self._starts_with(list(words(prefix)))
        rows = self.start_row[starts]
        score = self.weight[rows] * np.where(self.start_at[starts] > 0, _LATER_WORD, 1.0)
        if near is not None:
            score *= nearness(self.km_from(rows, near))
        found: dict[bytes, int] = {}
        for row in rows[np.argsort(-score, kind="stable")].tolist():
            if len(found) >= limit:
                break
            found.setdefault(self.label[row], row)
        return tuple(map(self.place, found.values()))

    def rows(self, key: str) -> range:
        """Return the rows of a folded name without spaces."""
        wanted = key.encode()
        if len(wanted) > self.key.itemsize:  # for which numpy would copy the whole column
            return range(0)
        first = int(self.key.searchsorted(wanted))
        if first == len(self.key) or self.key[first] != wanted:
            return range(0)
        return range(first, int(self.key.searchsorted(wanted, "right")))

    def has_word(self, word: str) -> bool:
        """Tell whether a folded word stands in the name of any place."""
        beginning = word.encode()
        first = bisect_left(range(len(self.start_row)), beginning, key=self._from)
        for start in range(first, len(self.start_row)):
            if not self._from(start).startswith(beginning):
                return False
            if beginning in self.name[self.start_row[start]].split():
                return True
        return False

    def place(self, row: int) -> NamedPlace:
        """Return what a row says."""
        return NamedPlace(
            name=self.name[row].decode(),
            label=self.label[row].decode(),
            kind=KINDS[self.kind[row]],
            latitude=float(self.latitude[row]),
            longitude=float(self.longitude[row]),
            radius_km=float(self.radius_km[row]),
            weight=float(self.weight[row]),
            state=self.state[row].decode() or None,
            county=self.county[row].decode() or None,
            zip=self.zip[row].decode() or None,
        )

    def km_from(self, rows: RowNumbers | slice, point: Point) -> Floats:
        """Return about how far a point lies outside of each place; 0 within its radius."""
        latitude, longitude = point
        east = (self.longitude[rows] - (longitude - 180)) % 360 - 180
        east *= cos(radians(latitude))
        km = np.hypot(self.latitude[rows] - latitude, east) * _KM_PER_DEGREE
        return np.maximum(km - self.radius_km[rows], 0.0)

    def _starts_with(self, begun: list[str]) -> RowNumbers:
        """Return which starts go on from here; "st" as both "saint" and "stockton"."""
        full, starts, parts = name_words(begun), range(len(self.start_row)), []
        for text in {"".join(full), "".join((*full[:-1], *begun[-1:]))} - {""}:
            beginning, end = text.encode(), text.encode() + b"\xff"
            first = bisect_left(starts, beginning, key=self._from)
            parts.append(np.arange(first, bisect_left(starts, end, key=self._from), dtype=np.int32))
        return np.concatenate([np.array([], np.int32), *parts])

    def _from(self, start: int) -> bytes:
        key: bytes = self.key[self.start_row[start]]
        return key[self.start_at[start] :]


def nearness(km: Floats) -> Floats:
    """Return how much likelier a place is meant, the nearer it is: 1 here, little far away."""
    return np.asarray((1 + km / _NEAR_KM) ** -_FALL)


def _key(name: str) -> str:
    return name.replace(" ", "")


def _rank(place: NamedPlace) -> tuple[Any, ...]:
    return KINDS.index(place.kind), -place.weight, place.label


def _texts(values: Iterable[str]) -> Text:
    return np.array([value.encode() for value in values], np.bytes_)


def _starts(names: Sequence[str]) -> tuple[RowNumbers, NDArray[np.int16]]:
    starts = []
    for row, name in enumerate(names):
        key, at = _key(name).encode(), 0
        for word in name.split():
            starts.append((key[at:], row, at))
            at += len(word.encode())
    starts.sort()
    rows = np.array([row for _, row, _ in starts], np.int32)
    return rows, np.array([at for _, _, at in starts], np.int16)


EMPTY = Gazetteer.of(())
