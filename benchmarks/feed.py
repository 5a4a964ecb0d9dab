"""Times pages of the HSDS API over HTTP, as a system reads them that copies the directory: whole
records, 100 a page, near the start and far back, and narrowed by filters."""

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from flask_migrate import upgrade
from sqlalchemy import func, select, text

from benchmarks.engines import PEERS, available
from benchmarks.load import servers
from benchmarks.load.client import Address
from benchmarks.metrics import percentile
from benchmarks.peers.cluster import running
from benchmarks.results import Cell, circumstances, table, write_section
from referral_hub.app import create_app
from referral_hub.extensions import db
from referral_hub.models import Service
from referral_hub.rules.actor import System
from referral_hub.use_cases.import_directory import ImportOptions, import_documents
from referral_hub.use_cases.importing.report import ImportReport
from referral_hub.vocabulary import needs
from referral_hub.web.hub import EXTENSION
from seed.generate_large import large_documents

SERVICES = 50_000
PER_PAGE = 100
PAGES = 60
WORKERS = 2
WARM_UP = 10
WORDS = ("food", "legal aid", "housing", "dental", "job training", "shelter", "spanish", "zebra")
HEAD = ("database", "asked", "p50 ms", "p95 ms", "max ms", "records", "kB", "server cpu ms")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write where that is asked for."""
    asked = _arguments(arguments)
    text = report(asked.services, asked.pages, asked.data_dir)
    print(f"\n{text}\n")
    if asked.results:
        write_section(f"hsds-{asked.services}", text, asked.results)
    return 0


def report(services: int, pages: int, kept: Path | None = None) -> str:
    """Return the figures for this many services, on each kind of database that can run here."""
    rows: list[Sequence[Cell]] = []
    for database, served in _each_database(services, kept):
        (address,) = served.addresses
        reader = _Reader(address)
        for label, paths in _asked(reader, pages).items():
            rows.append([database, label, *_figures(reader, served, paths)])
            print(*rows[-1], flush=True)
    return (
        f"## HSDS API over HTTP: {services:,} services, {PER_PAGE} whole records a page\n\n"
        f"{circumstances([])}\n\n{table(HEAD, rows)}\n\n"
        f"One reader, {WORKERS} workers, {pages} different pages each. `server cpu`: processor\n"
        "time a page of the hub's processes, without those of a database server."
    )


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks hsds")
    parser.add_argument("services", nargs="?", type=int, default=SERVICES, help="how many")
    parser.add_argument("--pages", type=int, default=PAGES, help="so many of each kind")
    parser.add_argument("--data-dir", type=Path, help="kept and used again; else temporary ones")
    parser.add_argument("--results", type=Path, metavar="FILE", help="also put the table there")
    return parser.parse_args(arguments)


class _Reader:
    """Reads one page after the other."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def read(self, path: str) -> tuple[float, bytes]:
        """(seconds, the answer). Raises NotServed for any status but 200."""
        with closing(HTTPConnection(*self._address, timeout=60)) as connection:
            start = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            seconds = time.perf_counter() - start
        if answer.status != 200:
            raise servers.NotServed(f"{path} answered {answer.status}: {body[:500]!r}")
        return seconds, body


def _asked(reader: _Reader, pages: int) -> dict[str, list[str]]:
    """Paths by what they ask for."""
    luck = random.Random(1)

    def pages_of(name: str, *, far: bool = False) -> list[str]:
        most = json.loads(reader.read(_path(name))[1])["total_pages"]
        first = most - most // 10 if far else 1
        return [_path(name, page=luck.randint(first, most)) for _ in range(pages)]

    terms = [need.id for need in needs().values() if need.level == 3]
    page = json.loads(reader.read(luck.choice(pages_of("organizations")))[1])
    organizations = [each["id"] for each in page["contents"]]
    return {
        "services": pages_of("services"),
        "services, the last tenth": pages_of("services", far=True),
        "services, search": [_path("services", search=words) for words in WORDS],
        "services, taxonomy_term_id": [
            _path("services", taxonomy_term_id=each) for each in luck.sample(terms, pages)
        ],
        "services, organization_id": [
            _path("services", organization_id=each) for each in luck.sample(organizations, pages)
        ],
        "services, modified_after": [
            _path("services", modified_after="2020-01-01", page=number)
            for number in range(1, pages + 1)
        ],
        "service_at_locations": pages_of("service_at_locations"),
        "organizations": pages_of("organizations"),
    }


def _path(name: str, **parameters: object) -> str:
    return f"/hsds/{name}?{urlencode({'full': 'true', 'per_page': PER_PAGE, **parameters})}"


def _figures(reader: _Reader, running: servers.Running, paths: Sequence[str]) -> list[Cell]:
    for path in paths[:WARM_UP]:
        reader.read(path)
    before = running.cpu_seconds()
    answers = [reader.read(path) for path in paths]
    after = running.cpu_seconds()
    taken = [seconds * 1000 for seconds, _ in answers]
    found = [len(json.loads(body)["contents"]) for _, body in answers]
    cpu = None if before is None or after is None else (after - before) * 1000 / len(paths)
    return [
        percentile(taken, 50), percentile(taken, 95), max(taken), sum(found) / len(found),
        sum(len(body) for _, body in answers) / len(answers) / 1000, cpu,
    ]  # fmt: skip


def _each_database(services: int, kept: Path | None) -> Iterator[tuple[str, servers.Running]]:
    """The hub on SQLite and, where it can run, on PostgreSQL, each with these services."""
    with _folder(kept, "sqlite") as folder:
        _fill(folder, "", services)
        with servers.hub(folder, WORKERS) as served:
            yield "SQLite", served
    if not available([PEERS["postgres"]]):
        return
    with _folder(kept, "postgres") as folder, running(folder) as url:
        data = folder / "hub"
        data.mkdir(exist_ok=True)
        _fill(data, url, services)
        with servers.hub(data, WORKERS, url) as served:
            yield "PostgreSQL", served


@contextmanager
def _folder(kept: Path | None, name: str) -> Iterator[Path]:
    if kept is None:
        with TemporaryDirectory(prefix="referral-hub-feed-") as made:
            yield Path(made)
        return
    folder = kept.absolute() / name
    folder.mkdir(parents=True, exist_ok=True)
    yield folder


def _fill(folder: Path, url: str, services: int) -> None:
    """Import generated services into an empty hub; a filled one stays."""
    settings = {"REFERRAL_HUB_MODE": "test", "REFERRAL_HUB_DATA_DIR": str(folder)}
    app = create_app(settings | ({"REFERRAL_HUB_DATABASE_URL": url} if url else {}))
    hub = app.extensions[EXTENSION]
    with app.app_context():
        upgrade()
        session = db.session()
        if not session.scalar(select(func.count()).select_from(Service)):
            import_documents(
                session, System(), large_documents(services), ImportOptions("bench"),
                gazetteer=hub.gazetteer, vault=hub.vault,
                report=ImportReport("bench", "", dry_run=False),
                now=datetime.now(UTC),
            )  # fmt: skip
        session.close()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE" if not url else "VACUUM ANALYZE"))
        db.engine.dispose()


if __name__ == "__main__":
    main()
