"""The worker keeps the search index whole by itself, seals the audit, and delivers mail."""

import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from referral_hub.extensions import db
from referral_hub.gateways.search import SearchGateway, SearchRequest
from referral_hub.models import AuditRow, Referral
from referral_hub.rules.actor import System
from referral_hub.rules.capacity import CapacityState, CapacityWord
from referral_hub.rules.errors import IndexNotReady
from referral_hub.rules.referral_lifecycle import Status
from referral_hub.use_cases.record_capacity import record_capacity
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.mail import send_mail
from referral_hub.use_cases.transaction import transaction
from referral_hub.web.hub import EXTENSION
from referral_hub.worker import IndexWork, Job, Worker
from tests.demo import load_documents
from tests.factories import a_directory, uid
from tests.fakes import FakeGazetteer
from tests.referral_world import a_world
from tests.use_cases.told_referrals import Told

Damage = Callable[[Path], None]


@pytest.fixture
def folder(app: Flask, tmp_path: Path, now: datetime) -> Path:
    """The folder of a whole index over a directory with one service."""
    with app.app_context():
        load_documents(app, a_directory(), now)
    return tmp_path / "index"


def a_round(app: Flask, folder: Path) -> int:
    """What a worker does first after its start."""
    index = SearchGateway(folder)
    done = Worker(app, index, FakeGazetteer()).once()  # type: ignore[arg-type]
    index.close()
    return done


def found(folder: Path) -> list[str]:
    """What a process finds that opens the index now."""
    index = SearchGateway(folder)
    hits = index.search(SearchRequest("eviction")).hits
    index.close()
    return [hit.service_id for hit in hits]


def tear_files(folder: Path) -> None:
    for path in build_of(folder).iterdir():
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def tear_pointer(folder: Path) -> None:
    (folder / "current").write_bytes(b"\xff\x00")


def lose_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def be_of_another_format_or_vocabulary(folder: Path) -> None:
    old = "v0-" + build_of(folder).name
    build_of(folder).rename(folder / old)
    (folder / "current").write_text(old)


def build_of(folder: Path) -> Path:
    return folder / (folder / "current").read_text()


leaves_files_open = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)
"""Whoosh does, when it meets damage."""


def lose_pointer(folder: Path) -> None:
    (folder / "current").unlink()


def loop_pointer(folder: Path) -> None:
    lose_pointer(folder)
    (folder / "current").symlink_to("current")


DAMAGES = [
    tear_files, tear_pointer, lose_pointer, loop_pointer, lose_folder,
    be_of_another_format_or_vocabulary,
]  # fmt: skip


@leaves_files_open
@pytest.mark.parametrize("damage", DAMAGES)
def test_an_index_that_cannot_be_read_is_not_ready_until_the_worker_built_it_anew(
    app: Flask, folder: Path, damage: Damage, caplog: pytest.LogCaptureFixture
) -> None:
    damage(folder)
    with pytest.raises(IndexNotReady):
        found(folder)
    with caplog.at_level(logging.WARNING):
        assert a_round(app, folder)
    assert "built anew from the directory" in caplog.text
    assert found(folder) == [uid("service")]


@leaves_files_open
def test_what_another_process_cannot_read_is_built_anew(app: Flask, folder: Path) -> None:
    index = SearchGateway(folder)
    worker = Worker(app, index, FakeGazetteer())  # type: ignore[arg-type]
    worker.once()
    for path in build_of(folder).glob("*.toc"):
        path.write_bytes(b"torn")
    assert index.fault() is None
    with pytest.raises(IndexNotReady):
        found(folder)
    worker.once()
    assert found(folder) == [uid("service")]
    index.close()


def test_a_whole_index_is_left_alone(app: Flask, folder: Path) -> None:
    before = build_of(folder)
    a_round(app, folder)
    assert build_of(folder) == before


def test_a_repair_that_does_not_help_is_not_tried_again_at_once(app: Flask, folder: Path) -> None:
    index = SearchGateway(folder)
    seconds = [0.0]
    work = IndexWork(index, FakeGazetteer(), clock=lambda: seconds[0])  # type: ignore[arg-type]
    worker = Job("index", work)

    def is_built_again() -> bool:
        (folder / "unreadable").touch()
        before = build_of(folder)
        worker.once(app)
        return build_of(folder) != before

    assert is_built_again()
    assert not is_built_again()
    seconds[0] += 61
    assert is_built_again()
    index.close()


def test_a_worker_whose_index_is_lost_while_it_runs_builds_all_of_it_anew(
    app: Flask, folder: Path, now: datetime
) -> None:
    index = SearchGateway(folder)
    worker = Worker(app, index, FakeGazetteer())  # type: ignore[arg-type]
    worker.once()
    shutil.rmtree(folder)
    with app.app_context():
        record_capacity(
            db.session(), System(), UUID(uid("service")), CapacityWord(CapacityState.OPEN), now=now
        )
    worker.once()
    assert found(folder) == [uid("service")]
    index.close()


def test_an_empty_directory_has_an_index_too(app: Flask, tmp_path: Path) -> None:
    a_round(app, tmp_path / "index")
    assert found(tmp_path / "index") == []


def test_a_round_seals_the_audit(app: Flask, folder: Path) -> None:
    a_round(app, folder)
    with app.app_context():
        unsealed = select(func.count()).where(AuditRow.position.is_(None))
        assert db.session.scalar(unsealed) == 0
        assert db.session.scalar(select(func.max(AuditRow.position))) == 1


def test_a_round_delivers_mail(app: Flask, folder: Path, tmp_path: Path, now: datetime) -> None:
    with app.app_context(), transaction(db.session()):
        vault = app.extensions[EXTENSION].vault
        send_mail(
            db.session(), vault, "ana@example.org", "reset_password", now=now, link="/reset#t"
        )
    a_round(app, folder)
    (mail,) = (tmp_path / "mail").glob("*.eml")
    assert "http://127.0.0.1:8000/reset#t" in mail.read_text()


@pytest.mark.parametrize("fault", [RuntimeError("broken"), OSError("disk"), KeyError("name")])
def test_a_job_that_fails_is_told_and_stops_neither_itself_nor_the_others(
    app: Flask, fault: Exception, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("referral_hub.worker.PAUSE_SECONDS", 0.001)
    tried = {"failing": 0, "working": 0}
    stopping = threading.Event()

    def fail(_session: Session, _now: datetime) -> int:
        tried["failing"] += 1
        raise fault

    def work(_session: Session, _now: datetime) -> int:
        tried["working"] += 1
        return 0

    jobs = [Job("failing", fail, 0.001), Job("working", work, 0.001)]
    threads = [threading.Thread(target=job.run, args=(app, stopping)) for job in jobs]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 10
    while min(tried.values()) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    stopping.set()
    for thread in threads:
        thread.join(5)
    assert min(tried.values()) >= 3
    assert "The job failing met a fault" in caplog.text


def test_a_job_that_fails_waits_longer_each_time(app: Flask) -> None:
    waited: list[float] = []

    class Stopping:
        """Remembers the pauses instead of making them."""

        def is_set(self) -> bool:
            return len(waited) == 9

        def wait(self, seconds: float) -> None:
            waited.append(seconds)

    def fail_at_first(_session: Session, _now: datetime) -> int:
        if len(waited) < 7:
            raise RuntimeError("broken")
        return 0

    Job("failing", fail_at_first).run(app, Stopping())  # type: ignore[arg-type]
    assert waited == [0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 0.2, 0.2]


def test_a_running_worker_seals_within_seconds_and_ends_when_told(
    sqlite_url: str, tmp_path: Path, gazetteer_folder: Path, now: datetime
) -> None:
    (tmp_path / "gazetteer").symlink_to(gazetteer_folder)
    engine = create_engine(sqlite_url)
    with Session(engine) as session, transaction(session):
        add_audit(session, System("seed"), "test:act", now=now)
    running = subprocess.Popen(
        [sys.executable, "-m", "referral_hub.cli", "worker"],
        env=os.environ
        | {
            "REFERRAL_HUB_MODE": "test",
            "REFERRAL_HUB_DATA_DIR": str(tmp_path),
            "REFERRAL_HUB_DATABASE_URL": sqlite_url,
            "PYTHONPATH": str(Path(__file__).parent.parent),
        },
    )
    try:
        deadline = time.monotonic() + 60
        position = None
        while position is None and time.monotonic() < deadline:
            time.sleep(0.1)
            with Session(engine) as session:
                position = session.scalar(select(func.max(AuditRow.position)))
    finally:
        running.terminate()
    assert running.wait(timeout=60) == 0
    assert position == 1
    engine.dispose()


def test_the_worker_expires_what_is_past_its_time(app: Flask, folder: Path) -> None:
    long_ago = datetime(2020, 1, 6, 16, tzinfo=UTC)
    with app.app_context():
        session: Session = db.session()
        told = Told(session, a_world(session, now=long_ago), long_ago)
        told.send(long_ago)
    a_round(app, folder)
    with app.app_context():
        assert db.session.get_one(Referral, told.id).status == Status.EXPIRED
