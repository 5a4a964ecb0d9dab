"""The command: see the package."""

import argparse
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import func, select, text

from benchmarks.dashboard.generate import PASSWORD, STEWARD, SUPERVISOR, generate
from benchmarks.engines import PEERS, available
from benchmarks.metrics import percentile
from benchmarks.peers.cluster import running
from benchmarks.results import Cell, circumstances, table, write_section
from referral_hub.app import create_app
from referral_hub.extensions import db
from referral_hub.gateways.figures.folder import FigureFolder
from referral_hub.gateways.figures.writing import FigureWriter
from referral_hub.models import Referral, ReferralEvent
from referral_hub.rules.actor import System
from referral_hub.rules.referral_lifecycle import Move, Status
from referral_hub.rules.referrals import Channel
from referral_hub.server import keep_for_good
from referral_hub.use_cases.keep_figures import count_figures, recount_figures
from referral_hub.web.hub import EXTENSION, Hub

REFERRALS = 1_000_000
REQUESTS = Path(__file__).parent.parent / "dashboard_requests.txt"
PASSES = 10
WHO = {"supervisor": SUPERVISOR, "steward": STEWARD}
TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')
HEAD = ("database", "who", "asked", "cold ms", "p50 ms", "p95 ms", "max ms", "kB")
LIMITS = {"PostgreSQL": 300, "SQLite": 1000}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print. Returns 1 where the 95th percentile of all requests is too slow."""
    asked = _arguments(arguments)
    rows: list[Sequence[Cell]] = []
    told, slow = [], False
    for database, app in _each_database(asked.referrals, asked.data_dir, asked.databases):
        found, summary, too_slow = _measured(database, app, asked.passes)
        rows += found
        told.append(summary)
        slow = slow or too_slow
        print(summary, flush=True)
    text_ = (
        f"## Supervision: {asked.referrals:,} referrals\n\n{circumstances([])}\n\n"
        + "\n".join(f"- {each}" for each in told)
        + f"\n\n{table(HEAD, rows)}\n\n"
        "One client, in the process of the hub. `cold`: the first time in this run; a past time\n"
        "is put together then, and kept. The rest are further passes over all requests."
    )
    print(f"\n{text_}\n")
    if asked.results:
        write_section(f"dashboard-{asked.referrals}", text_, asked.results)
    return int(slow)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks dashboard")
    parser.add_argument("--referrals", type=int, default=REFERRALS, help="how many")
    parser.add_argument("--passes", type=int, default=PASSES, help="over all requests")
    parser.add_argument("--data-dir", type=Path, help="kept and used again; else temporary ones")
    parser.add_argument("--databases", nargs="+", choices=("SQLite", "PostgreSQL"),
                        default=["SQLite", "PostgreSQL"])  # fmt: skip
    parser.add_argument("--results", type=Path, metavar="FILE", help="also put the table there")
    return parser.parse_args(arguments)


def requests() -> list[tuple[str, str]]:
    """Who asks for what: a line each, `#` begins a comment."""
    lines = REQUESTS.read_text("utf-8").splitlines()
    found = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    return [(who, path) for who, path in found]


def _measured(database: str, app: Flask, passes: int) -> tuple[list[Sequence[Cell]], str, bool]:
    keep_for_good()
    begun = datetime.now(UTC)
    clients = {who: _signed_in(app, email) for who, email in WHO.items()}
    days = {
        "today": begun.date().isoformat(),
        "month_ago": (begun - timedelta(days=30)).date().isoformat(),
        "year_ago": (begun - timedelta(days=365)).date().isoformat(),
        "three_years_ago": (begun - timedelta(days=3 * 365)).date().isoformat(),
    }
    asked = [(who, path.format(**days)) for who, path in requests()]
    taken: dict[tuple[str, str], list[float]] = {each: [] for each in asked}
    sizes: dict[tuple[str, str], int] = {}
    for _ in range(passes + 1):
        for each in asked:
            start = time.perf_counter()
            answer = clients[each[0]].get(each[1])
            taken[each].append((time.perf_counter() - start) * 1000)
            if answer.status_code != 200:
                sys.exit(f"{each[1]} answered {answer.status_code}")
            sizes[each] = len(answer.data)
    rows: list[Sequence[Cell]] = [
        [database, who, _short(path), times[0], *_cuts(times[1:]), sizes[who, path] / 1000]
        for (who, path), times in taken.items()
    ]
    warm = [each for times in taken.values() for each in times[1:]]
    p95 = percentile(warm, 95)
    cold = max(times[0] for times in taken.values())
    summary = (
        f"{database}: p95 of {len(asked)} requests x {passes} passes {p95:,.0f} ms "
        f"(limit {LIMITS[database]}); coldest {cold:,.0f} ms; {_freshness(app, clients, asked)}"
    )
    return rows, summary, p95 > LIMITS[database]


def _short(path: str) -> str:
    return path.replace("/supervision", "").replace("00000000-0000-0000-0000-", "…")


def _cuts(times: Sequence[float]) -> list[float]:
    return [percentile(times, 50), percentile(times, 95), max(times)]


def _freshness(
    app: Flask, clients: Mapping[str, FlaskClient], asked: Sequence[tuple[str, str]]
) -> str:
    """How long the worker takes to count a hundred new events, and the pages after that."""
    hub: Hub = app.extensions[EXTENSION]
    writer = FigureWriter(FigureFolder(hub.settings.figures_dir))
    with app.app_context():
        session = db.session()
        last = session.scalar(select(func.max(ReferralEvent.position))) or 0
        for number, row in enumerate(
            session.scalars(select(Referral).where(Referral.status == Status.SENT).limit(100)), 1
        ):
            session.add(_seen(row, last + number))
            row.status, row.seq = Status.ACKNOWLEDGED, row.seq + 1
        session.commit()
        start = time.perf_counter()
        changed = count_figures(session, System(), writer, hub.gazetteer, now=datetime.now(UTC))
        counted = (time.perf_counter() - start) * 1000
    first = max(_timed(clients[who], path) for who, path in asked)
    return f"{changed} new events counted in {counted:,.0f} ms, pages then {first:,.0f} ms at most"


def _timed(client: FlaskClient, path: str) -> float:
    """How many milliseconds an answer takes."""
    start = time.perf_counter()
    if client.get(path).status_code != 200:
        sys.exit(f"{path} was refused")
    return (time.perf_counter() - start) * 1000


def _seen(row: Referral, position: int) -> ReferralEvent:
    now = datetime.now(UTC)
    return ReferralEvent(
        referral_id=row.id, seq=row.seq + 1, kind=Move.ACKNOWLEDGE, from_status=row.status,
        to_status=Status.ACKNOWLEDGED, actor="system:bench", actor_part="receiver",
        channel=Channel.SYSTEM, occurred_at=now, recorded_at=now, data={}, position=position,
    )  # fmt: skip


def _signed_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    found = TOKEN.search(page)
    token = found[1] if found else ""
    sent = {"form_token": token, "email": email, "password": PASSWORD}
    answer = client.post("/sign-in", data=sent)
    if answer.status_code != 303:
        sys.exit(f"{email} cannot sign in: {answer.status_code}")
    return client


def _each_database(
    referrals: int, kept: Path | None, databases: Sequence[str]
) -> Iterator[tuple[str, Flask]]:
    with _folder(kept) as folder:
        if "SQLite" in databases:
            yield "SQLite", _app(folder / "sqlite", None, referrals)
        if "PostgreSQL" in databases and available([PEERS["postgres"]]):
            (folder / "postgres").mkdir(exist_ok=True)
            with running(folder / "postgres") as address:
                app = _app(folder / "postgres" / "hub", address, referrals)
                yield "PostgreSQL", app
                with app.app_context():
                    db.session.remove()
                    db.engine.dispose()


def _app(folder: Path, address: str | None, referrals: int) -> Flask:
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"REFERRAL_HUB_MODE": "test", "REFERRAL_HUB_DATA_DIR": str(folder)}
    if address:
        settings["REFERRAL_HUB_DATABASE_URL"] = address
    app = create_app(settings)
    hub: Hub = app.extensions[EXTENSION]
    with app.app_context():
        upgrade()
        session = db.session()
        now = datetime.now(UTC)
        if session.scalar(select(Referral.id).limit(1)) is None:
            generate(session, hub.vault, referrals, now)
            session.close()
            if address:  # as its own servant does in time; the embedded database has none
                _vacuum()
        writer = FigureWriter(FigureFolder(hub.settings.figures_dir))
        if writer.contents() is None:
            start = time.perf_counter()
            recount_figures(
                session, System(), writer, hub.gazetteer, now=now,
                progress=lambda done: print(f"\r{done:,} counted ", end="", file=sys.stderr),
            )  # fmt: skip
            print(f"\nFigures counted in {time.perf_counter() - start:,.0f} s", file=sys.stderr)
    return app


def _vacuum() -> None:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with TemporaryDirectory() as folder:
        yield Path(folder)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
