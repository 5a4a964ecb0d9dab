"""What a document leaves in the index besides its words, and the same for all as arrays."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from itertools import accumulate
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from search_index.columns import Flags, Rows, Values
from search_index.documents import Area, AreaKind, Document
from search_index.errors import InvalidDocument
from search_index.opening import exception_rows, shifts


class Record(NamedTuple):
    """The facts of one document, as stored. `lengths` counts the stems of each text field."""

    document_id: str
    fingerprint: str
    service_id: str
    organization_id: str
    location_id: str
    latitude: float
    longitude: float
    areas: tuple[str, ...]
    circles: tuple[tuple[float, float, float], ...]
    categories: tuple[str, ...]
    languages: tuple[str, ...]
    accessibility: tuple[str, ...]
    cost: str
    delivery: tuple[str, ...]
    accepting: bool
    partner: bool
    minimum_age: float
    maximum_age: float
    time_zone: str
    shifts: tuple[tuple[int, int, int], ...]
    exceptions: tuple[tuple[int, int, int], ...]
    lengths: tuple[int, ...]


def fingerprint(document: Document) -> str:
    """Return a hash of all fields: equal in every process, other when any field differs."""
    # The repr of a dataclass shows every field with its type, and escapes lone surrogates.
    return blake2b(repr(document).encode(), digest_size=16).hexdigest()


def area_key(kind: AreaKind, value: str) -> str:
    """Return how a stated coverage area is written in the index."""
    return f"{kind.value}:{value}"


def record_of(document: Document, lengths: tuple[int, ...]) -> Record:
    """Return the facts of a document.

    Raises InvalidDocument when a point or a circle is not on earth.
    """
    _check_point(document.id, "latitude", document.latitude, document.longitude)
    circles = [area for area in document.coverage if area.kind is AreaKind.CIRCLE]
    return Record(
        document_id=document.id,
        fingerprint=fingerprint(document),
        service_id=document.service_id,
        organization_id=document.organization_id,
        location_id=document.location_id or "",
        latitude=math.nan if document.latitude is None else document.latitude,
        longitude=math.nan if document.longitude is None else document.longitude,
        areas=tuple(
            area_key(area.kind, area.value)
            for area in document.coverage
            if area.kind is not AreaKind.CIRCLE
        ),
        circles=tuple(_circle(document.id, area) for area in circles),
        categories=document.categories,
        languages=document.languages,
        accessibility=document.accessibility,
        cost=document.cost,
        delivery=document.delivery,
        accepting=document.accepting is True,
        partner=document.partner,
        minimum_age=-math.inf if document.minimum_age is None else document.minimum_age,
        maximum_age=math.inf if document.maximum_age is None else document.maximum_age,
        time_zone=document.time_zone,
        shifts=shifts(document.open_minutes or ()),
        exceptions=exception_rows(document.exceptions),
        lengths=lengths,
    )


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


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of all documents of a generation, one row each, in the order of the index."""

    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    minimum_age: NDArray[np.float64]
    maximum_age: NDArray[np.float64]
    accepting: Flags
    partner: Flags
    lengths: NDArray[np.int32]
    service: Values
    organization: Values
    location: Values
    zone: Values
    areas: Values
    categories: Values
    languages: Values
    accessibility: Values
    cost: Values
    delivery: Values
    circles: Rows
    shifts: Rows
    exceptions: Rows

    @classmethod
    def of(cls, records: Sequence[Record], text_fields: int) -> Self:
        """Gather the facts of records; `text_fields` is how many lengths each has."""
        lengths = np.array([row.lengths for row in records], dtype=np.int32)
        return cls(
            latitude=np.array([row.latitude for row in records], dtype=np.float64),
            longitude=np.array([row.longitude for row in records], dtype=np.float64),
            minimum_age=np.array([row.minimum_age for row in records], dtype=np.float64),
            maximum_age=np.array([row.maximum_age for row in records], dtype=np.float64),
            accepting=np.array([row.accepting for row in records], dtype=np.bool_),
            partner=np.array([row.partner for row in records], dtype=np.bool_),
            lengths=lengths.reshape(-1, text_fields),
            service=Values.of([(row.service_id,) for row in records]),
            organization=Values.of([(row.organization_id,) for row in records]),
            location=Values.of([(row.location_id,) for row in records]),
            zone=Values.of([(row.time_zone,) for row in records]),
            areas=Values.of([row.areas for row in records]),
            categories=Values.of([row.categories for row in records]),
            languages=Values.of([row.languages for row in records]),
            accessibility=Values.of([row.accessibility for row in records]),
            cost=Values.of([(row.cost,) if row.cost else () for row in records]),
            delivery=Values.of([row.delivery for row in records]),
            circles=Rows.of([row.circles for row in records], np.float64),
            shifts=Rows.of([row.shifts for row in records], np.int64),
            exceptions=Rows.of([row.exceptions for row in records], np.int64),
        )

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Put the facts of several segments one after another."""
        sizes = [part.size for part in parts]
        offsets = list(accumulate(sizes, initial=0))[:-1]
        names = [field.name for field in fields(cls)]
        return cls(
            **{name: _join([getattr(part, name) for part in parts], offsets) for name in names}
        )

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.latitude)


def _join(parts: Sequence[Any], offsets: Sequence[int]) -> Any:
    kind = type(parts[0])
    return np.concatenate(parts) if kind is np.ndarray else kind.join(parts, offsets)
