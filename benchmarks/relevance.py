"""How good each engine's answers are to queries that people have judged.

60 queries over 1,850 records are those of the test data, 66 more queries over the same records
stand in `judged/`, and 96 over 340 other records in `judged/cities/`. Grades are 0 to 3; 2 and more
is good. A query with a radius is asked within it; its answers are judged among the records in the
radius and those of the same data set without coordinates. A query without one is asked of all
records.

Some queries are held out: those where the SHA-1 of the qid, as a number, divides by three. Tune on
the others, and look at these only to see whether it helped.
"""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.circles import distance_km, point_of
from benchmarks.contract import Engine, Factory
from benchmarks.metrics import mean, ndcg, recall, reciprocal_rank
from benchmarks.results import Cell, circumstances, table
from benchmarks.texts import Record

SPLITS = ("all", "held-out", "tuning")
MEASURES = ("nDCG@10", "recall@20", "MRR", "no results")
DEPTH = 100

_HERE = Path(__file__).parent
_CITIES = _HERE / "judged" / "cities"
_TEST_DATA = Path(os.environ.get("REFERRAL_HUB_TEST_DATA", _HERE.parent.parent / "shared"))

Query = Mapping[str, Any]
Scores = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Judged:
    """Records by id, and sets of queries over them by name: asked of one engine."""

    records: dict[str, Record]
    sets: dict[str, list[Query]]


def judged() -> list[Judged]:
    """Return the records and queries. Raises FileNotFoundError where the test data is not."""
    folder, own, cities = _TEST_DATA / "data" / "relevance", _HERE / "judged", _CITIES
    queries = {
        "development queries": folder / "dev_queries.json",
        "own queries": own / "queries.json",
    }
    return [
        Judged(_records(folder / "dev.jsonl"), {name: _json(f) for name, f in queries.items()}),
        Judged(
            _records(cities / "records.jsonl"),
            {"queries in other cities": _json(cities / "queries.json")},
        ),
    ]


def is_held_out(qid: str) -> bool:
    """Return whether the query belongs to the third that nobody tunes on."""
    return int(hashlib.sha1(qid.encode(), usedforsecurity=False).hexdigest(), 16) % 3 == 0


def in_split(query: Query, split: str) -> bool:
    """Return whether the query belongs to "all", "held-out" or "tuning"."""
    return split == "all" or is_held_out(query["qid"]) == (split == "held-out")


def scores(query: Query, answers: Sequence[str], records: Mapping[str, Record]) -> Scores:
    """Return the measures of one query's answers, best first."""
    grades = query["judgments"]
    ranked = [id_ for id_ in dict.fromkeys(answers) if _in_scope(query, records[id_])]
    figures = (ndcg(ranked, grades), recall(ranked, grades), reciprocal_rank(ranked, grades),
               0.0 if ranked else 1.0)  # fmt: skip
    return dict(zip(MEASURES, figures, strict=True))


def run(data: Judged, factory: Factory, split: str) -> dict[str, dict[str, Scores]]:
    """Return the scores of one engine: by set, then by qid."""
    engine = factory(list(data.records.values()))
    try:
        return {
            name: {
                query["qid"]: scores(query, _answers(engine, query), data.records)
                for query in queries
                if in_split(query, split)
            }
            for name, queries in data.sets.items()
        }
    finally:
        engine.close()


def report(collections: Sequence[Judged], factories: Sequence[Factory], split: str) -> str:
    """Run all engines; return for each set engines by measures and classes by engines."""
    versions = (factory.engine_module().version() for factory in factories)
    parts = [f"## Relevance: {split}", circumstances(versions)]
    for data in collections:
        found = {factory.name: run(data, factory, split) for factory in factories}
        for name, listed in data.sets.items():
            queries = [query for query in listed if in_split(query, split)]
            of_set = {engine: by_set[name] for engine, by_set in found.items()}
            parts += [
                f"### {len(queries)} {name} over {len(data.records):,} records",
                _by_engine(of_set),
                "nDCG@10 by class:",
                _by_class(of_set, queries),
            ]
    return "\n\n".join(parts)


def _by_engine(found: Mapping[str, Mapping[str, Scores]]) -> str:
    rows: list[list[Cell]] = [
        [name, *(mean(each[measure] for each in by_query.values()) for measure in MEASURES)]
        for name, by_query in found.items()
    ]
    return table(["engine", *MEASURES], rows, digits=3)


def _by_class(found: Mapping[str, Mapping[str, Scores]], queries: Sequence[Query]) -> str:
    classes: dict[str, list[str]] = defaultdict(list)
    for query in queries:
        classes[query["class"]].append(query["qid"])
    rows: list[list[Cell]] = [
        [kind, str(len(qids)),
         *(mean(by_query[qid]["nDCG@10"] for qid in qids) for by_query in found.values())]
        for kind, qids in sorted(classes.items())
    ]  # fmt: skip
    return table(["class", "queries", *found], rows, digits=3)


def _records(file: Path) -> dict[str, Record]:
    with file.open(encoding="utf-8") as lines:
        return {record["id"]: record for record in map(json.loads, lines)}


def _json(file: Path) -> list[Query]:
    found: list[Query] = json.loads(file.read_text("utf-8"))
    return found


def _answers(engine: Engine, query: Query) -> list[str]:
    return engine.search(query["query"], query["lat"], query["lon"], query["radius_km"], DEPTH)


def _in_scope(query: Query, record: Record) -> bool:
    if query["radius_km"] is None:
        return True
    point = point_of(record)
    if point is None:
        return bool(record.get("dataset") == query.get("dataset"))
    return distance_km(query["lat"], query["lon"], *point) <= float(query["radius_km"])
