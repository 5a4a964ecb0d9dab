"""What an import changes in listings that were there before, for the history of each.

Edits are collected in the staging file while the import runs, and become one change for each
listing at its end: thousands of rows in a few statements.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from referral_hub.models import DIRECTORY, AgencyOrganization, ListingChange, columns, table_of
from referral_hub.rules.hsds import OWNER_FIELDS, TABLES
from referral_hub.rules.listings import (
    LISTING_TABLES,
    OWNERS,
    ListingAct,
    ListingKey,
    RowEdit,
    Values,
)
from referral_hub.rules.sources import source_maker
from referral_hub.use_cases.importing.staging import Staging
from referral_hub.use_cases.steps.listing_change import write_edit

Owner = tuple[str, UUID]
_OF_THE_SOURCE = frozenset({"position", "source_record_id", "last_modified", "updated_at"})
"""What changes with a file and tells nobody anything."""


@dataclass(slots=True)
class ListingHistory:
    """The changes of one import, made by `source`. What it adds as a listing has no history yet."""

    session: Session
    staging: Staging
    source: str
    act: ListingAct
    note: str
    now: datetime
    _owners: dict[Owner, Owner | None] = field(default_factory=dict)

    def add(self, edit: RowEdit, row: Values) -> None:
        """Take in the edit of a record, `row` being all that is known of it."""
        if edit.table in LISTING_TABLES and edit.before is None:
            self.staging.mark("born", edit.table, edit.id.hex)
            return
        told = _told(edit)
        listing = self._listing_of(edit.table, row) if told is not None else None
        if told is None or listing is None:
            return
        if not self.staging.is_marked("born", listing.table, listing.id.hex):
            text = json.dumps(write_edit(told), ensure_ascii=False)
            self.staging.add_edit(listing.table, listing.id.hex, text)

    def write(self) -> None:
        """Add a change to the history of each listing."""
        for table in LISTING_TABLES:
            for batch in self.staging.edited_listings(table):
                edits = self.staging.edits(table, batch)
                agencies = self._agencies(table, map(UUID, batch))
                rows = [
                    {
                        "table_name": table, "record_id": UUID(one), "act": self.act,
                        "agency_id": agencies.get(UUID(one)), "note": self.note or None,
                        "edits": [json.loads(text) for text in edits[one]],
                        "made_by": source_maker(self.source), "made_at": self.now,
                    }
                    for one in batch
                ]  # fmt: skip
                self.session.execute(insert(table_of(ListingChange)), rows)

    def _listing_of(self, table: str, row: Values) -> ListingKey | None:
        """The listing to which a record belongs, or that it is."""
        found: Owner | None = (table, row["id"])
        if table not in LISTING_TABLES:
            found = _nearest(table, row)
            if table in OWNERS:
                self._owners[table, row["id"]] = found
        while found is not None and found[0] not in LISTING_TABLES:
            if found not in self._owners:
                self._owners[found] = self._owner_of(*found)
            found = self._owners[found]
        return ListingKey(*found) if found is not None else None

    def _owner_of(self, table: str, record_id: UUID) -> Owner | None:
        model = DIRECTORY[table]
        row = self.session.execute(select(*columns(model)).where(model.id == record_id)).first()
        return _nearest(table, row._asdict()) if row is not None else None

    def _agencies(self, table: str, ids: Iterable[UUID]) -> Mapping[UUID, UUID]:
        """Whose listings they are."""
        model: Any = DIRECTORY[table]
        organization = model.id if table == "organization" else model.organization_id
        rows = self.session.execute(
            select(model.id, AgencyOrganization.agency_id)
            .join(AgencyOrganization, AgencyOrganization.organization_id == organization)
            .where(model.id.in_(list(ids)))
        )
        return {row[0]: row[1] for row in rows}


def _told(edit: RowEdit) -> RowEdit | None:
    """The edit as the history tells it; None where nothing that tells anything has changed."""
    if edit.before is None or edit.after is None:
        return edit
    names = edit.after.keys() - _OF_THE_SOURCE
    if not names:
        return None
    return RowEdit(edit.table, edit.id, _only(edit.before, names), _only(edit.after, names))


def _only(values: Values, names: Collection[str]) -> Values:
    return {name: value for name, value in values.items() if name in names}


def _nearest(table: str, row: Values) -> Owner | None:
    """What a record belongs to, the nearest listing first."""
    owner_field = OWNER_FIELDS.get(table)
    if owner_field is not None:
        return (row["owner_table"], row[owner_field]) if row["owner_table"] else None
    named = {spec.references: row[spec.name] for spec in TABLES[table].references}
    return next(((owner, named[owner]) for owner in OWNERS if named.get(owner)), None)
