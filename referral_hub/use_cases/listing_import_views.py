"""What people see of imports of listings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from referral_hub.rules.listing_imports import KEPT, WORKING, ImportState, PageKind


@dataclass(frozen=True, slots=True)
class OwnOrganization:
    """An organization for which somebody may import, and whose it is."""

    id: UUID
    name: str
    agency: str


@dataclass(frozen=True, slots=True)
class ImportLine:
    """An import in the list of all. `report` has counts, as the worker left them."""

    id: UUID
    file_name: str
    organization: str
    format: str
    complete: bool
    state: ImportState
    step: str | None
    done: int
    report: Mapping[str, Any]
    message: str | None
    created_at: datetime

    @property
    def works(self) -> bool:
        """Whether the worker is at it, or will be."""
        return self.state in WORKING

    @property
    def kept_until(self) -> datetime:
        """When its file is deleted; until then it can be taken back."""
        return self.created_at + KEPT


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import with one page of what it would do, or did."""

    line: ImportLine
    kind: PageKind
    page: int
    pages: Mapping[PageKind, int]
    rows: Sequence[Mapping[str, Any]]
    has_columns: bool
    can_undo: bool

    @property
    def last_page(self) -> int:
        """The number of the last page of what is shown."""
        return self.pages.get(self.kind, 1)


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of a flat file: what stands in its first rows, and what it becomes ("": nothing)."""

    name: str
    samples: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class ColumnsView:
    """The columns of a flat file. `remembered`: as somebody of the agency chose them before."""

    line: ImportLine
    columns: Sequence[ColumnLine]
    remembered: bool

    @property
    def labels(self) -> Mapping[str, str]:
        """The column by the name of its field in the form."""
        return {f"column-{number}": each.name for number, each in enumerate(self.columns)}


@dataclass(frozen=True, slots=True)
class ImportHome:
    """What one may import for, and what was imported lately."""

    organizations: Sequence[OwnOrganization] = field(default_factory=tuple)
    imports: Sequence[ImportLine] = field(default_factory=tuple)

    @property
    def options(self) -> Sequence[tuple[UUID, str]]:
        """The organizations to choose from, with the agency where there are several."""
        several = len({each.agency for each in self.organizations}) > 1
        return [
            (each.id, f"{each.name} ({each.agency})" if several else each.name)
            for each in self.organizations
        ]
