"""Full text and distance: a directory search over Whoosh that knows nothing of the hub."""

from search_index.documents import (
    Area,
    AreaKind,
    Concept,
    Document,
    Hit,
    MatchedBy,
    OpeningException,
    SearchRequest,
    SearchResults,
    SortOrder,
    Vocabulary,
)
from search_index.errors import IndexBusy, IndexUnreadable, InvalidDocument, InvalidRequest
from search_index.facts import fingerprint
from search_index.index import SearchIndex

__all__ = [
    "Area",
    "AreaKind",
    "Concept",
    "Document",
    "Hit",
    "IndexBusy",
    "IndexUnreadable",
    "InvalidDocument",
    "InvalidRequest",
    "MatchedBy",
    "OpeningException",
    "SearchIndex",
    "SearchRequest",
    "SearchResults",
    "SortOrder",
    "Vocabulary",
    "fingerprint",
]
