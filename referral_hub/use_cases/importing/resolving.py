"""Between the passes: does every reference lead somewhere, and is every record ours to change?"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.formats.records import Severity
from referral_hub.models import DIRECTORY, Organization
from referral_hub.rules.hsds import PARTS, SHARED, TABLES, Field
from referral_hub.rules.identifiers import record_uuid
from referral_hub.use_cases.batches import in_batches
from referral_hub.use_cases.importing.report import ImportReport
from referral_hub.use_cases.importing.staging import DanglingReference, StagedRow, Staging

NOT_STATED = "not stated"
POLYMORPHIC = frozenset({"link_id", "resource_id"})
"""Keys that may name a record of any table: no foreign key holds them."""


def resolve(session: Session, staging: Staging, source_id: int, report: ImportReport) -> None:
    """Settle every reference, parents before children.

    A missing organization becomes a stub; another missing record that the standard demands takes
    its dependent with it; any other reference is set aside until its target comes.
    """
    for table in TABLES:
        _refuse_foreign(session, staging, table, source_id, report)
        _complete(staging, table, report)
        _settle_references(session, staging, table, source_id, report)
        _refuse_ownerless(staging, table, report)
    _report_mentions(session, staging, report)


def _report_mentions(session: Session, staging: Staging, report: ImportReport) -> None:
    """A record that only its id speaks of is in the directory already, or it is nothing."""
    for table, record_id, key, origin in staging.only_mentioned():
        model = DIRECTORY[table]
        query = select(model.id).where(model.id == UUID(hex=record_id))
        if session.execute(query).first() is not None:
            staging.mark("seen", table, record_id)
            continue
        report.say(
            Severity.ERROR,
            "only-an-id",
            f"nothing is said of this {table} but its id",
            origin=origin,
            table=table,
            record=key,
        )


def _refuse_foreign(
    session: Session, staging: Staging, table: str, source_id: int, report: ImportReport
) -> None:
    """A record that another source brought is that source's to change."""
    if table in SHARED:
        return
    model = DIRECTORY[table]
    for batch in staging.ids(table):
        foreign = session.execute(
            select(model.id).where(
                model.id.in_([UUID(hex=value) for value in batch]),
                model.source_id.is_distinct_from(source_id),
            )
        ).scalars()
        for record_id in foreign.all():
            _refuse(
                staging,
                report,
                table,
                record_id.hex,
                "belongs-to-another-source",
                "this id was imported from another source; import with that source's name "
                "to change it",
            )


def _complete(staging: Staging, table: str, report: ImportReport) -> None:
    """A reference that the standard demands and the record leaves out.

    A program nested in a service is that organization's; a service without any organization
    is kept under one that is not stated; nothing else can be guessed.
    """
    for spec in TABLES[table].references:
        if not (spec.required and spec.references):
            continue
        for record_id in staging.without(table, spec.name):
            owner = staging.organization_of_program(record_id) if table == "program" else None
            if owner is None and table == "service":
                owner = (record_uuid(report.source, "organization", NOT_STATED).hex, NOT_STATED)
            if owner is None:
                reason = f"does not say which {spec.references} it belongs to"
                code = "needs-a-missing-record"
                _refuse(staging, report, table, record_id, code, reason, field=spec.name)
            else:
                staging.refer(table, record_id, spec.name, spec.references, owner)


def _settle_references(
    session: Session, staging: Staging, table: str, source_id: int, report: ImportReport
) -> None:
    dangling = staging.dangling(table)
    incomplete = _incomplete(session, dangling) if dangling else set()
    for start in range(0, len(dangling), 500):
        batch = dangling[start : start + 500]
        known = _known(session, batch, source_id)
        foreign = _of_others(session, batch, source_id) - known
        for reference in batch:
            target = (reference.target_table, reference.target_id)
            if target in foreign:
                _settle_foreign(staging, reference, report)
            elif target in known:
                staging.mark("seen", reference.target_table, reference.target_id)
                if reference.target_id in incomplete:
                    incomplete.discard(reference.target_id)
                    _list_stub(staging, reference, report)
            else:
                _settle(staging, reference, report)


def _known(
    session: Session, references: list[DanglingReference], source_id: int
) -> set[tuple[str, str]]:
    """Targets that the directory already holds: of this source, shared, or any organization.

    Two sources may speak of one organization; only the one that brought it changes it.
    """
    known = set()
    for target_table in {reference.target_table for reference in references}:
        model = DIRECTORY[target_table]
        ids = {UUID(hex=r.target_id) for r in references if r.target_table == target_table}
        query = select(model.id).where(model.id.in_(ids))
        if target_table in PARTS:
            continue  # a part that this file leaves out is about to go
        if target_table not in SHARED and target_table != "organization":
            query = query.where(model.source_id == source_id)
        known |= {(target_table, value.hex) for value in session.execute(query).scalars()}
    return known


def _of_others(
    session: Session, references: list[DanglingReference], source_id: int
) -> set[tuple[str, str]]:
    """Targets that another source brought, or somebody here made."""
    found: set[tuple[str, str]] = set()
    for table in {reference.target_table for reference in references} - set(SHARED):
        model = DIRECTORY[table]
        ids = {UUID(hex=r.target_id) for r in references if r.target_table == table}
        query = select(model.id).where(
            model.id.in_(ids), model.source_id.is_distinct_from(source_id)
        )
        found |= {(table, value.hex) for value in session.execute(query).scalars()}
    return found


def _settle_foreign(staging: Staging, reference: DanglingReference, report: ImportReport) -> None:
    """A record says nothing of what is another source's: it goes without the reference, and not at
    all where it would be about nothing else."""
    reason = f"names a {reference.target_table} that another source brought"
    if reference.field in POLYMORPHIC or _spec(reference).required:
        _refuse(
            staging, report, reference.table, reference.id, "belongs-to-another-source",
            f"{reason}; only that source says something of it",
            field=reference.field, value=reference.target_key,
        )  # fmt: skip
        return
    staging.drop_reference(reference)
    origin, key = staging.origin(reference.table, reference.id)
    report.say(
        Severity.WARNING, "belongs-to-another-source", f"{reason}; that was left out",
        origin=origin, table=reference.table, record=key,
        field=reference.field, value=reference.target_key,
    )  # fmt: skip


def _spec(reference: DanglingReference) -> Field:
    return next(f for f in TABLES[reference.table].fields if f.name == reference.field)


def _settle(staging: Staging, reference: DanglingReference, report: ImportReport) -> None:
    spec = _spec(reference)
    if reference.target_table == "organization" and not reference.target_refused:
        _add_stub(staging, reference, report)
    elif spec.required or (reference.target_refused and spec.name in POLYMORPHIC):
        why = "was refused" if reference.target_refused else "is not in the file"
        _refuse(
            staging,
            report,
            reference.table,
            reference.id,
            "needs-a-missing-record",
            f"its {reference.target_table} {reference.target_key} {why}",
            field=reference.field,
            value=reference.target_key,
        )
    elif reference.target_refused or spec.name in POLYMORPHIC:
        staging.drop_reference(reference)
    else:
        staging.set_aside(reference)
        origin, key = staging.origin(reference.table, reference.id)
        report.say(
            Severity.NOTICE,
            "names-a-missing-record",
            f"names a {reference.target_table} that is not in the file",
            origin=origin,
            table=reference.table,
            record=key,
            field=reference.field,
            value=reference.target_key,
        )


def _add_stub(staging: Staging, reference: DanglingReference, report: ImportReport) -> None:
    """An organization that is named but not sent: incomplete, so that nothing is lost."""
    origin, _ = staging.origin(reference.table, reference.id)
    name = f"Organization {reference.target_key} (name not stated)"
    stub = StagedRow(
        "organization",
        reference.target_id,
        reference.target_key,
        0,
        {"name": name, "description": ""},
        {},
        origin,
        stub=True,
    )
    if staging.add(stub, usable=True):
        _list_stub(staging, reference, report)


def _list_stub(staging: Staging, reference: DanglingReference, report: ImportReport) -> None:
    origin, _ = staging.origin(reference.table, reference.id)
    report.say(
        Severity.WARNING,
        "organization-missing",
        "this organization is named but is not in the file; it is kept as incomplete",
        origin=origin,
        table="organization",
        record=reference.target_key,
        field=reference.field,
        value=reference.target_key,
    )


def _incomplete(session: Session, references: list[DanglingReference]) -> set[str]:
    """Organizations among the targets that are stubs since an earlier import."""
    wanted = [UUID(hex=r.target_id) for r in references if r.target_table == "organization"]
    found: set[str] = set()
    for batch in in_batches(dict.fromkeys(wanted)):
        query = select(Organization.id).where(Organization.id.in_(batch), Organization.incomplete)
        found |= {value.hex for value in session.execute(query).scalars()}
    return found


def _refuse_ownerless(staging: Staging, table: str, report: ImportReport) -> None:
    """A part that belongs to nothing says nothing about anything."""
    if table not in PARTS or table in ("metadata", "attribute"):
        return
    for record_id in staging.ownerless(table):
        _refuse(
            staging, report, table, record_id, "belongs-to-nothing", "belongs to no loaded record"
        )


def _refuse(
    staging: Staging,
    report: ImportReport,
    table: str,
    record_id: str,
    code: str,
    reason: str,
    *,
    field: str = "",
    value: str = "",
) -> None:
    staging.refuse(table, record_id)
    origin, key = staging.origin(table, record_id)
    report.say(
        Severity.ERROR,
        code,
        reason,
        origin=origin,
        table=table,
        record=key,
        field=field,
        value=value,
    )
