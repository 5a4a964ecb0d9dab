"""Records that were merged into others: an import neither takes that back nor brings them to life.

Their sources know nothing of it and go on naming them. What a source says of such a record itself
is kept with it, so that the merge can be taken back.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import DIRECTORY
from referral_hub.rules.hsds import LISTED, TABLES

Row = dict[str, Any]


class Merged:
    """The merged records of the directory as an import meets them."""

    def __init__(self, session: Session) -> None:
        self._into: dict[UUID, UUID] = {}
        for table in LISTED:
            model: Any = DIRECTORY[table]
            rows = session.execute(
                select(model.id, model.merged_into).where(model.merged_into.is_not(None))
            )
            self._into |= {row.id: row.merged_into for row in rows}

    def follow(self, table: str, row: Row, before: Mapping[str, Any] | None) -> None:
        """Let a row of the file say what it means here, `before` being as it is held.

        What a merge moved stays where it is; new services, places and programs of a merged record
        go to what stands in its place. Their other parts stay with the record.
        """
        if not self._into:
            return
        if before is not None and row["id"] in self._into and "vanished_at" in row:
            row["vanished_at"] = before["vanished_at"]
        for name in (*(spec.name for spec in TABLES[table].references), "link_id"):
            survivor = self._survivor(row.get(name))
            if survivor is None:
                continue
            if table in LISTED if before is None else before[name] == survivor:
                row[name] = survivor

    def _survivor(self, record_id: UUID | None) -> UUID | None:
        found = None
        while record_id in self._into and found != self._into[record_id]:
            found = record_id = self._into[record_id]
        return found
