"""Changing a listing: its rows, its history, the search index and the audit, in one go."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Select, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    DIRECTORY,
    AgencyOrganization,
    Base,
    ConcealedRecord,
    EditedField,
    IntakeQuestion,
    ListingChange,
    Location,
    Service,
    ServiceAtLocation,
    ServiceCriterion,
    Source,
    SourceWord,
    table_of,
)
from referral_hub.models.base import UtcDateTime
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.errors import Conflict, NotFound
from referral_hub.rules.hsds import LISTED, OWNER_FIELDS, TABLES
from referral_hub.rules.listings import LISTING_TABLES, ListingAct, ListingKey, RowEdit, Values
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.rules.visibility import (
    FINDABLE_STATUSES,
    WITHHELD,
    concealed,
    is_drawn,
    telling,
)
from referral_hub.use_cases.batches import in_batches
from referral_hub.use_cases.directory.concealing import Concealing, lock_places
from referral_hub.use_cases.directory.pending import note_change, put_on_list
from referral_hub.use_cases.importing.needs import classify
from referral_hub.use_cases.steps.audit import add_audit

EDITABLE: Mapping[str, type[Base]] = {
    **DIRECTORY,  # type: ignore[dict-item]
    ServiceCriterion.__tablename__: ServiceCriterion,
    IntakeQuestion.__tablename__: IntakeQuestion,
}
"""The tables of which a listing is made."""

_PLACES = frozenset({"service_at_location", "location", "address"})
PLACE_IS_CONFIDENTIAL = (
    "This place is confidential: only people of its agency change its address, numbers and notes. "
    "Nothing you typed is lost; give it to somebody there."
)
NO_CIRCLE = (
    "This service is given at a confidential place, and a circle would tell where that is. "
    "Name ZIP codes, cities or counties instead."
)
CHANGED_MEANWHILE = "Somebody else changed this listing meanwhile. Look at it again."


def agency_of_listing(session: Session, listing: ListingKey) -> UUID | None:
    """Whose listing it is; None where no agency answers for it. Raises NotFound for none."""
    record = _record(session, listing)
    if record is None:
        raise NotFound(NOTHING_HERE)
    organization = record.id if listing.table == "organization" else record.organization_id
    if organization is None and listing.table == "location":
        return _agency_there(session, listing.id)
    return session.scalar(
        select(AgencyOrganization.agency_id).where(
            AgencyOrganization.organization_id == organization
        )
    )


def _agency_there(session: Session, location_id: UUID) -> UUID | None:
    """Whose a place is that names no organization: the agency's that alone gives services there."""
    there = (
        select(AgencyOrganization.agency_id)
        .select_from(ServiceAtLocation)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .outerjoin(
            AgencyOrganization, AgencyOrganization.organization_id == Service.organization_id
        )
        .where(ServiceAtLocation.location_id == location_id)
        .distinct()
    )
    agencies = session.scalars(there).all()
    return agencies[0] if len(agencies) == 1 else None


def change_listing(
    session: Session,
    actor: Actor,
    listing: ListingKey,
    edits: Sequence[RowEdit],
    *,
    act: ListingAct,
    note: str = "",
    undoes: int | None = None,
    vault: Vault | None = None,
    now: datetime,
) -> ListingChange | None:
    """Make the edits, remember them, and have what shows them indexed again; None for no edits.

    Whoever calls has asked for permission and locked nothing: each row is changed only where it
    still says what `before` says. What would tell where a confidential place is gets sealed with
    the `vault`, and its history says only that it changed. Raises Conflict where a row says
    otherwise by now, and without a vault where an edit would tell.
    """
    if not edits:
        return None
    if any(edit.table == "service_area" for edit in edits):
        lock_places(session)  # a circle may have a place in its middle that is public still
    if any(edit.before is None and _draws_around_place(session, edit) for edit in edits):
        raise Conflict(NO_CIRCLE)
    if vault is None and any(_tells_place(session, edit) for edit in edits):
        raise Conflict(PLACE_IS_CONFIDENTIAL)
    listings = _listings(listing, edits)
    # That an organization or a place is still true changes nothing that a service's page says.
    quiet = act is ListingAct.VERIFY and listing.table != "service"
    shown_by = set() if quiet else _showing_any(session, listings)
    secrets = Concealing(session, vault, _places_in(session, edits)) if vault is not None else None
    kept = []
    for edit in edits:
        names = _make_secret(session, secrets, edit, now) if secrets else None
        if names is None:
            _make(session, edit, now)
        kept.append(write_without(edit, names or ()))
    if secrets:
        secrets.conceal_rows()
    session.expire_all()
    agency_id = agency_of_listing(session, listing)
    shown_by |= set() if quiet else _showing_any(session, listings)
    change = ListingChange(
        table_name=listing.table,
        record_id=listing.id,
        agency_id=agency_id,
        act=act,
        edits=kept,
        note=note or None,
        undoes_id=undoes,
        made_by=actor_label(actor),
        made_at=now,
    )
    session.add(change)
    session.flush()
    _mark(session, edits, kept, change, now)
    note_change(session, shown_by, now)
    _stamp(session, shown_by, now)
    if listing.table == "service":
        for service_id in sorted(each.id for each in listings if each.table == "service"):
            classify(session, [service_id], _source_of(session, service_id))
    withheld = shown_by if any(_conceals(edit) for edit in edits) else frozenset()
    put_on_list(session, shown_by, now, withheld=withheld)
    add_audit(
        session, actor, f"listing:{act}", _record(session, listing),
        agency_id=agency_id, detail=_named(edits), now=now,
    )  # fmt: skip
    return change


def services_showing(session: Session, listing: ListingKey) -> set[UUID]:
    """The services whose pages show something of the listing."""
    queries = {
        "service": select(Service.id).where(Service.id == listing.id),
        "organization": select(Service.id).where(Service.organization_id == listing.id),
        "program": select(Service.id).where(Service.program_id == listing.id),
        "location": select(ServiceAtLocation.service_id).where(
            ServiceAtLocation.location_id == listing.id
        ),
    }
    return set(session.scalars(queries[listing.table]))


def _listings(listing: ListingKey, edits: Sequence[RowEdit]) -> set[ListingKey]:
    """The listing, and others that are edited with it: a merge is about two and what moves."""
    edited = {ListingKey(edit.table, edit.id) for edit in edits if edit.table in LISTING_TABLES}
    return {listing, *edited}


def _showing_any(session: Session, listings: Iterable[ListingKey]) -> set[UUID]:
    return {service for listing in listings for service in services_showing(session, listing)}


def write_edit(edit: RowEdit) -> dict[str, Any]:
    """An edit as JSON can hold it."""
    return {
        "table": edit.table,
        "id": str(edit.id),
        "before": _plain(edit.before),
        "after": _plain(edit.after),
    }


def write_without(edit: RowEdit, names: Collection[str]) -> dict[str, Any]:
    """An edit as JSON can hold it, of which the values of some fields may be known to nobody."""
    written = write_edit(edit)
    hidden = sorted(edit.fields & set(names))
    if not hidden:
        return written
    for side in ("before", "after"):
        if written[side] is not None:
            written[side] = {
                name: value for name, value in written[side].items() if name not in hidden
            }
    return written | {"withheld": hidden}


def is_withheld(change: ListingChange) -> bool:
    """Whether a change is not known in full, since it tells where a confidential place is."""
    return any("withheld" in written for written in change.edits)


def read_edit(written: Mapping[str, Any]) -> RowEdit:
    """An edit as `write_edit` wrote it, with values as their columns have them."""
    table = written["table"]
    return RowEdit(
        table,
        UUID(written["id"]),
        _typed(table, written["before"]),
        _typed(table, written["after"]),
    )


def _tells_place(session: Session, edit: RowEdit) -> bool:
    """Whether an edit would put into plain rows what tells where a confidential place is."""
    if edit.after is None or edit.table not in DIRECTORY:
        return False
    row = _row_after(session, edit)
    if not session.scalar(select(_places_of(edit.table, row).exists())):
        return False
    if edit.table == "service_area" and row["service_at_location_id"] is None:
        return is_drawn(row["extent_type"], row["extent"])
    if edit.table in WITHHELD:
        return True
    kept = concealed(edit.table, row)
    return any(name in kept and value != kept[name] for name, value in edit.after.items())


def _draws_around_place(session: Session, edit: RowEdit) -> bool:
    """Whether an edit adds a shape on a map for a service that is given at a confidential place."""
    return (
        edit.table == "service_area"
        and is_drawn((edit.after or {}).get("extent_type"), (edit.after or {}).get("extent"))
        and _tells_place(session, edit)
    )


def _row_after(session: Session, edit: RowEdit) -> dict[str, Any]:
    """All columns of a record's row as an edit would leave it."""
    table = table_of(EDITABLE[edit.table])
    held = session.execute(select(*table.c).where(table.c.id == edit.id)).one_or_none()
    empty = dict.fromkeys(table.c.keys())
    said = edit.after if edit.after is not None else edit.before
    return empty | (held._asdict() if held else {}) | {**(said or {}), "id": edit.id}


def _places_in(session: Session, edits: Iterable[RowEdit]) -> set[UUID]:
    """The confidential locations of which edits would tell."""
    found: set[UUID] = set()
    for edit in edits:
        if edit.table in DIRECTORY:
            found |= set(session.scalars(_places_of(edit.table, _row_after(session, edit))))
            sealed = select(ConcealedRecord.location_id).where(
                ConcealedRecord.table_name == edit.table, ConcealedRecord.record_id == edit.id
            )
            found |= set(session.scalars(sealed))
    return found


def _make_secret(
    session: Session, secrets: Concealing, edit: RowEdit, now: datetime
) -> Collection[str] | None:
    """Make an edit of a record of a confidential place, and seal what it tells; returns the fields
    that may be known to nobody. None for a record of no such place: that is made as any other."""
    if edit.table not in DIRECTORY:
        return None
    table = table_of(DIRECTORY[edit.table])
    before = secrets.held(edit.table, [edit.id]).get(edit.id)
    stamps = {"created_at": now, "updated_at": now}
    empty = dict.fromkeys(table.c.keys())
    if edit.before is None:
        row: dict[str, Any] = {**empty, **stamps, "id": edit.id, **(edit.after or {})}
        if secrets.note(edit.table, row) is None:
            return None
        shown = secrets.conceal(edit.table, row)
        if shown is not None:
            given = {*stamps, "id", *(edit.after or {})}
            values = {name: value for name, value in shown.items() if name in given}
            session.execute(insert(table), [values])
        return telling(edit.table, edit.fields)
    row = {**(before or {**empty, **edit.before}), **(edit.after or {}), "id": edit.id}
    if secrets.note(edit.table, row) is None:
        return None
    found = session.execute(select(*table.c).where(table.c.id == edit.id)).one_or_none()
    shown_now = found._asdict() if found is not None else {}
    if before is None or any(  # what is shown is all that some people know of it
        value not in (before[name], shown_now.get(name, before[name]))
        for name, value in _compared(edit)
    ):
        raise Conflict(CHANGED_MEANWHILE)
    if edit.after is None:
        session.execute(delete(table).where(table.c.id == edit.id))
        secrets.forget(edit.table, [edit.id])
    else:
        secrets.put(edit.table, row | {"updated_at": now})
    return telling(edit.table, edit.fields)


def _places_of(table: str, row: Values) -> Select[Any]:
    """The confidential locations of which a row would tell."""
    links = select(ServiceAtLocation.location_id)
    query = select(Location.id).where(Location.confidential)
    if table == "location":
        return query.where(Location.id == row["id"])
    if table in OWNER_FIELDS:
        described = row[OWNER_FIELDS[table]]
        of_link = links.where(ServiceAtLocation.id == described)
        return query.where(or_(Location.id == described, Location.id.in_(of_link)))
    if table == "service_area" and row["service_id"] is not None:
        return query.where(
            Location.id.in_(links.where(ServiceAtLocation.service_id == row["service_id"]))
        )
    of_link = links.where(ServiceAtLocation.id == row.get("service_at_location_id"))
    return query.where(or_(Location.id == row.get("location_id"), Location.id.in_(of_link)))


def _record(session: Session, listing: ListingKey) -> Any:
    return session.get(DIRECTORY[listing.table], listing.id)


def _make(session: Session, edit: RowEdit, now: datetime) -> None:
    table = table_of(EDITABLE[edit.table])
    stamps = {"created_at": now, "updated_at": now}
    if edit.before is None:
        row = {"id": edit.id, **(edit.after or {})}
        if edit.table in DIRECTORY:
            row = stamps | row
        session.execute(insert(table), [row])
        return
    held = [table.c.id == edit.id]
    held += [table.c[name].is_not_distinct_from(value) for name, value in _compared(edit)]
    if edit.after is None:
        statement: Any = delete(table).where(*held)
    else:
        values = dict(edit.after)
        if edit.table in DIRECTORY:
            values["updated_at"] = now
        statement = update(table).where(*held).values(values)
    if cast(CursorResult[Any], session.execute(statement)).rowcount != 1:
        raise Conflict(CHANGED_MEANWHILE)


def _compared(edit: RowEdit) -> list[tuple[str, Any]]:
    """The fields that must still be as they were; lists are compared by nobody."""
    return [
        (name, value)
        for name, value in (edit.before or {}).items()
        if not isinstance(value, list | dict) and name not in {"created_at", "updated_at"}
    ]


def _stamp(session: Session, service_ids: Iterable[UUID], now: datetime) -> None:
    """HSDS `last_modified`: changes of what belongs to a service count too."""
    moment = now.isoformat(timespec="milliseconds")
    for batch in in_batches(service_ids):
        session.execute(update(Service).where(Service.id.in_(batch)).values(last_modified=moment))


def _mark(
    session: Session,
    edits: Sequence[RowEdit],
    kept: Sequence[Mapping[str, Any]],
    change: ListingChange,
    now: datetime,
) -> None:
    """Note what a source no longer decides. Of a record made here no source says anything; one
    that is put back stays, whatever its source leaves out."""
    for edit, written in zip(edits, kept, strict=True):
        hidden = written.get("withheld", ())
        if edit.table not in DIRECTORY:
            continue
        if edit.before is None:
            said = edit.after or {}
            fields = sorted(_stated(edit.table, said)) if said.get("source_id") else []
        elif edit.after is None:
            fields = [""] if edit.before.get("source_id") is not None else []
        else:
            record = session.get(DIRECTORY[edit.table], edit.id)
            is_sent = record.source_id is not None if record is not None else bool(hidden)
            fields = sorted(edit.after) if is_sent else []
        for field in fields:
            key = {"table_name": edit.table, "record_id": edit.id, "field": field}
            if field and field not in hidden and session.get(EditedField, key) is None:
                # What was there until now is the source's last word: only something else than
                # that is news.
                word = (_plain(edit.before) or {}).get(field)
                session.merge(SourceWord(**key, value=word))
            session.merge(
                EditedField(
                    table_name=edit.table,
                    record_id=edit.id,
                    field=field,
                    change_id=change.id,
                    edited_at=now,
                )
            )


def _stated(table: str, said: Values) -> set[str]:
    """The fields of a whole record in which it says something."""
    return {
        spec.name
        for spec in TABLES[table].fields
        if spec.name != "id" and not spec.references and said.get(spec.name) not in (None, "")
    }


def _conceals(edit: RowEdit) -> bool:
    """Whether the index may now know what is to be told no more, or a place that is no more."""
    after = edit.after or {}
    return (
        edit.table in _PLACES
        or (edit.table in LISTED and edit.after is None)
        or after.get("visibility", "public") != "public"
        or after.get("status", "active") not in FINDABLE_STATUSES
        or after.get("vanished_at") is not None
    )


def _source_of(session: Session, service_id: UUID) -> str:
    """The name of the feed that a service came from, which may tell what it is about."""
    named = select(Source.name).join(Service, Service.source_id == Source.id)
    return session.scalar(named.where(Service.id == service_id)) or ""


def _named(edits: Sequence[RowEdit]) -> str:
    """The fields of an act, for the audit: names only."""
    names = {f"{edit.table}.{name}" for edit in edits for name in edit.fields}
    return ", ".join(sorted(names))[:500]


def _plain(values: Values | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {
        name: str(value)
        if isinstance(value, UUID)
        else value.isoformat()
        if isinstance(value, date)
        else value
        for name, value in values.items()
    }


_READERS: Mapping[type, Any] = {
    UUID: UUID,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}


def _typed(table: str, values: Mapping[str, Any] | None) -> Values | None:
    if values is None:
        return None
    columns = table_of(EDITABLE[table]).c
    typed = {}
    for name, value in values.items():
        kind = columns[name].type
        reader = _READERS.get(datetime if isinstance(kind, UtcDateTime) else kind.python_type)
        typed[name] = reader(value) if reader is not None and value is not None else value
    return typed
