"""The worker's part of imports of listings: look through, load, take back.

One worker at a time has an import. A load and what it leaves behind are one transaction: a worker
that dies in between has done nothing, and the import is taken up again when its lease has run out.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from referral_hub.formats.detect import Format
from referral_hub.formats.errors import BadFile, FormatError
from referral_hub.formats.flat_columns import column_of
from referral_hub.formats.read import read_directory
from referral_hub.formats.records import Item, Problem, Severity
from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import ListingImport, Organization
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import Conflict, HubError
from referral_hub.rules.listing_imports import (
    LEASE,
    MOST_ATTEMPTS,
    MOST_RECORDS,
    WORKING,
    ImportState,
    PageKind,
    source_of,
)
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.importing.carrying_out import ImportOptions, carry_out
from referral_hub.use_cases.importing.placing import Gazetteer
from referral_hub.use_cases.importing.report import ImportReport, RecordChange
from referral_hub.use_cases.importing.taking_back import take_back
from referral_hub.use_cases.steps.import_pages import Pages, forget_pages, read_pages
from referral_hub.use_cases.steps.listing_change import read_edit, write_edit
from referral_hub.use_cases.steps.listing_imports import agency_of_organization, file_of
from referral_hub.use_cases.transaction import let_go, transaction

log = logging.getLogger(__name__)
FOLLOWS = frozenset({"needs-a-missing-record", "belongs-to-nothing", "not-your-organization"})
"""Problems that only follow from another one of the same line, which is told already."""
READING, COMPARING, LOADING, UNDOING = (
    "Reading and checking", "Comparing with the directory", "Loading", "Taking back",
)  # fmt: skip
NOT_YOURS = "The organization is not the agency’s own any more, so nothing was changed."
GIVEN_UP = "The worker stopped several times with this file. Nothing was changed."


class _Lost(Exception):
    """Another worker has the import by now, or somebody ended it."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """An import as this worker took it."""

    id: UUID
    state: ImportState
    attempts: int
    agency_id: UUID
    organization_id: UUID
    organization: str
    file_name: str
    format: Format
    complete: bool
    mapping: dict[str, str]
    content_sealed: bytes | None


def run_listing_imports(
    session: Session, actor: Actor, vault: Vault, gazetteer: Gazetteer, *, now: datetime
) -> int:
    """Do the import that waits longest; returns how many there were, 0 or 1."""
    require(actor, Permission.LISTING_IMPORT)
    nothing_waits = session.scalars(_waiting(now)).first() is None
    let_go(session)
    if nothing_waits:
        return 0
    with transaction(session):
        row = session.scalars(_waiting(now).with_for_update(skip_locked=True)).first()
        taken = _take(session, row, now) if row is not None else None
    if taken is None:
        return 0
    work = _Work(session, actor, vault, gazetteer, taken, now)
    try:
        if taken.state is ImportState.UNDOING:
            work.undo()
        else:
            work.carry_out()
    except _Lost:
        log.warning("The import %s was taken by another worker, or ended", taken.id)
    except (FormatError, HubError) as error:
        work.fail(error.message if isinstance(error, HubError) else str(error))
    return 1


def _waiting(now: datetime) -> Select[ListingImport]:
    return (
        select(ListingImport)
        .where(
            ListingImport.state.in_(WORKING),
            or_(ListingImport.leased_until.is_(None), ListingImport.leased_until <= now),
        )
        .order_by(ListingImport.changed_at, ListingImport.id)
        .limit(1)
    )


def _take(session: Session, row: ListingImport, now: datetime) -> _Taken | None:
    if row.attempts >= MOST_ATTEMPTS:
        row.state, row.attempts = _after_failure(ImportState(row.state)), 0
        row.message, row.leased_until = GIVEN_UP, None
        return None
    row.attempts += 1
    row.leased_until = now + LEASE
    organization = session.get(Organization, row.organization_id)
    return _Taken(
        row.id,
        ImportState(row.state),
        row.attempts,
        row.agency_id,
        row.organization_id,
        organization.name if organization is not None else "",
        row.file_name,
        Format(row.format),
        row.complete,
        dict(row.mapping),
        row.content_sealed,
    )


def _after_failure(state: ImportState) -> ImportState:
    """Where an import stands when something could not be done: what is loaded stays loaded."""
    return ImportState.LOADED if state is ImportState.UNDOING else ImportState.FAILED


def _bounded(records: Iterable[Item]) -> Iterator[Item]:
    """The records of a file, as many as one may have. Raises BadFile for more."""
    for number, record in enumerate(records, start=1):
        if number > MOST_RECORDS:
            raise BadFile(f"The file has more than {MOST_RECORDS:,} records. Split it.")
        yield record


@dataclass(slots=True)
class _Work:
    session: Session
    actor: Actor
    vault: Vault
    gazetteer: Gazetteer
    taken: _Taken
    now: datetime
    pages: Pages = field(default_factory=Pages)
    bad_lines: set[tuple[str, int | None]] = field(default_factory=set)
    report: ImportReport = field(init=False)

    def __post_init__(self) -> None:
        self.report = ImportReport(
            source_of(self.taken.agency_id, self.taken.organization_id),
            str(self.taken.format),
            self.taken.state is ImportState.CHECKING,
            on_problem=self._problem,
            on_change=self._change,
            on_progress=self._progress,
        )

    def carry_out(self) -> None:
        """Look through, or load."""
        taken = self.taken
        loads = taken.state is ImportState.LOADING
        self._require_own()
        options = ImportOptions(
            source=self.report.source,
            dry_run=not loads,
            complete=taken.complete,
            organization_id=taken.organization_id,
            on_edit=self._edit if loads else None,
            note=taken.file_name,
            finish=self._loaded,
        )
        with file_of(self.vault, taken.id, taken.file_name, taken.content_sealed) as path:
            records = read_directory(
                path, taken.format, taken.mapping or None, taken.organization
            )  # fmt: skip
            carry_out(
                self.session, self.actor, _bounded(records), options,
                gazetteer=self.gazetteer, vault=self.vault, report=self.report, now=self.now,
            )  # fmt: skip
        if not loads:
            with transaction(self.session):
                self._end(ImportState.CHECKED)

    def undo(self) -> None:
        """Take back what was loaded."""
        self._require_own()
        with transaction(self.session):
            edits = map(
                read_edit,
                read_pages(
                    self.session, self.vault, self.taken.id, PageKind.EDIT, last_first=True
                ),
            )  # fmt: skip
            for kept in take_back(
                self.session, edits, self.report, self.vault, self.taken.file_name, now=self.now
            ):
                line = {
                    "table": kept.table, "id": str(kept.id), "name": kept.name,
                    "field": kept.field, "reason": kept.reason,
                }  # fmt: skip
                self.pages.add(PageKind.CONFLICT, line)
            forget_pages(self.session, self.taken.id, PageKind.EDIT)
            row = self._own_row()
            self.pages.write(self.session, self.vault, row.id)
            self._leave(row, ImportState.UNDONE)

    def fail(self, message: str) -> None:
        """Say why it could not be done, with what was found until then."""
        with transaction(self.session):
            try:
                row = self._own_row()
            except _Lost:
                return
            if self.taken.state is ImportState.CHECKING:
                forget_pages(self.session, row.id, *PageKind)
                self.pages.write(self.session, self.vault, row.id)
                row.report = self._counts()
            row.message = message
            self._leave(row, _after_failure(self.taken.state))

    def _require_own(self) -> None:
        owner = agency_of_organization(self.session, self.taken.organization_id)
        let_go(self.session)
        if owner != self.taken.agency_id:
            raise Conflict(NOT_YOURS)

    def _loaded(self) -> None:
        self._end(ImportState.LOADED)

    def _end(self, state: ImportState) -> None:
        row = self._own_row()
        forget_pages(self.session, row.id, *PageKind)
        self.pages.write(self.session, self.vault, row.id)
        row.report = self._counts()
        self._leave(row, state)

    def _own_row(self) -> ListingImport:
        row = self.session.get_one(ListingImport, self.taken.id, with_for_update=True)
        if row.attempts != self.taken.attempts or row.state != self.taken.state:
            raise _Lost
        return row

    def _leave(self, row: ListingImport, state: ImportState) -> None:
        row.state, row.changed_at, row.leased_until, row.attempts = state, self.now, None, 0
        row.step = None

    def _counts(self) -> dict[str, Any]:
        return {
            "read": self.report.read,
            "changes": [
                [table, str(change), number]
                for (table, change), number in sorted(self.report.changes.items())
            ],
            "bad_rows": len(self.bad_lines),
            "remarks": self.report.severity(Severity.WARNING)
            + self.report.severity(Severity.NOTICE),
        }

    def _progress(self, step: str, done: int) -> None:
        if step != READING:
            return  # by then it is one view of the directory, or one change of it
        with transaction(self.session):
            row = self._own_row()
            row.step, row.done = step, done

    def _problem(self, problem: Problem) -> None:
        place = (problem.origin.file, problem.origin.line)
        is_error = problem.severity is Severity.ERROR
        if is_error and problem.code in FOLLOWS and place[1] and place in self.bad_lines:
            return
        if is_error:
            self.bad_lines.add(place)
        line = {
            "severity": str(problem.severity), "code": problem.code, "file": problem.origin.file,
            "line": problem.origin.line, "path": problem.origin.path, "table": problem.table,
            "record": problem.record, "column": self._column(problem), "value": problem.value,
            "reason": problem.reason,
        }  # fmt: skip
        self.pages.add(PageKind.PROBLEM if is_error else PageKind.REMARK, line)

    def _column(self, problem: Problem) -> str:
        """What the person who made the file calls it."""
        if self.taken.format is not Format.FLAT_CSV or problem.code == "unused_column":
            return problem.field
        if problem.code in FOLLOWS:
            return self.taken.mapping.get("organization_name", "")
        return column_of(problem.field, self.taken.mapping) or problem.field

    def _change(self, change: RecordChange) -> None:
        fields = {name: list(pair) for name, pair in change.fields.items()}
        line = {
            "change": str(change.change), "table": change.table, "id": change.id,
            "name": change.name, "fields": fields,
        }  # fmt: skip
        self.pages.add(PageKind.CHANGE, line)

    def _edit(self, edit: Any) -> None:
        self.pages.add(PageKind.EDIT, write_edit(edit))
