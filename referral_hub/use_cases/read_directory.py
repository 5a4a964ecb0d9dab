"""The directory for other systems to read: record by record, page by page, or as a stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, literal, select, true, union_all
from sqlalchemy.orm import Session

from referral_hub.models import DIRECTORY, Service
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import NotFound
from referral_hub.rules.hsds import LISTED
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.directory.around import EVERYWHERE, Around, around
from referral_hub.use_cases.directory.documents import Gazetteer
from referral_hub.use_cases.directory.listed import Asked, listed
from referral_hub.use_cases.directory.nesting import Object, nested_objects, seen
from referral_hub.use_cases.steps.merging import survivor_of
from referral_hub.use_cases.transaction import let_go

BATCH = 200


class Shape(StrEnum):
    """How much of a record is shown.

    DIRECT: its own fields and one-to-one objects. NESTED: all of it, but of services under an
    organization their own fields only. WHOLE: all of it. MINIMAL: of a service its id, and when it
    changed.
    """

    DIRECT = "direct"
    NESTED = "nested"
    WHOLE = "whole"
    MINIMAL = "minimal"


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and how long the list is."""

    contents: list[Object]
    total: int


def list_records(
    session: Session,
    actor: Actor,
    root: str,
    asked: Asked,
    place: Around,
    shape: Shape,
    gazetteer: Gazetteer,
    *,
    offset: int,
    limit: int,
) -> Page:
    """A page of the records of one kind: by their ids, or the nearest first."""
    require(actor, Permission.DIRECTORY_READ)
    query = listed(root, asked)
    if shape is Shape.MINIMAL:
        return Page(_minimal(session, query, offset, limit), _count(session, query))
    if place != EVERYWHERE:
        found = around(session, query, place, gazetteer.county_keys())
        return Page(_shown(session, root, found[offset : offset + limit], shape), len(found))
    if asked == Asked():
        total, ids = _count(session, query), _ids(session, root, query, offset, limit)
    else:
        total, ids = _counted_ids(session, query, offset, limit)
    return Page(_shown(session, root, ids, shape), total)


def stream_records(
    session: Session,
    actor: Actor,
    root: str,
    asked: Asked,
    place: Around,
    shape: Shape,
    gazetteer: Gazetteer,
) -> Iterator[Object]:
    """All records of one kind, read as they are taken, in the order of the pages."""
    require(actor, Permission.DIRECTORY_READ)
    query = listed(root, asked)
    if shape is Shape.MINIMAL:
        return iter(_minimal(session, query, 0, None))
    if place != EVERYWHERE:
        ids = around(session, query, place, gazetteer.county_keys())
    else:
        ids = _ids(session, root, query, 0, None)
    return _one_by_one(session, root, ids, shape)


def show_record(session: Session, actor: Actor, root: str, record_id: UUID, shape: Shape) -> Object:
    """One record. Raises NotFound where there is none that everybody may see."""
    require(actor, Permission.DIRECTORY_READ)
    model = DIRECTORY[root]
    ids = session.scalars(listed(root).where(model.id == record_id)).all()
    if not ids:
        name = root.replace("_", " ")
        raise NotFound(f"There is no {name} with this id. It may have been removed.")
    return _shown(session, root, list(ids), shape)[0]


def find_survivor(session: Session, actor: Actor, root: str, record_id: UUID) -> UUID | None:
    """The record that stands in the place of one that was merged into it; None for any other."""
    require(actor, Permission.DIRECTORY_READ)
    return survivor_of(session, root, record_id) if root in LISTED else None


def list_gone(
    session: Session, actor: Actor, since: datetime | None, *, offset: int, limit: int
) -> Page:
    """A page of what sources no longer send, and of what was merged into another, in the order in
    which it went.

    Of what is hidden nothing is told.
    """
    require(actor, Permission.DIRECTORY_READ)
    query = _gone(since)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(query.offset(offset).limit(limit))
    return Page([_tombstone(row) for row in rows], total)


def stream_gone(session: Session, actor: Actor, since: datetime | None) -> Iterator[Object]:
    """All that sources no longer send, in the order in which it went."""
    require(actor, Permission.DIRECTORY_READ)
    return map(_tombstone, session.execute(_gone(since)).all())


def _gone(since: datetime | None) -> Select[Any]:
    queries = []
    for name in LISTED:
        model: Any = DIRECTORY[name]
        query = select(
            model.id, literal(name).label("type"), model.vanished_at, model.merged_into
        ).where(*seen(model), model.vanished_at.is_not(None), model.incomplete.is_(False))
        queries.append(query if since is None else query.where(model.vanished_at >= since))
    gone = union_all(*queries).subquery()
    return select(gone).order_by(gone.c.vanished_at, gone.c.id)


def _tombstone(row: Row[Any]) -> Object:
    """What is told of a record that is gone; of a merged one also what stands in its place."""
    found: Object = {"id": str(row.id), "type": row.type, "gone_at": _written(row.vanished_at)}
    return found if row.merged_into is None else {**found, "merged_into": str(row.merged_into)}


def _count(session: Session, query: Select[UUID]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _ids(
    session: Session, root: str, query: Select[UUID], offset: int, limit: int | None
) -> list[UUID]:
    ordered = query.order_by(DIRECTORY[root].id)
    return list(session.scalars(ordered.offset(offset).limit(limit)))


def _counted_ids(
    session: Session, query: Select[UUID], offset: int, limit: int
) -> tuple[int, list[UUID]]:
    """(how many there are in all, ids of a page). Filters are asked once of each record, which
    takes longer than to sort what they leave; a list without any is read in its order instead."""
    found = query.cte("found")
    counted = select(func.count().label("total")).select_from(found).subquery()
    page = select(found.c.id).order_by(found.c.id).offset(offset).limit(limit).subquery()
    rows = session.execute(
        select(counted.c.total, page.c.id)
        .select_from(counted.outerjoin(page, true()))
        .order_by(page.c.id)
    ).all()
    return rows[0].total, [row.id for row in rows if row.id is not None]


def _minimal(session: Session, query: Select[UUID], offset: int, limit: int | None) -> list[Object]:
    changed = query.add_columns(Service.updated_at).order_by(Service.id)
    return [
        {"id": str(row.id), "modified_date": _written(row.updated_at)}
        for row in session.execute(changed.offset(offset).limit(limit))
    ]


def _one_by_one(session: Session, root: str, ids: list[UUID], shape: Shape) -> Iterator[Object]:
    try:
        for start in range(0, len(ids), BATCH):
            yield from _shown(session, root, ids[start : start + BATCH], shape)
    finally:  # it is read when the request is over: nobody else gives the connection back
        let_go(session)


def _shown(session: Session, root: str, ids: list[UUID], shape: Shape) -> list[Object]:
    brief = frozenset({"services"}) if shape is Shape.NESTED else frozenset[str]()
    return nested_objects(session, root, ids, direct=shape is Shape.DIRECT, brief=brief)


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
