"""A private, temporary SQLite file that holds a whole import while it is checked.

Imports are as large as their files; memory is not. Records that stand several times in a nested
file (one telephone under a service and under its location) become one row here.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from referral_hub.formats.records import Origin

_SCHEMA = """
CREATE TABLE staged (
    tbl TEXT, id TEXT, key TEXT, position INTEGER, content TEXT, file TEXT, line INTEGER,
    path TEXT, usable INTEGER, stub INTEGER DEFAULT 0, PRIMARY KEY (tbl, id)
) WITHOUT ROWID;
CREATE INDEX staged_order ON staged (tbl, usable, position, id);
CREATE TABLE reference (
    tbl TEXT, id TEXT, field TEXT, target_tbl TEXT, target_id TEXT, target_key TEXT,
    PRIMARY KEY (tbl, id, field)
) WITHOUT ROWID;
CREATE INDEX reference_target ON reference (target_tbl, target_id);
CREATE TABLE unresolved (
    tbl TEXT, id TEXT, field TEXT, target_id TEXT, PRIMARY KEY (tbl, id, field)
) WITHOUT ROWID;
CREATE TABLE mention (
    tbl TEXT, id TEXT, key TEXT, file TEXT, line INTEGER, path TEXT, PRIMARY KEY (tbl, id)
) WITHOUT ROWID;
CREATE TABLE edit (number INTEGER PRIMARY KEY, tbl TEXT, id TEXT, text TEXT);
CREATE INDEX edit_listing ON edit (tbl, id);
CREATE TABLE mark (kind TEXT, tbl TEXT, id TEXT, PRIMARY KEY (kind, tbl, id)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class StagedRow:
    """One record as it will be loaded: ids as hex text, content and references by column."""

    table: str
    id: str
    key: str
    position: int
    content: dict[str, Any]
    references: dict[str, str]
    origin: Origin
    stub: bool


@dataclass(frozen=True, slots=True)
class DanglingReference:
    """A reference whose target is not usable in this file."""

    table: str
    id: str
    field: str
    target_table: str
    target_id: str
    target_key: str
    target_refused: bool


@contextmanager
def staging() -> Iterator["Staging"]:
    """An empty staging file that is gone afterwards."""
    with TemporaryDirectory(prefix="referral-hub-import-") as folder:
        connection = sqlite3.connect(Path(folder) / "staging.sqlite3", isolation_level=None)
        try:
            connection.executescript(
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;"
                + _SCHEMA
                + "BEGIN;"
            )
            yield Staging(connection)
        finally:
            connection.close()


class Staging:
    """What is known of an import so far."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def add(self, row: StagedRow, *, usable: bool) -> bool:
        """Take a record in; False when one with this table and id is there already."""
        origin = row.origin
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO staged VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                row.table,
                row.id,
                row.key,
                row.position,
                json.dumps(row.content, ensure_ascii=False),
                origin.file,
                origin.line,
                origin.path,
                usable,
                row.stub,
            ),
        )
        return cursor.rowcount == 1

    def content(self, table: str, record_id: str) -> dict[str, Any]:
        """The content that stands for a record."""
        (text,) = self._db.execute(
            "SELECT content FROM staged WHERE tbl=? AND id=?", (table, record_id)
        ).fetchone()
        return dict(json.loads(text))

    def mention(self, table: str, record_id: str, key: str, origin: Origin) -> None:
        """Note a record of which nothing is said but its id."""
        self._db.execute(
            "INSERT OR IGNORE INTO mention VALUES (?,?,?,?,?,?)",
            (table, record_id, key, origin.file, origin.line, origin.path),
        )

    def only_mentioned(self) -> list[tuple[str, str, str, Origin]]:
        """(table, id, key, place) of records that stand in full nowhere in the file."""
        rows = self._db.execute(
            "SELECT m.* FROM mention m LEFT JOIN staged s ON s.tbl=m.tbl AND s.id=m.id "
            "WHERE s.id IS NULL"
        )
        return [(row[0], row[1], row[2], Origin(row[3], row[4], row[5])) for row in rows]

    def complete(self, table: str, record_id: str, content: dict[str, Any], usable: bool) -> None:
        """Put a fuller content in place of the one held; what was usable stays so."""
        self._db.execute(
            "UPDATE staged SET content=?, usable=max(usable, ?) WHERE tbl=? AND id=?",
            (json.dumps(content, ensure_ascii=False), usable, table, record_id),
        )

    def refer(
        self, table: str, record_id: str, field: str, target_table: str, target: tuple[str, str]
    ) -> bool:
        """Record a reference to `target` (id, key); False when the field names another already."""
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO reference VALUES (?,?,?,?,?,?)",
            (table, record_id, field, target_table, *target),
        )
        if cursor.rowcount:
            return True
        (held,) = self._db.execute(
            "SELECT target_id FROM reference WHERE tbl=? AND id=? AND field=?",
            (table, record_id, field),
        ).fetchone()
        return bool(held == target[0])

    def refuse(self, table: str, record_id: str) -> None:
        """A record is not to be loaded after all."""
        self._db.execute("UPDATE staged SET usable=0 WHERE tbl=? AND id=?", (table, record_id))

    def set_aside(self, dangling: DanglingReference) -> None:
        """Keep a reference apart from its record, since a foreign key must hold."""
        self._db.execute(
            "INSERT OR IGNORE INTO unresolved VALUES (?,?,?,?)",
            (dangling.table, dangling.id, dangling.field, dangling.target_id),
        )
        self.drop_reference(dangling)

    def drop_reference(self, dangling: DanglingReference) -> None:
        """Forget one reference of one record."""
        self._db.execute(
            "DELETE FROM reference WHERE tbl=? AND id=? AND field=?",
            (dangling.table, dangling.id, dangling.field),
        )

    def point_elsewhere(self, table: str, record_id: str, target: tuple[str, str]) -> None:
        """Let every reference to a record name another one of its table, by (id, key)."""
        self._db.execute(
            "UPDATE reference SET target_id=?, target_key=? WHERE target_tbl=? AND target_id=?",
            (*target, table, record_id),
        )

    def referring(self, table: str, target_table: str) -> list[tuple[str, str, str]]:
        """(id, target id, target key) of `table`'s usable records that name one of another."""
        return self._db.execute(
            "SELECT r.id, r.target_id, r.target_key FROM reference r "
            "JOIN staged s ON s.tbl=r.tbl AND s.id=r.id AND s.usable=1 "
            "WHERE r.tbl=? AND r.target_tbl=? ORDER BY s.position",
            (table, target_table),
        ).fetchall()

    def unresolved(self) -> Iterator[tuple[str, str, str, str]]:
        """(table, id, field, target id) of references set aside, of records that are loaded."""
        yield from self._db.execute(
            "SELECT u.tbl, u.id, u.field, u.target_id FROM unresolved u "
            "JOIN staged s ON s.tbl=u.tbl AND s.id=u.id AND s.usable=1"
        )

    def dangling(self, table: str) -> list[DanglingReference]:
        """References of `table`'s usable records that no usable record of the file answers."""
        rows = self._db.execute(
            "SELECT r.tbl, r.id, r.field, r.target_tbl, r.target_id, r.target_key, "
            "t.id IS NOT NULL FROM reference r "
            "JOIN staged s ON s.tbl=r.tbl AND s.id=r.id AND s.usable=1 "
            "LEFT JOIN staged t ON t.tbl=r.target_tbl AND t.id=r.target_id "
            "WHERE r.tbl=? AND (t.id IS NULL OR t.usable=0)",
            (table,),
        )
        return [
            DanglingReference(name, key, field, target, target_id, target_key, bool(refused))
            for name, key, field, target, target_id, target_key, refused in rows
        ]

    def origin(self, table: str, record_id: str) -> tuple[Origin, str]:
        """Where a record stands, and its source's id for it."""
        row = self._db.execute(
            "SELECT file, line, path, key FROM staged WHERE tbl=? AND id=?", (table, record_id)
        ).fetchone()
        return Origin(row[0], row[1], row[2]), row[3]

    def ids(self, table: str, size: int = 500) -> Iterator[list[str]]:
        """Ids of usable records, in batches."""
        yield from self._batches(
            "SELECT id FROM staged WHERE tbl=? AND usable=1 AND id>? ORDER BY id LIMIT ?",
            (table,),
            size,
        )

    def ownerless(self, table: str) -> list[str]:
        """Usable records of `table` that refer to nothing at all."""
        return [
            row[0]
            for row in self._db.execute(
                "SELECT id FROM staged s WHERE tbl=? AND usable=1 AND NOT EXISTS "
                "(SELECT 1 FROM reference r WHERE r.tbl=s.tbl AND r.id=s.id) AND NOT EXISTS "
                "(SELECT 1 FROM unresolved u WHERE u.tbl=s.tbl AND u.id=s.id)",
                (table,),
            )
        ]

    def without(self, table: str, field: str) -> list[str]:
        """Usable records of `table` that leave a reference out."""
        return [
            row[0]
            for row in self._db.execute(
                "SELECT id FROM staged s WHERE tbl=? AND usable=1 AND NOT EXISTS "
                "(SELECT 1 FROM reference r WHERE r.tbl=s.tbl AND r.id=s.id AND r.field=?)",
                (table, field),
            )
        ]

    def organization_of_program(self, program_id: str) -> tuple[str, str] | None:
        """(id, key) of the organization of a service that belongs to this program."""
        found = self._db.execute(
            "SELECT o.target_id, o.target_key FROM reference p JOIN reference o "
            "ON o.tbl=p.tbl AND o.id=p.id AND o.field='organization_id' "
            "WHERE p.tbl='service' AND p.field='program_id' AND p.target_id=? LIMIT 1",
            (program_id,),
        ).fetchone()
        return (found[0], found[1]) if found else None

    def rows(self, table: str, size: int = 500) -> Iterator[list[StagedRow]]:
        """Usable records in the order of their file, with their references, in batches."""
        last = (-1, "")
        while True:
            found = self._db.execute(
                "SELECT id, key, position, content, file, line, path, stub FROM staged "
                "WHERE tbl=? AND usable=1 AND (position, id) > (?, ?) "
                "ORDER BY position, id LIMIT ?",
                (table, *last, size),
            ).fetchall()
            if not found:
                return
            last = (found[-1][2], found[-1][0])
            references = self._references(table, [row[0] for row in found])
            yield [
                StagedRow(
                    table=table,
                    id=row[0],
                    key=row[1],
                    position=row[2],
                    content=json.loads(row[3]),
                    references=references.get(row[0], {}),
                    origin=Origin(row[4], row[5], row[6]),
                    stub=bool(row[7]),
                )
                for row in found
            ]

    def contents_by_target(
        self, table: str, target_table: str, targets: list[str]
    ) -> dict[str, list[Any]]:
        """Contents of `table`'s usable records by the record of `target_table` they refer to."""
        marks = ",".join("?" * len(targets))
        found: dict[str, list[Any]] = {}
        for target, text in self._db.execute(
            "SELECT r.target_id, s.content FROM reference r "  # noqa: S608 only question marks
            "JOIN staged s ON s.tbl=r.tbl AND s.id=r.id AND s.usable=1 "
            f"WHERE r.target_tbl=? AND r.target_id IN ({marks}) AND r.tbl=? ORDER BY s.position",
            (target_table, *targets, table),
        ):
            found.setdefault(target, []).append(json.loads(text))
        return found

    def count(self, table: str, *, usable: bool = True) -> int:
        """How many records of a table are to be loaded, or are refused."""
        (number,) = self._db.execute(
            "SELECT count(*) FROM staged WHERE tbl=? AND usable=?", (table, usable)
        ).fetchone()
        return int(number)

    def holds(self, table: str, ids: list[str], *, usable_only: bool = False) -> set[str]:
        """Which of these ids stand in the file."""
        marks = ",".join("?" * len(ids))
        condition = "AND usable=1" if usable_only else ""
        return {
            row[0]
            for row in self._db.execute(
                f"SELECT id FROM staged WHERE tbl=? {condition} AND id IN ({marks})",  # noqa: S608
                (table, *ids),
            )
        }

    def mark(self, kind: str, table: str, record_id: str) -> None:
        """Put a record on a named list: `seen`, `touched`, `moved`, `lost`, `born` or `doomed`."""
        self._db.execute("INSERT OR IGNORE INTO mark VALUES (?,?,?)", (kind, table, record_id))

    def marked(self, kind: str, table: str, size: int = 500) -> Iterator[list[str]]:
        """Ids on a named list, in batches."""
        yield from self._batches(
            "SELECT id FROM mark WHERE kind=? AND tbl=? AND id>? ORDER BY id LIMIT ?",
            (kind, table),
            size,
        )

    def is_marked(self, kind: str, table: str, record_id: str) -> bool:
        """Whether a record is on a named list."""
        return (
            self._db.execute(
                "SELECT 1 FROM mark WHERE kind=? AND tbl=? AND id=?", (kind, table, record_id)
            ).fetchone()
            is not None
        )

    def add_edit(self, table: str, record_id: str, text: str) -> None:
        """Keep an edit of a listing."""
        self._db.execute(
            "INSERT INTO edit (tbl, id, text) VALUES (?,?,?)", (table, record_id, text)
        )

    def edited_listings(self, table: str, size: int = 500) -> Iterator[list[str]]:
        """Ids of listings of which edits are kept, in batches."""
        yield from self._batches(
            "SELECT DISTINCT id FROM edit WHERE tbl=? AND id>? ORDER BY id LIMIT ?", (table,), size
        )

    def edits(self, table: str, ids: list[str]) -> dict[str, list[str]]:
        """The edits of listings by id, in the order in which they were made."""
        marks = ",".join("?" * len(ids))
        found: dict[str, list[str]] = {one: [] for one in ids}
        for record_id, text in self._db.execute(
            f"SELECT id, text FROM edit WHERE tbl=? AND id IN ({marks}) ORDER BY number",  # noqa: S608
            (table, *ids),
        ):
            found[record_id].append(text)
        return found

    def _references(self, table: str, ids: list[str]) -> dict[str, dict[str, str]]:
        marks = ",".join("?" * len(ids))
        found: dict[str, dict[str, str]] = {}
        for record_id, field, target in self._db.execute(
            f"SELECT id, field, target_id FROM reference WHERE tbl=? AND id IN ({marks})",  # noqa: S608
            (table, *ids),
        ):
            found.setdefault(record_id, {})[field] = target
        return found

    def _batches(
        self, statement: str, arguments: tuple[Any, ...], size: int
    ) -> Iterator[list[str]]:
        """Ids page by page after the last one seen, so that the caller may write between."""
        last = ""
        while ids := [row[0] for row in self._db.execute(statement, (*arguments, last, size))]:
            yield ids
            last = ids[-1]
