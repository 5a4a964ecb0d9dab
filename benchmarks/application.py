"""Times the import, the index and the search of generated services in the whole hub.

Without other engines and without a server: to see where its own time goes.
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask_migrate import upgrade

from referral_hub.app import create_app
from referral_hub.extensions import db
from referral_hub.rules.actor import System
from referral_hub.use_cases.import_directory import ImportOptions, import_documents
from referral_hub.use_cases.importing.report import ImportReport
from referral_hub.use_cases.maintain_index import rebuild_index
from referral_hub.web.hub import EXTENSION
from seed.generate_large import large_documents

SERVICES = 5_000
QUERIES = ("food pantry", "eviction", "dentist", "help with rent", "ged classes", "")
ZIPS = ("60608", "94110", "10027", "77004", "33135", "98118")


@contextmanager
def timed(label: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"{label:40} {time.perf_counter() - start:8.2f} s")


def run(services: int) -> None:
    """Print the figures for this many services."""
    with TemporaryDirectory() as folder:
        app = create_app(
            {
                "REFERRAL_HUB_MODE": "test",
                "REFERRAL_HUB_DATA_DIR": folder,
                "REFERRAL_HUB_SEARCHES_PER_MINUTE": "0",
            }
        )
        hub = app.extensions[EXTENSION]
        now = datetime.now(UTC)
        with app.app_context():
            upgrade()
            session = db.session()
            with timed(f"import of {services:,} services"):
                import_documents(
                    session, System(), large_documents(services), ImportOptions("bench"),
                    gazetteer=hub.gazetteer,
                    vault=hub.vault,
                    report=ImportReport("bench", "", dry_run=False), now=now,
                )  # fmt: skip
            with timed("index rebuild"):
                rebuild_index(session, System(), hub.searcher, hub.gazetteer, now=now)
        client = app.test_client()
        taken = []
        for words in QUERIES:
            for place in ZIPS:
                start = time.perf_counter()
                client.get("/api/v1/search", query_string={"q": words, "near": place})
                taken.append((time.perf_counter() - start) * 1000)
        cuts = statistics.quantiles(taken, n=20)
        print(f"{'/api/v1/search within 25 miles, median':40} {cuts[9]:8.1f} ms")
        print(f"{'/api/v1/search within 25 miles, p95':40} {cuts[18]:8.1f} ms")
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        print(f"{'data folder':40} {size / 1e6:8.1f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks hub")
    parser.add_argument("services", nargs="?", type=int, default=SERVICES, help="how many")
    run(parser.parse_args().services)
