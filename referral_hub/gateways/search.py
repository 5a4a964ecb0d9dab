"""The only door to the search index."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from referral_hub.rules.errors import IndexNotReady
from referral_hub.vocabulary import equivalents, needs, populations
from search_index import (
    Area,
    AreaKind,
    Concept,
    Document,
    IndexBusy,
    IndexUnreadable,
    MatchedBy,
    OpeningException,
    SearchIndex,
    SearchRequest,
    SearchResults,
    SortOrder,
    Vocabulary,
    fingerprint,
)
from search_index.documents import Equivalent, Population

__all__ = [
    "Area",
    "AreaKind",
    "Document",
    "IndexBusy",
    "MatchedBy",
    "OpeningException",
    "SearchGateway",
    "SearchRequest",
    "SearchResults",
    "SortOrder",
    "fingerprint",
]


def vocabulary() -> Vocabulary:
    """The taxonomy of needs, the glossary and the kinds of people, as the index knows them."""
    return Vocabulary(
        tuple(
            Concept(need.code, need.label, need.phrases, need.ancestors)
            for need in needs().values()
        ),
        tuple(Equivalent(entry.said, entry.meant) for entry in equivalents()),
        tuple(
            Population(term.code, term.label, term.phrases, term.signs) for term in populations()
        ),
    )


class SearchGateway:
    """The hub's search index in its folder, opened at first use and shared by all threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index: SearchIndex | None = None
        self._lock = Lock()

    def search(self, request: SearchRequest) -> SearchResults:
        """Run one search. Raises IndexNotReady when the index cannot be read."""
        with _readable():
            return self._opened().search(request)

    def apply(self, changed: Iterable[Document], removed_services: Collection[str]) -> None:
        """Replace documents of changed services in one commit. Raises IndexBusy."""
        with _readable():
            self._opened().apply(changed, removed_services)

    def rebuild(
        self, documents: Iterable[Document], progress: Callable[[int], None] | None = None
    ) -> int:
        """Build the index anew beside the old one and swap; returns how many documents.

        An index that cannot be read is replaced by an empty one first. Raises IndexBusy.
        """
        try:
            index = self._opened()
        except IndexNotReady:
            index = self._replaced()
        return index.rebuild(documents, progress)

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """(document id, fingerprint) of everything that can be found."""
        with _readable():
            yield from self._opened().fingerprints()

    def document_count(self) -> int:
        """How many documents can be found."""
        with _readable():
            return self._opened().document_count()

    def close(self) -> None:
        """Let go of the index's files."""
        with self._lock:
            if self._index is not None:
                self._index.close()
                self._index = None

    def _opened(self) -> SearchIndex:
        with self._lock:
            if self._index is None:
                with _readable():
                    self._index = SearchIndex.open(self._folder, vocabulary())
            return self._index

    def _replaced(self) -> SearchIndex:
        with self._lock:
            self._index = SearchIndex.create(self._folder, vocabulary())
            return self._index


@contextmanager
def _readable() -> Iterator[None]:
    """Damage of the index's files, or their absence, as an error that says what to do."""
    try:
        yield
    except (IndexUnreadable, FileNotFoundError) as problem:
        raise IndexNotReady(
            "The search index cannot be read just now. "
            "The worker repairs it; `referral-hub index rebuild` does it at once."
        ) from problem
