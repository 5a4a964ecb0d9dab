"""What a merge of two records changes, row by row, and what stands against it."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import DIRECTORY, DuplicateCandidate, Location, table_of
from referral_hub.rules.actor import Actor
from referral_hub.rules.duplicates import MOVES, Moves, chosen_together, moving
from referral_hub.rules.errors import CannotMerge
from referral_hub.rules.listings import ListingKey, RowEdit, difference
from referral_hub.rules.permissions import Permission, is_allowed
from referral_hub.use_cases.steps.listing_change import EDITABLE, agency_of_listing

Row = Mapping[str, Any]
NOT_OPEN = "One of the two is hidden, gone or merged by now. Look at the list again."
OWNED = (
    "{name} belongs to an agency of the network and the other does not belong to the same. "
    "Keep that one, or have the organizations given to the agency first."
)
CONFIDENTIAL = (
    "The address of this location is confidential, and that of the other is not: merging it into a "
    "public location would tell. Keep the confidential one."
)


def read_row(session: Session, table: str, record_id: UUID) -> Row:
    """All columns of a record; of none there is nothing."""
    held = table_of(EDITABLE[table])
    found = session.execute(select(held).where(held.c.id == record_id)).mappings().one_or_none()
    return dict(found or {})


def refuse_merge(session: Session, table: str, loser: Row, survivor: Row) -> None:
    """Raise CannotMerge, with what to do instead, where the first may not go into the second."""
    for row in (loser, survivor):
        if not row or row["merged_into"] or row["vanished_at"] or row["visibility"] != "public":
            raise CannotMerge(NOT_OPEN)
    if table == "location" and loser["confidential"] and not survivor["confidential"]:
        raise CannotMerge(CONFIDENTIAL)
    owner = agency_of_listing(session, ListingKey(table, loser["id"]))
    if owner not in (None, agency_of_listing(session, ListingKey(table, survivor["id"]))):
        raise CannotMerge(OWNED.format(name=loser["name"] or "The other"))


def merge_edits(
    session: Session,
    table: str,
    loser: Row,
    survivor: Row,
    chosen: Collection[str],
    now: datetime,
) -> list[RowEdit]:
    """The edits that put one record in the place of another.

    `chosen` are the fields of which the loser's values stay. The loser keeps its id, all it says
    and those of its parts that do not move.
    """
    edits = list(_folded(session, table, loser["id"], survivor["id"], now))
    columns = [column for field in chosen for column in chosen_together(field)]
    kept = difference(
        table, survivor["id"], survivor, {name: loser[name] for name in columns if name in loser}
    )
    return edits if kept is None else [*edits, kept]


def _folded(
    session: Session, table: str, loser: UUID, survivor: UUID, now: datetime
) -> Iterator[RowEdit]:
    for moves in MOVES[table]:
        theirs, ours = (_parts(session, table, moves, owner) for owner in (loser, survivor))
        moved = {row["id"] for row in moving(moves, theirs, ours)}
        for row in theirs:
            if row["id"] in moved:
                yield RowEdit(moves.table, row["id"], {moves.key: loser}, {moves.key: survivor})
            elif moves.table == "service_at_location":
                said = moves.says(row)
                same = next((each for each in ours if moves.says(each) == said), None)
                if same is not None and row["merged_into"] is None:
                    yield from _folded(session, moves.table, row["id"], same["id"], now)
    gone = {"merged_into": None, "vanished_at": read_row(session, table, loser)["vanished_at"]}
    yield RowEdit(table, loser, gone, {"merged_into": survivor, "vanished_at": now})


def _parts(session: Session, table: str, moves: Moves, owner: UUID) -> list[Row]:
    """The parts of a record in their order; of a service, its links to places that were merged
    into others are none."""
    held = table_of(EDITABLE[moves.table])
    query = select(held).where(held.c[moves.key] == owner)
    if moves.key == "link_id":
        query = query.where(held.c.owner_table == table)
    return [dict(row) for row in session.execute(
        query.order_by(held.c.position, held.c.id)).mappings()]  # fmt: skip


def survivor_of(session: Session, table: str, record_id: UUID) -> UUID | None:
    """The record that stands in the place of another by now, through all merges; None for one
    that was never merged."""
    model: Any = DIRECTORY[table]
    found, seen = None, {record_id}
    while True:
        after = session.scalar(select(model.merged_into).where(model.id == (found or record_id)))
        if after is None or after in seen:
            return found
        found = after
        seen.add(after)


def may_decide(session: Session, actor: Actor, pair: DuplicateCandidate) -> bool:
    """Whether somebody may merge a pair, or take that back: stewards any, administrators of an
    agency where both records are their agency's."""
    if not is_allowed(actor, Permission.DUPLICATE_DECIDE):
        return False
    if is_allowed(actor, Permission.QUALITY_READ):
        return True
    owners = [
        agency_of_listing(session, ListingKey(pair.table_name, record_id))
        for record_id in (pair.one_id, pair.other_id)
    ]
    return all(
        owner is not None and is_allowed(actor, Permission.DUPLICATE_DECIDE, owner)
        for owner in owners
    )


def confidential_ids(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Those of some locations whose address is confidential."""
    query = select(Location.id).where(Location.id.in_(ids), Location.confidential)
    return set(session.scalars(query))
