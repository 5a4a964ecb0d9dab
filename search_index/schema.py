"""What Whoosh keeps of a document: the tokens of its texts as stems, and its record."""

from typing import Any

from whoosh.analysis import KeywordAnalyzer
from whoosh.fields import STORED, TEXT, Schema

from search_index.facts import FIELD_WEIGHTS, Record

RECORD = "record"

SCHEMA = Schema(
    **{RECORD: STORED},
    **{
        field: TEXT(analyzer=KeywordAnalyzer(), field_boost=weight)
        for field, weight in FIELD_WEIGHTS.items()
    },
)


def stored_record(stored: dict[str, Any]) -> Record:
    """Return the record from the stored fields of a document."""
    return Record(*stored[RECORD])
