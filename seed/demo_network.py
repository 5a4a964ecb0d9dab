"""The demo network: fictional agencies on the real geography of the Chicago area.

The agencies stand in `demo/*.toml`; here they become nested HSDS objects, with ids that are
the same every time.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from itertools import cycle
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from referral_hub.vocabulary import needs
from seed.hours_words import schedule_of

Json = dict[str, Any]
FILES = ("housing", "health", "education", "legal", "basics")


@dataclass(frozen=True, slots=True)
class DemoCapacity:
    """What a demo agency says about taking referrals for a service, and how long ago it did."""

    service_id: UUID
    state: str
    note: str
    days_ago: int


def demo_documents(today: date) -> Iterator[Json]:
    """Every agency as a nested HSDS organization. Verification dates count back from `today`."""
    for agency in _agencies():
        yield _Agency(agency, today).document()


def demo_capacities() -> Iterator[DemoCapacity]:
    """What the demo agencies say about taking referrals: most of it lately, some long ago."""
    ages = cycle((0, 1, 0, 2, 4, 1, 6, 0, 9, 3, 2, 21, 1, 0, 40))
    for agency in _agencies():
        for service in agency.get("service", ()):
            if "capacity" in service:
                service_id = UUID(_id(agency["slug"], "service", service["slug"]))
                said = service["capacity"]
                yield DemoCapacity(service_id, said["state"], said.get("note", ""), next(ages))


@dataclass(frozen=True, slots=True)
class DemoQuestion:
    """What a demo service asks with each referral; `answers` are some that it gets, in turn."""

    service_id: UUID
    text: str
    kind: str
    choices: tuple[str, ...]
    required: bool
    answers: tuple[str | int | bool, ...]

    def answer(self, number: int) -> str | int | bool | None:
        """What somebody answers with the referral of this number."""
        found = self.answers[number % len(self.answers)]
        return None if found == "" else found


@cache
def demo_questions() -> Sequence[DemoQuestion]:
    """What the demo services ask, each service's in their order."""
    return [
        DemoQuestion(
            UUID(_id(agency["slug"], "service", service["slug"])), asked["text"], asked["kind"],
            tuple(asked.get("choices", ())), asked.get("required", False), tuple(asked["answers"]),
        )
        for agency in _agencies()
        for service in agency.get("service", ())
        for asked in service.get("question", ())
    ]  # fmt: skip


def demo_corrections() -> Iterator[tuple[UUID, str, str, str]]:
    """(service, field, what it should say, note) of what people propose, one for every eighth."""
    wanted = cycle(
        (
            ("hours", "Closed on Fridays since the summer.", "It says so on the door."),
            ("wait_time", "About three weeks.", "They told me on the phone."),
            ("application_process", "Call first: walk-ins are not seen any more.", ""),
        )
    )
    for number, service in enumerate(demo_services()):
        if number % 8 == 3:
            yield (service.service_id, *next(wanted))


def demo_confidential_locations() -> Iterator[UUID]:
    """Locations whose address must not be known."""
    for agency in _agencies():
        for location in agency.get("location", ()):
            if location.get("confidential"):
                yield UUID(_id(agency["slug"], "location", location["slug"]))


def demo_partners() -> Iterator[UUID]:
    """Organizations that take part in the network; the others are only listed."""
    for agency in _agencies():
        if agency["partner"]:
            yield UUID(_id(agency["slug"]))


@dataclass(frozen=True, slots=True)
class DemoService:
    """A service of a demo agency, as far as referrals are about it."""

    service_id: UUID
    organization_id: UUID
    name: str
    needs: tuple[str, ...]
    capacity: str


def demo_services() -> Iterator[DemoService]:
    """Every service of the demo agencies that is offered now."""
    for agency in _agencies():
        for service in agency.get("service", ()):
            if service.get("status", "active") == "active":
                yield DemoService(
                    UUID(_id(agency["slug"], "service", service["slug"])),
                    UUID(_id(agency["slug"])),
                    service["name"],
                    tuple(service["needs"]),
                    service.get("capacity", {}).get("state", ""),
                )


def demo_places() -> Sequence[tuple[str, str, str]]:
    """(ZIP code, city, state) of the offices of demo agencies, each once and in order."""
    return sorted(
        {
            (location["zip"], location["city"], location["state"])
            for agency in _agencies()
            for location in agency.get("location", ())
        }
    )


def demo_organization_id(slug: str) -> UUID:
    """The id of an agency's organization."""
    return UUID(_id(slug))


@cache
def _agencies() -> Sequence[Json]:
    folder = files("seed") / "demo"
    return [
        agency
        for name in FILES
        for agency in tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))["agency"]
    ]


def _id(*path: str) -> str:
    return str(uuid5(NAMESPACE_URL, "https://referral-hub.org/demo/" + "/".join(path)))


class _Agency:
    """One agency on its way to an HSDS object."""

    def __init__(self, agency: Json, today: date) -> None:
        self._agency = agency
        self._slug: str = agency["slug"]
        self._today = today

    def document(self) -> Json:
        """The whole organization."""
        agency = self._agency
        document = {
            "id": _id(self._slug),
            **_taken(agency, "name", "alternate_name", "description", "website", "email",
                     "year_incorporated"),
            "phones": self._phones(agency, "organization"),
            "contacts": self._contacts(),
            "locations": [self._location(entry) for entry in agency.get("location", ())],
            "programs": [self._program(entry) for entry in agency.get("program", ())],
            "services": [self._service(entry) for entry in agency["service"]],
        }  # fmt: skip
        return _without_empty(document)

    def _location(self, entry: Json) -> Json:
        slug = entry["slug"]
        location = {
            "id": _id(self._slug, "location", slug),
            "location_type": "physical",
            **_taken(entry, "name", "description", "transportation", "latitude", "longitude"),
            "addresses": [self._address(entry)],
            "phones": self._phones(entry, "location", slug),
            "schedules": self._schedules(entry, "location", slug),
            "languages": self._languages(entry, "location", slug),
            "accessibility": [
                {
                    "id": _id(self._slug, "location", slug, "accessibility", word),
                    "description": word,
                }
                for word in entry.get("accessibility", ())
            ],
        }
        return _without_empty(location)

    def _address(self, entry: Json) -> Json:
        return {
            "id": _id(self._slug, "location", entry["slug"], "address"),
            "address_1": entry.get("address", ""),
            **_taken(entry, "address_2"),
            "city": entry["city"],
            "state_province": entry["state"],
            "postal_code": entry["zip"],
            "country": "US",
            "address_type": "physical",
        }

    def _program(self, entry: Json) -> Json:
        program_id = _id(self._slug, "program", entry["slug"])
        return {"id": program_id, **_taken(entry, "name", "description")}

    def _service(self, entry: Json) -> Json:
        slug = entry["slug"]
        service = {
            "id": _id(self._slug, "service", slug),
            **_taken(entry, "name", "alternate_name", "description", "url", "email", "alert",
                     "minimum_age", "maximum_age", "wait_time"),
            "status": entry.get("status", "active"),
            "eligibility_description": entry.get("eligibility"),
            "application_process": entry.get("application"),
            "fees_description": entry.get("fees"),
            "interpretation_services": entry.get("interpretation"),
            "assured_date": self._verified(entry),
            "program": self._program_of(entry),
            "phones": self._phones(entry, "service", slug),
            "schedules": self._schedules(entry, "service", slug),
            "languages": self._languages(entry, "service", slug),
            "service_areas": self._numbered(entry, "areas", slug, _area),
            "cost_options": self._numbered(entry, "costs", slug, _cost),
            "required_documents": self._numbered(entry, "documents", slug, _document),
            "capacities": self._beds(entry),
            "service_at_locations": [
                self._link(entry, location) for location in entry.get("locations", ())
            ],
            "attributes": [self._attribute(slug, code) for code in entry["needs"]],
        }  # fmt: skip
        return _without_empty(service)

    def _program_of(self, entry: Json) -> Json | None:
        programs = {program["slug"]: program for program in self._agency.get("program", ())}
        return self._program(programs[entry["program"]]) if "program" in entry else None

    def _verified(self, entry: Json) -> str | None:
        days = entry.get("verified_days_ago")
        return None if days is None else (self._today - timedelta(days=days)).isoformat()

    def _link(self, entry: Json, location: str) -> Json:
        path = ("service", entry["slug"], "at", location)
        own_hours = {"hours": entry.get("hours_at", {}).get(location, ())}
        link = {
            "id": _id(self._slug, *path),
            "location": {"id": _id(self._slug, "location", location)},
            "schedules": self._schedules(own_hours, *path),
        }
        return _without_empty(link)

    def _attribute(self, service: str, code: str) -> Json:
        need = needs()[code]
        return {
            "id": _id(self._slug, "service", service, "need", code),
            "link_entity": "service",
            "link_type": "need",
            "taxonomy_term": {
                "id": str(need.id),
                "code": need.code,
                "name": need.label,
                "description": need.definition,
            },
        }

    def _beds(self, entry: Json) -> list[Json]:
        beds = entry.get("beds")
        if beds is None:
            return []
        capacity = {
            "id": _id(self._slug, "service", entry["slug"], "capacity"),
            "unit": {"id": _id("unit", beds["unit"]), "name": beds["unit"]},
            **_taken(beds, "available", "maximum", "description"),
            "updated": f"{self._today.isoformat()}T08:00:00-06:00",
        }
        return [capacity]

    def _contacts(self) -> list[Json]:
        contact = self._agency.get("contact")
        if contact is None:
            return []
        return [
            {
                "id": _id(self._slug, "contact"),
                **_taken(contact, "name", "title", "email"),
                "phones": self._phones(contact, "contact"),
            }
        ]

    def _phones(self, entry: Json, *path: str) -> list[Json]:
        if "phone" not in entry:
            return []
        phone_id = _id(self._slug, *path, "phone")
        return [{"id": phone_id, "number": entry["phone"], "type": "voice"}]

    def _schedules(self, entry: Json, *path: str) -> list[Json]:
        return [
            {"id": _id(self._slug, *path, "hours", words), **schedule_of(words)}
            for words in entry.get("hours", ())
        ]

    def _languages(self, entry: Json, *path: str) -> list[Json]:
        return [
            {"id": _id(self._slug, *path, "language", name), "name": name}
            for name in entry.get("languages", ())
        ]

    def _numbered(self, entry: Json, key: str, slug: str, made: Any) -> list[Json]:
        return [
            {"id": _id(self._slug, "service", slug, key, str(number)), **made(value)}
            for number, value in enumerate(entry.get(key, ()))
        ]


def _area(words: str) -> Json:
    """A circle is "lat,lon,radius in km"; anything else is read as words."""
    parts = words.split(",")
    if len(parts) == 3 and "." in parts[0] and "." in parts[1]:
        name = f"Within {float(parts[2]):g} km of the office"
        return {"name": name, "extent": words, "extent_type": "circle"}
    return {"name": words, "extent": words, "extent_type": "text"}


def _cost(cost: Json) -> Json:
    return {
        "option": cost["option"],
        "currency": "USD",
        "amount": cost["amount"],
        **({"amount_description": cost["detail"]} if "detail" in cost else {}),
    }


def _document(document: str) -> Json:
    return {"document": document}


def _taken(entry: Json, *names: str) -> Json:
    return {name: entry[name] for name in names if name in entry}


def _without_empty(document: Json) -> Json:
    return {name: value for name, value in document.items() if value not in (None, [], "")}
