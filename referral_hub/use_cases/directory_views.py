"""What people and programs get to see of the directory: views that use cases return."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from referral_hub.rules.opening_hours import HoursLine
from referral_hub.rules.places import Place


@dataclass(frozen=True, slots=True)
class FindQuery:
    """One search as asked. Distances in kilometres; coordinates are WGS84 degrees or None.

    `near` is the place as typed; `latitude` and `longitude` a point instead of it.
    Values of one filter are alternatives; filters narrow each other. With `words_only` no place
    is looked for in the words, with `as_typed` no spelling is corrected; `explain` asks of what
    the scores are made.
    """

    words: str = ""
    near: str = ""
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None
    category: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()
    cost: tuple[str, ...] = ()
    delivery: tuple[str, ...] = ()
    accepting: bool = False
    open_now: bool = False
    age: float | None = None
    sort: str = "best"
    page: int = 1
    limit: int = 20
    words_only: bool = False
    as_typed: bool = False
    explain: bool = False


@dataclass(frozen=True, slots=True)
class NeedLabel:
    """A need that a service answers; `suggested` when the hub inferred it from the text."""

    code: str
    label: str
    suggested: bool = False


class ServiceCard(NamedTuple):
    """One service in a list of results, with its nearest matching location."""

    service_id: str
    organization_id: str
    location_id: str | None
    name: str
    organization: str
    organization_incomplete: bool
    location_name: str
    address: str
    latitude: float | None
    longitude: float | None
    approximate: bool
    distance_km: float | None
    matched_by: str  # point | coverage | none
    place_stated: bool
    more_locations: int
    summary: str
    needs: tuple[NeedLabel, ...]
    cost: str
    languages: tuple[str, ...]
    phone: str
    hours: str
    open_now: bool | None
    accepting: bool | None
    verified_on: date | None
    status: str
    score: float


@dataclass(frozen=True, slots=True)
class FacetOption:
    """One choice of a filter: how many services it would give, and whether it is chosen."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter with its choices; `name` is its parameter in the address."""

    name: str
    label: str
    options: tuple[FacetOption, ...]


@dataclass(frozen=True, slots=True)
class PlaceProblem:
    """Why the typed place could not be used: `unknown` or `ambiguous`, with choices to pick."""

    kind: str
    message: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DidYouMean:
    """The words that were probably meant; `searched` when these gave the results."""

    words: str
    searched: bool


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What a search without results would give without one thing that was asked.

    `filter` is its parameter of the API, "filters" for all of them, or "words_only" for the place
    in the words. `value` is what to widen it to: kilometres for "radius_km"; None for leaving it
    out. `parameters` are those of the API to send for it, None for one to leave out. `chosen` are
    the labels of what was chosen of it.
    """

    filter: str
    total: int
    value: float | None = None
    parameters: Mapping[str, str | None] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What one step adds to a score, or takes off it."""

    name: str
    label: str
    amount: float


@dataclass(frozen=True, slots=True)
class FindView:
    """The answer to one search, ready to be shown.

    `place_from_words` tells that the place was found in the words, `around_km` how far from it
    was searched. `populations` are codes of the people named in the words. `score_parts` go by
    service, when the search asked to explain.
    """

    query: FindQuery
    place: Place | None
    place_problem: PlaceProblem | None
    total: int
    pages: int
    results: tuple[ServiceCard, ...]
    facets: tuple[Facet, ...] = ()
    understood: tuple[NeedLabel, ...] = ()
    populations: tuple[str, ...] = ()
    place_from_words: bool = False
    around_km: float | None = None
    did_you_mean: DidYouMean | None = None
    relax: tuple[Relaxed, ...] = ()
    score_parts: Mapping[str, tuple[ScorePart, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompletionView:
    """One way to go on typing; `kind` is need (with its code), service, organization or place."""

    kind: str
    text: str
    code: str | None


@dataclass(frozen=True, slots=True)
class PhoneView:
    """A number to call."""

    number: str
    extension: str = ""
    type: str = ""
    description: str = ""
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactView:
    """A person or desk to ask for."""

    name: str = ""
    title: str = ""
    department: str = ""
    email: str = ""
    phones: tuple[PhoneView, ...] = ()


@dataclass(frozen=True, slots=True)
class LocationView:
    """A place where the service is given. `address` is in lines, as on an envelope."""

    location_id: str
    name: str
    location_type: str
    address: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    approximate: bool
    confidential: bool
    transportation: str
    accessibility: tuple[str, ...]
    phones: tuple[PhoneView, ...]
    hours: tuple[HoursLine, ...]
    open_now: bool | None
    opening: str
    languages: tuple[str, ...] = ()
    description: str = ""
    verified_on: date | None = None


@dataclass(frozen=True, slots=True)
class CostView:
    """One price, in words."""

    text: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A paper to bring."""

    document: str
    uri: str = ""


@dataclass(frozen=True, slots=True)
class ConditionView:
    """A condition in plain words, and who says so."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class ServiceView:
    """Everything that the page of one service shows; `room` in numbers, if the agency said some
    that still count."""

    service_id: str
    name: str
    alternate_name: str
    status: str
    alert: str
    description: str
    organization_id: str
    organization: str
    organization_incomplete: bool
    organization_verified_on: date | None
    organization_description: str
    organization_website: str
    organization_email: str
    program: str
    url: str
    email: str
    needs: tuple[NeedLabel, ...]
    eligibility: str
    ages: str
    application_process: str
    fees: str
    costs: tuple[CostView, ...]
    documents: tuple[DocumentView, ...]
    languages: tuple[str, ...]
    interpretation: str
    areas: tuple[str, ...]
    phones: tuple[PhoneView, ...]
    contacts: tuple[ContactView, ...]
    locations: tuple[LocationView, ...]
    hours: tuple[HoursLine, ...]
    opening: str
    open_now: bool | None
    accepting: bool | None
    wait_time: str
    accreditations: str
    verified_on: date | None
    source: str
    links: tuple[tuple[str, str], ...] = field(default=())
    conditions: tuple[ConditionView, ...] = ()
    room: str = ""
