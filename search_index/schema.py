"""What Whoosh keeps of a document: stems of its texts, the service to delete by, its facts."""

from typing import Any

from whoosh.analysis import KeywordAnalyzer
from whoosh.fields import ID, STORED, TEXT, Schema

from search_index.analysis import stems
from search_index.documents import Document
from search_index.facts import Record, record_of

# How much a word counts where it stands.
FIELD_WEIGHTS = {
    "name": 4.0,
    "terms": 3.0,
    "organization": 2.0,
    "description": 1.0,
    "eligibility": 0.5,
    "place": 0.5,
}
TEXT_FIELDS = tuple(FIELD_WEIGHTS)


def _stems_field() -> Any:
    """Return a field for a text handed in as stems, with their positions for phrases."""
    field = TEXT(analyzer=KeywordAnalyzer())
    # The length of a text is among the facts, not in files of Whoosh.
    field.scorable = False
    return field


SCHEMA = Schema(
    service_id=ID,
    facts=STORED,
    **{field: _stems_field() for field in TEXT_FIELDS},
)


def fields_of(document: Document) -> dict[str, Any]:
    """Return what is handed to Whoosh for a document.

    Raises InvalidDocument when the document cannot be indexed.
    """
    texts = {field: stems(_text(document, field)) for field in TEXT_FIELDS}
    lengths = tuple(len(texts[field]) for field in TEXT_FIELDS)
    facts = tuple(record_of(document, lengths))
    return {"service_id": document.service_id, "facts": facts, **texts}


def stored_record(stored: dict[str, Any]) -> Record:
    """Return the facts from the stored fields of a document."""
    return Record(*stored["facts"])


def _text(document: Document, field: str) -> str:
    if field == "name":
        return f"{document.name} {document.alternate_name}"
    return str(getattr(document, field))
