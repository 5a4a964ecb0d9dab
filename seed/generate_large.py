"""Generated services all over the United States, for load tests.

Where, what and in which words is skewed as in real directories: most services stand in cities,
few needs make up most of them, and most words are rare.
"""

import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import zipcodes

from referral_hub.vocabulary import Need, needs
from seed import generated_words as words

Json = dict[str, Any]

_LAST_DAY = date(2026, 6, 30)
_SPREAD_DEGREES = 0.012


@dataclass(frozen=True, slots=True)
class _Place:
    """A ZIP code with the middle of its area in degrees WGS84."""

    zip_code: str
    city: str
    state: str
    county: str
    latitude: float
    longitude: float
    area_code: str

    @property
    def cell(self) -> tuple[int, int]:
        """The quarter of a degree that it lies in."""
        return int(self.latitude * 4), int(self.longitude * 4)


def large_documents(count: int, seed: int = 2026) -> Iterator[Json]:
    """Nested HSDS organizations with exactly `count` services, the same for the same `seed`.

    A larger run begins with the organizations of a smaller one; only the last organization of a
    run may be cut. Raises ValueError if `count` is negative.
    """
    if count < 0:
        raise ValueError(f"A count of services cannot be {count}.")
    return _documents(count, _Maker(seed))


def _documents(left: int, maker: "_Maker") -> Iterator[Json]:
    while left > 0:
        organization = maker.organization()
        organization["services"] = organization["services"][:left]
        left -= len(organization["services"])
        yield organization


class _Maker:
    """Makes one organization after the other."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - nothing secret
        self._names = uuid5(NAMESPACE_URL, f"https://referral-hub.org/generated/{seed}")
        self._numbers = itertools.count(1)

    def organization(self) -> Json:
        """The next one, with its locations and services."""
        rng = self._rng
        head = _heads().draw(rng)
        number = next(self._numbers)
        tree, feature = rng.choice(words.TREES), rng.choice(words.FEATURES)
        name = f"{tree} {feature} {words.KINDS.draw(rng)} of {head.city}"
        site = f"{tree}-{feature}-{number}.example.org".lower()
        locations = [
            self._location(head if first else rng.choice(_places_by_cell()[head.cell]))
            for first in (True, False, False)[: rng.choice((1, 1, 1, 2, 2, 3))]
        ]
        organization = {
            "id": str(uuid5(self._names, str(number))),
            "name": name,
            "description": f"{name} serves people in {head.county} and nearby.",
            "email": f"info@{site}",
            "locations": locations,
            "services": [self._service(name, head, locations) for _ in range(rng.randint(3, 6))],
        }
        return organization | ({"website": f"https://{site}"} if rng.random() < 0.7 else {})

    def _location(self, place: _Place) -> Json:
        rng = self._rng
        return {
            "id": self._id(),
            "location_type": "physical",
            "name": f"{place.city} {rng.choice(('office', 'site', 'center', 'branch'))}",
            "latitude": round(place.latitude + rng.uniform(-1, 1) * _SPREAD_DEGREES, 6),
            "longitude": round(place.longitude + rng.uniform(-1, 1) * _SPREAD_DEGREES, 6),
            "addresses": [self._address(place)],
        }

    def _address(self, place: _Place) -> Json:
        return {
            "id": self._id(),
            "address_1": f"{self._rng.randint(10, 9999)} {self._street()}",
            "city": place.city,
            "state_province": place.state,
            "postal_code": place.zip_code,
            "country": "US",
            "address_type": "physical",
        }

    def _service(self, organization: str, head: _Place, locations: Sequence[Json]) -> Json:
        rng = self._rng
        need = _needs().draw(rng)
        facts = self._facts(organization, head, need)
        by_phone = rng.random() < 0.07
        service = {
            "id": self._id(),
            "name": _capital(words.SERVICE_NAMES.draw(rng).format_map(facts)),
            "description": self._description(facts),
            "status": "active" if rng.random() < 0.98 else "temporarily closed",
            "eligibility_description": words.ELIGIBILITY.draw(rng).format_map(facts),
            "minimum_age": self._minimum_age(need),
            "fees_description": words.FEES.draw(rng) if rng.random() < 0.7 else None,
            "assured_date": self._assured() if rng.random() < 0.7 else None,
            "languages": self._languages(),
            "phones": [{"id": self._id(), "number": self._phone(head)}],
            "schedules": [self._schedule()] if rng.random() < 0.85 else [],
            "service_areas": self._areas(head, by_phone),
            "service_at_locations": [] if by_phone else self._links(locations),
            "attributes": self._attributes(need) if rng.random() < 0.7 else [],
        }
        return {name: value for name, value in service.items() if value not in (None, [])}

    def _facts(self, organization: str, place: _Place, need: Need) -> dict[str, str]:
        """What the sentences are filled with."""
        rng = self._rng
        terms = need.professional
        return {
            "organization": organization,
            "city": place.city,
            "county": place.county,
            "state": place.state,
            "zip_code": place.zip_code,
            "label": need.label,
            "definition": need.definition,
            "term": _early(rng, terms),
            "other": rng.choice(terms),
            "third": rng.choice(terms),
            "lay": _early(rng, need.lay),
            "tree": rng.choice(words.TREES),
            "feature": _early(rng, words.FEATURES),
            "street": self._street(),
            "number": str(rng.randint(100, 999)),
        }

    def _description(self, facts: dict[str, str]) -> str:
        """Two to five sentences."""
        rng = self._rng
        middles = (words.MIDDLES.draw(rng) for _ in range(rng.choice((0, 1, 1, 2, 2, 3))))
        sentences = (words.OPENINGS.draw(rng), *dict.fromkeys(middles), words.ENDINGS.draw(rng))
        return " ".join(_capital(sentence.format_map(facts)) for sentence in sentences)

    def _minimum_age(self, need: Need) -> int | None:
        if "senior" in need.code:
            return self._rng.choice((55, 60, 60, 62))
        return words.AGES.draw(self._rng)

    def _languages(self) -> list[Json]:
        rng = self._rng
        drawn = (words.LANGUAGES.draw(rng) for _ in range(rng.choice((0, 0, 0, 1, 1, 2))))
        return [{"id": self._id(), "name": name} for name in dict.fromkeys(drawn)]

    def _schedule(self) -> Json:
        rng = self._rng
        monthly = rng.random() < 0.06
        opens_at, closes_at = words.TIMES.draw(rng)
        return {
            "id": self._id(),
            "freq": "MONTHLY" if monthly else "WEEKLY",
            "byday": rng.choice(words.MONTHLY) if monthly else words.DAYS.draw(rng),
            "opens_at": opens_at,
            "closes_at": closes_at,
        }

    def _areas(self, place: _Place, by_phone: bool) -> list[Json]:
        """Whom it serves; a service without a location always says so."""
        chance = self._rng.random()
        if not by_phone and chance > 0.3:
            return []
        area = place.state if chance < 0.08 else f"{place.county}, {place.state}"
        return [{"id": self._id(), "name": area, "extent": area, "extent_type": "text"}]

    def _links(self, locations: Sequence[Json]) -> list[Json]:
        rng = self._rng
        first = rng.randrange(len(locations))
        return [
            {"id": self._id(), "location": {"id": location["id"]}}
            for number, location in enumerate(locations)
            if number == first or rng.random() < 0.2
        ]

    def _attributes(self, need: Need) -> list[Json]:
        """The need, and in one of six services another one."""
        rng = self._rng
        listed = {need: None, _needs().draw(rng): None} if rng.random() < 1 / 6 else {need: None}
        return [
            {
                "id": self._id(),
                "link_entity": "service",
                "link_type": "need",
                "taxonomy_term": dict(_term(each)),
            }
            for each in listed
        ]

    def _assured(self) -> str:
        return (_LAST_DAY - timedelta(days=int(self._rng.random() ** 2 * 1500))).isoformat()

    def _street(self) -> str:
        """Half of them named for a town, so that names are many."""
        rng = self._rng
        named = rng.choice(words.TREES) if rng.random() < 0.5 else _heads().draw(rng).city
        return f"{named} {words.WAYS.draw(rng)}"

    def _phone(self, place: _Place) -> str:
        return f"{place.area_code}-555-01{self._rng.randrange(100):02}"

    def _id(self) -> str:
        return str(uuid5(self._names, str(next(self._numbers))))


@cache
def _places_by_cell() -> dict[tuple[int, int], list[_Place]]:
    """All places where mail is delivered to homes, next to their neighbors."""
    cells = defaultdict(list)
    similar_to: Callable[[str], list[Json]] = zipcodes.similar_to
    for row in (row for digit in "0123456789" for row in similar_to(digit)):
        # three rows of the package lack a point or an area code
        if row["zip_code_type"] == "STANDARD" and row["active"] and row["area_codes"]:
            place = _place(row)
            cells[place.cell].append(place)
    return dict(cells)


def _place(row: Json) -> _Place:
    return _Place(
        row["zip_code"],
        row["city"],
        row["state"],
        row["county"] or row["city"],
        float(row["lat"]),
        float(row["long"]),
        row["area_codes"][0],
    )


@cache
def _heads() -> words.Weighted[_Place]:
    """All places; the more neighbors a place has, the more often it is drawn."""
    cells = _places_by_cell().values()
    return words.Weighted({place: len(cell) ** 0.5 for cell in cells for place in cell})


@cache
def _needs() -> words.Weighted[Need]:
    """All needs; in each domain the first ones are drawn most."""
    leaves = [need for need in needs().values() if need.level == 3]
    rank: Counter[str] = Counter()
    weights: dict[Need, float] = {}
    for need in leaves:
        rank[need.domain] += 1
        weights[need] = words.DOMAINS[need.domain] / rank[need.domain] ** 0.8
    return words.Weighted(weights)


@cache
def _term(need: Need) -> Json:
    return {
        "id": str(need.id),
        "code": need.code,
        "name": need.label,
        "description": need.definition,
    }


def _early(rng: random.Random, things: Sequence[str]) -> str:
    """One of them, more often one of the first."""
    return things[int(rng.random() ** 2 * len(things))]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
