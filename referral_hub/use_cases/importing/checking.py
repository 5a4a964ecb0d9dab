"""First pass: every record of the input is checked and staged; nothing touches the directory."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from referral_hub.formats.records import Problem, RawRecord, Severity
from referral_hub.rules.hsds import LISTED, OWNER_FIELDS, PARTS, SHARED, TABLES
from referral_hub.rules.identifiers import record_uuid
from referral_hub.rules.record_check import FILLED, Fault, check_record, clean_text
from referral_hub.use_cases.directory.concealing import Concealing
from referral_hub.use_cases.importing.report import ImportReport
from referral_hub.use_cases.importing.staging import StagedRow, Staging

POINTERS: Mapping[tuple[str, str], str] = {
    ("taxonomy_term", "parent_id"): "taxonomy_term",
    ("organization", "parent_organization_id"): "organization",
}
"""Keys that the standard leaves undeclared: kept as they are, whether or not the target comes."""

NAMED = frozenset(LISTED + SHARED) - {"service_at_location"}
"""Records that say something of themselves: one without any value is a mere mention."""

PROGRESS_EVERY = 2_000
DAMAGE = frozenset({"broken_json", "unreadable_row", "ragged_row", "not_a_record"})
"""Problems of a reader after which nobody can say what the file would have held."""


def stage(
    records: Iterable[RawRecord | Problem],
    staging: Staging,
    source: str,
    report: ImportReport,
    secrets: Concealing,
) -> None:
    """Check and stage all records; every fault is reported with its place.

    What is of a confidential location is noted with `secrets`, so that no report tells of it.
    """
    for number, record in enumerate(records, start=1):
        if isinstance(record, Problem):
            report.problem(record)
            report.whole = report.whole and record.code not in DAMAGE
        else:
            report.read += 1
            _Intake(staging, source, report, secrets, record).take()
        if number % PROGRESS_EVERY == 0:
            report.on_progress("Reading and checking", number)


class _Intake:
    """One record on its way into the staging file."""

    def __init__(
        self,
        staging: Staging,
        source: str,
        report: ImportReport,
        secrets: Concealing,
        record: RawRecord,
    ) -> None:
        self.staging = staging
        self.source = source
        self.report = report
        self.secrets = secrets
        self.record = record
        self.id = self._uuid(record.table, record.id)

    def take(self) -> None:
        """Check the record, stage it, and note what it refers to."""
        record = self.record
        if self.secrets:
            self.secrets.note(record.table, self._keys())
        if not record.values and record.table in NAMED:
            self.staging.mention(record.table, self.id, record.id, record.origin)
            self._refer()  # only its id: it stands in full elsewhere, or in the directory
            return
        checked = check_record(record.table, record.values)
        content = dict(checked.values) | self._pointers()
        row = StagedRow(
            record.table, self.id, record.id, record.position, content, {}, record.origin, False
        )
        if self.staging.add(row, usable=checked.usable):
            self._report(checked.faults)
        elif not self._merge(content, checked.usable) and record.table in PARTS:
            self._take_twin("again " + self._digest(content), record.references)
            return
        self._refer()

    def _merge(self, content: dict[str, Any], usable: bool) -> bool:
        """Add to the copy that is held what it leaves out; False when the two disagree."""
        table = self.record.table
        held = self.staging.content(table, self.id)
        merged, disagree = dict(held), False
        for name, value in content.items():
            before = held.get(name)
            if before is None or before == FILLED.get((table, name)):
                merged[name] = value
            elif value not in (before, FILLED.get((table, name))):
                disagree = True
        if disagree:
            kept = "it is kept apart" if table in PARTS else "the first one is kept"
            reason = f"this id stands for another record of this file as well; {kept}"
            self._say(Severity.WARNING, "id-used-twice", reason)
            return False
        if merged != held or usable:
            self.staging.complete(table, self.id, merged, usable)
        return True

    def _take_twin(self, distinction: str, references: Mapping[str, str]) -> None:
        """A part whose id is taken becomes a record of its own, with the same id each time."""
        key = f"{self.record.id} {distinction}"
        twin = replace(self.record, id=key, references=references)
        _Intake(self.staging, self.source, self.report, self.secrets, twin).take()

    @staticmethod
    def _digest(content: Mapping[str, Any]) -> str:
        return sha256(repr(sorted(content.items())).encode()).hexdigest()[:12]

    def _pointers(self) -> dict[str, str]:
        """Undeclared keys as hex ids."""
        found = {}
        for (table, field), target in POINTERS.items():
            raw = self._raw(field) if table == self.record.table else ""
            if raw:
                found[field] = self._uuid(target, raw)
        owner_field = OWNER_FIELDS.get(self.record.table)
        if owner_field and self.record.owner:
            found["owner_table"] = self.record.owner[0]
            found[owner_field] = self._uuid(*self.record.owner)
        elif owner_field and (raw := self._raw(owner_field)):
            found[owner_field] = self._uuid("unknown", raw)
        return found

    def _raw(self, field: str) -> str:
        raw = self.record.references.get(field) or self.record.values.get(field)
        return clean_text(raw).strip() if raw else ""

    def _keys(self) -> dict[str, Any]:
        """The ids of the record and of what it belongs to; of an area also how it is drawn."""
        found: dict[str, Any] = {"id": UUID(hex=self.id)}
        if self.record.table == "service_area":
            found |= {name: self._raw(name) for name in ("extent", "extent_type")}
        for spec in TABLES[self.record.table].references:
            raw = self._raw(spec.name)
            target = self._uuid(spec.references, raw) if raw and spec.references else ""
            found[spec.name] = UUID(hex=target) if target else None
        if field := OWNER_FIELDS.get(self.record.table):
            owner = self._pointers().get(field)
            found[field] = UUID(hex=owner) if owner else None
        return found

    def _refer(self) -> None:
        for spec in TABLES[self.record.table].references:
            raw = self._raw(spec.name)
            if raw and spec.references:
                self._point(spec.name, spec.references, raw)
        if self.record.owner and self.record.owner[0] in TABLES:
            table, raw = self.record.owner
            target = (self._uuid(table, raw), raw)
            self.staging.refer(
                self.record.table, self.id, OWNER_FIELDS[self.record.table], table, target
            )

    def _point(self, field: str, target_table: str, raw: str) -> None:
        target = (self._uuid(target_table, raw), raw)
        table = self.record.table
        if self.staging.refer(table, self.id, field, target_table, target):
            return
        if table in PARTS:
            self._take_twin(f"of {target_table} {raw}", {field: raw})
        else:
            self._say(
                Severity.WARNING,
                "two-owners",
                f"belongs to two records of {target_table}; the first one is kept",
                field=field,
                value=raw,
            )

    def _report(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            if fault.fatal:
                severity = Severity.ERROR
            elif fault.filled:
                severity = Severity.NOTICE
            else:
                severity = Severity.WARNING
            reason = f"{fault.field} {fault.reason}"
            self._say(severity, fault.code, reason, field=fault.field, value=fault.value)

    def _say(
        self, severity: Severity, code: str, reason: str, field: str = "", value: str = ""
    ) -> None:
        self.report.say(
            severity,
            code,
            reason,
            origin=self.record.origin,
            table=self.record.table,
            record=self.record.id,
            field=field,
            value=value,
        )

    def _uuid(self, table: str, raw: str) -> str:
        return record_uuid(self.source, table, raw.strip()).hex
