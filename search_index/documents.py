"""What goes into the index, what is asked of it, and what it answers. Plain dataclasses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


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
    `open_at` and `now` are aware datetimes; `age` is in years. `now` narrows nothing: it asks
    for the "open" facet to be counted at that moment, and says how long ago "verified" was.
    `place_in_words` and `correct` may be switched off: then words name no place, and are searched
    as they are typed. `explain` fills `Hit.parts`. The services `without` are as if they were
    deleted: neither found nor counted.
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
    place_in_words: bool = True
    correct: bool = True
    facets: bool = True
    explain: bool = False
    without: frozenset[str] = frozenset()


class Hit(NamedTuple):
    """One service with its nearest matching location. `distance_km` is geodesic, or None.

    `parts` says of what the score is made, by name, when the request asked to explain.
    """

    service_id: str
    organization_id: str
    location_id: str | None
    score: float
    distance_km: float | None
    matched_by: MatchedBy
    locations: int = 1
    parts: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What a search without one filter would give, all else being the same.

    `filter` is its name, "filters" for all of them together, or "radius_km", "words" or
    "place_in_words". `value` is what to widen it to (kilometres for a radius); None means leaving
    it out. `words` are those that stay, since they name the place. `anywhere` tells that the
    radius is left out, too.
    """

    filter: str
    total: int
    value: float | None = None
    words: str = ""
    anywhere: bool = False


@dataclass(frozen=True, slots=True)
class SearchResults:
    """A page of hits, the number of services in all, and counts of services by facet value.

    Each facet is counted with every other filter applied but its own, so that a choice
    shows what choosing it would give. `concepts` are the need codes understood in the words,
    `populations` the codes of the people named in them, `place` is the place found in them,
    `place_words` the words that name it. `did_you_mean` are the words rewritten with what was
    probably meant; `corrected` tells that these were searched, since nothing knew the words as
    they stand. `relax` is filled when nothing was found.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    concepts: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    place: "NamedPlace | None" = None
    place_words: str = ""
    did_you_mean: str | None = None
    corrected: bool = False
    relax: tuple[Relaxation, ...] = ()


class PlaceKind(StrEnum):
    """How large a named place is."""

    ZIP = "zip"
    CITY = "city"
    COUNTY = "county"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place that people name: its folded name, how it is shown, its middle in WGS84 degrees.

    `radius_km` is how far it reaches from there; `weight` is how many people may mean it, in any
    unit. `zip`, `county` ("IL:cook county") and `state` ("IL") say in which areas it lies.
    """

    name: str
    label: str
    kind: PlaceKind
    latitude: float
    longitude: float
    radius_km: float
    weight: float
    state: str | None = None
    county: str | None = None
    zip: str | None = None


@dataclass(frozen=True, slots=True)
class Concept:
    """A need with every way people say it, for understanding words.

    `spanish` are those of its phrases that may be said in other persons, tenses and genders.
    """

    code: str
    label: str
    phrases: tuple[str, ...]
    ancestors: tuple[str, ...] = ()
    spanish: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Equivalent:
    """Words that people type and the words that listings write for the same.

    ("inquilinos", ("tenant",)), ("dv", ("domestic violence",)), ("kicked out", ("eviction",)).
    `spanish` tells that what is typed is Spanish.
    """

    said: str
    meant: tuple[str, ...]
    spanish: bool = False


@dataclass(frozen=True, slots=True)
class Population:
    """Kinds of people that a search may name: how they are said, and how listings name them.

    They never narrow a search; what is for them comes first. `trouble` says that what makes them
    a kind is itself what they seek help with ("addiction"), besides another thing they ask for.
    """

    code: str
    label: str
    phrases: tuple[str, ...]
    signs: tuple[str, ...]
    trouble: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the index knows of how people speak.

    `alike` are Spanish words that stand for one another in phrases of needs, `english_alike`
    English ones.
    """

    concepts: tuple[Concept, ...] = ()
    equivalents: tuple[Equivalent, ...] = ()
    populations: tuple[Population, ...] = ()
    alike: tuple[tuple[str, ...], ...] = ()
    english_alike: tuple[tuple[str, ...], ...] = ()


class CompletionKind(StrEnum):
    """What a completion names."""

    NEED = "need"
    SERVICE = "service"
    ORGANIZATION = "organization"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on typing: the text to show and to search, and what it names.

    `code` is the need's code; empty for the other kinds.
    """

    kind: CompletionKind
    text: str
    code: str = ""
