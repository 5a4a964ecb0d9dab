"""Reading a partner's directory: an HSDS API page by page, or a file.

Nothing that a partner answers is believed: answers are bounded in size, time and number, and a
list must hold what it says it holds.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any, Protocol
from urllib.parse import urlencode

import orjson

from referral_hub.gateways.outgoing_http import Fetched
from referral_hub.rules.errors import FetchRefused
from referral_hub.rules.hsds import LISTED

PER_PAGE = 50
MOST_PAGES = 20_000
MOST_PAGE_BYTES = 20 * 1024**2
MOST_FILE_BYTES = 100 * 1024**2
MOST_BYTES = 500 * 1024**2
MOST_SECONDS = 40 * 60.0
"""Less than the lease of a feed (`rules.feeds.LEASE`)."""
SECONDS_A_PAGE = 60.0
Json = dict[str, Any]


class Fetch(Protocol):
    """The door to other servers: `gateways.outgoing_http.fetch`."""

    def __call__(
        self, url: str, *, most_bytes: int, timeout: float, headers: Mapping[str, str]
    ) -> Fetched:
        """What an address answers. Raises FetchRefused."""


@dataclass(frozen=True, slots=True)
class Version:
    """The partner's words for the version of a file; both None where it has none."""

    etag: str | None = None
    modified: str | None = None


@dataclass(slots=True)
class PartnerApi:
    """One reading of one partner. Whatever is at fault there raises FetchRefused."""

    url: str
    fetch: Fetch
    clock: Callable[[], float] = monotonic
    _began: float = 0.0
    _bytes: int = 0

    def __post_init__(self) -> None:
        self._began = self.clock()

    def organizations(self, path: Path) -> None:
        """Write all organizations with all their services, one a line."""
        self._write(path, self._list("organizations", {"full_service": "true"}))

    def changed_services(self, path: Path, since: datetime) -> None:
        """Write services that changed since then, whole, one a line."""
        asked = {"full": "true", "modified_after": since.isoformat()}
        self._write(path, self._list("services", asked))

    def gone(self, since: datetime) -> list[tuple[str, str]]:
        """(table, id) of what is gone since then, where the partner's profile lists it."""
        if not self._has_tombstones():
            return []
        found = self._list("tombstones", {"modified_after": since.isoformat()})
        return [
            (str(each["type"]), each["id"]) for each in found if str(each.get("type")) in LISTED
        ]

    def file(self, path: Path, known: Version) -> Version | None:
        """Write a file as it is; returns its version, or None where it is the known one."""
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        sent = {name: value for name, value in headers.items() if value}
        answer = self.fetch(
            self.url, most_bytes=MOST_FILE_BYTES, timeout=5 * SECONDS_A_PAGE, headers=sent
        )
        if answer.status == 304 and sent:
            return None
        if answer.status != 200:
            raise _fault(f"The address answered {answer.status}{_where(answer)}.")
        path.write_bytes(answer.body)
        return Version(
            answer.headers.get("etag", "")[:200] or None,
            answer.headers.get("last-modified", "")[:200] or None,
        )

    def _list(self, name: str, asked: Mapping[str, str]) -> Iterator[Json]:
        """All records of a list, each once."""
        seen: set[str] = set()
        page = 1
        while True:
            if page > MOST_PAGES:
                raise _fault(f"/{name} does not end after {MOST_PAGES:,} pages.")
            query = urlencode({**asked, "page": page, "per_page": PER_PAGE})
            found = self._json(f"{name}?{query}")
            records = _records(found, name, page)
            fresh = [record for record in records if record["id"] not in seen]
            if records and not fresh:
                raise _fault(f"/{name} repeats itself at page {page}; it may not end.")
            seen.update(record["id"] for record in fresh)
            yield from fresh
            pages, total = _number(found, "total_pages", name), _number(found, "total_items", name)
            if page >= pages:
                break
            if not records:
                raise _fault(f"/{name} says that it has {pages} pages, and page {page} is empty.")
            page += 1
        if len(seen) != total:
            raise _fault(f"/{name} says that it holds {total:,} records, and sent {len(seen):,}.")

    def _has_tombstones(self) -> bool:
        """Whether the partner declares a list of what is gone, as `docs/hsds.md` has it."""
        base = self._json("")
        address = base.get("profile")
        own = f"{self.url}/profile"
        if not isinstance(address, str) or not address.endswith("/hsds/profile"):
            return False
        profile = self._asked(own)
        endpoints = profile.get("endpoints")
        return isinstance(endpoints, dict) and "/tombstones" in endpoints

    def _json(self, path: str) -> Json:
        return self._asked(f"{self.url}/{path}")

    def _asked(self, url: str) -> Json:
        left = MOST_SECONDS - (self.clock() - self._began)
        if left <= 0:
            raise FetchRefused("Reading took too long. Ask the partner for a faster API.", "slow")
        answer = self.fetch(
            url,
            most_bytes=MOST_PAGE_BYTES,
            timeout=min(SECONDS_A_PAGE, left),
            headers={"Accept": "application/json"},
        )
        if answer.status != 200:
            raise _fault(f"{_path_of(url)} answered {answer.status}{_where(answer)}.")
        self._bytes += len(answer.body)
        if self._bytes > MOST_BYTES:
            raise _fault(f"The partner sent more than {MOST_BYTES // 1024**2} MB.")
        try:
            found = orjson.loads(answer.body)
        except orjson.JSONDecodeError as error:
            raise _fault(f"{_path_of(url)} answered with something that is no JSON.") from error
        if not isinstance(found, dict):
            raise _fault(f"{_path_of(url)} answered with JSON that is no object.")
        return found

    @staticmethod
    def _write(path: Path, records: Iterator[Json]) -> None:
        with path.open("wb") as lines:
            for record in records:
                lines.write(orjson.dumps(record) + b"\n")


def _records(found: Json, name: str, page: int) -> list[Json]:
    records = found.get("contents")
    if not isinstance(records, list):
        raise _fault(f"Page {page} of /{name} has no list of contents.")
    for record in records:
        if not isinstance(record, dict) or not isinstance(record.get("id"), str):
            raise _fault(f"Page {page} of /{name} has a record without an id.")
    return records


def _number(found: Json, field: str, name: str) -> int:
    value = found.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _fault(f"/{name} does not say its {field}.")
    return value


def _where(answer: Fetched) -> str:
    if not 300 <= answer.status < 400:
        return ""
    return ", which leads elsewhere; redirects are not followed"


def _path_of(url: str) -> str:
    """The path alone: the rest of an address may hold a secret."""
    return "/" + url.partition("?")[0].partition("://")[2].partition("/")[2]


def _fault(message: str) -> FetchRefused:
    return FetchRefused(message, "failed")
