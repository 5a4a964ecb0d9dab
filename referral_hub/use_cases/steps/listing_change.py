"""Changing a listing: its rows, its history, the search index and the audit, in one go."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, insert, select, update
from sqlalchemy.orm import Session

from referral_hub.models import (
    DIRECTORY,
    AgencyOrganization,
    Base,
    EditedField,
    IntakeQuestion,
    ListingChange,
    Service,
    ServiceAtLocation,
    ServiceCriterion,
    Source,
    table_of,
)
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.errors import Conflict, NotFound
from referral_hub.rules.hsds import LISTED
from referral_hub.rules.listings import LISTING_TABLES, ListingAct, ListingKey, RowEdit, Values
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.rules.visibility import FINDABLE_STATUSES
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
CHANGED_MEANWHILE = "Somebody else changed this listing meanwhile. Look at it again."


def agency_of_listing(session: Session, listing: ListingKey) -> UUID | None:
    """Whose listing it is; None where no agency answers for it. Raises NotFound for none."""
    record = _record(session, listing)
    if record is None:
        raise NotFound(NOTHING_HERE)
    organization = record.id if listing.table == "organization" else record.organization_id
    return session.scalar(
        select(AgencyOrganization.agency_id).where(
            AgencyOrganization.organization_id == organization
        )
    )


def change_listing(
    session: Session,
    actor: Actor,
    listing: ListingKey,
    edits: Sequence[RowEdit],
    *,
    act: ListingAct,
    note: str = "",
    undoes: int | None = None,
    now: datetime,
) -> ListingChange | None:
    """Make the edits, remember them, and have what shows them indexed again; None for no edits.

    Whoever calls has asked for permission and locked nothing: each row is changed only where it
    still says what `before` says. Raises Conflict where one does not.
    """
    if not edits:
        return None
    agency_id = agency_of_listing(session, listing)
    listings = _listings(listing, edits)
    shown_by = _showing_any(session, listings)
    for edit in edits:
        _make(session, edit, now)
    session.expire_all()
    shown_by |= _showing_any(session, listings)
    change = ListingChange(
        table_name=listing.table,
        record_id=listing.id,
        agency_id=agency_id,
        act=act,
        edits=[write_edit(edit) for edit in edits],
        note=note or None,
        undoes_id=undoes,
        made_by=actor_label(actor),
        made_at=now,
    )
    session.add(change)
    session.flush()
    _mark(session, edits, change, now)
    note_change(session, shown_by, now)
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


def read_edit(written: Mapping[str, Any]) -> RowEdit:
    """An edit as `write_edit` wrote it, with values as their columns have them."""
    table = written["table"]
    return RowEdit(
        table,
        UUID(written["id"]),
        _typed(table, written["before"]),
        _typed(table, written["after"]),
    )


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
    held += [table.c[name].is_not_distinct_from(value) for name, value in _compared(table, edit)]
    if edit.after is None:
        statement: Any = delete(table).where(*held)
    else:
        values = dict(edit.after)
        if edit.table in DIRECTORY:
            values["updated_at"] = now
        statement = update(table).where(*held).values(values)
    if cast(CursorResult[Any], session.execute(statement)).rowcount != 1:
        raise Conflict(CHANGED_MEANWHILE)


def _compared(table: Any, edit: RowEdit) -> list[tuple[str, Any]]:
    """The fields that must still be as they were; lists are compared by nobody."""
    return [
        (name, value)
        for name, value in (edit.before or {}).items()
        if not isinstance(value, list | dict) and name not in {"created_at", "updated_at"}
    ]


def _mark(session: Session, edits: Sequence[RowEdit], change: ListingChange, now: datetime) -> None:
    """Note what a source no longer decides. Of a record made here no source says anything."""
    for edit in edits:
        if edit.table not in DIRECTORY or edit.before is None:
            continue
        if edit.after is None:
            fields = [""] if edit.before.get("source_id") is not None else []
        else:
            record = session.get(DIRECTORY[edit.table], edit.id)
            fields = sorted(edit.after) if record is not None and record.source_id else []
        for field in fields:
            session.merge(
                EditedField(
                    table_name=edit.table,
                    record_id=edit.id,
                    field=field,
                    change_id=change.id,
                    edited_at=now,
                )
            )


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
        reader = _READERS.get(columns[name].type.python_type)
        typed[name] = reader(value) if reader is not None and value is not None else value
    return typed
