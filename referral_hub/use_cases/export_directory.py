"""The directory as files that other systems read."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.formats.write_csv import write_package
from referral_hub.formats.write_json import write_json_list
from referral_hub.models import DIRECTORY, Source
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import NotFound
from referral_hub.rules.hsds import TABLES
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.directory.listed import listed
from referral_hub.use_cases.directory.nesting import nested_objects, table_rows

BATCH = 200
ROOTS = ("organization", "service", "service_at_location", "location", "taxonomy", "taxonomy_term")


def export_objects(
    session: Session, actor: Actor, root: str, *, direct: bool = False, source: str | None = None
) -> Iterator[dict[str, Any]]:
    """Every record of one kind as a nested HSDS object, in the order of its source.

    A stub is exported only where services or locations hang on it, so that none of them is lost.
    """
    require(actor, Permission.DIRECTORY_EXPORT)
    return _objects_of(session, root, direct, source)


def export_tables(
    session: Session, actor: Actor, *, source: str | None = None
) -> dict[str, Iterator[dict[str, Any]]]:
    """Rows of all 24 tables by table name, as the standard's CSV has them."""
    require(actor, Permission.DIRECTORY_EXPORT)
    return _tables_of(session, source)


def export_json(
    session: Session,
    actor: Actor,
    path: Path,
    *,
    root: str = "organization",
    source: str | None = None,
) -> int:
    """Write one JSON list of nested objects; returns how many."""
    require(actor, Permission.DIRECTORY_EXPORT)
    counted = _Counted(_objects_of(session, root, False, source))
    write_json_list(path, counted)
    return counted.count


def export_csv(
    session: Session, actor: Actor, folder: Path, *, source: str | None = None
) -> Mapping[str, int]:
    """Write an HSDS data package; returns how many rows by table."""
    require(actor, Permission.DIRECTORY_EXPORT)
    folder.mkdir(parents=True, exist_ok=True)
    tables = _tables_of(session, source)
    counted = {table: _Counted(rows) for table, rows in tables.items()}
    write_package(folder, counted)
    return {table: rows.count for table, rows in counted.items()}


def _objects_of(
    session: Session, root: str, direct: bool, source: str | None
) -> Iterator[dict[str, Any]]:
    model = DIRECTORY[root]
    query = listed(root)
    if source is not None:
        query = query.where(model.source_id == _source_id(session, source))
    ids = session.scalars(query.order_by(model.position, model.id)).all()
    return _objects(session, root, ids, direct)


def _tables_of(session: Session, source: str | None) -> dict[str, Iterator[dict[str, Any]]]:
    source_id = _source_id(session, source) if source is not None else None
    return {table: table_rows(session, table, source_id) for table in TABLES}


class _Counted:
    """Rows on their way to a file, counted."""

    def __init__(self, rows: Iterator[dict[str, Any]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self._rows:
            self.count += 1
            yield row


def _objects(
    session: Session, root: str, ids: Sequence[UUID], direct: bool
) -> Iterator[dict[str, Any]]:
    for start in range(0, len(ids), BATCH):
        yield from nested_objects(session, root, ids[start : start + BATCH], direct=direct)


def _source_id(session: Session, name: str) -> int:
    source_id = session.execute(select(Source.id).where(Source.name == name)).scalar_one_or_none()
    if source_id is None:
        raise NotFound(f"There is no source named {name}. `referral-hub sources` lists them.")
    return source_id
