"""The worker keeps the search index whole by itself."""

import logging
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from referral_hub.extensions import db
from referral_hub.gateways.search import SearchGateway, SearchRequest
from referral_hub.rules.actor import System
from referral_hub.rules.errors import IndexNotReady
from referral_hub.use_cases.record_capacity import record_capacity
from referral_hub.worker import Worker
from tests.demo import load_documents
from tests.factories import a_directory, uid
from tests.fakes import FakeGazetteer

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
        assert a_round(app, folder) == 1
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
    worker = Worker(app, index, FakeGazetteer(), clock=lambda: seconds[0])  # type: ignore[arg-type]

    def is_built_again() -> bool:
        (folder / "unreadable").touch()
        before = build_of(folder)
        worker.once()
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
        record_capacity(db.session(), System(), UUID(uid("service")), "open", now=now)
    worker.once()
    assert found(folder) == [uid("service")]
    index.close()


def test_an_empty_directory_has_an_index_too(app: Flask, tmp_path: Path) -> None:
    a_round(app, tmp_path / "index")
    assert found(tmp_path / "index") == []
