"""The only door to the search index."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock

from referral_hub.gateways.english import english_words
from referral_hub.gateways.search_places import search_places
from referral_hub.rules.errors import IndexNotReady
from referral_hub.vocabulary import alike, english_alike, equivalents, needs, populations
from search_index import (
    Area,
    AreaKind,
    Completion,
    CompletionKind,
    Concept,
    Document,
    IndexBusy,
    IndexUnreadable,
    MatchedBy,
    NamedPlace,
    OpeningException,
    Relaxation,
    SearchIndex,
    SearchRequest,
    SearchResults,
    SortOrder,
    Vocabulary,
    fingerprint,
)
from search_index.documents import Equivalent, Population
from search_index.folder import IndexFolder
from search_index.gazetteer import EMPTY
from search_index.understand import Understanding

__all__ = [
    "Area",
    "AreaKind",
    "Completion",
    "CompletionKind",
    "Document",
    "IndexBusy",
    "MatchedBy",
    "NamedPlace",
    "OpeningException",
    "Relaxation",
    "SearchGateway",
    "SearchRequest",
    "SearchResults",
    "SortOrder",
    "fingerprint",
]


_NOT_READY = (
    "The search is being made ready. Please try again in a few minutes. "
    "(For operators: the worker does it; `referral-hub index rebuild` does it at once.)"
)
_log = logging.getLogger(__name__)


def vocabulary() -> Vocabulary:
    """The taxonomy of needs, the glossary and the kinds of people, as the index knows them."""
    return Vocabulary(
        tuple(
            Concept(need.code, need.label, need.phrases, need.ancestors, need.spanish)
            for need in needs().values()
        ),
        tuple(Equivalent(entry.said, entry.meant, entry.spanish) for entry in equivalents()),
        tuple(
            Population(term.code, term.label, term.phrases, term.signs, term.trouble)
            for term in populations()
        ),
        alike(),
        english_alike(),
    )


@lru_cache(maxsize=1)
def _understanding(folder: Path | None) -> Understanding:
    """What all hubs of a process know of words: making it takes most of a second."""
    gazetteer = EMPTY if folder is None else search_places(folder)
    return Understanding(vocabulary(), gazetteer, english_words(folder))


class SearchGateway:
    """The hub's search index in its folder, opened at first use and shared by all threads.

    A process that cannot read it leaves a note in the folder: the worker then builds it anew.
    """

    def __init__(self, folder: Path, gazetteer_folder: Path | None = None) -> None:
        """Without the folder of the gazetteer no place is looked for in words."""
        self._folder = folder
        self._gazetteer_folder = gazetteer_folder
        self._note = folder / "unreadable"
        self._index: SearchIndex | None = None
        self._lock = Lock()

    def search(self, request: SearchRequest) -> SearchResults:
        """Run one search. Raises IndexNotReady when the index cannot be read."""
        index = self._opened()
        with self._readable():
            return index.search(request)

    def complete(
        self,
        typed: str,
        limit: int,
        near: tuple[float, float] | None = None,
        without: frozenset[str] = frozenset(),
    ) -> tuple[Completion, ...]:
        """Ways to go on typing, best first; those near a point first. Raises IndexNotReady.

        Nothing is told of the services `without`.
        """
        index = self._opened()
        with self._readable():
            return index.complete(typed, limit, near, without)

    def apply(self, changed: Iterable[Document], removed_services: Collection[str]) -> None:
        """Replace documents of changed services in one commit.

        `changed` is read when other writers are kept out. Raises IndexBusy, and IndexNotReady when
        there is no whole index: one of the changed services alone would hide all others.
        """
        try:
            self._opened().apply(changed, removed_services)
        except IndexUnreadable as problem:
            raise self._not_ready() from problem

    def rebuild(
        self, documents: Iterable[Document], progress: Callable[[int], None] | None = None
    ) -> int:
        """Build the index anew beside the old one and swap; returns how many documents.

        The old one, whatever its state, stays until then. Raises IndexBusy.
        """
        count = self._opened().rebuild(documents, progress)
        self._note.unlink(missing_ok=True)
        return count

    def prepare(self) -> None:
        """Do once what the first search would wait for: put what it needs where all find it."""
        self._opened()

    def fault(self) -> str | None:
        """Why the index must be built anew, as far as any process has noticed, or None."""
        try:
            self._opened().document_count()
        except IndexUnreadable as problem:
            return str(problem)
        return "a process could not read it" if self._note.exists() else None

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """(document id, fingerprint) of everything that can be found. Raises IndexNotReady."""
        index = self._opened()
        with self._readable():
            yield from index.fingerprints()

    def document_count(self) -> int:
        """How many documents can be found. Raises IndexNotReady."""
        index = self._opened()
        with self._readable():
            return index.document_count()

    def close(self) -> None:
        """Let go of the index's files."""
        with self._lock:
            if self._index is not None:
                self._index.close()
                self._index = None

    def _opened(self) -> SearchIndex:
        """The index, whether or not there is anything to read yet."""
        with self._lock:
            if self._index is None:
                folder = self._gazetteer_folder
                understanding = _understanding(folder and folder.resolve())
                files = IndexFolder(self._folder, understanding.digest)
                self._index = SearchIndex(files, understanding)
            return self._index

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Whatever keeps the index from being read, as an error that says what to do."""
        try:
            yield
        except IndexUnreadable as problem:
            raise self._not_ready() from problem
        except OSError as problem:
            # The machine has a fault, not the index: to build it anew would not help.
            _log.exception("The search index cannot be read")
            raise IndexNotReady(_NOT_READY) from problem

    def _not_ready(self) -> IndexNotReady:
        """Note for the worker that the index must be built anew, and say so."""
        with suppress(OSError):
            self._note.touch()
        return IndexNotReady(_NOT_READY)
