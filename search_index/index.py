"""The index as its callers see it."""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any, Self

from whoosh.index import open_dir

from search_index import engine
from search_index.documents import Document, SearchRequest, SearchResults, Vocabulary
from search_index.errors import IndexUnreadable, damage_named
from search_index.folder import IndexFolder, sync
from search_index.schema import SCHEMA, fields_of
from search_index.snapshot import Snapshot, Version
from search_index.understand import Understanding

NO_VOCABULARY = Vocabulary()

_GENERATION = re.compile(r"_MAIN_(\d+)\.toc")
_PROGRESS_STEP = 1_000
_WRITER_MEGABYTES = 128
_LOAD_ATTEMPTS = 10


class SearchIndex:
    """A search index in a folder. Any number of threads and processes may search it at once."""

    def __init__(self, files: IndexFolder, vocabulary: Vocabulary) -> None:
        self.folder = files.folder
        self._files = files
        self._understanding = Understanding(vocabulary)
        self._loading = Lock()
        self._snapshot: Snapshot | None = None
        self._closed = False

    @classmethod
    def open(cls, folder: Path, vocabulary: Vocabulary = NO_VOCABULARY) -> Self:
        """Open the index in a folder; an empty one is made where there is none.

        Raises IndexUnreadable when there are files that cannot be read: see `create`.
        """
        files = IndexFolder(folder)
        if not files.exists():
            with files.writing(wait=True):
                if not files.exists():
                    files.use(files.new_build())
        index = cls(files, vocabulary)
        index._current()
        return index

    @classmethod
    def create(cls, folder: Path, vocabulary: Vocabulary = NO_VOCABULARY) -> Self:
        """Open a new, empty index in place of whatever is in the folder. Raises IndexBusy."""
        files = IndexFolder(folder)
        with files.writing():
            files.use(files.new_build())
        return cls.open(folder, vocabulary)

    def apply(self, changed: Iterable[Document], removed_services: Collection[str]) -> None:
        """Replace all documents of the services in `changed`, and remove services: one commit.

        Document ids must be distinct. Raises IndexBusy when another writer is at work, and
        InvalidDocument for a document that cannot be indexed; then nothing has changed.
        """
        self._check_open()
        with self._files.writing():
            path = self._files.path(self._files.current())
            before = set(path.iterdir())
            with _writer(path) as writer:
                gone: set[str] = set()
                for service in removed_services:
                    _delete(writer, service, gone)
                for document in changed:
                    _delete(writer, document.service_id, gone)
                    writer.add_document(**fields_of(document))
            sync(path, [file for file in path.iterdir() if file not in before])

    def rebuild(
        self, documents: Iterable[Document], progress: Callable[[int], None] | None = None
    ) -> int:
        """Build the index anew beside the old one, swap, and return how many documents it has.

        The old one answers until the swap. `progress` is told now and then, and at the end, how
        many documents are done. Raises IndexBusy and InvalidDocument; then nothing has changed.
        """
        self._check_open()
        with self._files.writing():
            build = self._files.new_build()
            try:
                count = _write_all(self._files.path(build), documents, progress)
                self._files.use(build)
            except BaseException:
                self._files.discard(build)
                raise
        return count

    def search(self, request: SearchRequest) -> SearchResults:
        """Return a page of services that answer the request, with counts for its filters.

        Raises InvalidRequest, and IndexUnreadable when the files turn out to be damaged.
        """
        snapshot = self._current()
        return engine.search(snapshot, self._understanding, request)

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """Yield (document id, fingerprint) of each live document."""
        for record in self._current().records():
            yield record.document_id, record.fingerprint

    def document_count(self) -> int:
        """Return how many documents are live."""
        return int(self._current().live.sum())

    def close(self) -> None:
        """Let go of the files. Searches under way are finished."""
        self._closed = True
        self._snapshot = None

    def _check_open(self) -> None:
        if self._closed:
            raise ValueError("the index is closed")

    def _current(self) -> Snapshot:
        """Return the newest generation, loading it when another one has been committed."""
        self._check_open()
        snapshot = self._snapshot
        if snapshot is None or snapshot.version != self._version():
            with self._loading:
                snapshot = self._snapshot
                if snapshot is None or snapshot.version != self._version():
                    snapshot = self._snapshot = self._load(snapshot)
        return snapshot

    def _version(self) -> Version:
        build = self._files.current()
        return build, _generation(self._files.path(build))

    def _load(self, old: Snapshot | None) -> Snapshot:
        known = old.segments if old else {}
        version = self._version()
        for _ in range(_LOAD_ATTEMPTS):
            try:
                with damage_named():
                    return Snapshot(self._files.path(version[0]), version, known)
            except IndexUnreadable:
                # What a writer has just removed is missing too, and then there is a newer version.
                failed, version = version, self._version()
                if version == failed:
                    raise
        raise IndexUnreadable("the index changes faster than it can be read")


def _generation(path: Path) -> int:
    """Return the number of the last commit to a build; -1 when its folder holds none."""
    try:
        found = [_GENERATION.fullmatch(name) for name in os.listdir(path)]
    except FileNotFoundError:
        return -1
    return max((int(match[1]) for match in found if match), default=-1)


@contextmanager
def _writer(path: Path) -> Iterator[Any]:
    """Yield a Whoosh writer that commits at the end, and gives up on any error."""
    with damage_named():
        writer = open_dir(str(path), schema=SCHEMA).writer(limitmb=_WRITER_MEGABYTES)
    try:
        yield writer
        writer.commit()
    except BaseException:
        # What a failed commit leaves may fail again; the first error is the one to tell.
        with suppress(Exception):
            writer.cancel()
        raise


def _delete(writer: Any, service: str, gone: set[str]) -> None:
    """Delete the committed documents of a service, once."""
    if service not in gone:
        gone.add(service)
        writer.delete_by_term("service_id", service)


def _write_all(
    path: Path, documents: Iterable[Document], progress: Callable[[int], None] | None
) -> int:
    count = 0
    with _writer(path) as writer:
        for count, document in enumerate(documents, start=1):
            writer.add_document(**fields_of(document))
            if progress and count % _PROGRESS_STEP == 0:
                progress(count)
    if progress:
        progress(count)
    return count
