"""Taking an import back: each record becomes what it was, unless somebody has changed it since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import DIRECTORY, UnresolvedReference, columns, table_of
from referral_hub.rules.hsds import LISTED, PARTS, TABLES
from referral_hub.rules.listings import ListingAct, RowEdit
from referral_hub.rules.visibility import FINDABLE_STATUSES
from referral_hub.use_cases.directory.concealing import (
    Concealing,
    confidential_locations,
    lock_places,
)
from referral_hub.use_cases.importing.carrying_out import refresh
from referral_hub.use_cases.importing.history import ListingHistory
from referral_hub.use_cases.importing.loading import CHILDREN, owners
from referral_hub.use_cases.importing.report import ImportReport
from referral_hub.use_cases.importing.staging import Staging, staging

Row = Mapping[str, Any]
BATCH = 500
_STAMPS = frozenset({"created_at", "updated_at"})


@dataclass(frozen=True, slots=True)
class Kept:
    """What was left as it is, since it is not as the import left it."""

    table: str
    id: UUID
    name: str
    field: str
    reason: str


CHANGED = "was changed since"
CONFIDENTIAL = "is of a place whose address is confidential by now"
IN_USE = "something that was added since belongs to it"
OWNER_GONE = "what it belonged to is not there any more"


def take_back(
    session: Session,
    edits: Iterable[RowEdit],
    report: ImportReport,
    vault: Vault,
    note: str,
    *,
    now: datetime,
) -> list[Kept]:
    """Undo edits, given the last one first, within the transaction of the caller. `note` stands in
    the history of the listings.

    A listed record that the import added becomes one that its source no longer sends, as others
    may have seen it; parts are removed. What changed since is left alone and returned, and so is
    what would tell where a confidential place is.
    """
    lock_places(session)
    with staging() as staged:
        secrets = Concealing(session, vault, confidential_locations(session))
        history = ListingHistory(session, staged, report.source, ListingAct.UNDO, note, now)
        undoing = _Undoing(session, staged, history, now, secrets)
        for table, group in groupby(edits, key=lambda edit: edit.table):
            several = list(group)
            for start in range(0, len(several), BATCH):
                undoing.undo(table, several[start : start + BATCH])
        history.write()
        refresh(session, staged, now, report)
    return undoing.kept


@dataclass(slots=True)
class _Undoing:
    session: Session
    staged: Staging
    history: ListingHistory
    now: datetime
    secrets: Concealing
    kept: list[Kept] = field(default_factory=list)

    def undo(self, table: str, edits: Sequence[RowEdit]) -> None:
        """Undo edits of one table."""
        model = DIRECTORY[table]
        query = select(*columns(model)).where(model.id.in_([edit.id for edit in edits]))
        held = {row.id: row._asdict() for row in self.session.execute(query)}
        doomed: list[UUID] = []
        for edit in edits:
            row = held.get(edit.id)
            if self._is_secret(edit, row):
                self.kept.append(Kept(edit.table, edit.id, str(edit.id), "", CONFIDENTIAL))
            elif edit.before is None and row is not None:
                self._take_away(edit, row, doomed)
            elif edit.after is None and row is None:
                self._put_back(edit)
            elif edit.before is not None and edit.after is not None and row is not None:
                self._change_back(edit, row)
        if doomed:
            self.session.execute(delete(model).where(model.id.in_(doomed)))
            self.session.execute(
                delete(UnresolvedReference).where(
                    UnresolvedReference.table_name == table,
                    UnresolvedReference.record_id.in_(doomed),
                )
            )

    def _is_secret(self, edit: RowEdit, row: Row | None) -> bool:
        """Whether a record is of a confidential place, or would be with the edit taken back."""
        if edit.table not in TABLES:
            return False
        empty = dict.fromkeys(table_of(DIRECTORY[edit.table]).c.keys())
        told = [empty | dict(row or {}) | dict(said or {}) | {"id": edit.id}
                for said in (edit.after, edit.before)]  # fmt: skip
        known = self.secrets.is_secret(edit.table, edit.id)
        return known or any(self.secrets.note(edit.table, each) is not None for each in told)

    def _take_away(self, edit: RowEdit, row: Row, doomed: list[UUID]) -> None:
        after = edit.after or {}
        if any(row[name] != value for name, value in after.items() if name not in _STAMPS):
            self._keep(edit, row, "", CHANGED)
        elif edit.table in LISTED:
            values: dict[str, Any] = {"vanished_at": self.now}
            if edit.table == "service" and row["status"] in FINDABLE_STATUSES:
                values["status"] = "inactive"
            self._write(edit, row, values)
        elif edit.table in PARTS:
            if self._has_children(edit.table, edit.id):
                self._keep(edit, row, "", IN_USE)
                return
            self._touch(edit.table, row)
            self._tell(edit, row, row, None)
            doomed.append(edit.id)

    def _put_back(self, edit: RowEdit) -> None:
        row = {"id": edit.id, **(edit.before or {})}
        for spec in TABLES[edit.table].references:
            if spec.references and row.get(spec.name) is not None:
                owner = DIRECTORY[spec.references]
                if self.session.get(owner, row[spec.name]) is None:
                    self._keep(edit, row, "", OWNER_GONE)
                    return
        self.session.execute(insert(table_of(DIRECTORY[edit.table])), [row])
        self._touch(edit.table, row)
        self._tell(edit, row, None, row)

    def _change_back(self, edit: RowEdit, row: Row) -> None:
        before, after = edit.before or {}, edit.after or {}
        same = [name for name in after if row[name] == after[name]]
        for name in after:
            if name not in same and name != "position":
                self._keep(edit, row, name, CHANGED)
        if same:
            self._write(edit, row, {name: before[name] for name in same})

    def _write(self, edit: RowEdit, row: Row, values: Row) -> None:
        model = DIRECTORY[edit.table]
        self.session.execute(
            update(model).where(model.id == edit.id).values(**values, updated_at=self.now)
        )
        self._touch(edit.table, row)
        self._touch(edit.table, {**row, **values})
        self._tell(edit, row, {name: row[name] for name in values}, values)

    def _tell(self, edit: RowEdit, row: Row, before: Row | None, after: Row | None) -> None:
        told = RowEdit(edit.table, edit.id, _without_id(before), _without_id(after))
        self.history.add(told, row)

    def _has_children(self, table: str, record_id: UUID) -> bool:
        for child, name in CHILDREN[table]:
            column = table_of(DIRECTORY[child]).c[name]
            query = select(column).where(column == record_id).limit(1)
            if self.session.execute(query).first() is not None:
                return True
        return False

    def _touch(self, table: str, row: Row) -> None:
        """Remember what is to be indexed again; until then no search tells of it."""
        touched = [("service", row["service_id"].hex)] if table == "service_at_location" else []
        touched += [(table, row["id"].hex)] if table in LISTED else owners(table, dict(row))
        for owner, value in touched:
            self.staged.mark("touched", owner, value)
            if owner == "service":
                self.staged.mark("lost", owner, value)
                self.staged.mark("moved", owner, value)

    def _keep(self, edit: RowEdit, row: Row, name: str, reason: str) -> None:
        called = str(row.get("name") or row.get("source_record_id") or edit.id)
        self.kept.append(Kept(edit.table, edit.id, called, name, reason))


def _without_id(row: Row | None) -> Row | None:
    return None if row is None else {name: value for name, value in row.items() if name != "id"}
