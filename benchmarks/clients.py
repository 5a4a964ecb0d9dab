"""Times finding clients by part of a name: all profiles are sealed, so that no database can search
them; the hub searches keyed fragments instead, and opens what fits."""

import argparse
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import uuid4

from flask_migrate import upgrade
from sqlalchemy.orm import Session

from benchmarks.results import RESULTS, circumstances, table, write_section
from referral_hub.app import create_app
from referral_hub.extensions import db
from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Client, Team
from referral_hub.rules.actor import Person
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.client_profile import Profile, to_json
from referral_hub.rules.roles import Role
from referral_hub.use_cases.find_clients import find_clients, list_caseload
from referral_hub.use_cases.steps.client_keys import add_keys
from referral_hub.web.hub import EXTENSION

CLIENTS = 20_000
PASSES = 20
SYLLABLES = ("ro", "sa", "ma", "ri", "lu", "ken", "da", "vid", "jo", "an", "ta", "mi", "el", "sha")
COMMON = ("Garcia", "Johnson", "Nguyen", "Williams")
BATCH = 2_000


def run(count: int, results: Path | None) -> None:
    """Print the figures for this many clients of one agency."""
    luck = Random(1)
    with TemporaryDirectory() as folder:
        app = create_app({"REFERRAL_HUB_MODE": "test", "REFERRAL_HUB_DATA_DIR": folder})
        vault: Vault = app.extensions[EXTENSION].vault
        now = datetime.now(UTC)
        with app.app_context():
            upgrade()
            session = db.session()
            who, agency, team = prepared(session, now)
            start = time.perf_counter()
            profiles = [a_profile(luck) for _ in range(count)]
            for at in range(0, count, BATCH):
                add_clients(session, vault, agency, team, profiles[at : at + BATCH], now)
            print(f"{count:,} clients sealed, with keys: {time.perf_counter() - start:.1f} s")
            rows = [
                (name, *figures(session, who, vault, texts, now))
                for name, texts in asked(luck, profiles).items()
            ]
            rows.append(("a page of the caseload", *caseload(session, who, vault, now)))
        size = sum(path.stat().st_size for path in Path(folder).glob("*.sqlite3*"))
    head = ("asked", "p50 ms", "p95 ms", "max ms", "found")
    text = (
        f"## Finding clients: {count:,} sealed profiles of one agency, SQLite\n\n"
        f"{circumstances([])}\n\n{table(head, rows)}\n\n"
        f"Each with its row in the audit. The database takes {size / 1e6:,.0f} MB."
    )
    print(f"\n{text}\n")
    if results:
        write_section(f"clients-{count}", text, results)


def prepared(session: Session, now: datetime) -> tuple[Person, Agency, Team]:
    """An agency, and a case manager of it."""
    agency = Agency(
        id=uuid4(), name="Fair Homes", status=AgencyStatus.PARTNER, created_at=now, status_since=now
    )
    session.add(agency)
    session.flush()
    team = Team(id=uuid4(), agency_id=agency.id, name="First team", created_at=now)
    session.add(team)
    session.commit()
    return Person(uuid4(), agency.id, frozenset({Role.CASE_MANAGER})), agency, team


def a_profile(luck: Random) -> Profile:
    """Somebody; every fifth has a name that many have."""
    common = luck.random() < 0.2
    return Profile(
        given_name=_name(luck),
        family_name=luck.choice(COMMON) if common else _name(luck),
        birth_date=date(1950, 1, 1) + timedelta(days=luck.randrange(25_000)),
        phone=f"+1773{luck.randrange(10**7):07}",
    )


def add_clients(
    session: Session, vault: Vault, agency: Agency, team: Team, profiles: list[Profile],
    now: datetime,
) -> None:  # fmt: skip
    """Store clients as the hub does."""
    made = []
    for profile in profiles:
        client = Client(
            id=uuid4(), agency_id=agency.id, team_id=team.id, opened_at=now, changed_at=now
        )
        client.profile_sealed = vault.seal("client.profile", client.id, to_json(profile))
        session.add(client)
        made.append((client, profile))
    add_keys(session, vault, made)
    session.commit()


def asked(luck: Random, profiles: list[Profile]) -> dict[str, list[str]]:
    """What is looked for, by kind."""
    chosen = luck.sample(profiles, PASSES)
    return {
        "a whole name": [f"{each.given_name} {each.family_name}" for each in chosen],
        "the begin of a name": [each.given_name[:3] for each in chosen],
        "a name that 1,000 have": [luck.choice(COMMON) for _ in chosen],
        "four digits of a phone": [(each.phone or "")[-4:] for each in chosen],
        "a name that nobody has": ["Xyzzyqua"] * PASSES,
    }


def figures(
    session: Session, who: Person, vault: Vault, texts: list[str], now: datetime
) -> Iterator[float]:
    """Median, 95th percentile and maximum in milliseconds, and how many were found."""
    taken, found = [], 0
    for text in texts:
        start = time.perf_counter()
        found += len(find_clients(session, who, text, vault, now=now).clients)
        taken.append((time.perf_counter() - start) * 1000)
    yield from _cuts(taken)
    yield found / len(texts)


def caseload(session: Session, who: Person, vault: Vault, now: datetime) -> Iterator[float]:
    """The same for pages of all clients."""
    taken, found = [], 0
    for page in range(1, PASSES + 1):
        start = time.perf_counter()
        found += len(list_caseload(session, who, vault, page=page, now=now).clients)
        taken.append((time.perf_counter() - start) * 1000)
    yield from _cuts(taken)
    yield found / PASSES


def _cuts(taken: list[float]) -> tuple[float, float, float]:
    cuts = statistics.quantiles(taken, n=20, method="inclusive")
    return cuts[9], cuts[18], max(taken)


def _name(luck: Random) -> str:
    return "".join(luck.choices(SYLLABLES, k=luck.randint(2, 4))).capitalize()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks clients")
    parser.add_argument("clients", nargs="?", type=int, default=CLIENTS, help="how many")
    parser.add_argument("--results", type=Path, metavar="FILE", help=f"such as {RESULTS.name}")
    chosen = parser.parse_args()
    run(chosen.clients, chosen.results)
