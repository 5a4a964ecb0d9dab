"""Builds the segments of a whole index, with several processes where that helps.

Documents near one another go to the same process, so that a search nearby finds most of what it
needs in one segment; all documents of a service go where its first one went.
"""

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from itertools import chain, islice
from operator import attrgetter
from pathlib import Path
from queue import Full
from typing import Any

from whoosh.filedb.filestore import FileStorage

from search_index.documents import Document
from search_index.errors import InvalidDocument
from search_index.facts import record_of
from search_index.segment import SegmentBuilder
from search_index.understand import Understanding

# A segment of this many documents is built in about a gigabyte of memory.
MOST_ROWS = 250_000

_PROCESSES = 2
_WORTH_PROCESSES = 4_000
_BATCH = 200
_QUEUED = 16
_PROGRESS_STEP = 1_000
# Their borders, at odd degrees, go through few large cities.
_CELL_DEGREES = 2.0
_PATIENCE_SECONDS = 1.0

Progress = Callable[[int], None]

_values_of = attrgetter(*(field.name for field in fields(Document)))


def build_segments(
    folder: Path,
    understanding: Understanding,
    documents: Iterable[Document],
    progress: Progress | None,
) -> tuple[list[Any], int]:
    """Write documents as segments that nobody knows of yet; return them, and how many documents.

    Raises InvalidDocument.
    """
    counted = _Counted(documents, progress)
    first = list(islice(counted, _WORTH_PROCESSES))
    everything = chain(first, counted)
    if len(first) < _WORTH_PROCESSES or not _may_fork():
        segments = list(_write(folder, understanding, everything))
    else:
        segments = _write_together(folder, understanding, everything)
    counted.told()
    return segments, counted.count


class _Counted:
    """Documents on their way, and how many have passed."""

    def __init__(self, documents: Iterable[Document], progress: Progress | None) -> None:
        self.count = 0
        self._documents = iter(documents)
        self._progress = progress

    def __iter__(self) -> Iterator[Document]:
        for document in self._documents:
            self.count += 1
            if self.count % _PROGRESS_STEP == 0:
                self.told()
            yield document

    def told(self) -> None:
        """Tell how many there were."""
        if self._progress:
            self._progress(self.count)


def _may_fork() -> bool:
    """Tell whether this process may be copied: one with other threads may not."""
    return sys.platform == "linux" and threading.active_count() == 1


def _write(
    folder: Path, understanding: Understanding, documents: Iterable[Document]
) -> Iterator[Any]:
    """Yield segments as they are written."""
    storage = FileStorage(str(folder))
    builder = SegmentBuilder()
    for document in documents:
        builder.add(record_of(document, understanding))
        if len(builder) == MOST_ROWS:
            yield builder.write(storage, folder)
            builder = SegmentBuilder()
    if len(builder):
        yield builder.write(storage, folder)


def _write_together(
    folder: Path, understanding: Understanding, documents: Iterable[Document]
) -> list[Any]:
    workers = [_Worker(folder, understanding) for _ in range(_PROCESSES)]
    try:
        share = _Sharing()
        for document in documents:
            workers[share.of(document)].take(document)
        for worker in workers:
            worker.finish()
        return [segment for worker in workers for segment in worker.segments()]
    finally:
        for worker in workers:
            worker.end()


class _Sharing:
    """Decides which worker gets a document: whoever has its service, or its neighbourhood."""

    def __init__(self) -> None:
        self._services: dict[str, int] = {}
        self._cells: dict[tuple[int, int], int] = {}
        self._loads = [0] * _PROCESSES

    def of(self, document: Document) -> int:
        """Return the number of the worker."""
        worker = self._services.get(document.service_id)
        if worker is None:
            worker = self._services[document.service_id] = self._nearest(document)
        self._loads[worker] += 1
        return worker

    def _nearest(self, document: Document) -> int:
        idle = self._loads.index(min(self._loads))
        if document.latitude is None or document.longitude is None:
            return idle
        cell = (
            int((document.latitude + 1) // _CELL_DEGREES),
            int((document.longitude + 1) // _CELL_DEGREES),
        )
        return self._cells.setdefault(cell, idle)


class _Worker:
    """A process that writes segments of the documents it is given."""

    def __init__(self, folder: Path, understanding: Understanding) -> None:
        context = multiprocessing.get_context("fork")
        self._waiting: list[Any] = []
        self._inbox = context.Queue(_QUEUED)
        self._outbox = context.SimpleQueue()
        self._process = context.Process(
            target=_work, args=(folder, understanding, self._inbox, self._outbox), daemon=True
        )
        self._process.start()

    def take(self, document: Document) -> None:
        """Hand over a document. Raises what went wrong in the process."""
        self._waiting.append(_values_of(document))
        if len(self._waiting) == _BATCH:
            self._send(self._waiting)
            self._waiting = []

    def finish(self) -> None:
        """Tell that there are no more documents."""
        self._send(self._waiting)
        self._send(None)

    def segments(self) -> list[Any]:
        """Wait for the segments. Raises what went wrong in the process."""
        while self._outbox.empty():
            self._process.join(_PATIENCE_SECONDS)
            if not self._process.is_alive() and self._outbox.empty():
                raise RuntimeError(f"building ended with status {self._process.exitcode}")
        segments, error = self._outbox.get()
        if error is not None:
            raise error
        return list(segments)

    def end(self) -> None:
        """End the process, whatever it does."""
        self._inbox.cancel_join_thread()
        self._inbox.close()
        if self._process.is_alive():
            self._process.join(_PATIENCE_SECONDS)
            self._process.kill()
        self._process.join()
        self._process.close()

    def _send(self, batch: list[Any] | None) -> None:
        while True:
            try:
                self._inbox.put(batch, timeout=_PATIENCE_SECONDS)
            except Full:
                if not self._process.is_alive():
                    self.segments()
            else:
                return


def _work(folder: Path, understanding: Understanding, inbox: Any, outbox: Any) -> None:
    """Write segments of what comes in, and send them back, or what went wrong."""
    threading.Thread(target=_end_without, args=(os.getppid(),), daemon=True).start()
    documents = (Document(*values) for batch in iter(inbox.get, None) for values in batch)
    try:
        outbox.put((list(_write(folder, understanding, documents)), None))
    except (InvalidDocument, OSError, MemoryError) as error:
        outbox.put(([], error))


def _end_without(parent: int) -> None:
    """End this process when its parent has ended: it would hold the writer's lock for ever."""
    while os.getppid() == parent:
        time.sleep(_PATIENCE_SECONDS)
    os._exit(1)
