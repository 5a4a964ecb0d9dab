"""Imports of listings by agencies: their states, and what is shown of them."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

MOST_BYTES = 20 * 1024**2
"""The largest file that is taken."""
MOST_RECORDS = 500_000
"""So many records of one file are read: more would not be loaded within a lease."""
PER_PAGE = 50
KEPT = timedelta(days=7)
"""So long a file, and what is needed to undo its import, are kept."""
LEASE = timedelta(minutes=15)
MOST_ATTEMPTS = 3
"""A file that stops its worker so often is not tried again."""


class ImportState(StrEnum):
    """Where an import stands."""

    COLUMNS = "columns"
    CHECKING = "checking"
    CHECKED = "checked"
    LOADING = "loading"
    LOADED = "loaded"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"
    FORGOTTEN = "forgotten"


WORKING = frozenset({ImportState.CHECKING, ImportState.LOADING, ImportState.UNDOING})
"""States in which the worker is at it, or will be."""

LABEL: Mapping[ImportState, str] = {
    ImportState.COLUMNS: "Columns to be chosen",
    ImportState.CHECKING: "Being looked through",
    ImportState.CHECKED: "Waits for you",
    ImportState.LOADING: "Being loaded",
    ImportState.LOADED: "Loaded",
    ImportState.UNDOING: "Being taken back",
    ImportState.UNDONE: "Taken back",
    ImportState.FAILED: "Could not be done",
    ImportState.FORGOTTEN: "Not loaded",
}


class PageKind(StrEnum):
    """What the rows of a page are: changes of records; what was not loaded; what was loaded with
    something left out or repaired; what undoes it; what could not be undone."""

    CHANGE = "change"
    PROBLEM = "problem"
    REMARK = "remark"
    EDIT = "edit"
    CONFLICT = "conflict"


def source_of(agency_id: UUID, organization_id: UUID) -> str:
    """The name of the source of what an agency imports for one of its organizations."""
    return f"agency:{agency_id}:{organization_id}"
