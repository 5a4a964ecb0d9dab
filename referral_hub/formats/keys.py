"""Stable ids for records whose source gives none, or gives the same one to different things."""

import hashlib
import re
from collections.abc import Sequence

from referral_hub.formats.text import clean, one_line

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_LONGEST = 200


def is_uuid(text: str) -> bool:
    """Whether the id is a UUID in its usual spelling, and so unique by itself."""
    return _UUID.fullmatch(text) is not None


def digest(*values: object) -> str:
    """Sixteen hex digits that stand for the values."""
    text = "\x1f".join(map(repr, values))
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _bounded(key: str) -> str:
    """The key, its tail replaced by a digest where it would be too long to store."""
    return key if len(key) <= _LONGEST else f"{key[: _LONGEST - 18]}…#{digest(key)}"


def own_id(value: object) -> str:
    """The id a source wrote, as text; empty when there is none. UUIDs in lower case."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = clean(str(value))
    return text.lower() if is_uuid(text) else _bounded(text)


def child_key(parent_table: str, parent: str, own: str) -> str:
    """The key of a record that is known only within its parent."""
    return _bounded(f"{parent_table}:{parent}/{own}")


def content_key(*parts: str) -> str:
    """A readable key made of what a record says, such as its name and postal code."""
    return _bounded(" | ".join(one_line(part) for part in parts if part))


class Claims:
    """Which keys stand for more than one content, so that each record gets a key of its own.

    Offer every record first, then ask for keys: the answer does not depend on the order of the
    file. Remembers two hashes a key, never the records.
    """

    def __init__(self) -> None:
        self._content: dict[int, int] = {}
        self._shared: set[str] = set()

    def offer(self, keys: Sequence[str], content: str) -> None:
        """Say that a record with this content would like one of these keys, the first best."""
        for key in keys:
            said = hash(content)
            if self._content.setdefault(hash(key), said) != said:
                self._shared.add(key)

    def key(self, keys: Sequence[str], content: str) -> str:
        """The first of the keys that stands for one content only, else the last with a digest."""
        for key in keys:
            if key not in self._shared:
                return key
        return _bounded(f"{keys[-1]} | {content}")

    def is_shared(self, key: str) -> bool:
        """Whether records of different content want this key."""
        return key in self._shared
