"""Deciding on a pair of records: merge them, say that they are two, or take a merge back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    DuplicateCandidate,
    EditedField,
    ListingChange,
    Location,
)
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.duplicates import PairState, choices
from referral_hub.rules.errors import ChangedSinceMerge, Conflict, InvalidInput, NotFound
from referral_hub.rules.listings import ListingAct, ListingKey, RowEdit
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.visibility import telling
from referral_hub.use_cases.batches import in_batches
from referral_hub.use_cases.directory.concealing import lock_places
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.listing_change import (
    agency_of_listing,
    change_listing,
    is_withheld,
    read_edit,
)
from referral_hub.use_cases.steps.merging import may_decide, merge_edits, read_row, refuse_merge
from referral_hub.use_cases.steps.secret_places import one_place, seal_places
from referral_hub.use_cases.transaction import transaction

DECIDED = "Somebody has decided on this pair meanwhile. Look at it again."
NOT_KEPT = (
    "The place became confidential since, and what it said before was not kept: this merge cannot "
    "be taken back. Add the other place anew."
)
NOT_MERGED = "These two are not merged."
CHANGED_SINCE = (
    "This merge cannot be taken back as a whole, since what it changed was changed again: {what}. "
    "Take that change back first."
)


def merge_duplicates(
    session: Session,
    actor: Actor,
    candidate_id: UUID,
    survivor_id: UUID,
    vault: Vault,
    chosen: Collection[str] = (),
    *,
    note: str = "",
    now: datetime,
) -> None:
    """Put one record of a pair in the place of the other. Both keep their ids.

    `survivor_id` is the one that stays; of the fields `chosen` the other's values stay. What is
    merged into a confidential place becomes confidential too, and stays so when the merge is taken
    back; then nothing that tells the place is taken from it. Raises NotFound, Conflict where
    somebody was faster, CannotMerge, and InvalidInput for a field that there is not.
    """
    require(actor, Permission.DUPLICATE_DECIDE)
    with transaction(session):
        pair = _the_pair(session, actor, candidate_id)
        if pair.state == PairState.MERGED:
            raise Conflict(DECIDED)
        if survivor_id not in (pair.one_id, pair.other_id):
            raise InvalidInput("Say which of the two stays.", {"survivor": "Choose one of them."})
        unknown = set(chosen) - set(choices(pair.table_name))
        if unknown:
            raise InvalidInput("There is no such field.", {min(unknown): "There is no such field."})
        loser_id = pair.other_id if survivor_id == pair.one_id else pair.one_id
        table = pair.table_name
        if table == "location":
            lock_places(session, exclusive=True)
        loser, survivor = (read_row(session, table, each) for each in (loser_id, survivor_id))
        refuse_merge(session, table, loser, survivor)
        _decide(pair, PairState.MERGED, actor, now)
        if survivor.get("confidential"):
            chosen = set(chosen) - telling(table, chosen)
            _conceal_like(session, loser_id, survivor, vault, now)
            note, loser = "", read_row(session, table, loser_id)
        edits = merge_edits(session, table, loser, survivor, chosen, now)
        pair.marks = _marks(session, edits)
        change = change_listing(
            session, actor, ListingKey(table, survivor_id), edits,
            act=ListingAct.MERGE, note=note, vault=vault, now=now,
        )  # fmt: skip
        pair.change_id = change.id if change is not None else None


def say_not_duplicates(
    session: Session, actor: Actor, candidate_id: UUID, *, now: datetime
) -> None:
    """Say that the two of a pair are not one: they are not proposed again as they are."""
    require(actor, Permission.DUPLICATE_DECIDE)
    with transaction(session):
        pair = _the_pair(session, actor, candidate_id)
        if pair.state != PairState.OPEN:
            raise Conflict(DECIDED)
        _decide(pair, PairState.NOT_DUPLICATES, actor, now)
        add_audit(
            session, actor, "duplicate:differ", pair,
            agency_id=agency_of_listing(session, ListingKey(pair.table_name, pair.one_id)), now=now,
        )  # fmt: skip


def unmerge_duplicates(
    session: Session, actor: Actor, candidate_id: UUID, vault: Vault, *, now: datetime
) -> None:
    """Take a merge back: everything that it changed is as it was, whatever else changed since.

    Parts that are gone since stay gone. Raises ChangedSinceMerge, with what stands against it.
    """
    require(actor, Permission.DUPLICATE_DECIDE)
    with transaction(session):
        pair = _the_pair(session, actor, candidate_id)
        if pair.state != PairState.MERGED or pair.change_id is None:
            raise Conflict(NOT_MERGED)
        change = session.get_one(ListingChange, pair.change_id)
        if is_withheld(change):
            raise Conflict(NOT_KEPT)
        made = [read_edit(written) for written in change.edits]
        back = _inverse(session, made)
        undone = change_listing(
            session, actor, ListingKey(change.table_name, change.record_id), back,
            act=ListingAct.UNDO, undoes=change.id, vault=vault, now=now,
        )  # fmt: skip
        _take_marks_back(session, pair, made, [change.id, undone.id if undone else change.id])
        _decide(pair, PairState.OPEN, actor, now)
        pair.decided_by = pair.decided_at = pair.change_id = pair.marks = None


def _conceal_like(
    session: Session, loser_id: UUID, survivor: Any, vault: Vault, now: datetime
) -> None:
    """What is one with a confidential place tells no more than that: both are in the same area."""
    places = one_place(session, loser_id)
    for each in places:
        loser = session.get_one(Location, each)
        if not loser.confidential:
            loser.confidential = True
            for name in ("point_latitude", "point_longitude", "point_basis"):
                setattr(loser, name, survivor[name])
    seal_places(session, vault, places, now)


def _the_pair(session: Session, actor: Actor, candidate_id: UUID) -> DuplicateCandidate:
    """A pair that the actor may decide on. Raises NotFound for any other."""
    pair = session.get(DuplicateCandidate, candidate_id)
    if pair is None or not may_decide(session, actor, pair):
        raise NotFound(NOTHING_HERE)
    return pair


def _decide(pair: DuplicateCandidate, state: PairState, actor: Actor, now: datetime) -> None:
    pair.state, pair.decided_by, pair.decided_at = state, actor_label(actor), now


def _inverse(session: Session, made: Sequence[RowEdit]) -> list[RowEdit]:
    """What takes edits back, without those of records that are gone. Raises ChangedSinceMerge."""
    back, changed = [], {}
    for edit in reversed(made):
        row = read_row(session, edit.table, edit.id)
        if not row:
            continue
        for name, value in (edit.after or {}).items():
            if row[name] != value and not isinstance(value, list | dict):
                changed[f"{edit.table}.{name}"] = _words(edit.table, name, row)
        back.append(edit.inverse)
    if changed:
        what = "; ".join(changed.values())
        raise ChangedSinceMerge(CHANGED_SINCE.format(what=what), changed)
    return back


def _words(table: str, name: str, row: Any) -> str:
    called = row.get("name") or row.get("number") or table
    where = "it was merged into another" if name == "merged_into" else name.replace("_", " ")
    return f"{table.replace('_', ' ')} “{called}”: {where}"


def _marks(session: Session, edits: Sequence[RowEdit]) -> list[list[Any]]:
    """The marks that records had before, since a change of a field writes its own over it."""
    found = []
    for batch in in_batches({edit.id for edit in edits}):
        rows = session.scalars(select(EditedField).where(EditedField.record_id.in_(batch)))
        found += [
            [
                row.table_name,
                str(row.record_id),
                row.field,
                row.change_id,
                row.edited_at.isoformat(),
            ]
            for row in rows
        ]
    return found


def _take_marks_back(
    session: Session, pair: DuplicateCandidate, made: Sequence[RowEdit], changes: list[int]
) -> None:
    """A source decides again what it decided before the merge."""
    for batch in in_batches({edit.id for edit in made}):
        session.execute(
            delete(EditedField).where(
                EditedField.record_id.in_(batch), EditedField.change_id.in_(changes)
            )
        )
    session.expire_all()
    for table, record_id, field, change_id, edited_at in pair.marks or []:
        held = session.get(EditedField, (table, UUID(record_id), field))
        if held is None:
            session.add(
                EditedField(
                    table_name=table, record_id=UUID(record_id), field=field, change_id=change_id,
                    edited_at=datetime.fromisoformat(edited_at),
                )
            )  # fmt: skip
    session.flush()
