"""Second pass: what was staged is compared with the directory and written where it differs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, delete, insert, select, update
from sqlalchemy.orm import Session

from referral_hub.formats.records import Severity
from referral_hub.models import (
    DIRECTORY,
    DirectoryRecord,
    Location,
    UnresolvedReference,
    columns,
    table_of,
)
from referral_hub.rules.directory_matching import address_of
from referral_hub.rules.hsds import LISTED, OWNER_FIELDS, PARTS, TABLES, Kind
from referral_hub.rules.last_modified import later_of
from referral_hub.rules.listings import RowEdit
from referral_hub.rules.visibility import FINDABLE_STATUSES, concealed
from referral_hub.use_cases.directory.concealing import Concealing, delete_rows
from referral_hub.use_cases.importing.deferring import Deference
from referral_hub.use_cases.importing.merged import Merged
from referral_hub.use_cases.importing.report import Change, ImportReport, RecordChange
from referral_hub.use_cases.importing.staging import StagedRow, Staging

Row = dict[str, Any]
Place = Callable[[list[StagedRow], list[Row], set[UUID]], None]
OnEdit = Callable[[RowEdit, Row], None]
BATCH = 500
_SECRET = ("confidential", "confidential")
"""What a report says of the values of a confidential location."""
CHILDREN = {
    table: [
        (child, spec.name)
        for child in PARTS
        for spec in TABLES[child].references
        if spec.references == table
    ]
    for table in PARTS
}
"""Per part: the parts that may belong to it."""
_NEVER_COMPARED = frozenset({"id", "source_record_id", "source_id", "position"})


@dataclass(slots=True)
class Loading:
    """What every step of the second pass needs.

    A rehearsal finds out the same and writes nothing, so that it needs no lock: no step reads what
    another one writes. `on_edit` are told each record before and after, in the order in which they
    change, with all that is known of it. `organization_id`: whose own file it is.
    """

    session: Session
    staging: Staging
    source_id: int
    source: str
    now: datetime
    report: ImportReport
    secrets: Concealing
    rehearsal: bool = False
    on_edit: Sequence[OnEdit] = ()
    older: set[str] = field(default_factory=set)
    gone: list[tuple[str, UUID]] = field(default_factory=list)
    organization_id: UUID | None = None
    doors: set[tuple[object, object]] | None = None
    deference: Deference = field(init=False)
    merged: Merged = field(init=False)

    def __post_init__(self) -> None:
        self.deference = Deference(
            self.session, self.source_id, self.source, self.now, self.rehearsal
        )

    def load(self, place: Place) -> None:
        """Write all tables, parents first; `place` adds the hub's point to rows of locations."""
        done = 0
        self.merged = Merged(self.session)
        self.older = {table for table in TABLES if self._holds(table)}
        for table in TABLES:
            for batch in self.staging.rows(table, BATCH):
                rows = [self._row(staged) for staged in batch]
                same = self._recognized(batch, rows) if table == "location" else set()
                if table == "location":
                    place(batch, rows, same)
                self._write(table, batch, rows)
                done += len(batch)
                self.report.on_progress("Loading", done)
        if self.rehearsal:
            return
        for table in reversed(TABLES):
            delete_rows(self.session, table, [one for name, one in self.gone if name == table])
        self._keep_unresolved()

    def retire(self, *, complete: bool = True, gone: Iterable[tuple[str, str]] = ()) -> None:
        """What the source no longer sends: records become inactive, parts of kept records go.

        Where it did not send everything, only those of `gone` (table, hex id) become inactive.
        """
        for table in LISTED:
            if table in self.older:
                self._revive(table)
                named = None if complete else {value for name, value in gone if name == table}
                self._inactivate(table, named)
        for table in PARTS:
            if table in self.older:
                self._doom(table)
        for table in reversed(PARTS):
            for batch in self.staging.marked("doomed", table):
                ids = [UUID(hex=value) for value in batch]
                if self.on_edit:
                    model = DIRECTORY[table]
                    doomed = select(*columns(model)).where(model.id.in_(ids))
                    for found in self.session.execute(doomed):
                        self._note(table, found._asdict(), None)
                if not self.rehearsal:
                    delete_rows(self.session, table, ids)
                self.secrets.forget(table, ids)

    def touch(self, table: str, row: Mapping[str, Any]) -> None:
        """Remember whose search documents a change concerns: the record, or a part's owners."""
        if table == "service_at_location":
            self.staging.mark("touched", "service", row["service_id"].hex)
        elif table in LISTED:
            self.staging.mark("touched", table, row["id"].hex)
        else:
            for owner, value in owners(table, row):
                self.staging.mark("touched", owner, value)

    def _recognized(self, batch: list[StagedRow], rows: list[Row]) -> set[UUID]:
        """New locations at the door of a confidential one of the same source, or of the
        organization whose own file this is: the same place under another id. It is not asked of
        others, who could try addresses so."""
        if self.doors is None:
            self.doors = self._confidential_doors() if self.secrets else set()
        if not self.doors:
            return set()
        held = self._held("location", rows).keys()
        stated = self.staging.contents_by_target("address", "location", [one.id for one in batch])
        found = set()
        for staged, row in zip(batch, rows, strict=True):
            doors = (_door(address) for address in stated.get(staged.id, []))
            owners = (self.source_id, self.organization_id)
            if row["id"] not in held and any(
                (owner, door) in self.doors for door in doors for owner in owners
            ):
                found.add(row["id"])
                self.secrets.keep(row["id"])
                self.report.say(
                    Severity.NOTICE,
                    "kept-confidential",
                    "is where a confidential location is, so it is confidential as well",
                    origin=staged.origin,
                    table="location",
                    record=str(row["id"]),
                )
        return found

    def _confidential_doors(self) -> set[tuple[object, object]]:
        query = select(Location.id, Location.source_id, Location.organization_id)
        places = {row.id: row for row in self.session.execute(query.where(Location.confidential))}
        addresses = self.secrets.held("address", self.secrets.known().get("address", ()))
        return {
            (owner, door)
            for address in addresses.values()
            if address["location_id"] in places and (door := _door(address)) is not None
            for owner in places[address["location_id"]][1:]
            if owner is not None
        }

    def _holds(self, table: str) -> bool:
        """Whether the source has records of this table from before."""
        model = DIRECTORY[table]
        query = select(model.id).where(model.source_id == self.source_id).limit(1)
        if self.session.execute(query).first() is not None:
            return True
        return next(self.secrets.away(table, self.source_id), None) is not None

    def _row(self, staged: StagedRow) -> Row:
        """All columns of the record as they should stand."""
        row: Row = {"id": UUID(hex=staged.id), "source_record_id": staged.key}
        for spec in TABLES[staged.table].fields[1:]:
            value = staged.content.get(spec.name)
            if spec.references:
                value = staged.references.get(spec.name)
            if value is not None and spec.kind is Kind.UUID:
                value = UUID(hex=value)
            elif value is not None and spec.kind is Kind.DATE:
                value = date.fromisoformat(value)
            row[spec.name] = value
        if staged.table in OWNER_FIELDS:
            row["owner_table"] = staged.content.get("owner_table")
        if staged.table in LISTED:
            row |= {"incomplete": staged.stub, "vanished_at": None}
        if staged.table == "service":
            row["verified_on"] = row["assured_date"]
        row["position"] = staged.position
        return row

    def _write(self, table: str, batch: list[StagedRow], rows: list[Row]) -> None:
        held = self._held(table, rows)
        self.deference.look_at(table, list(held))
        fresh, changed, unsettled = [], [], []
        for row in rows:
            before = held.get(row["id"])
            self.merged.follow(table, row, before)
            if not self.deference.leaves(table, row, held=before is not None):
                self._tell(Change.UNCHANGED, table, row)
            elif before is None:
                fresh.append(row)
                self._tell(Change.ADDED, table, row)
            elif before["source_id"] != self.source_id:
                self._tell(Change.UNCHANGED, table, row)
            elif differences := _differences(before, self._settled(table, before, row)):
                changed.append((before, row))
                self._tell(Change.CHANGED, table, row, differences)
            else:
                self._tell(Change.UNCHANGED, table, row)
                if self.secrets.is_unsettled(table, row):
                    unsettled.append((before, row))
        self._insert(table, fresh)
        self._update(table, changed)
        for before, row in unsettled:
            self._put(table, before, row)

    def _settled(self, table: str, before: Row, row: Row) -> Row:
        """The row with each field as it is to stand. Of a confidential location what its agency
        said stays, unasked: a proposal would tell."""
        if table == "service":
            row["last_modified"] = later_of(before["last_modified"], row["last_modified"])
        asks = not self._is_secret(table, row)
        return self.deference.settle(table, before, row, asks=asks)

    def _is_secret(self, table: str, row: Mapping[str, Any]) -> bool:
        """Whether a record is of a confidential location, or was so until now."""
        known = self.secrets.is_secret(table, row["id"])
        return known or self.secrets.note(table, row) is not None

    def _held(self, table: str, rows: list[Row]) -> dict[UUID, Row]:
        """What the directory has of these records, by id: as it is, and not as it is shown."""
        model = DIRECTORY[table]
        ids = [row["id"] for row in rows]
        wanted = columns(model)
        if not self.secrets:
            wanted = [table_of(model).c[name] for name in (*rows[0], "source_id")]
        held = {
            found.id: found._asdict()
            for found in self.session.execute(select(*wanted).where(model.id.in_(ids)))
        }
        for record_id, true in self.secrets.truth(table, ids).items():
            held[record_id] = held.get(record_id, {}) | true
        return held

    def _insert(self, table: str, rows: list[Row]) -> None:
        stamp = {"created_at": self.now, "updated_at": self.now, "source_id": self.source_id}
        if table in LISTED:
            stamp["visibility"] = "public"
        shown = []
        for row in rows:
            if table == "location" and self.secrets.is_secret(table, row["id"]):
                self._insert_secret_place(row | stamp)
            else:
                shown.append(self.secrets.conceal(table, row | stamp))
        if values := [row for row in shown if row is not None]:
            self._execute(insert(table_of(DIRECTORY[table])), values)
        for row in rows:
            self.touch(table, row)
            self._note(table, None, row | stamp)

    def _insert_secret_place(self, row: Row) -> None:
        """The row first, as what is sealed refers to it."""
        values = row | concealed("location", row) | {"confidential": True}
        self._execute(insert(table_of(Location)), [values])
        self.secrets.conceal("location", row)

    def _update(self, table: str, pairs: list[tuple[Row, Row]]) -> None:
        for before, row in pairs:
            was_secret = self.secrets.is_secret(table, row["id"])
            self._put(table, before, row)
            self.touch(table, before)
            self.touch(table, row)
            if not was_secret:
                self._note(table, before, row)
            if table == "service_at_location" and before["location_id"] != row["location_id"]:
                self.staging.mark("moved", "service", before["service_id"].hex)
            if table == "service" and _may_be_lost(before, row):
                self.staging.mark("lost", "service", row["id"].hex)

    def _put(self, table: str, before: Row, row: Row) -> None:
        """Write over what is there, as far as it may be there."""
        model = DIRECTORY[table]
        was_away = self.secrets.is_away(table, row["id"])
        shown = self.secrets.conceal(table, {**before, **row, "updated_at": self.now})
        if shown is None:
            self.gone.append((table, row["id"]))
        elif was_away:
            self._execute(insert(table_of(model)).values(shown))
        else:
            self._execute(update(model).where(model.id == row["id"]).values(shown))

    def _execute(self, statement: Executable, rows: list[Row] | None = None) -> None:
        """Write, unless this is a rehearsal."""
        if not self.rehearsal:
            self.session.execute(statement, rows)

    def _note(self, table: str, before: Mapping[str, Any] | None, after: Row | None) -> None:
        """Tell who wants to know it what a record was before; of a change what differs.

        What is of a confidential location is told to nobody, and so is not taken back.
        """
        row = {**(before or {}), **(after or {})}
        if not self.on_edit or self.secrets.note(table, row) is not None:
            return
        record_id: UUID = row["id"]
        if before is not None and after is not None:
            changed = [
                name for name in after if name != "updated_at" and before[name] != after[name]
            ]
            before = {name: before[name] for name in changed}
            after = {name: after[name] for name in changed}
        elif before is not None:
            before = {name: value for name, value in before.items() if name != "id"}
        edit = RowEdit(table, record_id, before, after)
        for told in self.on_edit:
            told(edit, row)

    def _tell(
        self,
        change: Change,
        table: str,
        row: Mapping[str, Any],
        fields: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        name = str(row.get("name") or row.get("source_record_id") or row["id"])
        fields = fields or {}
        if self._is_secret(table, row):
            name = str(row["id"])
            fields = dict.fromkeys(fields, _SECRET)
        self.report.change(RecordChange(change, table, str(row["id"]), name, fields))

    def _inactivate(self, table: str, gone_ids: set[str] | None) -> None:
        model = DIRECTORY[table]
        for batch in _pages(self.session, model, self.source_id):
            named = self.staging.holds(table, [row["id"].hex for row in batch])
            edited = self.deference.edited(table, [row["id"] for row in batch])
            gone = [
                row
                for row in batch
                if row["id"].hex not in named
                and "vanished_at" not in edited.get(row["id"], ())  # somebody here brought it back
                and (gone_ids is None or row["id"].hex in gone_ids)
                and row["vanished_at"] is None
                and not self.staging.is_marked("seen", table, row["id"].hex)
            ]
            kept = self.deference.edited(table, [row["id"] for row in gone])
            for row in gone:
                if "vanished_at" in kept.get(row["id"], ()):
                    continue  # somebody here published it again
                values: Row = {"vanished_at": self.now, "updated_at": self.now}
                if table == "service" and row["status"] in FINDABLE_STATUSES:
                    values["status"] = "inactive"
                    self.staging.mark("lost", "service", row["id"].hex)
                self._execute(update(model).where(model.id == row["id"]).values(**values))
                self.touch(table, row)
                self._note(table, row, values)
                self._tell(Change.INACTIVATED, table, row)

    def _revive(self, table: str) -> None:
        """A record that the file still names is not gone, though it is not sent."""
        model = DIRECTORY[table]
        for batch in self.staging.marked("seen", table):
            ids = [UUID(hex=value) for value in batch]
            gone = self.session.execute(
                select(*columns(model)).where(
                    model.id.in_(ids),
                    model.source_id == self.source_id,
                    table_of(model).c.vanished_at.is_not(None),
                    table_of(model).c.merged_into.is_(None),
                )
            ).all()
            for found in gone:
                row = found._asdict()
                values = {"vanished_at": None, "updated_at": self.now}
                self._execute(update(model).where(model.id == row["id"]).values(**values))
                self.touch(table, row)
                self._note(table, row, values)
                fields = {"vanished_at": (_shown(row["vanished_at"]), "")}
                self._tell(Change.CHANGED, table, row, fields)

    def _doom(self, table: str) -> None:
        """Mark parts that are gone from the file while an owner of theirs is still in it."""
        away = list(self.secrets.away(table, self.source_id))
        for batch in chain(_pages(self.session, DIRECTORY[table], self.source_id), [away]):
            named = self.staging.holds(table, [row["id"].hex for row in batch])
            gone = [
                row
                for row in batch
                if row["id"].hex not in named and self._owner_remains(table, row)
            ]
            kept = self._kept_here(table, [row["id"] for row in gone])
            for row in gone:
                if row["id"] not in kept:
                    self.staging.mark("doomed", table, row["id"].hex)
                    self.touch(table, row)
                    self._tell(Change.REMOVED, table, row)

    def _kept_here(self, table: str, ids: list[UUID]) -> set[UUID]:
        """Those of some parts of which somebody here said more than the source, and those to which
        something belongs that stays."""
        found = set(self.deference.edited(table, ids))
        for child, name in CHILDREN[table] if ids else ():
            fields = table_of(DIRECTORY[child]).c
            query = select(fields.id, fields[name].label("owner"), fields.source_id)
            rows = self.session.execute(query.where(fields[name].in_(ids))).all()
            own = [row.id for row in rows if row.source_id == self.source_id]
            going = set(own) - self._kept_here(child, own)
            found |= {row.owner for row in rows if row.id not in going}
        return found

    def _owner_remains(self, table: str, row: Mapping[str, Any]) -> bool:
        """Whether an owner is loaded in this import, or is itself a part that goes."""
        return any(
            self.staging.holds(owner, [value], usable_only=True)
            or self.staging.is_marked("doomed", owner, value)
            for owner, value in owners(table, row)
        )

    def _keep_unresolved(self) -> None:
        """References that lead nowhere yet, beside their records."""
        self.session.execute(
            delete(UnresolvedReference).where(UnresolvedReference.source_id == self.source_id)
        )
        rows = [
            {
                "table_name": table,
                "record_id": UUID(hex=record_id),
                "field": field,
                "target_id": UUID(hex=target),
                "source_id": self.source_id,
            }
            for table, record_id, field, target in self.staging.unresolved()
        ]
        for start in range(0, len(rows), BATCH):
            self.session.execute(insert(UnresolvedReference), rows[start : start + BATCH])


def owners(table: str, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(table, hex id) of every record that a part belongs to."""
    owner_field = OWNER_FIELDS.get(table)
    if owner_field:
        return [(row["owner_table"], row[owner_field].hex)] if row["owner_table"] else []
    return [
        (spec.references, row[spec.name].hex)
        for spec in TABLES[table].references
        if spec.references and row[spec.name]
    ]


def _door(address: Mapping[str, Any]) -> object:
    """An address as it is compared, however its street is written; None where it is none."""
    return address_of(
        address["address_1"] or "", address["postal_code"] or "", address["city"] or ""
    )


def _may_be_lost(before: Mapping[str, Any], row: Row) -> bool:
    """Whether a service that may have been found is findable no more, or of another's now."""
    return (
        before["status"] in FINDABLE_STATUSES
        and before["vanished_at"] is None
        and (
            row["status"] not in FINDABLE_STATUSES
            or row["organization_id"] != before["organization_id"]
        )
    )


def _differences(before: Mapping[str, Any], row: Row) -> dict[str, tuple[str, str]]:
    """Old and new value of each column that an import decides and that differs."""
    return {
        name: (_shown(before[name]), _shown(value))
        for name, value in row.items()
        if name not in _NEVER_COMPARED and before[name] != value
    }


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _pages(
    session: Session, model: type[DirectoryRecord], source_id: int
) -> Iterable[list[dict[str, Any]]]:
    """All rows of a source in batches, as mappings of columns."""
    last: UUID | None = None
    while True:
        query = select(*columns(model)).where(model.source_id == source_id)
        if last is not None:
            query = query.where(model.id > last)
        batch = [row._asdict() for row in session.execute(query.order_by(model.id).limit(BATCH))]
        if not batch:
            return
        yield batch
        last = batch[-1]["id"]
