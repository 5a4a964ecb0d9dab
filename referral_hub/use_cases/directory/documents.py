"""Facts of a service to what the search index holds of it: one document a site."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Protocol

from referral_hub.gateways.search import Area, AreaKind, Document, OpeningException
from referral_hub.rules.cost import cost_class
from referral_hub.rules.coverage import read_coverage
from referral_hub.rules.listing_freshness import USUAL_TERMS, ReviewTerms, is_stale
from referral_hub.rules.opening_hours import other_days, weekly_intervals
from referral_hub.rules.places import Place
from referral_hub.rules.visibility import is_findable, is_listed
from referral_hub.use_cases.directory.facts import Record, ServiceFacts, SiteFacts, mappings
from referral_hub.use_cases.directory.wording import language_name
from referral_hub.vocabulary import needs

APPROXIMATE = frozenset({"zip", "city"})


class Gazetteer(Protocol):
    """What document building asks about geography."""

    def approximate_point(
        self, postal_code: str | None, city: str | None, state: str | None
    ) -> Place | None:
        """The place of a ZIP code, else of a city, with its county."""

    def county_keys(self) -> frozenset[str]:
        """Every county that there is."""


def findable(facts: ServiceFacts) -> bool:
    """Whether the service may be in the index at all."""
    service, organization = facts.service, facts.organization
    return is_findable(service.status, service.visibility, service.vanished_at) and is_listed(
        organization.visibility, organization.vanished_at
    )


def documents_of(
    facts: ServiceFacts, gazetteer: Gazetteer, today: date, terms: ReviewTerms = USUAL_TERMS
) -> Iterator[Document]:
    """The documents of one findable service; none when it may not be found. By `terms` a listing
    is stale: then it ranks as if nobody had ever confirmed it."""
    if not findable(facts):
        return
    shared = _shared(facts, gazetteer)
    if is_stale(facts.service.verified_on, (row.need_code for row in facts.needs), terms, today):
        shared["verified"] = None
    if not facts.sites:
        service_hours = _hours(facts.schedules, today)
        yield Document(
            id=f"{facts.service.id}:-",
            delivery=_remote(facts),
            languages=_languages(facts.languages),
            time_zone=facts.zone or "",
            **shared,
            **service_hours,
        )
    for site in facts.sites:
        yield _site_document(facts, site, shared, gazetteer, today)


def _shared(facts: ServiceFacts, gazetteer: Gazetteer) -> dict[str, Any]:
    """What every document of a service says alike."""
    service, organization = facts.service, facts.organization
    codes, labels = _needs(facts)
    state = next((s.address.state_province for s in facts.sites if s.address is not None), None)
    return {
        "service_id": str(service.id),
        "organization_id": str(organization.id),
        "name": service.name,
        "alternate_name": service.alternate_name or "",
        "organization": _joined(organization.name, organization.alternate_name),
        "description": service.description or "",
        "terms": _joined(*facts.term_names, *labels),
        "eligibility": service.eligibility_description or "",
        "coverage": _coverage(facts.areas, state, gazetteer),
        "categories": codes,
        "cost": cost_class(
            _joined(service.fees_description, service.fees), [cost.amount for cost in facts.costs]
        ),
        "capacity": facts.capacity or "",
        "accepting": facts.accepting,
        "minimum_age": service.minimum_age,
        "maximum_age": service.maximum_age,
        "verified": service.verified_on,
    }


def _site_document(
    facts: ServiceFacts,
    site: SiteFacts,
    shared: Mapping[str, Any],
    gazetteer: Gazetteer,
    today: date,
) -> Document:
    location, address = site.location, site.address
    site_areas = _coverage(
        site.areas, address.state_province if address is not None else None, gazetteer
    )
    return Document(
        id=f"{facts.service.id}:{location.id}",
        location_id=str(location.id),
        place=_place_words(location, address, gazetteer),
        latitude=location.point_latitude,
        longitude=location.point_longitude,
        approximate=location.point_basis in APPROXIMATE,
        languages=_languages([*facts.languages, *site.languages]),
        accessibility=_accessibility(site.accessibility),
        delivery=("virtual",) if location.location_type == "virtual" else ("in_person",),
        time_zone=location.time_zone or facts.zone or "",
        **{**shared, "coverage": shared["coverage"] + site_areas},
        **_hours(site.schedules, today),
    )


def _needs(facts: ServiceFacts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes of the needs with all ancestors, and their labels in both languages.

    The many ways to say a need are matched as whole phrases by the index's vocabulary. As loose
    words in the text they would find "eviction" wherever a home for people with one is offered.
    """
    known = needs()
    codes: dict[str, None] = {}
    for record in facts.needs:
        need = known.get(record.need_code)
        if need is not None:
            codes |= dict.fromkeys((need.code, *need.ancestors))
    labels = (label for code in codes for label in (known[code].label, known[code].label_es))
    return tuple(codes), tuple(labels)


def _coverage(areas: Iterable[Record], state: str | None, gazetteer: Gazetteer) -> tuple[Area, ...]:
    return tuple(
        Area(AreaKind(found.kind), found.value, found.latitude, found.longitude, found.radius_km)
        for area in areas
        for found in read_coverage(
            area._asdict(), state=state, known_counties=gazetteer.county_keys()
        )
    )


def _hours(schedules: Iterable[Record], today: date) -> dict[str, Any]:
    rows = mappings(schedules)
    return {
        "open_minutes": weekly_intervals(rows, today),
        "exceptions": tuple(
            OpeningException(day, intervals) for day, intervals in other_days(rows, today)
        ),
    }


def _remote(facts: ServiceFacts) -> tuple[str, ...]:
    """How a service without a place reaches people, as far as its record says."""
    ways = []
    if facts.phones:
        ways.append("phone")
    if facts.service.url:
        ways.append("virtual")
    return tuple(ways)


def _languages(rows: Iterable[Record]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (language_name(row.name, row.code) for row in rows))))


def _accessibility(rows: Iterable[Record]) -> tuple[str, ...]:
    """Short statements only: a sentence is for reading, not for filtering."""
    words = (str(row.description or "").strip().replace("_", " ").casefold() for row in rows)
    return tuple(dict.fromkeys(word for word in words if 0 < len(word) <= 40))


def _place_words(location: Record, address: Record | None, gazetteer: Gazetteer) -> str:
    if location.confidential:
        return _joined(address.city, address.state_province) if address is not None else ""
    if address is None:
        return _joined(location.name, location.alternate_name)
    around = gazetteer.approximate_point(address.postal_code, address.city, address.state_province)
    county = around.county.partition(":")[2] if around and around.county else ""
    return _joined(
        location.name, location.alternate_name, address.address_1, address.city,
        address.state_province, address.postal_code, county,
    )  # fmt: skip


def _joined(*texts: str | None) -> str:
    return " ; ".join(dict.fromkeys(text for text in texts if text))
