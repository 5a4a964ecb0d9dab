"""The history of a listing: who changed what and when, and taking a change back."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import ListingChange, Location, table_of
from referral_hub.rules.actor import Actor
from referral_hub.rules.eligibility import Criterion, Kind, Operator, Source
from referral_hub.rules.eligibility_words import criterion_words
from referral_hub.rules.errors import Conflict, NotFound
from referral_hub.rules.listing_words import UNTOLD, field_label, value_words
from referral_hub.rules.listings import LISTING_TABLES, ListingAct, ListingKey, RowEdit
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.visibility import CONCEALED
from referral_hub.use_cases.listing_forms.lines import CODECS
from referral_hub.use_cases.listing_forms.places import NAMELESS
from referral_hub.use_cases.listing_views import HistoryField, HistoryLine, HistoryView
from referral_hub.use_cases.steps.listing_change import EDITABLE, change_listing, read_edit
from referral_hub.use_cases.steps.listing_heads import head_of
from referral_hub.use_cases.steps.listings import listing_for, listing_to_change, who_made
from referral_hub.use_cases.transaction import transaction

PAGE = 50
MOST_CHANGES = 2**31
WITHHELD = "(not shown: this place is confidential)"


def show_history(
    session: Session, actor: Actor, listing: ListingKey, vault: Vault, *, before: int | None = None
) -> HistoryView:
    """The changes of a listing, the newest first; older than the change `before` where it is
    given. What tells where a confidential place is, is left out. Raises NotFound."""
    require(actor, Permission.LISTING_READ)
    record = listing_for(session, actor, listing, Permission.LISTING_READ)
    query = select(ListingChange).where(
        ListingChange.table_name == listing.table, ListingChange.record_id == listing.id
    )
    if before is not None:
        query = query.where(ListingChange.id < before)
    rows = session.scalars(query.order_by(ListingChange.id.desc()).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    undone = set(
        session.scalars(
            select(ListingChange.undoes_id).where(
                ListingChange.undoes_id.in_([row.id for row in shown])
            )
        )
    )
    names = who_made(session, vault, (row.made_by for row in shown))
    places = _places(session, shown)
    return HistoryView(
        head=head_of(session, actor, listing, record),
        lines=tuple(
            HistoryLine(
                id=row.id,
                act=ListingAct(row.act),
                who=names[row.made_by],
                at=row.made_at,
                note=row.note or "",
                fields=tuple(_fields(map(read_edit, row.edits), places)),
                can_undo=row.id not in undone and not _makes_listing(row) and not _is_room(row),
                is_undone=row.id in undone,
            )
            for row in shown
        ),
        has_more=len(rows) > PAGE,
    )


def undo_change(
    session: Session, actor: Actor, listing: ListingKey, change_id: int, *, now: datetime
) -> None:
    """Take a change back.

    Raises Conflict, naming the field, where a later change stands on it, and where it cannot be
    taken back at all.
    """
    require(actor, Permission.LISTING_CHANGE)
    with transaction(session):
        listing_to_change(session, actor, listing)
        change = session.get(ListingChange, change_id) if change_id < MOST_CHANGES else None
        if change is None or (change.table_name, change.record_id) != (listing.table, listing.id):
            raise NotFound(NOTHING_HERE)
        if _makes_listing(change):
            raise Conflict("This made the listing. Retire the listing instead.")
        if _is_room(change):
            raise Conflict("Say under “Room for referrals” how much room there is now.")
        if session.scalar(select(ListingChange.id).where(ListingChange.undoes_id == change_id)):
            raise Conflict("This change is taken back already.")
        edits = [read_edit(each) for each in reversed(change.edits)]
        for edit in edits:
            _require_untouched(session, edit)
        try:
            change_listing(
                session, actor, listing, [edit.inverse for edit in edits],
                act=ListingAct.UNDO, undoes=change_id, now=now,
            )  # fmt: skip
        except IntegrityError as error:
            raise Conflict(
                "Something that was added later hangs on this change. Take that back first."
            ) from error


def _require_untouched(session: Session, edit: RowEdit) -> None:
    """Raise Conflict where a record does not say any more what the change made it say."""
    table = table_of(EDITABLE[edit.table])
    row = session.execute(select(*table.c).where(table.c.id == edit.id)).one_or_none()
    what = field_label(edit.table)
    if edit.after is None:
        if row is not None:
            raise Conflict(f"“{what}” is there again. Look at the history.")
        return
    if row is None:
        raise Conflict(f"“{what}” was removed later. Take that back first.")
    for name, value in edit.after.items():
        if name not in _NOT_COMPARED and getattr(row, name) != value:
            label = field_label(edit.table, name) or what
            raise Conflict(f"“{label}” was changed again later. Take that change back first.")


_NOT_COMPARED = frozenset({"created_at", "updated_at", "last_modified"})


def _makes_listing(change: ListingChange) -> bool:
    """Whether a change added, or removed, the record of a listing itself."""
    return any(
        each["table"] in LISTING_TABLES and (each["before"] is None or each["after"] is None)
        for each in change.edits
    )


def _is_room(change: ListingChange) -> bool:
    """Whether a change only says numbers of room, which stand in the agency's word as well."""
    return bool(change.edits) and all(
        each["table"] in ("service_capacity", "unit") for each in change.edits
    )


def _fields(edits: Iterable[RowEdit], places: Mapping[UUID, Any]) -> Iterator[HistoryField]:
    for edit in edits:
        if edit.before is None or edit.after is None:
            label = field_label(edit.table)
            before, after = (
                _record_words(edit, said, places) for said in (edit.before, edit.after)
            )
            if before or after:
                yield HistoryField(label, before, after)
            continue
        for name, value in edit.after.items():
            label = field_label(edit.table, name)
            if not label:
                continue
            if _tells_place(edit, name, places):
                yield HistoryField(label, WITHHELD, WITHHELD)
            else:
                before = value_words(name, edit.before.get(name))
                yield HistoryField(label, before, value_words(name, value))


def _record_words(edit: RowEdit, said: Mapping[str, Any] | None, places: Mapping[UUID, Any]) -> str:
    """A record that came or went, in words."""
    if said is None:
        return ""
    if edit.table in ("address", "location") and _tells_place(edit, "", places):
        return WITHHELD
    if edit.table == "service_at_location":
        place = places.get(said["location_id"])
        if place is None or place.confidential:
            return "" if place is None else "Confidential place"
        return place.name or NAMELESS
    if edit.table == "service_criterion":
        return criterion_words(
            Criterion(
                Kind(said["kind"]), Operator(said["operator"]), tuple(said["values"]),
                said.get("required", True), Source(said.get("source", "agency")),
                said.get("quote") or "",
            )
        )  # fmt: skip
    codec = CODECS.get(edit.table)
    if codec is not None:
        row = _Said(said)
        return codec.write(row) or codec.kept(row)
    words = (
        value_words(name, value)
        for name, value in said.items()
        if name not in UNTOLD and not name.endswith("_id") and value not in (None, "", False)
    )
    return ", ".join(filter(None, words))


class _Said:
    """What a record said, as a row; what it did not say is None."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self._mapping = dict(said)

    def __getattr__(self, name: str) -> Any:
        return self._mapping.get(name)


def _tells_place(edit: RowEdit, name: str, places: Mapping[UUID, Any]) -> bool:
    """Whether a field tells where a confidential place is."""
    if edit.table not in ("location", "address"):
        return False
    said = {**(edit.before or {}), **(edit.after or {})}
    place = places.get(edit.id if edit.table == "location" else said.get("location_id", edit.id))
    confidential = place is None or place.confidential
    tells = {*CONCEALED[edit.table], "latitude", "longitude", "time_zone", ""}
    return confidential and (name in tells or edit.table == "address")


def _places(session: Session, changes: Iterable[ListingChange]) -> Mapping[UUID, Any]:
    """The locations that changes name; those of addresses under the address's id too."""
    wanted: set[UUID] = set()
    of_address: dict[UUID, UUID] = {}
    for change in changes:
        for each in change.edits:
            said = {**(each["before"] or {}), **(each["after"] or {})}
            if each["table"] == "location":
                wanted.add(UUID(each["id"]))
            if each["table"] == "address":
                owner = UUID(said["location_id"]) if "location_id" in said else change.record_id
                of_address[UUID(each["id"])] = owner
                wanted.add(owner)
            if each["table"] == "service_at_location" and said.get("location_id"):
                wanted.add(UUID(said["location_id"]))
    query = select(Location.id, Location.name, Location.confidential).where(Location.id.in_(wanted))
    found: dict[UUID, Any] = {row.id: row for row in session.execute(query)}
    return found | {
        address: found[owner] for address, owner in of_address.items() if owner in found
    }
