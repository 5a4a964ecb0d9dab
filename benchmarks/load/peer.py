"""The peer's file: the hub's services in SQLite with full-text search and an R*Tree.

One row a service and place, of what may be shown to anybody. The words are those that the hub
indexes; the question is the same save that services which cover a place from afar are not found,
that one service may stand twice, and that no filters are counted.
"""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.circles import EARTH_KM, box_around
from benchmarks.load.queries import PAGE, Query
from benchmarks.texts import telling_words
from referral_hub.rules.cost import cost_class
from referral_hub.rules.places import Place
from referral_hub.vocabulary import needs

_TABLES = """
CREATE TABLE service (
  id INTEGER PRIMARY KEY, service_id TEXT, location_id TEXT, name TEXT, organization TEXT,
  description TEXT, address TEXT, phone TEXT, languages TEXT, categories TEXT, cost TEXT,
  eligibility TEXT, latitude REAL, longitude REAL
);
CREATE VIRTUAL TABLE service_fts USING fts5(
  name, organization, description, categories, eligibility, address,
  content='service', content_rowid='id', tokenize='porter unicode61'
);
CREATE VIRTUAL TABLE service_box USING rtree(id, south, north, west, east);
CREATE TEMP TABLE need (code TEXT PRIMARY KEY, label TEXT);
"""

_COPY = """
INSERT INTO service
SELECT NULL, s.id, l.id, s.name, o.name, s.description,
  (SELECT a.address_1 || ', ' || a.city || ', ' || a.state_province || ' ' || a.postal_code
   FROM hub.address a WHERE a.location_id = l.id ORDER BY a.position, a.id LIMIT 1),
  (SELECT p.number FROM hub.phone p WHERE p.service_id = s.id ORDER BY p.position, p.id LIMIT 1),
  (SELECT group_concat(g.name, ', ') FROM hub.language g WHERE g.service_id = s.id),
  (SELECT group_concat(n.label, ', ') FROM hub.service_need x JOIN need n ON n.code = x.need_code
   WHERE x.service_id = s.id),
  cost_class(coalesce(s.fees_description, '') || ' ' || coalesce(s.fees, '')),
  s.eligibility_description, l.point_latitude, l.point_longitude
FROM hub.service s
JOIN hub.organization o ON o.id = s.organization_id
JOIN hub.service_at_location sl ON sl.service_id = s.id AND sl.vanished_at IS NULL
JOIN hub.location l ON l.id = sl.location_id AND l.vanished_at IS NULL
WHERE s.status IN ('active', 'temporarily closed') AND s.vanished_at IS NULL
  AND s.visibility = 'public' AND o.visibility = 'public' AND l.visibility = 'public'
  AND NOT l.confidential AND l.point_latitude IS NOT NULL;
"""

_INDEX = """
INSERT INTO service_fts (service_fts) VALUES ('rebuild');
INSERT INTO service_fts (service_fts) VALUES ('optimize');
INSERT INTO service_box SELECT id, latitude, latitude, longitude, longitude FROM service;
"""

_DISTANCE_KM = f"""
{2 * EARTH_KM} * asin(sqrt(
    pow(sin(radians(s.latitude - CAST(:lat AS REAL)) / 2), 2)
    + cos(radians(CAST(:lat AS REAL))) * cos(radians(s.latitude))
    * pow(sin(radians(s.longitude - CAST(:lon AS REAL)) / 2), 2)))
"""

SQL = f"""
SELECT s.service_id, s.location_id, s.name, s.organization, s.description, s.address, s.phone,
  s.languages, s.categories, s.cost, s.latitude, s.longitude, {_DISTANCE_KM} AS distance_km
FROM service_fts CROSS JOIN service s ON s.id = service_fts.rowid
WHERE service_fts MATCH :words
  AND +service_fts.rowid IN (
    SELECT id FROM service_box
    WHERE south >= CAST(:south AS REAL) AND north <= CAST(:north AS REAL)
      AND west >= CAST(:west AS REAL) AND east <= CAST(:east AS REAL))
  AND {_DISTANCE_KM} <= CAST(:radius_km AS REAL)
  AND (:language = '' OR instr(s.languages, :language))
  AND (:cost = '' OR s.cost = :cost)
ORDER BY bm25(service_fts) LIMIT {PAGE}
"""
"""The fastest of five forms that were tried: the `+` keeps SQLite from asking the text index anew
for each row in the box. Datasette gives every parameter as text, hence the casts."""


def build(hub_database: Path, path: Path) -> int:
    """Write the peer's file anew from the hub's SQLite database; returns how many rows it has."""
    path.unlink(missing_ok=True)
    labels = [(need.code, need.label) for need in needs().values()]
    with closing(sqlite3.connect(path)) as connection:
        connection.create_function("cost_class", 1, lambda fees: cost_class(fees, ()))
        connection.execute("ATTACH ? AS hub", (str(hub_database),))
        connection.executescript(_TABLES)
        connection.executemany("INSERT INTO need VALUES (?, ?)", labels)
        connection.executescript(_COPY + _INDEX)
        connection.commit()
        return int(connection.execute("SELECT count(*) FROM service").fetchone()[0])


def metadata() -> str:
    """What Datasette is told of the file: the question by the name `nearby`."""
    return json.dumps({"databases": {"services": {"queries": {"nearby": {"sql": SQL}}}}})


def peer_path(query: Query, find_place: Callable[[str], Place]) -> str:
    """The question as Datasette's address: any of its telling words, in the circle around `near`.

    Raises PlaceNotFound or AmbiguousPlace.
    """
    place = find_place(query.near)
    south, west, north, east = box_around(place.latitude, place.longitude, query.radius_km)
    parameters = {
        "words": " OR ".join(f'"{word}"' for word in telling_words(query.words)),
        "lat": place.latitude,
        "lon": place.longitude,
        "south": south,
        "north": north,
        "west": west,
        "east": east,
        "radius_km": query.radius_km,
        "language": query.language,
        "cost": query.cost,
    }
    return f"/services/nearby.json?_shape=array&{urlencode(parameters)}"
