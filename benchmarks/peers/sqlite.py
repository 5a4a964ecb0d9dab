"""SQLite: FTS5 with Porter stemming, an R*Tree for the box, haversine for the circle."""

import math
import sqlite3
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.circles import EARTH_KM, box_around, point_of
from benchmarks.peers.in_folder import InFolder
from benchmarks.texts import WEIGHTS, Record, telling_words, text_of

_FILE = "index.sqlite3"
_FIELDS = ", ".join(WEIGHTS)
_SCHEMA = f"""
CREATE TABLE record (number INTEGER PRIMARY KEY, id TEXT, latitude REAL, longitude REAL);
CREATE VIRTUAL TABLE box USING rtree (number, south, north, west, east);
CREATE VIRTUAL TABLE word USING fts5
    ({_FIELDS}, content='', tokenize='porter unicode61 remove_diacritics 2');
"""
_BM25 = f"bm25(word, {', '.join(map(str, WEIGHTS.values()))})"
_EVERYWHERE = f"""
SELECT record.id
FROM (SELECT rowid AS number, {_BM25} AS score FROM word
      WHERE word MATCH :words ORDER BY score, rowid LIMIT :limit) AS best
JOIN record USING (number) ORDER BY score, number
"""
_NEARBY = f"""
WITH near AS MATERIALIZED (
    SELECT number, id FROM box JOIN record USING (number)
    WHERE south <= :north AND north >= :south AND west <= :east AND east >= :west
      AND {2 * EARTH_KM} * asin(min(1.0, sqrt(
            pow(sin((radians(latitude) - radians(:lat)) / 2), 2)
            + cos(radians(:lat)) * cos(radians(latitude))
            * pow(sin((radians(longitude) - radians(:lon)) / 2), 2)))) <= :radius)
SELECT near.id FROM word CROSS JOIN near ON near.number = word.rowid
WHERE word MATCH :words ORDER BY {_BM25}, word.rowid LIMIT :limit
"""


def missing() -> str | None:
    """Return what SQLite lacks here."""
    with sqlite3.connect(":memory:") as connection:
        options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    lacking = {"ENABLE_FTS5", "ENABLE_RTREE"} - options
    return f"this SQLite was built without {', '.join(sorted(lacking))}" if lacking else None


def version() -> str:
    """Return the engine's name and version."""
    return f"SQLite {sqlite3.sqlite_version} FTS5 + R*Tree"


def build(records: Iterable[Record], folder: Path) -> float:
    """Index the records; return the seconds it took."""
    start = time.perf_counter()
    connection = sqlite3.connect(folder / _FILE)
    connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
    insert = f"INSERT INTO word (rowid, {_FIELDS}) VALUES (?{', ?' * len(WEIGHTS)})"
    points: list[tuple[int, float, float]] = []
    with connection:
        connection.executemany(insert, _texts(connection, records, points))
        connection.executemany("INSERT INTO box VALUES (?1, ?2, ?2, ?3, ?3)", points)
        connection.execute("INSERT INTO word (word) VALUES ('optimize')")
    connection.execute("ANALYZE")
    connection.close()
    return time.perf_counter() - start


def _texts(
    connection: sqlite3.Connection, records: Iterable[Record], points: list[Any]
) -> Iterator[tuple[Any, ...]]:
    for number, record in enumerate(records, start=1):
        point = point_of(record)
        row = (number, record["id"], *(point or (None, None)))
        connection.execute("INSERT INTO record VALUES (?, ?, ?, ?)", row)
        if point:
            points.append((number, *point))
        yield (number, *(text_of(record, field) for field in WEIGHTS))


def load(folder: Path) -> "SqliteEngine":
    """Open the index in the folder."""
    return SqliteEngine(folder)


class SqliteEngine(InFolder):
    """One read-only connection."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._connection = sqlite3.connect(f"file:{folder / _FILE}?mode=ro", uri=True)
        self._connection.executescript("PRAGMA mmap_size = 2147418112; PRAGMA cache_size = -65536")
        for name in ("sin", "cos", "asin", "sqrt", "radians", "pow"):
            _add_if_absent(self._connection, name)

    def search(
        self, text: str, lat: float | None, lon: float | None, radius_km: float | None, limit: int
    ) -> list[str]:
        words = telling_words(text)
        if not words:
            return []
        values: dict[str, Any] = {"words": " OR ".join(f'"{word}"' for word in words)}
        values["limit"] = limit
        if lat is None or lon is None or radius_km is None:
            return [row[0] for row in self._connection.execute(_EVERYWHERE, values)]
        south, west, north, east = box_around(lat, lon, radius_km)
        values |= {"lat": lat, "lon": lon, "radius": radius_km}
        values |= {"south": south, "west": west, "north": north, "east": east}
        return [row[0] for row in self._connection.execute(_NEARBY, values)]

    def close(self) -> None:
        self._connection.close()


def _add_if_absent(connection: sqlite3.Connection, name: str) -> None:
    """Add a function of `math` where SQLite was built without it."""
    known = connection.execute("SELECT 1 FROM pragma_function_list WHERE name = ?", (name,))
    if known.fetchone() is None:
        connection.create_function(name, -1, getattr(math, name), deterministic=True)
