"""What goes into the index, what is asked of it, and what it answers. Plain dataclasses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class AreaKind(StrEnum):
    """What a coverage area is made of."""

    NATION = "nation"
    STATE = "state"
    COUNTY = "county"
    ZIP = "zip"
    CIRCLE = "circle"


@dataclass(frozen=True, slots=True)
class Area:
    """A stated coverage area. `value` is "US", "CA", "CA:san mateo county" or "94063".

    A circle has its centre in WGS84 degrees and its radius in kilometres instead.
    """

    kind: AreaKind
    value: str = ""
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None


@dataclass(frozen=True, slots=True)
class OpeningException:
    """Other hours on one calendar day; no intervals means closed."""

    day: date
    intervals: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One service at one location, or one service without a place (`location_id` None).

    `latitude` and `longitude` are WGS84 degrees or both None: a missing place is not 0/0.
    `categories` are need codes with all their ancestors. `open_minutes` are intervals in minutes
    of the local week, Monday 00:00 = 0, end exclusive, at most 10080; None means hours unknown.
    """

    id: str
    service_id: str
    organization_id: str
    name: str
    organization: str
    location_id: str | None = None
    alternate_name: str = ""
    description: str = ""
    terms: str = ""
    eligibility: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    approximate: bool = False
    coverage: tuple[Area, ...] = ()
    categories: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()
    cost: str = ""
    delivery: tuple[str, ...] = ()
    capacity: str = ""
    accepting: bool | None = None
    minimum_age: float | None = None
    maximum_age: float | None = None
    open_minutes: tuple[tuple[int, int], ...] | None = None
    exceptions: tuple[OpeningException, ...] = ()
    time_zone: str = ""
    verified: date | None = None
    partner: bool = False


class SortOrder(StrEnum):
    """Which result comes first."""

    BEST = "best"
    NEAREST = "nearest"


class MatchedBy(StrEnum):
    """Why a result is "nearby": its office, its stated coverage, or no place was asked."""

    POINT = "point"
    COVERAGE = "coverage"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search. `point` facts belong together: without latitude and longitude no radius applies.

    `zip`, `county`, `state` say in which areas the asked point lies, for coverage areas.
    Values of one filter are alternatives (OR); different filters narrow (AND).
    `open_at` and `now` are aware datetimes; `age` is in years. `now` narrows nothing: it only
    asks for the "open" facet to be counted at that moment.
    """

    words: str = ""
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None
    zip: str | None = None
    county: str | None = None
    state: str | None = None
    coverage: bool = True
    categories: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()
    cost: tuple[str, ...] = ()
    delivery: tuple[str, ...] = ()
    accepting: bool = False
    partner: bool = False
    organization_id: str | None = None
    age: float | None = None
    open_at: datetime | None = None
    now: datetime | None = None
    sort: SortOrder = SortOrder.BEST
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One service with its nearest matching location. `distance_km` is geodesic, or None."""

    service_id: str
    organization_id: str
    location_id: str | None
    score: float
    distance_km: float | None
    matched_by: MatchedBy
    locations: int = 1


@dataclass(frozen=True, slots=True)
class SearchResults:
    """A page of hits, the number of services in all, and counts of services by facet value.

    Each facet is counted with every other filter applied but its own, so that a choice
    shows what choosing it would give. `concepts` are the need codes understood in the words.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    concepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """A need with every way people say it, for understanding words."""

    code: str
    label: str
    phrases: tuple[str, ...]
    ancestors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the index knows of how people speak."""

    concepts: tuple[Concept, ...] = ()
