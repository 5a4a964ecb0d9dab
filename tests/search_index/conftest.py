"""Documents with complete defaults, and indexes of them."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from search_index import Document, SearchIndex, SearchRequest, Vocabulary
from search_index.gazetteer import EMPTY, Gazetteer
from search_index.index import NO_VOCABULARY

NewDocument = Callable[..., Document]
IndexOf = Callable[..., SearchIndex]
Found = Callable[..., list[str]]


@pytest.fixture(scope="session")
def document() -> NewDocument:
    """Make a document: a service "s1" gets the document "s1", or "s1:l1" at a location "l1"."""

    def make(service_id: str, location_id: str | None = None, **facts: Any) -> Document:
        defaults = {
            "id": f"{service_id}:{location_id}" if location_id else service_id,
            "organization_id": "o1",
            "name": "Service",
            "organization": "Agency",
        }
        return Document(service_id=service_id, location_id=location_id, **{**defaults, **facts})

    return make


@pytest.fixture(scope="session")
def index_of(tmp_path_factory: pytest.TempPathFactory) -> IndexOf:
    """Make an index of documents in a folder of its own."""

    def make(
        documents: Iterable[Document] = (),
        vocabulary: Vocabulary = NO_VOCABULARY,
        gazetteer: Gazetteer = EMPTY,
    ) -> SearchIndex:
        index = SearchIndex.open(Path(tmp_path_factory.mktemp("index")), vocabulary, gazetteer)
        index.apply(documents, ())
        return index

    return make


@pytest.fixture(scope="session")
def found(index_of: IndexOf) -> Found:
    """Search some documents; return the services found, in order."""

    def search(
        documents: Iterable[Document], vocabulary: Vocabulary = NO_VOCABULARY, **asked: Any
    ) -> list[str]:
        results = index_of(documents, vocabulary).search(SearchRequest(**asked))
        return [hit.service_id for hit in results.hits]

    return search
