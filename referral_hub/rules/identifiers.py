"""How records get the ids that they keep for ever."""

from contextlib import suppress
from functools import lru_cache
from uuid import NAMESPACE_URL, UUID, uuid5

_NAMESPACE = uuid5(NAMESPACE_URL, "https://referral-hub.org/records/")
_UUID_LENGTHS = frozenset({32, 36, 38, 45})  # bare, with hyphens, in braces, as an URN


@lru_cache(maxsize=65_536)
def record_uuid(source: str, table: str, raw_id: str) -> UUID:
    """A record's UUID: its own id when that is a UUID, else uuid5 of source, table and id.

    The table belongs to it because sources number each table from 1.
    """
    if len(raw_id) in _UUID_LENGTHS:
        with suppress(ValueError):
            return UUID(raw_id)
    return uuid5(_NAMESPACE, f"{source}\n{table}\n{raw_id}")
