"""What a document leaves in the index besides its postings, and the same for all as arrays."""

import math
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import tokens, word_list
from search_index.choices import COUNTED, FLAGS, Choices, side_by_side
from search_index.columns import (
    Arrays,
    Flags,
    Many,
    ManyBuilder,
    Names,
    One,
    OneBuilder,
    RowNumbers,
    Triples,
    TriplesBuilder,
)
from search_index.documents import Area, AreaKind, Document
from search_index.errors import InvalidDocument
from search_index.lexicon import parts_of
from search_index.opening import Hours, exception_rows, shifts
from search_index.understand import Understanding

# How much a word counts where it stands.
FIELD_WEIGHTS = {
    "name": 4.0,
    "terms": 3.0,
    "organization": 2.0,
    "description": 1.0,
    "eligibility": 0.5,
    "place": 0.5,
}
TEXT_FIELDS = tuple(FIELD_WEIGHTS)

NEVER = 0


class Record(NamedTuple):
    """One document as stored: everything from which its segment can be built anew.

    `texts` are the tokens of each text field, with blanks between them. `needs` and `people`
    are what its texts say that it is about (see `understand`).
    """

    document_id: str
    fingerprint: str
    service_id: str
    organization_id: str
    location_id: str
    name: str
    organization: str
    texts: tuple[str, ...]
    latitude: float
    longitude: float
    areas: tuple[str, ...]
    circles: tuple[tuple[float, float, float], ...]
    categories: tuple[str, ...]
    needs: tuple[tuple[str, int], ...]
    people: tuple[str, ...]
    languages: tuple[str, ...]
    accessibility: tuple[str, ...]
    cost: str
    delivery: tuple[str, ...]
    accepting: bool
    partner: bool
    verified: int
    minimum_age: float
    maximum_age: float
    time_zone: str
    shifts: tuple[tuple[int, int, int], ...]
    exceptions: tuple[tuple[int, int, int], ...]


def fingerprint(document: Document) -> str:
    """Return a hash of all fields: equal in every process, other when any field differs."""
    # The repr of a dataclass shows every field with its type, and escapes lone surrogates.
    return blake2b(repr(document).encode(), digest_size=16).hexdigest()


def area_key(kind: AreaKind, value: str) -> str:
    """Return how a stated coverage area is written in the index."""
    return f"{kind.value}:{value}"


def record_of(document: Document, understanding: Understanding) -> Record:
    """Return what is stored of a document.

    Raises InvalidDocument when a point or a circle is not on earth.
    """
    _check_point(document.id, "latitude", document.latitude, document.longitude)
    circles = [area for area in document.coverage if area.kind is AreaKind.CIRCLE]
    texts = {field: word_list(text) for field, text in _texts(document).items()}
    parts = {field: parts_of(found) for field, found in texts.items()}
    return Record(
        document_id=document.id,
        fingerprint=fingerprint(document),
        service_id=document.service_id,
        organization_id=document.organization_id,
        location_id=document.location_id or "",
        name=document.name,
        organization=document.organization,
        texts=tuple(" ".join(tokens(found)) for found in texts.values()),
        latitude=math.nan if document.latitude is None else document.latitude,
        longitude=math.nan if document.longitude is None else document.longitude,
        areas=tuple(
            area_key(area.kind, area.value)
            for area in document.coverage
            if area.kind is not AreaKind.CIRCLE
        ),
        circles=tuple(_circle(document.id, area) for area in circles),
        categories=document.categories,
        needs=understanding.about(parts, document.categories),
        people=understanding.meant_for(parts),
        languages=document.languages,
        accessibility=document.accessibility,
        cost=document.cost,
        delivery=document.delivery,
        accepting=document.accepting is True,
        partner=document.partner,
        verified=document.verified.toordinal() if document.verified else NEVER,
        minimum_age=-math.inf if document.minimum_age is None else document.minimum_age,
        maximum_age=math.inf if document.maximum_age is None else document.maximum_age,
        time_zone=document.time_zone,
        shifts=shifts(document.open_minutes or ()),
        exceptions=exception_rows(document.exceptions),
    )


def _texts(document: Document) -> dict[str, str]:
    """Return the texts of a document by text field, in their order."""
    named = f"{document.name} {document.alternate_name}" if document.alternate_name else None
    return {
        "name": named or document.name,
        "terms": document.terms,
        "organization": document.organization,
        "description": document.description,
        "eligibility": document.eligibility,
        "place": document.place,
    }


def _circle(document_id: str, area: Area) -> tuple[float, float, float]:
    _check_point(document_id, "coverage", area.latitude, area.longitude)
    radius = area.radius_km
    if area.latitude is None or area.longitude is None or radius is None:
        raise InvalidDocument(document_id, "coverage", "a circle needs a centre and a radius")
    if not (math.isfinite(radius) and radius >= 0):
        raise InvalidDocument(document_id, "coverage", "a radius is a number from 0 up")
    return area.latitude, area.longitude, radius


def _check_point(
    document_id: str, field: str, latitude: float | None, longitude: float | None
) -> None:
    if latitude is None and longitude is None:
        return
    if latitude is None or longitude is None:
        raise InvalidDocument(document_id, field, "latitude and longitude belong together")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise InvalidDocument(document_id, field, f"{latitude}, {longitude} is not on earth")


_ONE = ("service", "organization", "location", "zone")
_MANY = (
    "areas", "categories", "needs", "people", "languages", "accessibility", "cost", "delivery",
)  # fmt: skip
_TRIPLES = {"circles": "d", "shifts": "q", "exceptions": "q"}
_NUMBERS = {"latitude": "d", "longitude": "d", "minimum_age": "d", "maximum_age": "d"}
_DATES = {"verified": "i"}
_FLAGS = dict.fromkeys(FLAGS, "b")


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of all documents of a segment, one row each."""

    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    minimum_age: NDArray[np.float64]
    maximum_age: NDArray[np.float64]
    verified: NDArray[np.int32]
    accepting: Flags
    partner: Flags
    service: One
    organization: One
    location: One
    areas: Many
    categories: Many
    needs: Many
    people: Many
    languages: Many
    accessibility: Many
    cost: Many
    delivery: Many
    circles: Triples
    choices: Choices
    hours: Hours

    @classmethod
    def of(cls, arrays: Arrays) -> Self:
        """Return the facts that a builder gave as arrays."""
        parts: dict[str, dict[str, NDArray[Any]]] = {}
        for name, values in arrays.items():
            column, _, part = name.partition(".")
            parts.setdefault(column, {})[part] = values
        columns: dict[str, Any] = {
            **{name: parts[name][""] for name in (*_NUMBERS, *_DATES)},
            **{name: parts[name][""].view(np.bool_) for name in _FLAGS},
            **{name: One(_names(parts[name]), parts[name]["codes"]) for name in _ONE},
            **{name: _many(parts[name]) for name in _MANY},
            **{name: Triples(parts[name]["starts"], parts[name]["numbers"]) for name in _TRIPLES},
        }
        hours = Hours(*(columns.pop(name) for name in ("zone", "shifts", "exceptions")))
        names = {name: columns[name].names for name in COUNTED}
        return cls(**columns, hours=hours, choices=Choices.of(parts["choices"], names))

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.latitude)


def _names(parts: Mapping[str, NDArray[Any]]) -> Names:
    return Names(parts["text"], parts["ends"])


def _many(parts: Mapping[str, NDArray[Any]]) -> Many:
    return Many(_names(parts), *(parts[column] for column in ("firsts", "rows", "weights")))


class FactsBuilder:
    """Gathers the facts of records, one row each."""

    def __init__(self) -> None:
        self._one = {name: OneBuilder() for name in _ONE}
        self._many = {name: ManyBuilder() for name in _MANY}
        self._triples = {name: TriplesBuilder(code) for name, code in _TRIPLES.items()}
        plain = {**_NUMBERS, **_DATES, **_FLAGS}
        self._plain: dict[str, array[Any]] = {name: array(code) for name, code in plain.items()}

    def add(self, record: Record) -> None:
        """Note the facts of the next row."""
        one, many, plain = self._one, self._many, self._plain
        one["service"].add(record.service_id)
        one["organization"].add(record.organization_id)
        one["location"].add(record.location_id)
        one["zone"].add(record.time_zone)
        many["cost"].add({record.cost: 1} if record.cost else {})
        many["needs"].add(dict(record.needs))
        for name in ("areas", "categories", "people", "languages", "accessibility", "delivery"):
            many[name].add(dict.fromkeys(getattr(record, name), 1))
        for name, builder in self._triples.items():
            builder.add(getattr(record, name))
        for name, column in plain.items():
            column.append(getattr(record, name))

    def number(self, name: str) -> NDArray[Any]:
        """Return a column of plain numbers as it stands."""
        return np.array(self._plain[name])

    def arrays(self, order: RowNumbers) -> dict[str, NDArray[Any]]:
        """Return all columns as named arrays, with the rows in another order."""
        named: dict[str, NDArray[Any]] = {}
        builders: dict[str, OneBuilder | ManyBuilder | TriplesBuilder] = {
            **self._one, **self._many, **self._triples,
        }  # fmt: skip
        for name, builder in builders.items():
            for part, values in builder.arrays(order).items():
                named[f"{name}.{part}"] = values
        named |= {name: np.array(column)[order] for name, column in self._plain.items()}
        counted = [self._many[name].by_row(order) for name in COUNTED]
        for name in FLAGS:
            starts = np.concatenate([np.zeros(1, np.int32), named[name].cumsum(dtype=np.int32)])
            counted.append((starts, np.zeros(starts[-1], dtype=np.int32), 1))
        for part, values in side_by_side(counted).items():
            named[f"choices.{part}"] = values
        return named
