"""Whoosh as it comes: BM25F with English stemming, numeric ranges for the box."""

import math
import time
from collections.abc import Iterable
from importlib.metadata import version as version_of
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh import fields, query, scoring
from whoosh.analysis import StemmingAnalyzer
from whoosh.index import create_in, open_dir

from benchmarks.circles import box_around, distance_km, point_of
from benchmarks.peers.in_folder import InFolder
from benchmarks.texts import WEIGHTS, Record, text_of, words_of

_WRITER_MEGABYTES = 512


def missing() -> str | None:
    """Return what it lacks here; without the package this module cannot be imported."""
    return None


def version() -> str:
    """Return the engine's name and version."""
    return f"Whoosh-Reloaded {version_of('whoosh-reloaded')}"


def build(records: Iterable[Record], folder: Path) -> float:
    """Index the records; return the seconds it took."""
    start = time.perf_counter()
    writer = create_in(str(folder), _schema()).writer(limitmb=_WRITER_MEGABYTES)
    for record in records:
        row: dict[str, Any] = {field: text_of(record, field) for field in WEIGHTS}
        if point := point_of(record):
            row |= {"point": point, "latitude": _step(point[0]), "longitude": _step(point[1])}
        writer.add_document(id=record["id"], **row)
    writer.commit(optimize=True)
    return time.perf_counter() - start


def _schema() -> fields.Schema:
    texts = {
        field: fields.TEXT(analyzer=StemmingAnalyzer(), phrase=False, field_boost=weight)
        for field, weight in WEIGHTS.items()
    }
    sides = {name: fields.NUMERIC(int, bits=16) for name in ("latitude", "longitude")}
    return fields.Schema(id=fields.STORED, point=fields.STORED, **texts, **sides)


def _step(degrees: float) -> int:
    """Return hundredths of a degree: ranges over few distinct terms are the fast ones."""
    return math.floor(degrees * 100)


def load(folder: Path) -> "WhooshEngine":
    """Open the index in the folder."""
    return WhooshEngine(folder)


class WhooshEngine(InFolder):
    """One searcher for all requests."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._searcher = open_dir(str(folder)).searcher(weighting=scoring.BM25F())
        self._analyzer = StemmingAnalyzer()

    def search(
        self, text: str, lat: float | None, lon: float | None, radius_km: float | None, limit: int
    ) -> list[str]:
        said = " ".join(words_of(text))
        terms = dict.fromkeys(token.text for token in self._analyzer(said, mode="query"))
        if not terms:
            return []
        words = query.Or([query.Term(field, term) for term in terms for field in WEIGHTS])
        if lat is None or lon is None or radius_km is None:
            return [hit["id"] for hit in self._searcher.search(words, limit=limit)]
        return self._nearby(words, lat, lon, radius_km, limit)

    def _nearby(
        self, words: query.Query, lat: float, lon: float, radius_km: float, limit: int
    ) -> list[str]:
        """Score all in the box: with a limit Whoosh skips some of the best where queries meet."""
        south, west, north, east = map(_step, box_around(lat, lon, radius_km))
        box = query.And([
            query.NumericRange("latitude", south, north),
            query.NumericRange("longitude", west, east),
        ])  # fmt: skip
        words_in_box = query.And([words, query.ConstantScoreQuery(box, 0.0)])
        hits = self._searcher.search(words_in_box, limit=None)
        near = (hit["id"] for hit in hits if distance_km(lat, lon, *hit["point"]) <= radius_km)
        return list(islice(near, limit))

    def close(self) -> None:
        self._searcher.close()
