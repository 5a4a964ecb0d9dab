"""The index as its callers see it."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator
from pathlib import Path
from threading import Lock
from typing import Self

from search_index import engine
from search_index.commit import change, fill
from search_index.completion import NeedList, complete
from search_index.contents import generation_of
from search_index.documents import Completion, Document, SearchRequest, SearchResults, Vocabulary
from search_index.errors import IndexUnreadable, damage_named
from search_index.folder import IndexFolder, Stamp
from search_index.gazetteer import EMPTY, Gazetteer, Point
from search_index.snapshot import Snapshot, Version
from search_index.understand import Understanding

NO_VOCABULARY = Vocabulary()

_LOAD_ATTEMPTS = 10


class SearchIndex:
    """A search index in a folder. Any number of threads and processes may search it at once."""

    def __init__(self, files: IndexFolder, understanding: Understanding) -> None:
        self.folder = files.folder
        self._files = files
        self._understanding = understanding
        self._loading = Lock()
        # Both at once, so that no thread sees one snapshot with the stamp of another.
        self._loaded: tuple[Snapshot | None, Stamp | None] = (None, None)
        self._need_list: tuple[dict[str, int], NeedList] | None = None
        self._closed = False

    @classmethod
    def open(
        cls,
        folder: Path,
        vocabulary: Vocabulary = NO_VOCABULARY,
        gazetteer: Gazetteer = EMPTY,
        english: Container[str] | None = None,
    ) -> Self:
        """Open the index in a folder; an empty one is made where there is none.

        Raises IndexUnreadable when there are files that cannot be read: see `rebuild`.
        """
        understanding = Understanding(vocabulary, gazetteer, english)
        files = IndexFolder(folder, understanding.digest)
        if not files.exists():
            with files.writing(wait=True):
                if not files.exists():
                    files.use(files.new_build())
        index = cls(files, understanding)
        index._current()
        return index

    def apply(self, changed: Iterable[Document], removed_services: Collection[str]) -> None:
        """Replace all documents of the services in `changed`, and remove services: one commit.

        Document ids must be distinct. `changed` is read when other writers are kept out. Raises
        IndexBusy when one is at work, IndexUnreadable when there is no index to change, and
        InvalidDocument for a document that cannot be indexed; then nothing has changed.
        """
        self._check_open()
        with self._files.writing():
            build = self._files.current()
            self._files.clean(build)
            path = self._files.path(build)
            change(path, self._current().segments, self._understanding, changed, removed_services)

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
                count = fill(self._files.path(build), self._understanding, documents, progress)
            except BaseException:
                self._files.discard(build)
                raise
            self._files.use(build)
        return count

    def search(self, request: SearchRequest) -> SearchResults:
        """Return a page of services that answer the request, with counts for its filters.

        Raises InvalidRequest, and IndexUnreadable when the files turn out to be damaged.
        """
        snapshot = self._current().without(request.without)
        return engine.search(snapshot, self._understanding, request)

    def complete(
        self,
        typed: str,
        limit: int = 8,
        near: Point | None = None,
        without: frozenset[str] = frozenset(),
    ) -> tuple[Completion, ...]:
        """Return up to `limit` ways to go on typing: needs, services, organizations, places.

        `near` is where the person is. Any text will do; too short a one gives none. The services
        `without` are as if they were deleted.
        """
        snapshot = self._current().without(without)
        return complete(
            typed,
            needs=self._needs(snapshot),
            services=snapshot.service_names,
            organizations=snapshot.organization_names,
            places=lambda text: self._understanding.places(text, limit, near or snapshot.middle),
            limit=limit,
        )

    def _needs(self, snapshot: Snapshot) -> NeedList:
        """Return the needs to complete. The list takes long to make: it is kept while it holds."""
        ranked = snapshot.needs_ranked
        kept = self._need_list
        if kept is None or kept[0] != ranked:
            kept = self._need_list = ranked, NeedList(self._understanding.concepts, ranked)
        return kept[1]

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """Yield (document id, fingerprint) of each live document."""
        for record in self._current().records():
            yield record.document_id, record.fingerprint

    def document_count(self) -> int:
        """Return how many documents are live."""
        return self._current().count()

    def close(self) -> None:
        """Let go of the files. Searches under way are finished."""
        self._closed = True
        self._loaded = (None, None)

    def _check_open(self) -> None:
        if self._closed:
            raise ValueError("the index is closed")

    def _current(self) -> Snapshot:
        """Return the newest generation, loading it when another one has been committed."""
        self._check_open()
        snapshot, stamp = self._loaded
        if snapshot is None or stamp is None or self._files.stamp(snapshot.version[0]) != stamp:
            with self._loading:
                build = self._files.current()
                stamp = self._files.stamp(build)
                version = self._version()
                snapshot, _ = self._loaded
                if snapshot is None or snapshot.version != version:
                    snapshot = self._load(snapshot)
                self._loaded = snapshot, stamp if snapshot.version[0] == build else None
        return snapshot

    def _version(self) -> Version:
        build = self._files.current()
        with damage_named():
            return build, generation_of(self._files.path(build))

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
