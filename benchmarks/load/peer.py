"""The peer's file: the hub's services in SQLite with full-text search and an R*Tree.

One row a service and place, of what may be shown to anybody. The words are those that the hub
indexes; the question is the same save that services which cover a place from afar are not found
and that one service may stand twice.

It is asked in two forms. `nearby` answers with rows only. `nearby_counted` answers as the hub does
with rows, their total and counts of filters by what each value would give; only "open now" is not
counted, which one statement cannot know.
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

VALUES = 12
"""So many values of a filter are counted at most, as at the hub."""

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
CREATE TABLE service_value (
  id INTEGER, facet TEXT, value TEXT, PRIMARY KEY (id, facet, value)
) WITHOUT ROWID;
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

_COPY_VALUES = """
INSERT OR IGNORE INTO service_value
SELECT id, 'cost', cost FROM service WHERE cost != ''
UNION ALL SELECT id, 'delivery', 'in_person' FROM service
UNION ALL SELECT s.id, 'category', x.need_code FROM service s
  JOIN hub.service_need x ON x.service_id = s.service_id
UNION ALL SELECT s.id, 'language', g.name FROM service s
  JOIN hub.language g ON g.service_id = s.service_id WHERE g.name IS NOT NULL
UNION ALL SELECT s.id, 'accessibility', a.description FROM service s
  JOIN hub.accessibility a ON a.location_id = s.location_id WHERE a.description IS NOT NULL
UNION ALL SELECT s.id, 'accepting', '1' FROM service s
  JOIN hub.service_state t ON t.service_id = s.service_id WHERE t.capacity != 'closed';
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

_FROM_WHERE = f"""
FROM service_fts CROSS JOIN service s ON s.id = service_fts.rowid
WHERE service_fts MATCH :words
  AND +service_fts.rowid IN (
    SELECT id FROM service_box
    WHERE south >= CAST(:south AS REAL) AND north <= CAST(:north AS REAL)
      AND west >= CAST(:west AS REAL) AND east <= CAST(:east AS REAL))
  AND {_DISTANCE_KM} <= CAST(:radius_km AS REAL)
"""
"""The fastest of five forms that were tried: the `+` keeps SQLite from asking the text index anew
for each row in the box. Datasette gives every parameter as text, hence the casts."""

_COLUMNS = """s.service_id, s.location_id, s.name, s.organization, s.description, s.address,
  s.phone, s.languages, s.categories, s.cost, s.latitude, s.longitude"""
_LANGUAGE_FITS = "(:language = '' OR instr(s.languages, :language))"
_COST_FITS = "(:cost = '' OR s.cost = :cost)"

SQL = f"""
SELECT {_COLUMNS}, {_DISTANCE_KM} AS distance_km
{_FROM_WHERE}
  AND {_LANGUAGE_FITS} AND {_COST_FITS}
ORDER BY bm25(service_fts) LIMIT {PAGE}
"""

COUNTED_SQL = f"""
WITH found AS MATERIALIZED (
  SELECT s.id, bm25(service_fts) AS rank, {_DISTANCE_KM} AS distance_km,
    {_LANGUAGE_FITS} AS language_fits, {_COST_FITS} AS cost_fits
  {_FROM_WHERE}
), page AS (
  SELECT id, distance_km FROM found WHERE language_fits AND cost_fits ORDER BY rank LIMIT {PAGE}
), counted AS (
  SELECT v.facet, v.value, count(*) AS number
  FROM found f CROSS JOIN service_value v ON v.id = f.id
  WHERE (f.language_fits OR v.facet = 'language') AND (f.cost_fits OR v.facet = 'cost')
  GROUP BY v.facet, v.value
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY facet ORDER BY number DESC, value) AS place
  FROM counted
)
SELECT {_COLUMNS}, p.distance_km, NULL AS total, NULL AS counts
FROM page p JOIN service s ON s.id = p.id
UNION ALL
SELECT {", ".join(["NULL"] * 13)},
  (SELECT count(*) FROM found WHERE language_fits AND cost_fits),
  (SELECT json_group_array(json_array(facet, value, number)) FROM ranked WHERE place <= {VALUES})
"""
"""The rows of a page, then one row with the total and the counts: [filter, value, number] each.

A filter that is chosen does not narrow its own counts, as at the hub. Rows are counted."""

FORMS = {"nearby": SQL, "nearby_counted": COUNTED_SQL}


def build(hub_database: Path, path: Path) -> int:
    """Write the peer's file anew from the hub's SQLite database; returns how many rows it has."""
    path.unlink(missing_ok=True)
    labels = [(need.code, need.label) for need in needs().values()]
    with closing(sqlite3.connect(path)) as connection:
        connection.create_function("cost_class", 1, lambda fees: cost_class(fees, ()))
        connection.execute("ATTACH ? AS hub", (str(hub_database),))
        connection.executescript(_TABLES)
        connection.executemany("INSERT INTO need VALUES (?, ?)", labels)
        connection.executescript(_COPY + _COPY_VALUES + _INDEX)
        connection.commit()
        return int(connection.execute("SELECT count(*) FROM service").fetchone()[0])


def metadata() -> str:
    """What Datasette is told of the file: the question in both forms by their names."""
    queries = {name: {"sql": sql} for name, sql in FORMS.items()}
    return json.dumps({"databases": {"services": {"queries": queries}}})


def peer_path(query: Query, find_place: Callable[[str], Place], form: str = "nearby") -> str:
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
    return f"/services/{form}.json?_shape=array&{urlencode(parameters)}"
