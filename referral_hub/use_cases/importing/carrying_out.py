"""Carrying an import out: stage and check all of it, then load it in one transaction."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from referral_hub.formats.detect import Format
from referral_hub.formats.records import Origin, Problem, RawRecord, Severity
from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    DIRECTORY,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    Source,
    columns,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import ImportFailed
from referral_hub.rules.hsds import PARTS
from referral_hub.rules.identifiers import record_uuid
from referral_hub.rules.listings import ListingAct, RowEdit
from referral_hub.rules.visibility import VEILED, is_findable, is_listed
from referral_hub.use_cases.directory.concealing import (
    Concealing,
    confidential_locations,
    lock_places,
)
from referral_hub.use_cases.directory.pending import note_change, put_on_list
from referral_hub.use_cases.importing.checking import stage
from referral_hub.use_cases.importing.confining import confine
from referral_hub.use_cases.importing.history import ListingHistory
from referral_hub.use_cases.importing.loading import Loading, OnEdit, owners
from referral_hub.use_cases.importing.needs import classify
from referral_hub.use_cases.importing.placing import Gazetteer, Placing
from referral_hub.use_cases.importing.report import ImportReport
from referral_hub.use_cases.importing.resolving import resolve
from referral_hub.use_cases.importing.staging import Staging, staging
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.transaction import let_go, look, transaction

BATCH = 500
NO_SOURCE = -1


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import. `source` names the feed.

    `complete`: what the source no longer sends becomes inactive. `gone` are (table, hex id) of
    records that it says it has no more. `organization_id`: nothing but what belongs to this
    organization is loaded, and the organization itself stays as it is. `on_edit` is told each
    record before and after, in the order in which they change. `note` stands in the history of
    the listings that change. `finish` is done in the same transaction, at its end. A dry run
    changes nothing and finishes nothing.
    """

    source: str
    format: Format | None = None
    mapping: Mapping[str, str] | None = None
    dry_run: bool = False
    complete: bool = True
    gone: tuple[tuple[str, str], ...] = ()
    organization_id: UUID | None = None
    on_edit: Callable[[RowEdit], None] | None = None
    note: str = ""
    finish: Callable[[], None] = lambda: None


def carry_out(
    session: Session,
    actor: Actor,
    records: Iterable[RawRecord | Problem],
    options: ImportOptions,
    *,
    gazetteer: Gazetteer,
    vault: Vault,
    report: ImportReport,
    now: datetime,
) -> ImportReport:
    """Import records. Whoever calls has asked for permission, and is in no transaction.

    Raises ImportFailed when nothing in it can be loaded; then nothing is changed.
    """
    with staging() as staged:
        _stage(session, staged, records, options.source, vault, report)
        if options.dry_run:
            with look(session):
                _load(session, staged, options, gazetteer, vault, report, now)
            return report
        with transaction(session):
            lock_places(session)
            history = _load(session, staged, options, gazetteer, vault, report, now)
            history.write()
            refresh(session, staged, now, report)
            detail = f"{options.source}: {report.format}, {report.read} records read"
            add_audit(session, actor, "directory:import", detail=detail, now=now)
            options.finish()
    return report


def _load(
    session: Session,
    staged: Staging,
    options: ImportOptions,
    gazetteer: Gazetteer,
    vault: Vault,
    report: ImportReport,
    now: datetime,
) -> ListingHistory:
    """Settle and write what was staged; returns what it changed in listings."""
    source_id = _source(session, options, report.format, now)
    if options.organization_id is not None:
        confine(session, staged, options.organization_id, report)
    resolve(session, staged, source_id, report)
    if not options.gone and not any(
        staged.count(table)
        for table in ("service", "organization", "location", "taxonomy", "taxonomy_term")
    ):
        raise ImportFailed(
            "Nothing in this file can be loaded, so nothing was changed. "
            "The report says what is wrong with each record."
        )
    history = ListingHistory(session, staged, options.source, ListingAct.IMPORT, options.note, now)
    told: list[OnEdit] = [] if options.dry_run else [history.add]
    if (on_edit := options.on_edit) is not None:
        told.append(lambda edit, _: on_edit(edit))
    secrets = Concealing(session, vault, confidential_locations(session), rehearsal=options.dry_run)
    loading = Loading(
        session, staged, source_id, options.source, now, report, secrets,
        rehearsal=options.dry_run, on_edit=told, organization_id=options.organization_id,
    )  # fmt: skip
    loading.load(Placing(session, staged, gazetteer, report).place)
    if report.whole:
        loading.retire(complete=options.complete, gone=options.gone)
    else:
        report.say(
            Severity.WARNING,
            "vanished-not-judged",
            "the file is damaged, so what is missing from it was left as it is",
            origin=Origin(options.source),
        )
    return history


def _stage(
    session: Session,
    staged: Staging,
    records: Iterable[RawRecord | Problem],
    source: str,
    vault: Vault,
    report: ImportReport,
) -> None:
    """Check and stage the records, and see that no report tells of a confidential location."""
    secrets = Concealing(session, vault, confidential_locations(session))
    let_go(session)

    def veil(problem: Problem) -> Problem:
        record_id = record_uuid(source, problem.table, problem.record.strip())
        if not (problem.record and secrets.is_secret(problem.table, record_id)):
            return problem
        return replace(problem, record=str(record_id), value="", reason=VEILED)

    report.veil = veil
    stage(records, staged, source, report, secrets)


def _source(session: Session, options: ImportOptions, format_name: str, now: datetime) -> int:
    """The id of the source with this name, made when it is new; NO_SOURCE for a new one of which
    only a dry run is made."""
    query = select(Source).where(Source.name == options.source)
    source = session.execute(query).scalar_one_or_none()
    if options.dry_run:
        return source.id if source is not None else NO_SOURCE
    if source is None:
        source = Source(name=options.source, format=format_name, imported_at=now)
        session.add(source)
    source.imported_at = now
    source.format = format_name
    session.flush()
    return source.id


def refresh(session: Session, staged: Staging, now: datetime, report: ImportReport) -> None:
    """Classify the services that changed, themselves or in what belongs to them, note when, and put
    them on the list for the search index."""
    _spread(session, staged)
    done = 0
    for batch in staged.marked("touched", "service", BATCH):
        service_ids = [UUID(hex=value) for value in batch]
        note_change(session, service_ids, now)
        classify(session, service_ids, report.source)
        put_on_list(session, service_ids, now, withheld=_hidden(session, staged, service_ids, now))
        done += len(batch)
        report.on_progress("Classifying services", done)


def _hidden(session: Session, staged: Staging, service_ids: list[UUID], now: datetime) -> set[UUID]:
    """Those of some services that may be found no more, or not where they were before.

    What could not be found before either, the index does not know.
    """
    records = session.execute(
        select(
            Service.id, Service.status, Service.visibility, Service.vanished_at,
            Organization.visibility, Organization.vanished_at,
        )
        .join(Organization, Organization.id == Service.organization_id)
        .where(Service.id.in_(service_ids))
    )  # fmt: skip
    known, findable = set(), set()
    for service_id, status, visibility, vanished_at, organization, organization_gone in records:
        itself = is_findable(status, visibility, vanished_at)
        if itself and is_listed(organization, organization_gone):
            findable.add(service_id)
        just_gone = organization_gone == now
        if (itself and is_listed(organization, None if just_gone else organization_gone)) or (
            staged.is_marked("lost", "service", service_id.hex)
        ):
            known.add(service_id)
    left = session.scalars(
        select(ServiceAtLocation.service_id)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(
            ServiceAtLocation.service_id.in_(service_ids),
            or_(ServiceAtLocation.vanished_at == now, Location.vanished_at == now),
        )
    )
    moved = {one for one in service_ids if staged.is_marked("moved", "service", one.hex)}
    return known - findable | known & (set(left) | moved)


def _spread(session: Session, staged: Staging) -> None:
    """A change of a part concerns what it is a part of, and that of an organization, a program or
    a location all services that show it."""
    for table in reversed(PARTS):
        for batch in staged.marked("touched", table, BATCH):
            model = DIRECTORY[table]
            ids = [UUID(hex=value) for value in batch]
            for row in session.execute(select(*columns(model)).where(model.id.in_(ids))):
                for owner, value in owners(table, row._asdict()):
                    staged.mark("touched", owner, value)
    queries = {
        "organization": (Service.organization_id, select(Service.id)),
        "program": (Service.program_id, select(Service.id)),
        "location": (ServiceAtLocation.location_id, select(ServiceAtLocation.service_id)),
        "service_at_location": (ServiceAtLocation.id, select(ServiceAtLocation.service_id)),
    }
    for table, (key, query) in queries.items():
        for batch in staged.marked("touched", table, BATCH):
            ids = [UUID(hex=value) for value in batch]
            for service_id in session.execute(query.where(key.in_(ids))).scalars():
                staged.mark("touched", "service", service_id.hex)
