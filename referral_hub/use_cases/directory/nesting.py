"""Directory rows as HSDS objects: fully nested, in direct form, or as tables.

What stands under what is the standard's (`rules.hsds`); a record never repeats the one it
stands under.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import DIRECTORY, UnresolvedReference, columns, table_of
from referral_hub.rules.hsds import TABLES, WITHOUT_ATTRIBUTES, WITHOUT_METADATA, Nested
from referral_hub.use_cases.directory.facts import Record

Object = dict[str, Any]
HIDDEN_KEYS = frozenset({"link_id", "resource_id"})


def nested_objects(
    session: Session, table: str, ids: Sequence[UUID], *, direct: bool = False
) -> list[Object]:
    """HSDS objects of these records, in their order.

    `direct` leaves out lists and keeps one-to-one objects, as the standard's list answers do.
    """
    nester = _Nester(session, direct)
    model = DIRECTORY[table]
    rows: Iterable[Record] = session.execute(select(*columns(model)).where(model.id.in_(ids)))
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
        query = query.where(model.incomplete.is_(False))
    loose: dict[UUID, dict[str, str]] = defaultdict(dict)
    for reference in session.execute(
        select(UnresolvedReference).where(UnresolvedReference.table_name == table)
    ).scalars():
        loose[reference.record_id][reference.field] = str(reference.target_id)
    for row in session.execute(query):
        yield {
            field.name: plain(getattr(row, field.name)) or loose[row.id].get(field.name)
            if field.references
            else plain(getattr(row, field.name))
            for field in TABLES[table].fields
        }


def plain(value: object) -> Any:
    """A stored value as JSON has it: whole numbers without a fraction, ids and dates as text."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, UUID | date):
        return str(value)
    return value


class _Nester:
    """Builds objects level by level: one query for each kind of child of a whole level."""

    def __init__(self, session: Session, direct: bool) -> None:
        self._session = session
        self._direct = direct

    def objects(self, table: str, rows: Sequence[Record], skip: frozenset[str]) -> list[Object]:
        """Objects of rows of one table; `skip` names the nestings that lead back."""
        objects = {row.id: _direct_fields(table, row) for row in rows}
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
        model = DIRECTORY[nested.table]
        key = table_of(model).c[nested.key]
        children = self._rows(model, key, objects)
        back = frozenset(
            other.json_key
            for other in TABLES[nested.table].nested
            if not other.many and other.key == nested.key
        )
        built = self.objects(nested.table, children, back)
        for child, made in zip(children, built, strict=True):
            owner = objects[getattr(child, nested.key)]
            owner.setdefault(nested.json_key, []).append(made)

    def _add_one(
        self, objects: dict[UUID, Object], rows: Sequence[Record], table: str, nested: Nested
    ) -> None:
        model = DIRECTORY[nested.table]
        wanted = {getattr(row, nested.key) for row in rows} - {None}
        targets = self._rows(model, table_of(model).c.id, wanted)
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
        model = DIRECTORY[kind]
        rows = [
            row
            for row in self._rows(model, table_of(model).c[key], objects)
            if row.owner_table == table
        ]
        for row, made in zip(rows, self.objects(kind, rows, frozenset()), strict=True):
            objects[getattr(row, key)].setdefault(json_key, []).append(made)

    def _rows(self, model: type[Any], key: Any, values: Iterable[UUID]) -> list[Record]:
        query = select(*columns(model)).where(key.in_(list(values)))
        if hasattr(model, "visibility"):
            query = query.where(model.visibility == "public")
        return list(self._session.execute(query.order_by(model.position, model.id)))


def _direct_fields(table: str, row: Record) -> Object:
    """The record's own fields that are stated; keys of other records are told by nesting."""
    return {
        field.name: plain(getattr(row, field.name))
        for field in TABLES[table].fields
        if not field.references
        and field.name not in HIDDEN_KEYS
        and getattr(row, field.name) is not None
    }
