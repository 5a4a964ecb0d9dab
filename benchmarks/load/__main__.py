"""The command: see the package."""

import argparse
import json
import os
import signal
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.load import peer, servers
from benchmarks.load.loops import Target
from benchmarks.load.measure import Plan, Row, measure, report
from benchmarks.load.queries import hub_path, queries
from benchmarks.results import circumstances, write_section
from referral_hub.gateways.gazetteer import Gazetteer

TRIVIAL_SECONDS = 5.0
HUB_WORKERS = 2
PEER_PROCESSES = (1, 2)
PEER_FORMS = {"nearby": "rows only", "nearby_counted": "rows, total and counts"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns 0 when good, 1 after any error, 2 when nothing was measured."""
    asked = _arguments(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # servers are ended then too
    try:
        with _folder(asked.data_dir) as folder:
            rows = list(_rows(folder, asked))
    except servers.NotServed as problem:
        print(problem, file=sys.stderr)
        return 2
    if asked.json:
        print(json.dumps(_facts(asked) | {"runs": [asdict(row) for row in rows]}, indent=2))
    else:
        named = ", ".join(f"{name} {number:,}" for name, number in _facts(asked).items())
        text = report(f"Search over HTTP: {named}", circumstances(_versions(asked)), rows)
        print(text)
        if asked.results:
            write_section("http", text, asked.results)
    return 1 if any(row.failed for row in rows) else 0


def _facts(asked: argparse.Namespace) -> dict[str, int]:
    """What the figures depend on."""
    return {
        "services": asked.size,
        "queries": len(queries()),
        "processors": len(os.sched_getaffinity(0)),
    }


def _versions(asked: argparse.Namespace) -> list[str]:
    """What serves, by name and version."""
    names = ["gunicorn"] if asked.no_peer else ["gunicorn", "datasette"]
    return [f"{name} {version(name)}" for name in names]


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("--size", type=int, default=50_000, help="services in the directory")
    parser.add_argument("--data-dir", type=Path, help="kept and used again; else a temporary one")
    parser.add_argument("--seconds", type=float, default=30.0, help="length of each run")
    parser.add_argument("--rate", type=float, default=100.0, help="requests a second, open loop")
    parser.add_argument("--clients", type=int, default=16, help="clients of the closed loop")
    parser.add_argument("--no-peer", action="store_true", help="only the hub, without Datasette")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--results", type=Path, metavar="FILE", help="also put the table there")
    asked = parser.parse_args(arguments)
    if asked.size < 1 or asked.clients < 1 or asked.seconds * asked.rate < 1:
        parser.error("there must be at least one service, one client and one request")
    if not asked.no_peer and find_spec("datasette") is None:
        parser.error("Datasette is missing: pip install 'datasette<1', or use --no-peer")
    return asked


@contextmanager
def _folder(chosen: Path | None) -> Iterator[Path]:
    if chosen is None:
        with TemporaryDirectory() as folder:
            yield Path(folder)
        return
    chosen.mkdir(parents=True, exist_ok=True)
    yield chosen.absolute()


def _rows(folder: Path, asked: argparse.Namespace) -> Iterator[Row]:
    """One server after the other, so that each has the machine with the client alone."""
    plan = Plan(asked.seconds, asked.rate, asked.clients)
    servers.seed(folder, asked.size)
    database = folder / "referral_hub.sqlite3"
    _check_size(database, asked.size)
    paths = [hub_path(query) for query in queries()]
    with servers.trivial(folder) as running:
        target = Target("trivial server", running.addresses, paths, _hub_results)
        yield from measure(
            target, running, replace(plan, seconds=min(plan.seconds, TRIVIAL_SECONDS))
        )
    with servers.hub(folder, HUB_WORKERS) as running:
        target = Target(
            f"hub, {HUB_WORKERS} workers: rows, total and counts",
            running.addresses,
            paths,
            _hub_results,
        )
        yield from measure(target, running, plan)
    if not asked.no_peer:
        yield from _peer_rows(folder, database, plan)


def _peer_rows(folder: Path, database: Path, plan: Plan) -> Iterator[Row]:
    """Datasette as one process, as people start it, and as many as the hub has workers."""
    file, metadata = folder / "services.db", folder / "datasette.json"
    peer.build(database, file)
    metadata.write_text(peer.metadata())
    find = Gazetteer(folder / "gazetteer").find
    for form, answered in PEER_FORMS.items():
        paths = [peer.peer_path(query, find, form) for query in queries()]
        for processes in PEER_PROCESSES:
            with servers.datasette(file, metadata, processes) as running:
                label = f"datasette, {processes} process{'es' if processes > 1 else ''}"
                target = Target(f"{label}: {answered}", running.addresses, paths, peer_results)
                yield from measure(target, running, plan)


def _check_size(database: Path, size: int) -> None:
    """A folder kept from another size would give figures under a wrong name."""
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT count(*) FROM service").fetchone()[0]
    if found != size:
        raise servers.NotServed(f"{database.parent} holds {found:,} services, not {size:,}.")


def _hub_results(body: bytes) -> int:
    return _count(json.loads(body), "results")


def peer_results(body: bytes) -> int:
    """The results in an answer of the peer; a row of counts is none. ValueError for no list."""
    rows = json.loads(body)
    if not isinstance(rows, list):
        raise ValueError("no list of rows")
    return len(rows) - ("counts" in rows[-1] if rows else 0)


def _count(answer: object, name: str) -> int:
    found = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(found, list):
        raise ValueError(f"no list of {name}")
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
