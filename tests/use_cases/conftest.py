"""Doing an import in a line."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from referral_hub.formats.records import Problem
from referral_hub.rules.actor import System
from referral_hub.use_cases.import_directory import ImportOptions, import_documents
from referral_hub.use_cases.importing.report import ImportReport, RecordChange
from tests.fakes import FakeGazetteer
from tests.network import VAULT


class Imported:
    """What an import reported, collected."""

    def __init__(self, dry_run: bool) -> None:
        self.problems: list[Problem] = []
        self.changes: list[RecordChange] = []
        self.report = ImportReport(
            "test", "", dry_run, on_problem=self.problems.append, on_change=self.changes.append
        )

    @property
    def codes(self) -> list[str]:
        """Codes of errors and warnings."""
        return [problem.code for problem in self.problems if problem.severity != "notice"]

    @property
    def said(self) -> list[tuple[str, str]]:
        """(change, table) of each changed record."""
        return [(str(change.change), change.table) for change in self.changes]


Importer = Callable[..., Imported]


@pytest.fixture
def load(session: Session, now: datetime) -> Importer:
    """Imports nested HSDS objects as source "test"."""
    return importing(session, now)


def importing(session: Session, now: datetime) -> Importer:
    """What imports nested HSDS objects as source "test" into a database."""

    def importer(
        documents: Iterable[dict[str, Any]],
        *,
        source: str = "test",
        dry_run: bool = False,
        at: datetime = now,
    ) -> Imported:
        imported = Imported(dry_run)
        import_documents(
            session,
            System(),
            documents,
            ImportOptions(source=source, dry_run=dry_run),
            gazetteer=FakeGazetteer(),
            vault=VAULT,
            report=imported.report,
            now=at,
        )
        return imported

    return importer


@pytest.fixture
def count_statements(engine: Engine) -> Iterator[Callable[[], int]]:
    """How many statements the database got since one asked last."""
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    def count() -> int:
        number = len(seen)
        seen.clear()
        return number

    event.listen(engine, "before_cursor_execute", note)
    yield count
    event.remove(engine, "before_cursor_execute", note)
