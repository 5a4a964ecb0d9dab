"""A large network with years of referrals, written straight into the tables."""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy import create_engine, event, insert
from sqlalchemy.orm import Session

from benchmarks.dashboard.paths import happenings
from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    Address,
    Agency,
    Base,
    Client,
    Location,
    Membership,
    Need,
    NetworkSetting,
    Organization,
    Person,
    Referral,
    ReferralClock,
    ReferralEvent,
    Service,
    ServiceAtLocation,
    Team,
    TeamMember,
)
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.client_profile import Profile, to_json
from referral_hub.rules.clients import SendMode
from referral_hub.rules.referral_lifecycle import OPEN, Status
from referral_hub.rules.referral_state import replay
from referral_hub.rules.referrals import Channel, Clock, ClockEnd, Priority
from referral_hub.rules.roles import Role
from referral_hub.rules.teams import TeamPart
from referral_hub.use_cases.steps.people import seal_person
from referral_hub.vocabulary import needs

AGENCIES, SERVICES_EACH, WORKERS_EACH, TEAMS_OF_FIRST = 300, 5, 8, 4
YEARS = 3
BATCH = 5_000
PER_CLIENT, PER_NEED = 4, 1.5
SENDERS = (50, 12, 8, 6, 5, 4, 4, 4, 4, 3)
"""Out of a hundred, how many each of the first agencies sends."""
ZIPS = (
    "60608", "60623", "60085", "60187", "60506", "60435", "61101", "61602", "62701", "61820",
    "62901", "62201", "61201", "60901", "62301", "61761", "62521", "60115", "61354", "62002",
)  # fmt: skip
PASSWORD = "violet river nine lamps"
"""Of a network that nobody else can reach."""
SUPERVISOR, STEWARD = "supervisor@bench.example", "steward@bench.example"
PRIORITIES = (Priority.ROUTINE,) * 8 + (Priority.URGENT,) * 3 + (Priority.EMERGENCY,)
_LIMIT = {Priority.ROUTINE: 64, Priority.URGENT: 72, Priority.EMERGENCY: 24}
_KINDS = {
    kind: number << 96
    for number, kind in enumerate(
        ("agency", "team", "person", "organization", "service", "location", "client", "need",
         "referral", "event", "clock", "other"), 1,
    )
}  # fmt: skip
Rows = list[dict[str, Any]]


def an_id(kind: str, number: int) -> UUID:
    """The same for the same number, so that requests can name it."""
    return UUID(int=_KINDS[kind] + number)


def generate(session: Session, vault: Vault, referrals: int, now: datetime) -> None:
    """Fill an empty database. It is told how far it is."""
    _people(session, vault, now)
    engine = create_engine(session.get_bind().engine.url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _hasten)
    start = time.perf_counter()
    with engine.connect() as connection:
        for done, tables in _batches(vault, referrals, now):
            for table, rows in tables:
                connection.execute(insert(table), rows)
            connection.commit()
            taken = time.perf_counter() - start
            print(
                f"\r{done:,} of {referrals:,} referrals, {taken:,.0f} s ", end="", file=sys.stderr
            )
    print(file=sys.stderr)


def _hasten(connection: Any, _record: object) -> None:
    """What is lost is generated again."""
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-800000")


def _people(session: Session, vault: Vault, now: datetime) -> None:
    """Agencies with teams, people and services."""
    began = now - timedelta(days=YEARS * 366)
    codes = [need.code for need in needs().values() if need.level == 3]
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    session.add(
        NetworkSetting(
            name="second_factor_roles", value=[], changed_by="system:bench", changed_at=now
        )
    )
    steward = _person(session, vault, an_id("other", 1), "Stew Ward", STEWARD, hashed, began)
    supervisor = _person(session, vault, an_id("other", 2), "Sue Visor", SUPERVISOR, hashed, began)
    session.flush()
    session.add(Membership(person_id=steward.id, role=Role.NETWORK_STEWARD, since=began))
    for number in range(AGENCIES):
        agency = Agency(
            id=an_id("agency", number), name=f"Agency {number:03}", status=AgencyStatus.PARTNER,
            created_at=began, status_since=began,
        )  # fmt: skip
        session.add(agency)
        session.flush()
        for team in range(_teams(number)):
            session.add(
                Team(
                    id=an_id("team", number * 10 + team),
                    agency_id=agency.id,
                    name=f"Team {team + 1}",
                    created_at=began,
                )
            )
        for worker in range(WORKERS_EACH):
            each = an_id("person", number * 100 + worker)
            address = f"w{worker}@a{number}.example"
            _person(session, vault, each, f"Worker {number:03}-{worker}", address, None, began)
            session.flush()
            session.add(
                Membership(person_id=each, agency_id=agency.id, role=Role.CASE_MANAGER, since=began)
            )
        _services(session, number, began, codes)
        session.flush()
    first = an_id("agency", 0)
    session.add(
        Membership(person_id=supervisor.id, agency_id=first, role=Role.SUPERVISOR, since=began)
    )
    for team in range(TEAMS_OF_FIRST):
        session.add(
            TeamMember(
                team_id=an_id("team", team),
                person_id=supervisor.id,
                part=TeamPart.SUPERVISOR,
                since=began.date(),
            )
        )
    session.commit()


def _teams(agency: int) -> int:
    return TEAMS_OF_FIRST if agency == 0 else 1


def _person(
    session: Session, vault: Vault, person_id: UUID, name: str, address: str, hashed: str | None,
    now: datetime,
) -> Person:  # fmt: skip
    person = Person(id=person_id, created_at=now, password_hash=hashed, password_changed_at=now)
    seal_person(vault, person, name, address)
    session.add(person)
    return person


def _services(session: Session, agency: int, now: datetime, codes: Sequence[str]) -> None:
    organization = Organization(
        id=an_id("organization", agency), name=f"Agency {agency:03}", description="Help",
        created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(organization)
    session.flush()
    stamps = {"created_at": now, "updated_at": now}
    for place in range(SERVICES_EACH):
        number = agency * SERVICES_EACH + place
        service = Service(
            id=an_id("service", number), organization_id=organization.id, status="active",
            name=codes[number % len(codes)].rpartition(".")[2].replace("-", " ").capitalize(),
            **stamps,
        )  # fmt: skip
        location = Location(
            id=an_id("location", number), organization_id=organization.id,
            location_type="physical", **stamps,
        )  # fmt: skip
        session.add_all([service, location])
        session.flush()
        session.add(
            Address(
                location_id=location.id,
                address_1="1 Main St",
                city="Springfield",
                state_province="IL",
                postal_code=ZIPS[number % len(ZIPS)],
                country="US",
                address_type="physical",
                **stamps,
            )
        )
        session.add(ServiceAtLocation(service_id=service.id, location_id=location.id, **stamps))


def _batches(
    vault: Vault, referrals: int, now: datetime
) -> Iterator[tuple[int, list[tuple[type[Base], Rows]]]]:
    """Rows by table, referring to what is in the same batch or in one before it."""
    luck = Random(7)
    codes = [need.code for need in needs().values() if need.level == 3]
    begin, position = now - timedelta(days=YEARS * 365), 0
    whole = to_json(
        Profile(given_name="Rosa", family_name="Quintero", birth_date=date(1988, 4, 17))
    )
    made = {"client": 0, "need": 0}
    for first in range(0, referrals, BATCH):
        numbers = range(first, min(first + BATCH, referrals))
        clients: Rows = []
        for number in range(made["client"], int(numbers[-1] / PER_CLIENT) + 1):
            client_id = an_id("client", number)
            clients.append(_client(client_id, luck, begin, vault, whole))
        made["client"] += len(clients)
        need_rows: Rows = []
        for number in range(made["need"], int(numbers[-1] / PER_NEED) + 1):
            need_rows.append(_need(number, luck, codes, begin))
        made["need"] += len(need_rows)
        rows, events, clocks = [], [], []
        for number in numbers:
            began = begin + (now - begin) * (number / referrals)
            row, happened, kept = _referral(number, luck, codes, began, now)
            rows.append(row)
            for each in happened:
                position += 1
                events.append(each | {"position": position, "id": an_id("event", position)})
            clocks += kept
        yield numbers[-1] + 1, [
            (Client, clients), (Need, need_rows), (Referral, rows), (ReferralEvent, events),
            (ReferralClock, clocks),
        ]  # fmt: skip


def _client(
    client_id: UUID, luck: Random, began: datetime, vault: Vault, whole: str
) -> dict[str, Any]:
    agency = _sender(luck)
    return {
        "id": client_id, "agency_id": an_id("agency", agency),
        "team_id": an_id("team", agency * 10 + luck.randrange(_teams(agency))),
        "worker_id": an_id("person", agency * 100 + luck.randrange(WORKERS_EACH)),
        "profile_sealed": vault.seal("client.profile", client_id, whole),
        "version": 1, "opened_at": began, "changed_at": began,
    }  # fmt: skip


def _need(number: int, luck: Random, codes: Sequence[str], began: datetime) -> dict[str, Any]:
    return {
        "id": an_id("need", number),
        "client_id": an_id("client", int(number * PER_NEED / PER_CLIENT)),
        "need_code": codes[int(len(codes) * luck.random() ** 2)], "urgency": 2, "importance": 2,
        "acuity": 3, "status": "open", "mode": SendMode.SINGLE.value, "opened_at": began,
    }  # fmt: skip


def _sender(luck: Random) -> int:
    return luck.choices(range(len(SENDERS)), SENDERS)[0]


def _referral(
    number: int, luck: Random, codes: Sequence[str], began: datetime, now: datetime
) -> tuple[dict[str, Any], Rows, Rows]:
    referral_id, priority = an_id("referral", number), luck.choice(PRIORITIES)
    sender, receiver = _sender(luck), luck.randrange(AGENCIES)
    worker = an_id("person", receiver * 100 + luck.randrange(WORKERS_EACH))
    events = [*happenings(luck, began, now, priority.value, worker)]
    state = replay(events)
    clocks = [_decide(referral_id, state.sent_at, state.decided_at or state.closed_at, priority)]
    is_open = Status(state.status) in OPEN
    due = None
    if is_open:
        due = state.status_since + timedelta(days=luck.choice((2, 5, 7)))
        clocks.append(_clock(referral_id, Clock.STALE, state.status_since, due, None))
    row = asdict(state) | {
        "id": referral_id,
        "client_id": an_id("client", int(number / PER_CLIENT)),
        "need_id": an_id("need", int(number / PER_NEED)),
        "need_code": codes[int(len(codes) * luck.random() ** 2)],
        "service_id": an_id("service", receiver * SERVICES_EACH + luck.randrange(SERVICES_EACH)),
        "from_agency_id": an_id("agency", sender),
        "from_team_id": an_id("team", sender * 10 + luck.randrange(_teams(sender))),
        "sender_id": an_id("person", sender * 100 + luck.randrange(WORKERS_EACH)),
        "to_agency_id": an_id("agency", receiver),
        "to_team_id": an_id("team", receiver * 10 + luck.randrange(_teams(receiver))),
        "categories": [], "called": False, "mode": SendMode.SINGLE.value, "rank": 1, "hop": 0,
        "created_at": began, "due_at": due, "due_clock": due and Clock.STALE.value,
    }  # fmt: skip
    happened = [
        {
            "referral_id": referral_id, "seq": each.seq, "kind": each.kind,
            "from_status": each.from_status, "to_status": each.to_status, "actor": "system:bench",
            "actor_part": "system", "channel": Channel.SYSTEM.value,
            "occurred_at": each.occurred_at, "recorded_at": each.recorded_at,
            "reason_code": each.reason_code, "data": dict(each.data), "faults": 0,
        }
        for each in events
    ]  # fmt: skip
    return row, happened, [clock for clock in clocks if clock is not None]


def _decide(
    referral_id: UUID, sent_at: datetime | None, ended_at: datetime | None, priority: Priority
) -> dict[str, Any] | None:
    if sent_at is None:
        return None
    due = sent_at + timedelta(hours=_LIMIT[priority])
    return _clock(referral_id, Clock.DECIDE, sent_at, due, ended_at)


_made = iter(range(1, 1 << 60))


def _clock(
    referral_id: UUID, clock: Clock, begun: datetime, due: datetime, ended_at: datetime | None
) -> dict[str, Any]:
    how = None if ended_at is None else ClockEnd.MET if ended_at <= due else ClockEnd.MISSED
    return {
        "id": an_id("clock", next(_made)), "referral_id": referral_id, "clock": clock.value,
        "rule": "network 72h", "started_at": begun, "due_at": due, "act_at": None, "reminders": 0,
        "paused_seconds": 0, "ended_at": ended_at, "ended": how and how.value,
    }  # fmt: skip
