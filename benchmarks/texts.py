"""Records as texts and questions as words, for every peer alike."""

import re
from collections.abc import Mapping
from typing import Any

Record = Mapping[str, Any]

MOST_WORDS = 64
WEIGHTS = {
    "name": 4.0,
    "categories": 3.0,
    "organization": 2.0,
    "description": 1.0,
    "eligibility": 0.5,
    "city": 0.5,
}
STOP_WORDS = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "do", "for", "from", "has",
    "have", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my", "no", "not", "of",
    "on", "or", "our", "so", "that", "the", "their", "them", "then", "there", "these", "they",
    "this", "to", "us", "was", "we", "what", "when", "where", "which", "who", "will", "with",
    "you", "your",
})  # fmt: skip

_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD = 60


def words_of(text: str) -> list[str]:
    """Return the distinct words of a text in lower case, the first 64, too long ones left out."""
    found = (word for word in _WORD.findall(text.lower()) if len(word) <= _LONGEST_WORD)
    return list(dict.fromkeys(found))[:MOST_WORDS]


def telling_words(text: str) -> list[str]:
    """Return the words of a text without function words; all of them if it has no others."""
    words = words_of(text)
    return [word for word in words if word not in STOP_WORDS] or words


def text_of(record: Record, field: str) -> str:
    """Return a field as text that every engine can store; lists are joined."""
    value = record.get(field)
    text = value if isinstance(value, str) else " ".join(map(str, value or ()))
    return text.encode("utf-8", "replace").decode().replace("\0", " ")
