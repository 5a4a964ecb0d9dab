"""PostgreSQL: full text search with GIN, PostGIS geography with GiST, a server of its own."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import LiteralString

import psycopg

from benchmarks.circles import point_of
from benchmarks.peers.cluster import USER, Cluster
from benchmarks.texts import WEIGHTS, Record, telling_words, text_of
from tests.postgres import INSTALL_HINT, find_binaries

_STAGING: LiteralString = """
CREATE EXTENSION postgis;
CREATE TEMP TABLE staging (
    id text, latitude float8, longitude float8,
    name text, categories text, organization text, description text, eligibility text, city text)
"""
_TABLE: LiteralString = """
CREATE TABLE record AS SELECT
    id,
    ST_SetSRID(ST_MakePoint(longitude, latitude), 4326)::geography AS point,
    setweight(to_tsvector('english', name), 'A')
    || setweight(to_tsvector('english', categories), 'B')
    || setweight(to_tsvector('english', organization), 'C')
    || to_tsvector('english', description || ' ' || eligibility || ' ' || city) AS words
FROM staging;
CREATE INDEX ON record USING gin (words) WITH (fastupdate = off);
CREATE INDEX ON record USING gist (point);
"""
# Weights of D, C, B and A. Dividing by the length of the text made the answers worse.
_RANK: LiteralString = "ts_rank('{0.25, 0.5, 0.75, 1}', words, asked)"
_EVERYWHERE: LiteralString = f"""
SELECT id FROM record, to_tsquery('english', %(words)s) AS asked
WHERE words @@ asked ORDER BY {_RANK} DESC, id LIMIT %(limit)s
"""
_NEARBY: LiteralString = f"""
SELECT id FROM record, to_tsquery('english', %(words)s) AS asked
WHERE words @@ asked
  AND ST_DWithin(point, ST_MakePoint(%(lon)s, %(lat)s)::geography, %(metres)s, false)
ORDER BY {_RANK} DESC, id LIMIT %(limit)s
"""


def missing() -> str | None:
    """Return what it lacks on this machine."""
    binaries = find_binaries()
    if binaries is None:
        return INSTALL_HINT
    number = binaries.parent.name
    packaged = Path(f"/usr/share/postgresql/{number}/extension")
    if packaged.is_dir() and not (packaged / "postgis.control").exists():
        package = f"postgresql-{number}-postgis-3"
        return f"PostGIS was not found. Install it, for example with `apt-get install {package}`."
    return None


def version() -> str:
    """Return the engine's name and version."""
    binaries = find_binaries()
    return f"PostgreSQL {binaries.parent.name if binaries else ''} + PostGIS"


def build(records: Iterable[Record], folder: Path) -> float:
    """Index the records; return the seconds it took, without those of making a cluster."""
    cluster = Cluster(folder)
    cluster.create()
    cluster.start()
    try:
        start = time.perf_counter()
        with _connect(cluster) as connection:
            connection.execute(_STAGING)
            with connection.cursor() as cursor, cursor.copy("COPY staging FROM STDIN") as copy:
                for record in records:
                    point = point_of(record) or (None, None)
                    copy.write_row((record["id"], *point, *(text_of(record, f) for f in WEIGHTS)))
            connection.execute(_TABLE)
            connection.execute("VACUUM ANALYZE record")
        return time.perf_counter() - start
    finally:
        cluster.stop()


def _connect(cluster: Cluster) -> psycopg.Connection[tuple[str]]:
    return psycopg.connect(
        host=str(cluster.socket_folder), user=USER, dbname="postgres", autocommit=True
    )


def load(folder: Path) -> "PostgresEngine":
    """Start the server in the folder and connect to it."""
    return PostgresEngine(Cluster(folder))


class PostgresEngine:
    """One server and one connection to it."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        cluster.start()
        self._connection = _connect(cluster)

    def search(
        self, text: str, lat: float | None, lon: float | None, radius_km: float | None, limit: int
    ) -> list[str]:
        words = telling_words(text)
        if not words:
            return []
        asked = " | ".join(f"'{word}'" for word in words)
        if lat is None or lon is None or radius_km is None:
            found = self._connection.execute(_EVERYWHERE, {"words": asked, "limit": limit})
        else:
            found = self._connection.execute(_NEARBY, {
                "words": asked, "limit": limit, "lat": lat, "lon": lon,
                "metres": radius_km * 1000,
            })  # fmt: skip
        return [row[0] for row in found]

    def size_on_disk(self) -> int:
        row = self._connection.execute("SELECT pg_total_relation_size('record')").fetchone()
        return int(row[0]) if row else 0

    def processes(self) -> tuple[int, ...]:
        return self._cluster.processes()

    def close(self) -> None:
        self._connection.close()
        self._cluster.stop()
