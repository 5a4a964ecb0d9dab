"""A directory in which everything that a card shows occurs in every place where it may stand."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from referral_hub.models import (
    Address,
    CostOption,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    ServiceState,
)
from referral_hub.vocabulary import needs

WEEK = {"freq": "WEEKLY", "opens_at": "09:00", "closes_at": "17:00"}
HOURS: tuple[dict[str, Any], ...] = (
    WEEK | {"byday": "MO,TU,WE,TH,FR"},
    WEEK | {"byday": "SA,SU", "closes_at": "02:00"},
    WEEK | {"byday": "WE", "interval": 2.0, "dtstart": date(2026, 11, 4), "wkst": "MO"},
    WEEK | {"byday": "WE", "count": 3.0, "dtstart": date(2026, 11, 11)},
    WEEK | {"byday": "MO,WE", "until": date(2026, 11, 17)},
    WEEK | {"freq": "MONTHLY", "byday": "3WE"},
    WEEK | {"freq": "MONTHLY", "bymonthday": "18"},
    WEEK | {"byweekno": "47"},
    WEEK | {"byyearday": "322"},
    {"valid_from": date(2026, 11, 18), "valid_to": date(2026, 11, 18)},
    {"valid_from": date(2026, 11, 26), "valid_to": date(2026, 11, 27)},
    {"description": "By appointment", "notes": "Ring the bell"},
)
TYPES = (None, "voice", "fax", "tty")
ADDRESSES: tuple[dict[str, Any], ...] = tuple(
    {
        "address_type": kind,
        "attention": "Front desk",
        "address_1": f"{kind} street",
        "city": "Cicero",
        "state_province": "IL",
        "postal_code": "60804",
        "country": country,
    }
    for kind, country in (("physical", "US"), ("postal", "US"), ("physical", "CA"))
)
CHANGES: tuple[tuple[type[Any], dict[str, Any]], ...] = (
    (Service, {"status": "inactive"}),
    (Service, {"status": "temporarily closed"}),
    (Service, {"visibility": "hidden"}),
    (Service, {"vanished": True}),
    (Service, {"fees_description": "Sliding scale", "description": "word " * 300}),
    (Service, {"description": None, "alternate_name": "Also called so", "fees": "$5"}),
    (Organization, {"visibility": "network"}),
    (Organization, {"vanished": True}),
    (Location, {"visibility": "network"}),
    (Location, {"vanished": True}),
    (Location, {"confidential": True}),
    (Location, {"point_latitude": None, "point_longitude": None, "point_basis": "none"}),
    (Location, {"point_basis": "city", "name": None}),
    (ServiceAtLocation, {"vanished": True}),
)


BASES = ("stated", "crosswalk", "suggested")
CODES = ("unknown.need", *sorted(needs())[:40])
ZONES = (None, None, "America/Chicago", "America/New_York", "Pacific/Honolulu")
OWNER_KEYS: dict[type[Any], str] = {
    Service: "service_id",
    Location: "location_id",
    ServiceAtLocation: "service_at_location_id",
    Organization: "organization_id",
}
DETACHED: tuple[tuple[type[Any], Any], ...] = (
    (Phone, Phone.service_id),
    (Schedule, Schedule.service_id),
    (Language, Language.service_id),
)


def mix(session: Session, now: datetime, share: float = 0.2) -> None:
    """Add children to a share of all records, and change a share of them, always the same."""
    rng = random.Random(2026)
    ids: dict[type[Any], list[UUID]] = {
        model: sorted(session.scalars(select(model.id)), key=str) for model in OWNER_KEYS
    }
    session.execute(delete(ServiceNeed))
    for child, owner_key in DETACHED:
        without = rng.sample(ids[Service], len(ids[Service]) // 2)
        session.execute(update(child).where(owner_key.in_(without)).values({owner_key: None}))
    for place in ids[Location]:
        zone = {"time_zone": rng.choice(ZONES)}
        session.execute(update(Location).where(Location.id == place).values(zone))
    linked = rng.sample(ids[Service], len(ids[Service]) // 3)
    session.add_all(_link(service, ids[Location], rng, now) for service in linked * 2)
    for model, owners in ids.items():
        for owner in owners:
            if rng.random() < 2 * share:
                session.add_all(_children(model, owner, rng, now))
    session.flush()
    for model, change in CHANGES:
        values = dict(change)
        if values.pop("vanished", False):
            values["vanished_at"] = now - timedelta(days=1)
        some = rng.sample(ids[model], int(len(ids[model]) * share / 4) + 1)
        session.execute(update(model).where(model.id.in_(some)).values(values))
    session.commit()


def _link(service: UUID, places: list[UUID], rng: random.Random, now: datetime) -> Any:
    """A service at one of few places, so that some are linked twice."""
    return ServiceAtLocation(
        id=_key(rng),
        service_id=service,
        location_id=rng.choice(places[:3]),
        position=rng.randint(0, 2),
        created_at=now,
        updated_at=now,
    )


def _key(rng: random.Random) -> UUID:
    return UUID(int=rng.getrandbits(128))


def _children(model: type[Any], owner: UUID, rng: random.Random, now: datetime) -> Iterator[Any]:
    """Up to three of each kind of child that the owner may have, in any order."""
    made = {OWNER_KEYS[model]: owner, "created_at": now, "updated_at": now}
    numbers = [{"number": f"{model.__name__} {n}", "type": rng.choice(TYPES)} for n in range(3)]
    spoken = ({"name": "Polish"}, {"code": "es"}, {"name": None})
    kinds: list[tuple[type[Any], Sequence[dict[str, Any]]]] = [(Phone, numbers)]
    if model is not Organization:
        kinds.append((Schedule, HOURS))
    if model in (Service, Location):
        kinds.append((Language, spoken))
    if model is Location:
        kinds.append((Address, ADDRESSES))
    if model is Service:
        kinds.append((CostOption, ({"amount": 0.0}, {"amount": 12.5}, {"amount": None})))
        yield ServiceState(
            service_id=owner, capacity=rng.choice(("open", "closed")), stated_by="", stated_at=now
        )
        for code in rng.sample(CODES, 3):
            yield ServiceNeed(service_id=owner, need_code=code, basis=rng.choice(BASES))
    for kind, choices in kinds:
        for values in rng.sample(choices, rng.randint(0, 3)):
            yield kind(id=_key(rng), position=rng.randint(0, 1), **made, **values)
