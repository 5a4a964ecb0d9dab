"""Public keys of applications that publish them at an address of their own (`jwks_uri`)."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Protocol

from referral_hub.rules.errors import FetchRefused
from referral_hub.rules.public_keys import MOST_KEYS, is_usable

KEPT = timedelta(minutes=10)
ASKED_AGAIN = timedelta(seconds=30)
"""How soon an address is asked again for a key that was not there: each request could name one."""

Keys = list[Mapping[str, Any]]


class Fetched(Protocol):
    """An answer to a fetch."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def body(self) -> bytes:
        """What came."""


class Fetch(Protocol):
    """Fetches an address, safely. Raises FetchRefused."""

    def __call__(self, url: str, *, most_bytes: int = ...) -> Fetched:
        """What the address answers."""


class RemoteKeys:
    """Fetches keys and keeps them for a while; safe for threads. Without `fetch` it has none."""

    def __init__(self, fetch: Fetch | None = None) -> None:
        self._fetch = fetch
        self._kept: dict[str, tuple[datetime, Keys]] = {}
        self._lock = Lock()

    def keys_at(self, url: str, key_id: str | None, now: datetime) -> Keys:
        """The usable keys at an address, fresh enough to hold `key_id` if it has it.

        Empty where they cannot be had.
        """
        with self._lock:
            fetched_at, keys = self._kept.get(url, (None, []))
        if fetched_at is not None:
            age = now - fetched_at
            knows = any(key.get("kid") == key_id for key in keys) or (keys and key_id is None)
            if age < ASKED_AGAIN or (knows and age < KEPT):
                return keys
        keys = self._ask(url)
        with self._lock:
            self._kept[url] = (now, keys)
        return keys

    def _ask(self, url: str) -> Keys:
        if self._fetch is None:
            return []
        try:
            answer = self._fetch(url, most_bytes=100_000)
            found = json.loads(answer.body) if answer.status == 200 else {}
        except (FetchRefused, ValueError, RecursionError):
            return []
        keys = found.get("keys") if isinstance(found, dict) else None
        return [key for key in keys if is_usable(key)][:MOST_KEYS] if isinstance(keys, list) else []
