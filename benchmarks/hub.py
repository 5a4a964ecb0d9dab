"""The hub's own search index as one of the engines. Nothing special: the real `search_index`."""

import time
from collections.abc import Iterable, Sequence
from importlib.metadata import version as version_of
from pathlib import Path
from tempfile import gettempdir

from benchmarks.circles import point_of
from benchmarks.contract import Opened
from benchmarks.texts import Record, text_of
from referral_hub.gateways.english import english_words
from referral_hub.gateways.search import vocabulary
from referral_hub.gateways.search_places import search_places
from search_index import Document, SearchIndex, SearchRequest

_KEPT = Path(gettempdir()) / "referral-hub-places"


def missing() -> str | None:
    """Return what it lacks on this machine."""
    return None


def version() -> str:
    """Return the engine's name and version."""
    return f"referral-hub {version_of('referral-hub')}"


def build(records: Iterable[Record], folder: Path) -> float:
    """Index the records; return the seconds it took."""
    index = _open(folder)
    start = time.perf_counter()
    index.rebuild(map(_document, records))
    seconds = time.perf_counter() - start
    index.close()
    return seconds


def load(folder: Path) -> Opened:
    """Open the index in the folder."""
    return HubEngine(folder)


class HubEngine:
    """The index of a folder, asked as the hub asks it, without counts for filters."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = _open(folder)

    def search(
        self,
        text: str,
        lat: float | None,
        lon: float | None,
        radius_km: float | None,
        limit: int,
    ) -> list[str]:
        """Return at most `limit` ids, best first."""
        request = SearchRequest(
            words=text,
            latitude=lat,
            longitude=lon,
            radius_km=radius_km,
            coverage=False,
            facets=False,
            limit=limit,
        )
        return [hit.service_id for hit in self._index.search(request).hits]

    def put(self, record: Record) -> None:
        """Add a record, or replace the one of the same id."""
        self._index.apply([_document(record)], ())

    def size_on_disk(self) -> int:
        """Return the bytes that the index takes."""
        return sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file())

    def processes(self) -> Sequence[int]:
        """Return nothing: the index works in the process that asks."""
        return ()

    def close(self) -> None:
        """Let go of the files."""
        self._index.close()


def _open(folder: Path) -> SearchIndex:
    return SearchIndex.open(folder, vocabulary(), search_places(_KEPT), english_words(_KEPT))


def _document(record: Record) -> Document:
    """Return a record as the hub would index it: one service at one location."""
    key, point = str(record["id"]), point_of(record)
    languages = record.get("languages") or ()
    return Document(
        id=key,
        service_id=key,
        organization_id=text_of(record, "organization"),
        location_id=key,
        name=text_of(record, "name"),
        organization=text_of(record, "organization"),
        description=text_of(record, "description"),
        terms=text_of(record, "categories"),
        eligibility=text_of(record, "eligibility"),
        place=" ".join(text_of(record, field) for field in ("city", "state", "zip")),
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        languages=(languages,) if isinstance(languages, str) else tuple(map(str, languages)),
    )
