"""Tantivy: words and a box on fast fields in one query, exact distances on the hits.

Ranges of fast fields are checked record by record, so that terms for quarters of a degree, which
are looked up in the index, come first: that takes a third off its 95th percentile.
"""

import math
import time
from collections.abc import Iterable
from importlib.metadata import version as version_of
from itertools import count
from pathlib import Path

import tantivy
from tantivy import FieldType, Filter, Occur, Query

from benchmarks.circles import Box, box_around, distance_km, point_of
from benchmarks.peers.in_folder import InFolder
from benchmarks.texts import WEIGHTS, Record, telling_words, text_of

# One thread and room for everything give one segment, which is what searches fastest.
_HEAP_BYTES = 2_000_000_000
_SPARE = 2
_CELLS_PER_DEGREE = 4
_MOST_CELLS = 200


def missing() -> str | None:
    """Return what it lacks here; without the package this module cannot be imported."""
    return None


def version() -> str:
    """Return the engine's name and version."""
    return f"tantivy-py {version_of('tantivy')}"


def build(records: Iterable[Record], folder: Path) -> float:
    """Index the records; return the seconds it took."""
    start = time.perf_counter()
    writer = tantivy.Index(_schema(), str(folder)).writer(_HEAP_BYTES, num_threads=1)
    for record in records:
        document = tantivy.Document()
        document.add_text("id", record["id"])
        for field in WEIGHTS:
            document.add_text(field, text_of(record, field))
        if point := point_of(record):
            document.add_float("latitude", point[0])
            document.add_float("longitude", point[1])
            document.add_text("cell", _cell(*map(_step, point)))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    return time.perf_counter() - start


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for field in WEIGHTS:
        builder.add_text_field(field, tokenizer_name="en_stem", index_option="freq")
    builder.add_text_field("cell", tokenizer_name="raw", index_option="basic")
    builder.add_float_field("latitude", fast=True)
    builder.add_float_field("longitude", fast=True)
    return builder.build()


def _step(degrees: float) -> int:
    return math.floor(degrees * _CELLS_PER_DEGREE)


def _cell(north: int, east: int) -> str:
    return f"{north}/{east}"


def _cells(box: Box) -> list[str]:
    """Return the cells that a box touches; none when it touches so many that they do not help."""
    south, west, north, east = map(_step, box)
    if (north - south + 1) * (east - west + 1) > _MOST_CELLS:
        return []
    return [_cell(n, e) for n in range(south, north + 1) for e in range(west, east + 1)]


def load(folder: Path) -> "TantivyEngine":
    """Open the index in the folder."""
    return TantivyEngine(folder)


class TantivyEngine(InFolder):
    """One searcher for all requests."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        index = tantivy.Index.open(str(folder))
        index.config_reader("manual")
        self._schema = index.schema
        self._searcher = index.searcher()
        # The same steps as the tokenizer "en_stem" that the fields are indexed with.
        self._analyzer = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            .filter(Filter.remove_long(40))
            .filter(Filter.lowercase())
            .filter(Filter.stemmer("english"))
            .build()
        )

    def search(
        self, text: str, lat: float | None, lon: float | None, radius_km: float | None, limit: int
    ) -> list[str]:
        terms = dict.fromkeys(self._analyzer.analyze(" ".join(telling_words(text))))
        if not terms:
            return []
        words = self._any_of(terms)
        if lat is None or lon is None or radius_km is None:
            hits = self._searcher.search(words, limit, count=False).hits
            return self._ids([address for _, address in hits])
        return self._nearby(words, lat, lon, radius_km, limit)

    def _any_of(self, terms: Iterable[str]) -> Query:
        return Query.boolean_query([
            (Occur.Should, Query.boost_query(
                Query.term_query(self._schema, field, term, index_option="freq"), weight))
            for term in terms for field, weight in WEIGHTS.items()
        ])  # fmt: skip

    def _nearby(
        self, words: Query, lat: float, lon: float, radius_km: float, limit: int
    ) -> list[str]:
        """Ask for twice as many from the box until enough lie in the circle."""
        query = self._in_box(words, lat, lon, radius_km)
        for turn in count(1):
            asked = limit * _SPARE**turn
            hits = self._searcher.search(query, asked, count=False).hits
            addresses = [address for _, address in hits]
            points = zip(
                self._searcher.fast_field_values("latitude", addresses),
                self._searcher.fast_field_values("longitude", addresses),
                strict=True,
            )
            near = [
                address
                for address, (north, east) in zip(addresses, points, strict=True)
                if north is not None
                and east is not None
                and distance_km(lat, lon, north, east) <= radius_km
            ]
            if len(near) >= limit or len(hits) < asked:
                break
        return self._ids(near[:limit])

    def _in_box(self, words: Query, lat: float, lon: float, radius_km: float) -> Query:
        south, west, north, east = box = box_around(lat, lon, radius_km)
        sides = (("latitude", south, north), ("longitude", west, east))
        parts = [Query.range_query(self._schema, field, FieldType.Float, low, high)
                 for field, low, high in sides]  # fmt: skip
        if cells := _cells(box):
            parts.append(Query.term_set_query(self._schema, "cell", cells))
        silent = ((Occur.Must, Query.const_score_query(part, 0.0)) for part in parts)
        return Query.boolean_query([(Occur.Must, words), *silent])

    def _ids(self, addresses: Iterable[tantivy.DocAddress]) -> list[str]:
        return [self._searcher.doc(address)["id"][0] for address in addresses]

    def close(self) -> None:
        del self._searcher
