"""An agency's listings from a file: sent, looked through, loaded, taken back.

What takes long is done by the worker (`run_listing_imports`); here only its state is set.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import islice
from json import dumps
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.formats.csv_rows import CsvFile, Row
from referral_hub.formats.detect import Format, detect_format
from referral_hub.formats.errors import FormatError, UnknownFormat
from referral_hub.formats.flat_columns import NAME_TARGETS, TARGETS, guess_mapping
from referral_hub.formats.packages import CSV_ENDINGS, open_package, refuse_larger
from referral_hub.formats.workbooks import (
    MOST_COLUMNS,
    MOST_UNPACKED,
    is_workbook,
    workbook_csv,
)
from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    Agency,
    AgencyOrganization,
    ImportMapping,
    ListingImport,
    Organization,
)
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound
from referral_hub.rules.listing_imports import KEPT, MOST_BYTES, WORKING, ImportState, PageKind
from referral_hub.rules.permissions import NOTHING_HERE, Permission, is_allowed, require
from referral_hub.use_cases.listing_import_views import (
    ColumnLine,
    ColumnsView,
    ImportHome,
    ImportLine,
    ImportView,
    OwnOrganization,
)
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.import_pages import (
    Line,
    forget_pages,
    page_counts,
    read_page,
    read_pages,
)
from referral_hub.use_cases.steps.listing_imports import (
    agency_of_organization,
    file_of,
    file_with,
    plain_name,
    seal_content,
    the_import,
)
from referral_hub.use_cases.transaction import transaction

MOST_LISTED = 20
SAMPLES = 3
SAMPLE_LENGTH = 60
LONGEST_COLUMN = 300
_CHOOSABLE = (ImportState.COLUMNS, ImportState.CHECKED, ImportState.FAILED)
BUSY = "This import has moved on. Look at it again."


def import_home(session: Session, actor: Actor) -> ImportHome:
    """The organizations for which one may import, and the last imports for them."""
    require(actor, Permission.LISTING_IMPORT)
    owned = session.execute(
        select(Organization.id, Organization.name, Agency.id, Agency.name)
        .join(AgencyOrganization, AgencyOrganization.organization_id == Organization.id)
        .join(Agency, Agency.id == AgencyOrganization.agency_id)
        .order_by(Agency.name, Organization.name)
    )
    allowed = [row for row in owned if is_allowed(actor, Permission.LISTING_IMPORT, row[2])]
    imports = session.scalars(
        select(ListingImport)
        .where(ListingImport.agency_id.in_({row[2] for row in allowed}))
        .order_by(ListingImport.created_at.desc())
        .limit(MOST_LISTED)
    ).all()
    return ImportHome(
        tuple(OwnOrganization(row[0], row[1], row[3]) for row in allowed),
        tuple(_line(session, each) for each in imports),
    )


def send_listings(
    session: Session,
    actor: Actor,
    vault: Vault,
    organization_id: UUID,
    file_name: str,
    content: bytes,
    *,
    complete: bool,
    now: datetime,
) -> UUID:
    """Take in a file with listings of an organization; returns the import.

    A flat file waits for its columns to be chosen, any other is looked through at once. Raises
    NotFound, and InvalidInput where the file is none that can be read.
    """
    require(actor, Permission.LISTING_IMPORT)
    agency_id = agency_of_organization(session, organization_id)
    if agency_id is None:
        raise NotFound(NOTHING_HERE)
    require(actor, Permission.LISTING_IMPORT, agency_id)
    name, content, chosen, columns = _recognised(plain_name(file_name), content)
    is_flat = chosen is Format.FLAT_CSV
    with transaction(session):
        row = ListingImport(
            id=uuid4(),
            agency_id=agency_id,
            organization_id=organization_id,
            file_name=name,
            format=chosen,
            complete=complete,
            columns=columns,
            mapping={},
            state=ImportState.COLUMNS if is_flat else ImportState.CHECKING,
            created_by=actor_label(actor),
            created_at=now,
            changed_at=now,
        )
        seal_content(vault, row, content)
        session.add(row)
        session.flush()
        add_audit(session, actor, "listing-import:send", row, agency_id=agency_id, now=now)
        return row.id


def show_columns(session: Session, actor: Actor, vault: Vault, import_id: UUID) -> ColumnsView:
    """The columns of a flat file with what stands in them, and what they become."""
    require(actor, Permission.LISTING_IMPORT)
    row = the_import(session, actor, import_id)
    remembered = _remembered(session, row.agency_id, row.columns)
    known = remembered.mapping if remembered is not None else guess_mapping(row.columns)
    mapping = row.mapping or known
    target_of = {column: target for target, column in mapping.items() if column}
    with file_of(vault, row.id, row.file_name, row.content_sealed) as path:
        first = _first_rows(path)
    columns = [
        ColumnLine(
            name,
            tuple(cells[name][:SAMPLE_LENGTH] for cells in first if cells.get(name)),
            target_of.get(name, ""),
        )
        for name in row.columns
    ]
    return ColumnsView(_line(session, row), columns, remembered is not None and not row.mapping)


def choose_columns(
    session: Session, actor: Actor, import_id: UUID, targets: Sequence[str], *, now: datetime
) -> None:
    """Say what each column becomes ("" for nothing), in the order of the columns, and have the
    file looked through. The agency's next file with these columns begins with the same.

    Raises InvalidInput, and Conflict where the import has moved on.
    """
    require(actor, Permission.LISTING_IMPORT)
    with transaction(session):
        row = the_import(session, actor, import_id, lock=True)
        if row.state not in _CHOOSABLE or not row.columns:
            raise Conflict(BUSY)
        row.mapping = _mapping(row.columns, targets)
        remembered = _remembered(session, row.agency_id, row.columns)
        if remembered is None:
            remembered = ImportMapping(
                agency_id=row.agency_id, columns_hash=_hash(row.columns), mapping={}, used_at=now
            )
            session.add(remembered)
        remembered.mapping, remembered.used_at = row.mapping, now
        _move(row, ImportState.CHECKING, now)
        add_audit(
            session, actor, "listing-import:columns", row, agency_id=row.agency_id, now=now
        )  # fmt: skip


def show_import(
    session: Session, actor: Actor, vault: Vault, import_id: UUID, kind: PageKind | None, page: int
) -> ImportView:
    """An import, and a page of its changes, problems or remarks. Raises NotFound."""
    require(actor, Permission.LISTING_IMPORT)
    row = the_import(session, actor, import_id)
    pages = page_counts(session, row.id)
    if kind is None or kind is PageKind.EDIT:
        order = (PageKind.CONFLICT, PageKind.PROBLEM, PageKind.CHANGE, PageKind.REMARK)
        kind = next((each for each in order if each in pages), PageKind.CHANGE)
    return ImportView(
        _line(session, row),
        kind,
        page,
        pages,
        read_page(session, vault, row.id, kind, page),
        bool(row.columns),
        row.state == ImportState.LOADED and PageKind.EDIT in pages,
    )


def import_problems(
    session: Session, actor: Actor, vault: Vault, import_id: UUID
) -> Iterator[Line]:
    """Everything that is wrong with a file, row by row. Raises NotFound."""
    require(actor, Permission.LISTING_IMPORT)
    row = the_import(session, actor, import_id)
    found = [
        line
        for kind in (PageKind.PROBLEM, PageKind.REMARK)
        for line in read_pages(session, vault, row.id, kind)
    ]
    return iter(found)


def load_listings(session: Session, actor: Actor, import_id: UUID, *, now: datetime) -> None:
    """Have a file that was looked through loaded. Raises NotFound and Conflict."""
    require(actor, Permission.LISTING_IMPORT)
    _begin(session, actor, import_id, ImportState.CHECKED, ImportState.LOADING, now)


def undo_listings(session: Session, actor: Actor, import_id: UUID, *, now: datetime) -> None:
    """Have an import taken back. Raises NotFound, and Conflict where it is too late."""
    require(actor, Permission.LISTING_IMPORT)
    _begin(session, actor, import_id, ImportState.LOADED, ImportState.UNDOING, now)


def drop_listings(session: Session, actor: Actor, import_id: UUID, *, now: datetime) -> None:
    """Delete a file without loading it. Raises NotFound and Conflict."""
    require(actor, Permission.LISTING_IMPORT)
    with transaction(session):
        row = the_import(session, actor, import_id, lock=True)
        if row.state not in _CHOOSABLE:
            raise Conflict(BUSY)
        row.content_sealed = None
        forget_pages(session, row.id, *PageKind)
        _move(row, ImportState.FORGOTTEN, now)
        add_audit(session, actor, "listing-import:drop", row, agency_id=row.agency_id, now=now)


def _begin(
    session: Session,
    actor: Actor,
    import_id: UUID,
    before: ImportState,
    after: ImportState,
    now: datetime,
) -> None:
    with transaction(session):
        row = the_import(session, actor, import_id, lock=True)
        if row.state != before:
            raise Conflict(BUSY)
        if row.created_at + KEPT <= now or row.content_sealed is None:
            raise Conflict("This import is too old. Its file was deleted.")
        _move(row, after, now)
        action = (
            "listing-import:load" if after is ImportState.LOADING else "listing-import:undo"
        )  # fmt: skip
        add_audit(session, actor, action, row, agency_id=row.agency_id, now=now)


def _move(row: ListingImport, state: ImportState, now: datetime) -> None:
    row.state, row.changed_at = state, now
    row.step, row.done, row.attempts, row.leased_until, row.message = None, 0, 0, None, None


def _recognised(name: str, content: bytes) -> tuple[str, bytes, Format, list[str]]:
    """Name, content, format and columns of a file; a workbook becomes a CSV file."""
    if len(content) > MOST_BYTES:
        message = f"The file is larger than {MOST_BYTES // 1024**2} MB. Split it."
        raise InvalidInput(message, {"file": message})
    try:
        if is_workbook(content):
            name, content = f"{name.rpartition('.')[0] or name}.csv", workbook_csv(content)
        with file_with(name, content) as path:
            refuse_larger(path, MOST_UNPACKED)
            chosen = _format(path)
            columns = _columns(path) if chosen is Format.FLAT_CSV else []
    except FormatError as error:
        raise InvalidInput(str(error), {"file": str(error)}) from error
    if len(columns) > MOST_COLUMNS:
        message = f"The file has more than {MOST_COLUMNS} columns. Leave some out."
        raise InvalidInput(message, {"file": message})
    if any(len(column) > LONGEST_COLUMN for column in columns):
        message = "The first row has to hold short names of columns. Add such a row."
        raise InvalidInput(message, {"file": message})
    return name, content, chosen, columns


def _format(path: Path) -> Format:
    """The format; any other table is one whose columns somebody must name."""
    try:
        return detect_format(path)
    except UnknownFormat:
        if path.suffix.lower() in (*CSV_ENDINGS, ".txt") and len(_columns(path)) > 1:
            return Format.FLAT_CSV
        raise


def _columns(path: Path) -> list[str]:
    with open_package(path) as package:
        return list(CsvFile(package.tables[0]).columns)


def _first_rows(path: Path) -> list[Mapping[str, str]]:
    with open_package(path) as package:
        rows = (row for row in CsvFile(package.tables[0]).rows() if isinstance(row, Row))
        return [row.cells for row in islice(rows, SAMPLES)]


def _mapping(columns: Sequence[str], targets: Sequence[str]) -> dict[str, str]:
    """Column by target, "" for a target that no column becomes. Raises InvalidInput."""
    mapping = dict.fromkeys(TARGETS, "")
    faults: dict[str, str] = {}
    for number, (column, target) in enumerate(zip(columns, targets, strict=False)):
        if not target:
            continue
        if target not in TARGETS:
            faults[f"column-{number}"] = "Choose from the list."
        elif mapping[target]:
            faults[f"column-{number}"] = f"“{mapping[target]}” becomes this already."
        else:
            mapping[target] = column
    if not faults and not any(mapping[target] for target in NAME_TARGETS):
        faults["form"] = (
            "Say which column holds a name: of the organization, the service or the site."
        )
    if faults:
        raise InvalidInput("Some columns cannot be read like this.", faults)
    return mapping


def _remembered(session: Session, agency_id: UUID, columns: Sequence[str]) -> ImportMapping | None:
    return session.scalar(
        select(ImportMapping)
        .where(ImportMapping.agency_id == agency_id, ImportMapping.columns_hash == _hash(columns))
        .order_by(ImportMapping.used_at.desc())
        .limit(1)
    )


def _hash(columns: Sequence[str]) -> str:
    return sha256(dumps(sorted(columns)).encode()).hexdigest()


def _line(session: Session, row: ListingImport) -> ImportLine:
    organization = session.get(Organization, row.organization_id)
    state = ImportState(row.state)
    return ImportLine(
        row.id,
        row.file_name,
        organization.name if organization is not None else "an organization that is gone",
        row.format,
        row.complete,
        state,
        row.step if state in WORKING else None,
        row.done,
        row.report,
        row.message,
        row.created_at,
    )
