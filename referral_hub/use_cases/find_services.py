"""Search nearby: what was typed to a page of services that may be shown."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.search import SearchRequest, SearchResults, SortOrder
from referral_hub.rules.actor import Actor
from referral_hub.rules.cost import cost_class
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.places import (
    AmbiguousPlace,
    GeocoderUnavailable,
    Place,
    PlaceNotFound,
)
from referral_hub.use_cases.directory.documents import APPROXIMATE, findable
from referral_hub.use_cases.directory.facts import (
    ServiceFacts,
    SiteFacts,
    mappings,
    read_services,
)
from referral_hub.use_cases.directory.wording import (
    address_line,
    cost_label,
    language_name,
    need_labels,
    opening_now,
    summary,
)
from referral_hub.use_cases.directory_views import (
    Facet,
    FacetOption,
    FindQuery,
    FindView,
    NeedLabel,
    PlaceProblem,
    ServiceCard,
)
from referral_hub.vocabulary import needs

DEFAULT_RADIUS_KM = 25 * 1.609344
FACETS = {
    "category": "Kind of help",
    "language": "Language",
    "cost": "Cost",
    "delivery": "How",
    "accessibility": "Accessibility",
}
_FACET_SOURCE = {"category": "categories", "language": "languages"}
_DELIVERY = {"in_person": "In person", "phone": "By phone", "virtual": "Online"}
_MOST_OPTIONS = 12


class PlaceFinder(Protocol):
    """What a search asks about places."""

    def find_place(self, text: str) -> Place:
        """The place that is meant. Raises PlaceNotFound or AmbiguousPlace."""

    def place_at(self, latitude: float, longitude: float) -> Place:
        """The facts of a point: ZIP, county, state and time zone around it."""


class Searcher(Protocol):
    """What a search asks of the index."""

    def search(self, request: SearchRequest) -> SearchResults:
        """Ids of services, best first, with facets."""


def find_services(
    session: Session,
    actor: Actor,
    query: FindQuery,
    *,
    searcher: Searcher,
    places: PlaceFinder,
    now: datetime,
) -> FindView:
    """One page of services. A place that cannot be resolved gives no results and says why."""
    require(actor, Permission.DIRECTORY_SEARCH)
    try:
        place = _place(query, places)
    except PlaceNotFound as problem:
        hint = "Check the spelling, or use a ZIP code or a city with its state."
        return _without_place(query, PlaceProblem("unknown", f"{problem} {hint}"))
    except AmbiguousPlace as problem:
        return _without_place(query, PlaceProblem("ambiguous", str(problem), problem.choices))
    except GeocoderUnavailable:
        message = "Places cannot be looked up right now. A ZIP code always works."
        return _without_place(query, PlaceProblem("unavailable", message))
    results = searcher.search(_request(query, place, now))
    facts = read_services(session, [UUID(hit.service_id) for hit in results.hits])
    cards = tuple(_cards(results, facts, now))
    return FindView(
        query=query,
        place=place,
        place_problem=None,
        total=results.total,
        pages=-(-results.total // query.limit),
        results=cards,
        facets=tuple(_facets(query, results)),
        understood=tuple(_need(code) for code in results.concepts),
    )


def _without_place(query: FindQuery, problem: PlaceProblem) -> FindView:
    return FindView(query, None, problem, 0, 0, ())


def _place(query: FindQuery, places: PlaceFinder) -> Place | None:
    """The typed place wins over a point that an earlier "near me" left in the address."""
    if query.near:
        return places.find_place(query.near)
    if query.latitude is not None and query.longitude is not None:
        return places.place_at(query.latitude, query.longitude)
    return None


def _request(query: FindQuery, place: Place | None, now: datetime) -> SearchRequest:
    return SearchRequest(
        words=query.words,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        radius_km=query.radius_km if place else None,
        zip=place.zip if place else None,
        county=place.county if place else None,
        state=place.state if place else None,
        categories=query.category,
        languages=query.language,
        accessibility=query.accessibility,
        cost=query.cost,
        delivery=query.delivery,
        accepting=query.accepting,
        age=query.age,
        open_at=now if query.open_now else None,
        now=now,
        sort=SortOrder(query.sort),
        offset=(query.page - 1) * query.limit,
        limit=query.limit,
    )


def _cards(
    results: SearchResults, facts: Mapping[UUID, ServiceFacts], now: datetime
) -> Iterable[ServiceCard]:
    """The hits as the directory has them now: what may no longer be shown is left out."""
    for hit in results.hits:
        item = facts.get(UUID(hit.service_id))
        if item is None or not findable(item):
            continue
        site = next((s for s in item.sites if str(s.location.id) == hit.location_id), None)
        if hit.location_id is not None and site is None:
            continue
        yield _card(item, site, now, hit.distance_km, str(hit.matched_by), hit.score)


def _card(
    item: ServiceFacts,
    site: SiteFacts | None,
    now: datetime,
    distance_km: float | None,
    matched_by: str,
    score: float,
) -> ServiceCard:
    service, location = item.service, site.location if site else None
    schedules = mappings(site.schedules if site else item.schedules)
    opening = opening_now(schedules, now, site.location.time_zone if site else None, item)
    cost = cost_class(
        f"{service.fees_description or ''} {service.fees or ''}", [c.amount for c in item.costs]
    )
    placed = location is not None and location.point_latitude is not None
    return ServiceCard(
        service_id=str(service.id),
        organization_id=str(item.organization.id),
        location_id=str(location.id) if location is not None else None,
        name=service.name,
        organization=item.organization.name,
        organization_incomplete=item.organization.incomplete,
        location_name="" if location is None or location.confidential else location.name or "",
        address=address_line(site.address) if site and not site.location.confidential else "",
        latitude=location.point_latitude if location is not None else None,
        longitude=location.point_longitude if location is not None else None,
        approximate=location is not None and location.point_basis in APPROXIMATE,
        distance_km=distance_km,
        matched_by=matched_by,
        place_stated=placed,
        more_locations=max(0, len(item.sites) - 1),
        summary=summary((service.description, service.alternate_name)),
        needs=need_labels(item.needs),
        cost=cost_label(cost),
        languages=tuple(
            dict.fromkeys(
                language_name(row.name, row.code)
                for row in [*item.languages, *(site.languages if site else [])]
            )
        ),
        phone=_first_phone(item, site),
        hours=opening.text,
        open_now=opening.open_now,
        accepting=item.accepting,
        verified_on=service.verified_on,
        status=service.status,
        score=score,
    )


def _need(code: str) -> NeedLabel:
    return NeedLabel(code, needs()[code].label)


def _first_phone(item: ServiceFacts, site: SiteFacts | None) -> str:
    """The number closest to the service: its own, its site's, then its organization's."""
    numbers = [*item.phones, *(site.phones if site else []), *item.organization_phones]
    voice = [phone for phone in numbers if (phone.type or "voice") == "voice"]
    return voice[0].number if voice else ""


def _facets(query: FindQuery, results: SearchResults) -> Iterable[Facet]:
    for name, label in FACETS.items():
        counts = dict(results.facets.get(_FACET_SOURCE.get(name, name), {}))
        chosen: tuple[str, ...] = getattr(query, name)
        counts |= {value: counts.get(value, 0) for value in chosen}
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        shown = [pair for pair in ranked[:_MOST_OPTIONS] if pair[0]]
        shown += [pair for pair in ranked[_MOST_OPTIONS:] if pair[0] in chosen]
        options = tuple(
            FacetOption(value, facet_label(name, value), count, value in chosen)
            for value, count in shown
        )
        if options:
            yield Facet(name, label, options)
    for name, source, label in (
        ("accepting", "accepting", "Takes referrals now"),
        ("open_now", "open", "Open now"),
    ):
        count = sum(results.facets.get(source, {}).values())
        yield Facet(name, label, (FacetOption("1", label, count, getattr(query, name)),))


def facet_label(name: str, value: str) -> str:
    """A filter's value as people read it."""
    if name == "category":
        known = needs()
        return known[value].label if value in known else value
    if name == "cost":
        return cost_label(value) if value in ("free", "sliding", "paid") else value
    if name == "delivery":
        return _DELIVERY.get(value, value)
    return value if name == "language" else value.capitalize()
