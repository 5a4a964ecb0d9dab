"""The history of a listing: who changed what and when, and taking a change back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    DuplicateCandidate,
    ListingChange,
    Location,
    Organization,
    Program,
    Service,
    ServiceCriterion,
    table_of,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.duplicates import PairState
from referral_hub.rules.eligibility import Criterion, Kind, Operator, Source
from referral_hub.rules.eligibility_words import criterion_words
from referral_hub.rules.errors import Conflict, NotFound
from referral_hub.rules.listing_state import PUBLIC
from referral_hub.rules.listing_words import UNTOLD, field_label, value_words
from referral_hub.rules.listings import LISTING_TABLES, ListingAct, ListingKey, RowEdit
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.visibility import telling
from referral_hub.use_cases.directory.concealing import lock_places
from referral_hub.use_cases.listing_forms.lines import CODECS
from referral_hub.use_cases.listing_forms.places import NAMELESS
from referral_hub.use_cases.listing_views import HistoryField, HistoryLine, HistoryView
from referral_hub.use_cases.steps.listing_change import (
    EDITABLE,
    change_listing,
    is_withheld,
    read_edit,
    services_showing,
)
from referral_hub.use_cases.steps.listing_heads import head_of
from referral_hub.use_cases.steps.listings import (
    is_reviewed,
    is_steward,
    listing_for,
    listing_to_change,
    who_made,
)
from referral_hub.use_cases.steps.merging import may_decide
from referral_hub.use_cases.transaction import transaction

PAGE = 50
MOST_CHANGES = 2**31
MERGED = "Two records were merged here. Take that back where it was decided: under Duplicates."
REVIEWED = (
    "A network steward looks at listings before they are published. Send this one for review."
)
WITHHELD = "(not shown: this place is confidential)"
NOT_KEPT = (
    "What this changed tells where a confidential place is, so nothing of it was kept. Change it "
    "again by hand."
)


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
    facts = _Facts(
        _places(session, shown), _names(session, shown), _criteria(session, shown),
        is_secret=getattr(record, "confidential", False),
    )  # fmt: skip
    pairs = _pairs(session, actor, [row.id for row in shown if _merges(row)])
    return HistoryView(
        head=head_of(session, actor, listing, record),
        lines=tuple(
            HistoryLine(
                id=row.id,
                act=ListingAct(row.act),
                who=names[row.made_by],
                at=row.made_at,
                note=row.note or "",
                fields=tuple(_fields(row.edits, facts)),
                can_undo=row.id not in undone and _can_undo(row),
                is_undone=row.id in undone,
                pair_id=pairs.get(row.id),
            )
            for row in shown
        ),
        has_more=len(rows) > PAGE,
        pair_id=_pair_of(session, actor, listing, record),
    )


def _pair_of(session: Session, actor: Actor, listing: ListingKey, record: Any) -> UUID | None:
    """The pair by which a record was merged into another, where the actor may take that back."""
    merged_into = getattr(record, "merged_into", None)
    if merged_into is None:
        return None
    both = (listing.id, merged_into)
    pair = session.scalar(
        select(DuplicateCandidate).where(
            DuplicateCandidate.table_name == listing.table,
            DuplicateCandidate.state == PairState.MERGED,
            DuplicateCandidate.one_id.in_(both),
            DuplicateCandidate.other_id.in_(both),
        )
    )
    return pair.id if pair is not None and may_decide(session, actor, pair) else None


def _pairs(session: Session, actor: Actor, change_ids: Sequence[int]) -> Mapping[int, UUID]:
    """The merges that still stand, and that the actor may take back, by the change that made
    them."""
    merged = session.scalars(
        select(DuplicateCandidate).where(
            DuplicateCandidate.change_id.in_(change_ids),
            DuplicateCandidate.state == PairState.MERGED,
        )
    )
    return {
        pair.change_id: pair.id
        for pair in merged
        if pair.change_id is not None and may_decide(session, actor, pair)
    }


def undo_change(
    session: Session,
    actor: Actor,
    listing: ListingKey,
    change_id: int,
    vault: Vault,
    *,
    now: datetime,
) -> None:
    """Take a change back. What it made everybody see stays seen where another service needs it.

    Raises Conflict, naming the field, where a later change stands on it, and where it cannot be
    taken back at all: a merge is taken back as a pair (`merge_duplicates`), and what was never
    looked at is not published in this way.
    """
    require(actor, Permission.LISTING_CHANGE)
    with transaction(session):
        lock_places(session)  # before any row, as whoever makes a place confidential does
        listing_to_change(session, actor, listing)
        change = session.get(ListingChange, change_id) if change_id < MOST_CHANGES else None
        if change is None or (change.table_name, change.record_id) != (listing.table, listing.id):
            raise NotFound(NOTHING_HERE)
        if _makes_listing(change):
            raise Conflict("This made the listing. Retire the listing instead.")
        if _merges(change):
            raise Conflict(MERGED)
        if is_withheld(change):
            raise Conflict(NOT_KEPT)
        if _is_room(change):
            raise Conflict("Say under “Room for referrals” how much room there is now.")
        if session.scalar(select(ListingChange.id).where(ListingChange.undoes_id == change_id)):
            raise Conflict("This change is taken back already.")
        edits = [read_edit(each) for each in reversed(change.edits)]
        edits = [edit for edit in edits if not _is_needed(session, listing, edit)]
        for edit in edits:
            _require_untouched(session, edit)
        back = [edit.inverse for edit in edits]
        if is_reviewed(session) and not is_steward(actor) and any(map(_publishes, back)):
            raise Conflict(REVIEWED)
        try:
            change_listing(
                session, actor, listing, back,
                act=ListingAct.UNDO, undoes=change_id, vault=vault, now=now,
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


def _is_needed(session: Session, listing: ListingKey, edit: RowEdit) -> bool:
    """Whether an edit made a record seen with which services are seen that were published since."""
    key = ListingKey(edit.table, edit.id)
    made_seen = (edit.after or {}).get("visibility") == PUBLIC and edit.before is not None
    if edit.table not in LISTING_TABLES or key == listing or not made_seen:
        return False
    others = services_showing(session, key) - {listing.id}
    query = select(Service.id).where(Service.id.in_(others), Service.visibility == PUBLIC)
    return session.scalar(query.limit(1)) is not None


def _publishes(edit: RowEdit) -> bool:
    return edit.table == "service" and (edit.after or {}).get("visibility") == PUBLIC


_NOT_COMPARED = frozenset({"created_at", "updated_at", "last_modified"})


def _can_undo(change: ListingChange) -> bool:
    never = (_makes_listing, _merges, is_withheld, _is_room)
    return not any(reason(change) for reason in never)


def _makes_listing(change: ListingChange) -> bool:
    """Whether a change added, or removed, the record of a listing itself."""
    return any(
        each["table"] in LISTING_TABLES and (each["before"] is None or each["after"] is None)
        for each in change.edits
    )


def _merges(change: ListingChange) -> bool:
    """Whether a change put one record in the place of another, or took that back."""
    return any(
        "merged_into" in each["after"]
        for each in change.edits
        if each["before"] is not None and each["after"] is not None
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    """What changes name by its id: places, other records by name, and conditions. `is_secret` where
    the listing itself is a confidential place."""

    places: Mapping[UUID, Any]
    names: Mapping[UUID, str]
    criteria: Mapping[UUID, Mapping[str, Any]]
    is_secret: bool

    def words(self, edit: RowEdit, name: str, value: Any) -> str:
        """A value of a field, in words."""
        criterion = self.criteria.get(edit.id)
        if edit.table == "service_criterion" and name == "values" and criterion and value:
            return _condition({**criterion, "values": value, "required": True})
        if isinstance(value, UUID):
            return self.names.get(value, "a record that is not there any more")
        return value_words(name, value)


def _names(session: Session, changes: Iterable[ListingChange]) -> Mapping[UUID, str]:
    """The names of organizations, programs and services that changes name by their ids."""
    wanted = {
        UUID(value)
        for change in changes
        for each in change.edits
        for said in (each["before"], each["after"])
        for name, value in (said or {}).items()
        if name in _NAMING and value is not None
    }
    found: dict[UUID, str] = {}
    for model in (Organization, Program, Service):
        rows = session.execute(select(model.id, model.name).where(model.id.in_(wanted)))
        found |= {row.id: row.name for row in rows}
    return found


_NAMING = frozenset({"organization_id", "program_id", "merged_into"})


def _criteria(
    session: Session, changes: Iterable[ListingChange]
) -> Mapping[UUID, Mapping[str, Any]]:
    """The conditions that changes are about, whole: as they are, or were when they went."""
    found: dict[UUID, Mapping[str, Any]] = {}
    for change in changes:
        for each in change.edits:
            if each["table"] == "service_criterion":
                said = {**(each["before"] or {}), **(each["after"] or {})}
                found.setdefault(UUID(each["id"]), said)
                if "kind" in said:
                    found[UUID(each["id"])] = said
    table = table_of(ServiceCriterion)
    for row in session.execute(select(table).where(table.c.id.in_(found))).mappings():
        found[row["id"]] = dict(row)
    return {key: said for key, said in found.items() if "kind" in said}


def _is_room(change: ListingChange) -> bool:
    """Whether a change only says numbers of room, which stand in the agency's word as well."""
    return bool(change.edits) and all(
        each["table"] in ("service_capacity", "unit") for each in change.edits
    )


def _fields(edits: Iterable[Mapping[str, Any]], facts: _Facts) -> Iterator[HistoryField]:
    for written in edits:
        edit = read_edit(written)
        hidden = (field_label(edit.table, name) for name in written.get("withheld", ()))
        for label in dict.fromkeys(filter(None, hidden)):
            yield HistoryField(label, WITHHELD, WITHHELD)
        if written.get("withheld") and (edit.before is None or edit.after is None):
            continue
        if edit.before is None or edit.after is None:
            label = field_label(edit.table)
            before, after = (_record_words(edit, said, facts) for said in (edit.before, edit.after))
            if before or after:
                yield HistoryField(label, before, after)
            continue
        for name, value in edit.after.items():
            label = field_label(edit.table, name)
            if not label:
                continue
            if _tells_place(edit, name, facts):
                yield HistoryField(label, WITHHELD, WITHHELD)
            else:
                before = facts.words(edit, name, edit.before.get(name))
                yield HistoryField(label, before, facts.words(edit, name, value))


def _record_words(edit: RowEdit, said: Mapping[str, Any] | None, facts: _Facts) -> str:
    """A record that came or went, in words."""
    if said is None:
        return ""
    if _tells_place(edit, "", facts):
        return WITHHELD
    if edit.table == "service_at_location":
        place = facts.places.get(said["location_id"])
        if place is None or place.confidential:
            return "" if place is None else "Confidential place"
        return place.name or NAMELESS
    if edit.table == "service_criterion":
        return _condition(said)
    codec = CODECS.get(edit.table)
    if codec is not None:
        row = _Said(said)
        return codec.write(row) or codec.kept(row) or ""
    words = (
        value_words(name, value)
        for name, value in said.items()
        if name not in UNTOLD and not name.endswith("_id") and value not in (None, "", False)
    )
    return ", ".join(filter(None, words))


def _condition(said: Mapping[str, Any]) -> str:
    return criterion_words(
        Criterion(
            Kind(said["kind"]), Operator(said["operator"]), tuple(said["values"]),
            said.get("required", True), Source(said.get("source", "agency")),
            said.get("quote") or "",
        )
    )  # fmt: skip


class _Said:
    """What a record said, as a row; what it did not say is None."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self._mapping = dict(said)

    def __getattr__(self, name: str) -> Any:
        return self._mapping.get(name)


def _tells_place(edit: RowEdit, name: str, facts: _Facts) -> bool:
    """Whether a field, or a whole record, tells where a confidential place is."""
    said = {**(edit.before or {}), **(edit.after or {})}
    is_secret = facts.is_secret
    if edit.table in ("location", "address"):
        key = edit.id if edit.table == "location" else said.get("location_id", edit.id)
        place = facts.places.get(key)
        is_secret = place is None or place.confidential
    names = [name] if name else list(said)
    return is_secret and (edit.table == "address" or bool(telling(edit.table, names)))


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
