"""A listing while its form is read or written: its records, and what is found wrong on the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, Protocol
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Base, table_of
from referral_hub.rules.coordinates import Bounds
from referral_hub.rules.listing_sections import FormField
from referral_hub.rules.listing_state import HIDDEN, PUBLIC
from referral_hub.rules.listings import ListingKey, RowEdit, difference
from referral_hub.rules.places import Place
from referral_hub.use_cases.directory.concealing import Concealing
from referral_hub.use_cases.steps.listing_change import EDITABLE

Texts = Mapping[str, str]
Record = Any


class Gazetteer(Protocol):
    """What forms of listings ask about geography; answered without a network."""

    def find(self, text: str) -> Place:
        """The place that a text names. Raises PlaceNotFound or AmbiguousPlace."""

    def approximate_point(
        self, postal_code: str | None, city: str | None, state: str | None
    ) -> Place | None:
        """The middle of a ZIP code, else of a city."""

    def state_bounds(self, state: str) -> Sequence[Bounds]:
        """The boxes that hold a state; none when it is not known."""

    def time_zone_of(self, postal_code: str) -> str | None:
        """The time zone of a ZIP code."""

    def county_keys(self) -> frozenset[str]:
        """Every county that there is."""


class TrueRecord(SimpleNamespace):
    """A record of a confidential place as it is, read as any other row."""

    @property
    def _mapping(self) -> Mapping[str, Any]:
        return vars(self)


@dataclass
class Editing:
    """`state` is where the listing is, as far as it says; `holidays` are the coming days off there.

    `faults` has what is wrong, by the name of the field. With `secrets` the records are as they
    truly are, for who may know it.
    """

    session: Session
    listing: ListingKey
    record: Record
    gazetteer: Gazetteer
    now: datetime
    state: str = ""
    holidays: tuple[date, ...] = ()
    secrets: Concealing | None = None
    faults: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.secrets:
            (row,) = self.secrets.held(self.listing.table, [self.listing.id]).values()
            self.record = TrueRecord(**row)

    @property
    def today(self) -> date:
        """The day of `now`."""
        return self.now.date()

    def rows(self, table: str) -> list[Record]:
        """The records of a table that describe the listing, in their order."""
        return self.rows_of(table, self.owner_of(table), self.listing.id)

    def rows_of(self, table: str, owner: str, owner_id: UUID) -> list[Record]:
        """The records of a table that describe another record, in their order; `owner` is the
        column that says whose they are."""
        if self.secrets:
            return [TrueRecord(**row) for row in self.secrets.belonging(table, owner, owner_id)]
        columns = table_of(EDITABLE[table]).c
        query = select(*columns).where(columns[owner] == owner_id)
        return list(self.session.execute(query.order_by(columns.position, columns.id)))

    def gone(self, table: str, row: Record) -> list[RowEdit]:
        """A record that goes, after what describes it alone."""
        edits: list[RowEdit] = []
        for child, owner in _PARTS.get(table, ()):
            for each in self.rows_of(child, owner, row.id):
                edits += self.gone(child, each)
        return [*edits, removed(table, row)]

    def owner_of(self, table: str) -> str:
        """The column by which the records of a table say whose they are."""
        return "link_id" if table == "attribute" else f"{self.listing.table}_id"

    def value(self, form_field: FormField, name: str, text: str) -> Any:
        """The value of a text; None, and a fault, where it has none."""
        try:
            return form_field.read(text)
        except ValueError as error:
            self.faults[name] = str(error)
            return None

    def added(self, table: str, values: Mapping[str, Any], position: int) -> RowEdit:
        """A new record of a table that describes the listing."""
        owner = {self.owner_of(table): self.listing.id}
        return RowEdit(table, uuid4(), None, {**owner, "position": position, **values})


_PARTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "contact": (("phone", "contact_id"),),
    "phone": (("language", "phone_id"),),
}


def removed(table: str, row: Record) -> RowEdit:
    """A record that goes, with all that it said."""
    values = dict(row._mapping)
    return RowEdit(table, values.pop("id"), values, None)


def changed(table: str, record_id: UUID, row: Record, after: Mapping[str, Any]) -> list[RowEdit]:
    """A record that says something else, where it does."""
    before = {name: getattr(row, name) for name in after}
    edit = difference(table, record_id, before, after)
    return [edit] if edit is not None else []


def shown(
    editing: Editing, model: type[Base], ids: Iterable[UUID | None], *, back: bool = False
) -> list[RowEdit]:
    """Those of some records that nobody has seen yet, from now on to be seen; with `back` also
    those that their source does not send any more."""
    table = table_of(model)
    unseen = table.c.visibility == HIDDEN
    if back:
        unseen |= table.c.vanished_at.is_not(None) & table.c.merged_into.is_(None)
    seen = {"visibility": PUBLIC} | ({"vanished_at": None} if back else {})
    query = select(*table.c).where(table.c.id.in_(list(ids)), unseen)
    return [
        edit
        for row in editing.session.execute(query)
        for edit in changed(table.name, row.id, row, seen)
    ]


def next_position(rows: Iterable[Record]) -> int:
    """After all that are there."""
    return max((row.position for row in rows), default=-1) + 1
