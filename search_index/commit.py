"""Writes a generation of the index: new segments, deletions, merges, and the table of contents.

All files of new segments are safe on disk before the table of contents names them, and that is
put in place at one stroke: a process that is killed leaves the last complete generation.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from search_index.building import build_segments
from search_index.contents import generation_of, read_contents, tidy, write_contents
from search_index.documents import Document
from search_index.errors import damage_named
from search_index.facts import record_of
from search_index.segment import Segment, SegmentBuilder
from search_index.understand import Understanding
from search_index.whole_files import sync

# So many segments may be; when there are more, the small ones become one, up to this size.
_MOST_SEGMENTS = 6
_MOST_MERGED = 5_000
_FAR_TOO_MANY = 16


def change(
    folder: Path,
    known: Mapping[str, Segment],
    understanding: Understanding,
    changed: Iterable[Document],
    removed_services: Collection[str],
) -> None:
    """Commit a generation in which the documents of services are replaced or gone.

    `known` are open segments by name. Raises InvalidDocument; then nothing has changed.
    """
    storage = FileStorage(str(folder))
    tidy(folder)
    generation = generation_of(folder)
    segments = read_contents(folder, generation)
    gone = set(removed_services)
    builder = SegmentBuilder()
    for document in changed:
        gone.add(document.service_id)
        builder.add(record_of(document, understanding))
    opened: dict[str, Segment] = {}
    for told in segments:
        with damage_named():
            segment = known.get(told.segment_id()) or Segment.open(storage, folder, told)
        opened[told.segment_id()] = segment
        for row in segment.facts.service.rows_called(gone).tolist():
            told.delete_document(row)
    merged = _to_merge(segments)
    for told in merged:
        live = [row for row in range(told.doc_count_all()) if not told.is_deleted(row)]
        for row in live:
            builder.add(opened[told.segment_id()].reader.record(row))
    kept = [told for told in segments if told not in merged and _count(told)]
    try:
        new = [builder.write(storage, folder)] if len(builder) else []
        _publish(folder, kept + new, generation + 1)
    finally:
        tidy(folder)


def fill(
    folder: Path,
    understanding: Understanding,
    documents: Iterable[Document],
    progress: Callable[[int], None] | None,
) -> int:
    """Write documents into an index without any, and return how many.

    Raises InvalidDocument.
    """
    segments, count = build_segments(folder, understanding, documents, progress)
    _publish(folder, segments, 1)
    tidy(folder)
    return count


def _count(told: Any) -> int:
    return int(told.doc_count_all() - told.deleted_count())


def _to_merge(segments: list[Any]) -> list[Any]:
    """Return the smallest segments, when there are too many, as far as that is quickly done.

    When there are far too many, a quarter of all documents may take its time for once.
    """
    if len(segments) < _MOST_SEGMENTS:
        return []
    smallest = sorted(segments, key=_count)
    sizes = list(accumulate(map(_count, smallest)))
    room = _MOST_MERGED
    if len(segments) >= _FAR_TOO_MANY:
        room = max(room, sizes[-1] // 4)
    return [told for told, size in zip(smallest, sizes, strict=True) if size <= room]


def _publish(folder: Path, segments: list[Any], generation: int) -> None:
    """Make segments the content of the index."""
    names = tuple(f"{told.segment_id()}." for told in segments)
    sync(folder, [path for path in folder.iterdir() if path.name.startswith(names)])
    write_contents(folder, segments, generation)
