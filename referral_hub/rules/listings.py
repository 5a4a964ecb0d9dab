"""Listings: what agencies publish, and how a change of one is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

LISTING_TABLES = ("organization", "program", "service", "location")
"""The records that people edit as one thing, with all that only describes them."""

OWNERS = (
    "service", "location", "program", "organization", "service_at_location", "contact", "phone",
)  # fmt: skip
"""To whom a record may belong, the nearest listing first."""

Values = Mapping[str, Any]


class ListingAct(StrEnum):
    """Why a listing changed."""

    EDIT = "edit"
    UNDO = "undo"
    CORRECTION = "correction"
    IMPORT = "import"
    MERGE = "merge"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True)
class ListingKey:
    """Which listing: one of `LISTING_TABLES`, and the id of its record."""

    table: str
    id: UUID


@dataclass(frozen=True, slots=True)
class RowEdit:
    """One record before and after, of each only the fields that differ.

    `before` is None for a record that is added, `after` for one that is removed; then the other
    has all fields.
    """

    table: str
    id: UUID
    before: Values | None
    after: Values | None

    @property
    def inverse(self) -> "RowEdit":
        """What takes this edit back."""
        return RowEdit(self.table, self.id, self.after, self.before)

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the edit is about; of a record that comes or goes, all it has."""
        return frozenset({**(self.before or {}), **(self.after or {})})


def difference(table: str, record_id: UUID, before: Values, after: Values) -> RowEdit | None:
    """What `after` says differently; None where it says nothing new. Fields it leaves out stay."""
    changed = [name for name, value in after.items() if before.get(name) != value]
    if not changed:
        return None
    return RowEdit(
        table,
        record_id,
        {name: before.get(name) for name in changed},
        {name: after[name] for name in changed},
    )
