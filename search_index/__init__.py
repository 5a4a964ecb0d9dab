"""Full text and distance: a directory search over Whoosh that knows nothing of the hub."""

from search_index.documents import (
    Area,
    AreaKind,
    Completion,
    CompletionKind,
    Concept,
    Document,
    Equivalent,
    Hit,
    MatchedBy,
    NamedPlace,
    OpeningException,
    PlaceKind,
    Population,
    Relaxation,
    SearchRequest,
    SearchResults,
    SortOrder,
    Vocabulary,
)
from search_index.errors import IndexBusy, IndexUnreadable, InvalidDocument, InvalidRequest
from search_index.facts import fingerprint
from search_index.gazetteer import Gazetteer
from search_index.index import SearchIndex

__all__ = [
    "Area",
    "AreaKind",
    "Completion",
    "CompletionKind",
    "Concept",
    "Document",
    "Equivalent",
    "Gazetteer",
    "Hit",
    "IndexBusy",
    "IndexUnreadable",
    "InvalidDocument",
    "InvalidRequest",
    "MatchedBy",
    "NamedPlace",
    "OpeningException",
    "PlaceKind",
    "Population",
    "Relaxation",
    "SearchIndex",
    "SearchRequest",
    "SearchResults",
    "SortOrder",
    "Vocabulary",
    "fingerprint",
]
