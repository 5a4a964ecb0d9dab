"""Directory rows as HSDS objects: fully nested, in direct form, or as tables.

What stands under what is the standard's (`rules.hsds`); a record never repeats the one it
stands under.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Column, Select, and_, bindparam, not_, or_, select
from sqlalchemy.orm import Session

from referral_hub.models import (
    DIRECTORY,
    Location,
    Organization,
    Service,
    UnresolvedReference,
    columns,
    table_of,
)
from referral_hub.rules.hsds import (
    LISTED,
    TABLES,
    WITHOUT_ATTRIBUTES,
    WITHOUT_METADATA,
    Nested,
)
from referral_hub.rules.visibility import CONCEALED
from referral_hub.use_cases.batches import in_batches
from referral_hub.use_cases.directory.facts import Record

Object = dict[str, Any]
KEYS = 10_000
"""Keys in one statement: more than a page has of any kind, and fewer than any database refuses."""
HIDDEN_KEYS = frozenset({"link_id", "resource_id"})


def nested_objects(
    session: Session,
    table: str,
    ids: Sequence[UUID],
    *,
    direct: bool = False,
    brief: frozenset[str] = frozenset(),
) -> list[Object]:
    """HSDS objects of these records, in their order.

    `direct` leaves out lists and keeps one-to-one objects, as the standard's list answers do.
    What stands under a key that is in `brief` has its own fields only.
    """
    nester = _Nester(session, direct, brief)
    model = DIRECTORY[table]
    rows: Iterable[Record] = session.execute(
        select(*_shown_columns(table)).where(model.id.in_(ids))
    )
    found = {row.id: row for row in rows}
    ordered = [found[record_id] for record_id in ids if record_id in found]
    return nester.objects(table, ordered, frozenset())


def table_rows(session: Session, table: str, source_id: int | None = None) -> Iterator[Object]:
    """Rows of one table as the standard's CSV has them: all columns, keys included.

    Stubs are the hub's own and are left out; references that lead nowhere yet are as their
    source wrote them.
    """
    model = DIRECTORY[table]
    query = select(*columns(model)).order_by(model.position, model.id)
    if source_id is not None:
        query = query.where(model.source_id == source_id)
    if hasattr(model, "incomplete"):
        query = query.where(model.incomplete.is_(False), *public(model))
    loose: dict[UUID, dict[str, str]] = defaultdict(dict)
    for reference in session.execute(
        select(UnresolvedReference).where(UnresolvedReference.table_name == table)
    ).scalars():
        loose[reference.record_id][reference.field] = str(reference.target_id)
    hidden = concealed_locations(session)
    unseen = unseen_records(session)
    for row in session.execute(query):
        shown = conceal(table, row, hidden)
        described = getattr(row, "owner_table", None)
        for name in ("link_entity", "resource_type"):
            if name in shown and not shown[name]:
                shown[name] = described
        for name, target in loose[row.id].items():
            shown[name] = shown[name] or target
        concealed = _describes_hidden(table, row, hidden) or row.id in unseen
        if not (concealed or _belongs_to(unseen, table, row)):
            yield {name: plain(value) for name, value in shown.items()}


def public(model: type[Any]) -> tuple[Any, ...]:
    """Conditions that a record may be seen by everybody and is still sent by its source.

    A service that is gone stays, as inactive: whoever listed it must learn that. One that was
    merged into another does not: that stands in its place.
    """
    if not hasattr(model, "visibility"):
        return seen(model)
    gone = model.merged_into if model.__tablename__ == "service" else model.vanished_at
    return (*seen(model), gone.is_(None))


def seen(model: type[Any]) -> tuple[Any, ...]:
    """Conditions that a record may be seen by everybody: itself, and what it belongs to."""
    if not hasattr(model, "visibility"):
        return ()
    found = [model.visibility == "public"]
    fields = table_of(model).c
    if "organization_id" in fields:
        hidden = select(Organization.id).where(Organization.visibility != "public").correlate(None)
        found.append(or_(fields.organization_id.is_(None), fields.organization_id.not_in(hidden)))
    if model.__tablename__ == "service_at_location":
        unseen = select(Service.id).where(not_(and_(*seen(Service)))).correlate(None)
        found.append(fields.service_id.not_in(unseen))
    return tuple(found)


def concealed_locations(session: Session) -> dict[UUID, Record]:
    """Every confidential location, by id."""
    rows = session.execute(select(*columns(Location)).where(Location.confidential))
    return {row.id: row for row in rows}


def unseen_records(session: Session) -> set[UUID]:
    """Ids of all records that not everybody may see, and of what hidden organizations own; also of
    those that were merged into others."""
    found: set[UUID] = set()
    for name in LISTED:
        model = DIRECTORY[name]
        fields = table_of(model).c
        hidden = or_(fields.visibility != "public", fields.merged_into.is_not(None))
        if "organization_id" in table_of(model).c:
            owner = table_of(model).c.organization_id
            hidden |= owner.in_(select(Organization.id).where(Organization.visibility != "public"))
        found |= set(session.execute(select(model.id).where(hidden)).scalars())
    return found


def _belongs_to(owners: set[UUID], table: str, row: Record) -> bool:
    return any(getattr(row, field.name) in owners for field in TABLES[table].references)


def conceal(table: str, row: Record, hidden: Mapping[UUID, Record]) -> Object:
    """The fields of a row; of a confidential location nothing that tells where it is."""
    fields = {field.name: getattr(row, field.name) for field in TABLES[table].fields}
    if table == "location" and row.id in hidden:
        place = hidden[row.id]
        point = {"latitude": place.point_latitude, "longitude": place.point_longitude}
        return {**fields, **CONCEALED[table], **point}
    if table == "address" and row.location_id in hidden:
        return {**fields, **CONCEALED[table]}
    return fields


def _describes_hidden(table: str, row: Record, hidden: Mapping[UUID, Record]) -> bool:
    """Whether a row of metadata or attribute tells of a confidential location's fields."""
    key = {"metadata": "resource_id", "attribute": "link_id"}.get(table)
    return key is not None and getattr(row, key) in hidden


def plain(value: object) -> Any:
    """A stored value as JSON has it: whole numbers without a fraction, ids and dates as text."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, UUID | date):
        return str(value)
    return value


class _Nester:
    """Builds objects level by level: one query for each kind of child of a whole level."""

    def __init__(self, session: Session, direct: bool, brief: frozenset[str]) -> None:
        self._session = session
        self._direct = direct
        self._brief = brief
        self._hidden = concealed_locations(session)

    def objects(self, table: str, rows: Sequence[Record], skip: frozenset[str]) -> list[Object]:
        """Objects of rows of one table; `skip` names the nestings that lead back."""
        if not rows:
            return []
        objects = {row.id: self._direct_fields(table, row) for row in rows}
        for nested in TABLES[table].nested:
            if nested.json_key in skip or (nested.many and self._direct):
                continue
            if nested.many:
                self._add_many(objects, nested)
            else:
                self._add_one(objects, rows, table, nested)
        if not self._direct:
            self._add_polymorphic(objects, table)
        return [objects[row.id] for row in rows]

    def _add_many(self, objects: dict[UUID, Object], nested: Nested) -> None:
        children = self._rows(nested.table, nested.key, objects)
        back = frozenset(
            other.json_key
            for other in TABLES[nested.table].nested
            if not other.many and other.key == nested.key
        )
        if nested.json_key in self._brief:
            built = [self._direct_fields(nested.table, child) for child in children]
        else:
            built = self.objects(nested.table, children, back)
        for child, made in zip(children, built, strict=True):
            owner = objects[getattr(child, nested.key)]
            owner.setdefault(nested.json_key, []).append(made)

    def _add_one(
        self, objects: dict[UUID, Object], rows: Sequence[Record], table: str, nested: Nested
    ) -> None:
        wanted = {getattr(row, nested.key) for row in rows} - {None}
        targets = self._rows(nested.table, "id", wanted)
        back = frozenset(
            other.json_key
            for other in TABLES[nested.table].nested
            if other.many and other.table == table and other.key == nested.key
        )
        built = {
            target.id: made
            for target, made in zip(targets, self.objects(nested.table, targets, back), strict=True)
        }
        for row in rows:
            target_id = getattr(row, nested.key)
            if target_id in built:
                objects[row.id][nested.json_key] = built[target_id]

    def _add_polymorphic(self, objects: dict[UUID, Object], table: str) -> None:
        if table not in WITHOUT_ATTRIBUTES:
            self._add_described(objects, table, "attribute", "link_id", "attributes")
        if table not in WITHOUT_METADATA:
            self._add_described(objects, table, "metadata", "resource_id", "metadata")

    def _add_described(
        self, objects: dict[UUID, Object], table: str, kind: str, key: str, json_key: str
    ) -> None:
        rows = [
            row
            for row in self._rows(kind, key, objects)
            if row.owner_table == table and not _describes_hidden(kind, row, self._hidden)
        ]
        for row, made in zip(rows, self.objects(kind, rows, frozenset()), strict=True):
            objects[getattr(row, key)].setdefault(json_key, []).append(made)

    def _rows(self, table: str, key: str, values: Iterable[UUID]) -> list[Record]:
        found: list[Record] = []
        for batch in in_batches(values, KEYS):
            found += self._session.execute(_by_key(table, key), {"wanted": batch})
        return found

    def _direct_fields(self, table: str, row: Record) -> Object:
        """The record's own fields that are stated; keys of other records are told by nesting."""
        shown = conceal(table, row, self._hidden)
        return {name: plain(shown[name]) for name in _told_fields(table) if shown[name] is not None}


@cache
def _told_fields(table: str) -> tuple[str, ...]:
    """Fields that an object of a table tells itself."""
    return tuple(
        field.name
        for field in TABLES[table].fields
        if not field.references and field.name not in HIDDEN_KEYS
    )


@cache
def _by_key(table: str, key: str) -> Select[Any]:
    """The statement for rows of a table by the values of a column that are `wanted`: made once,
    since a page takes dozens."""
    model = DIRECTORY[table]
    wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
    query = select(*_shown_columns(table)).where(table_of(model).c[key].in_(wanted), *public(model))
    return query.order_by(model.position, model.id)


@cache
def _shown_columns(table: str) -> tuple[Column[Any], ...]:
    """Columns of which objects are made: none of the hub's own."""
    names = {field.name for field in TABLES[table].fields} | {"owner_table"}
    return tuple(column for column in columns(DIRECTORY[table]) if column.name in names)
