"""A directory that was exported and imported into an empty hub is the same directory.

Compared record by record, field by field: in JSON the objects of all kinds with all that is nested
in them, in CSV the rows of all 24 tables. Of two exceptions, both of the form and not of the hub:
JSON says of organizations that a source only refers to what the hub calls them, so that there they
become organizations; CSV keeps them as the reference that they are.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, func, select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.gazetteer import Gazetteer
from referral_hub.models import Service, ServiceState
from referral_hub.rules.actor import System
from referral_hub.rules.hsds import SERVICE_STATUSES, TABLES
from referral_hub.use_cases.export_directory import (
    ROOTS,
    export_csv,
    export_json,
    export_objects,
    export_tables,
)
from referral_hub.use_cases.import_directory import (
    ImportOptions,
    import_directory,
    import_documents,
)
from referral_hub.use_cases.importing.report import ImportReport, Severity
from referral_hub.use_cases.load_vocabulary import load_vocabulary
from seed.demo_network import demo_documents
from tests.network import VAULT
from tests.use_cases.conftest import Imported

OPERATOR = System()
Hub = Callable[[], Session]
Keyed = dict[str, dict[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def gazetteer(gazetteer_folder: Path) -> Gazetteer:
    return Gazetteer(gazetteer_folder)


@pytest.fixture
def empty_hub(sqlite_template: Path, tmp_path: Path, now: datetime) -> Iterator[Hub]:
    """Makes hubs without a directory: each has the taxonomy of needs, as every new hub."""
    with ExitStack() as stack:

        def made() -> Session:
            path = tmp_path / f"hub-{len(list(tmp_path.glob('hub-*')))}.sqlite3"
            shutil.copy(sqlite_template, path)
            engine = create_engine(f"sqlite:///{path}")
            stack.callback(engine.dispose)
            session = stack.enter_context(Session(engine))
            load_vocabulary(session, OPERATOR, now=now)
            return session

        yield made


@pytest.fixture(
    params=["demo", pytest.param("illinois", marks=pytest.mark.slow)], ids=["demo", "illinois"]
)
def full(
    request: pytest.FixtureRequest, empty_hub: Hub, gazetteer: Gazetteer, now: datetime
) -> Session:
    """A hub with the demo network, or with legal aid of Illinois, of which services are in every
    status and one is of no source."""
    session = empty_hub()
    options = ImportOptions(request.param)
    report = ImportReport(request.param, "", dry_run=False)
    if request.param == "demo":
        documents = demo_documents(now.date())
        import_documents(
            session,
            OPERATOR,
            documents,
            options,
            gazetteer=gazetteer,
            vault=VAULT,
            report=report,
            now=now,
        )
    else:
        path = request.getfixturevalue("test_data") / "data/legal_illinois"
        import_directory(
            session,
            OPERATOR,
            path,
            options,
            gazetteer=gazetteer,
            vault=VAULT,
            report=report,
            now=now,
        )
    ids = session.scalars(select(Service.id).order_by(Service.id)).all()
    for service_id, status in zip(ids[::7], SERVICE_STATUSES, strict=False):
        session.execute(update(Service).where(Service.id == service_id).values(status=status))
    own = {"source_id": None, "source_record_id": None, "name": "Made at the hub"}
    session.execute(update(Service).where(Service.id == ids[1]).values(**own))
    session.commit()
    return session


@pytest.fixture
def bring(empty_hub: Hub, gazetteer: Gazetteer, now: datetime) -> Callable[[Path], Session]:
    """Imports what was exported into an empty hub; nothing of it may be refused or doubted."""

    def bringer(path: Path) -> Session:
        session, imported = empty_hub(), Imported(dry_run=False)
        import_directory(
            session, OPERATOR, path, ImportOptions("copy"), gazetteer=gazetteer,
            vault=VAULT, report=imported.report, now=now,
        )  # fmt: skip
        assert [each for each in imported.problems if each.severity is Severity.ERROR] == []
        return session

    return bringer


def objects(session: Session) -> Keyed:
    return {root: keyed(export_objects(session, OPERATOR, root)) for root in ROOTS}


def tables(session: Session) -> Keyed:
    return {name: keyed(rows) for name, rows in export_tables(session, OPERATOR).items()}


def keyed(records: Iterator[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {record["id"]: record for record in records}


def require_same(before: Keyed, after: Keyed) -> None:
    """Nothing is lost, nothing came from nowhere, and no field differs."""
    for kind, records in before.items():
        assert after[kind].keys() == records.keys(), kind
        for record_id, record in records.items():
            assert after[kind][record_id] == record


def test_json_brings_all_objects_over(
    full: Session, bring: Callable[[Path], Session], tmp_path: Path
) -> None:
    path = tmp_path / "directory.json"
    count = export_json(full, OPERATOR, path)
    before = objects(full)
    assert count == len(before["organization"])
    require_same(before, objects(bring(path)))


def test_csv_brings_all_rows_of_all_tables_over(
    full: Session, bring: Callable[[Path], Session], tmp_path: Path
) -> None:
    folder = tmp_path / "directory"
    counts = export_csv(full, OPERATOR, folder)
    before = tables(full)
    assert counts == {name: len(rows) for name, rows in before.items()}
    assert set(counts) == set(TABLES)
    require_same(before, tables(bring(folder)))


def test_every_status_and_what_the_hub_made_itself_is_among_what_is_brought_over(
    full: Session, bring: Callable[[Path], Session], tmp_path: Path
) -> None:
    path = tmp_path / "directory.json"
    export_json(full, OPERATOR, path)
    brought = bring(path)
    assert set(brought.scalars(select(Service.status))) == set(SERVICE_STATUSES)
    named = select(func.count()).where(Service.name == "Made at the hub")
    assert brought.scalar(named) == 1


def test_what_an_agency_tells_the_hub_alone_stays_there(
    full: Session, bring: Callable[[Path], Session], tmp_path: Path, now: datetime
) -> None:
    service_id: UUID = full.scalars(select(Service.id)).first()  # type: ignore[assignment]
    full.add(
        ServiceState(
            service_id=service_id, capacity="limited", stated_by="person:x", stated_at=now
        )
    )  # fmt: skip
    full.commit()
    export_json(full, OPERATOR, tmp_path / "directory.json")
    brought = bring(tmp_path / "directory.json")
    assert brought.scalar(select(func.count()).select_from(ServiceState)) == 0
