"""First pass: every record of the input is checked and staged; nothing touches the directory."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from referral_hub.formats.records import Problem, RawRecord, Severity
from referral_hub.rules.hsds import PARTS, TABLES
from referral_hub.rules.identifiers import record_uuid
from referral_hub.rules.record_check import Fault, check_record, clean_text
from referral_hub.use_cases.importing.report import ImportReport
from referral_hub.use_cases.importing.staging import StagedRow, Staging

POINTERS: Mapping[tuple[str, str], str] = {
    ("taxonomy_term", "parent_id"): "taxonomy_term",
    ("organization", "parent_organization_id"): "organization",
}
"""Keys that the standard leaves undeclared: kept as they are, whether or not the target comes."""

OWNER_FIELDS = {"attribute": "link_id", "metadata": "resource_id"}
PROGRESS_EVERY = 2_000


def stage(
    records: Iterable[RawRecord | Problem], staging: Staging, source: str, report: ImportReport
) -> None:
    """Check and stage all records; every fault is reported with its place."""
    for number, record in enumerate(records, start=1):
        if isinstance(record, Problem):
            report.problem(record)
        else:
            report.read += 1
            _Intake(staging, source, report, record).take()
        if number % PROGRESS_EVERY == 0:
            report.on_progress("Reading and checking", number)


class _Intake:
    """One record on its way into the staging file."""

    def __init__(
        self, staging: Staging, source: str, report: ImportReport, record: RawRecord
    ) -> None:
        self.staging = staging
        self.source = source
        self.report = report
        self.record = record
        self.id = self._uuid(record.table, record.id)

    def take(self) -> None:
        """Check the record, stage it, and note what it refers to."""
        record = self.record
        checked = check_record(record.table, record.values)
        content = dict(checked.values) | self._pointers()
        row = StagedRow(
            record.table, self.id, record.id, record.position, content, {}, record.origin, False
        )
        if self.staging.add(row, usable=checked.usable):
            self._report(checked.faults)
        elif self.staging.content(record.table, self.id) != content:
            self._say(
                Severity.WARNING,
                "id-used-twice",
                "this id stands for another record of this file as well; the first one is kept",
            )
            return
        self._refer()

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
            key = f"{self.record.id} of {target_table} {raw}"
            twin = replace(self.record, id=key, references={field: raw})
            _Intake(self.staging, self.source, self.report, twin).take()
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
