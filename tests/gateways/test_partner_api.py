"""What a partner may answer, and what is made of it: whole lists, or a reason."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from referral_hub.gateways import partner_api
from referral_hub.gateways.outgoing_http import Fetched
from referral_hub.gateways.partner_api import PartnerApi, Version
from referral_hub.rules.errors import FetchRefused

BASE = "https://partner.example/hsds"
SINCE = datetime(2026, 11, 1, tzinfo=UTC)


class FakePartner:
    """Answers pages by path; a page may be bytes, or an answer."""

    def __init__(self, **lists: list[Any]) -> None:
        self.lists = lists
        self.asked: list[str] = []
        self.headers: list[Mapping[str, str]] = []

    def __call__(
        self, url: str, *, most_bytes: int, timeout: float, headers: Mapping[str, str]
    ) -> Fetched:
        parts = urlsplit(url)
        self.asked.append(url)
        self.headers.append(headers)
        name = parts.path.rpartition("/")[2]
        pages = self.lists[name]
        page = int(parse_qs(parts.query).get("page", ["1"])[0])
        found = pages[min(page, len(pages)) - 1]
        if isinstance(found, Fetched):
            return found
        return Fetched(200, {}, found if isinstance(found, bytes) else json.dumps(found).encode())


def a_page(*ids: str, pages: Any = 1, total: Any = None) -> dict[str, Any]:
    return {
        "total_pages": pages,
        "total_items": len(ids) if total is None else total,
        "contents": [{"id": each, "name": each} for each in ids],
    }


def read(partner: FakePartner, path: Path) -> list[str]:
    PartnerApi(BASE, partner).organizations(path)
    return [json.loads(line)["id"] for line in path.read_text().splitlines()]


def test_all_pages_are_read_and_each_record_once(tmp_path: Path) -> None:
    partner = FakePartner(
        organizations=[a_page("a", "b", pages=2, total=3), a_page("b", "c", pages=2, total=3)]
    )
    assert read(partner, tmp_path / "x") == ["a", "b", "c"]
    assert partner.asked[0] == f"{BASE}/organizations?full_service=true&page=1&per_page=50"


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        ([b"<html>"], "no JSON"),
        ([b"[]"], "no object"),
        ([b"[" * 100_000], "no JSON"),
        ([{"contents": {}}], "no list of contents"),
        ([{"contents": ["a"]}], "without an id"),
        ([{"contents": [{"id": 5}]}], "without an id"),
        ([{"contents": []}], "does not say its total_pages"),
        ([a_page("a", pages="many")], "does not say its total_pages"),
        ([a_page("a", total=-1)], "does not say its total_items"),
        ([a_page("a", pages=99, total=99)], "repeats itself at page 2"),
        ([a_page("a", pages=3, total=3), a_page(pages=3, total=3)], "page 2 is empty"),
        ([a_page("a", total=5)], "says that it holds 5 records, and sent 1"),
        ([Fetched(500, {}, b"")], "answered 500"),
        ([Fetched(302, {"location": "http://127.0.0.1/"}, b"")], "redirects are not followed"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_as_it_should_be_is_said(tmp_path: Path, pages: list[Any], reason: str) -> None:
    with pytest.raises(FetchRefused, match=reason):
        read(FakePartner(organizations=pages), tmp_path / "x")


def test_a_list_without_an_end_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partner_api, "MOST_PAGES", 3)
    pages = [a_page(str(number), pages=10**9, total=10**9) for number in range(10)]
    with pytest.raises(FetchRefused, match="does not end after 3 pages"):
        read(FakePartner(organizations=pages), tmp_path / "x")


def test_more_than_is_read_in_all_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partner_api, "MOST_BYTES", 100)
    pages = [a_page(str(number), pages=9, total=9) for number in range(9)]
    with pytest.raises(FetchRefused, match="sent more than"):
        read(FakePartner(organizations=pages), tmp_path / "x")


def test_a_slow_partner_is_left(tmp_path: Path) -> None:
    times = iter([0.0, 1.0, partner_api.MOST_SECONDS])
    partner = FakePartner(organizations=[a_page("a", pages=2, total=2)])
    api = PartnerApi(BASE, partner, clock=lambda: next(times))
    with pytest.raises(FetchRefused, match="took too long"):
        api.organizations(tmp_path / "x")


def test_tombstones_are_asked_for_only_where_the_profile_has_them() -> None:
    gone = a_page("s") | {"contents": [{"id": "s", "type": "service"}, {"id": "x", "type": "?"}]}
    gone["total_items"] = 2
    known = {"profile": f"{BASE}/profile"}
    having = FakePartner(
        hsds=[known], **{"": [known]}, profile=[{"endpoints": {"/tombstones": {}}}],
        tombstones=[gone],
    )  # fmt: skip
    assert PartnerApi(BASE, having).gone(SINCE) == [("service", "s")]
    without = FakePartner(**{"": [{"profile": "https://docs.openreferral.org"}]})
    assert PartnerApi(BASE, without).gone(SINCE) == []


def test_a_file_is_asked_for_by_its_version(tmp_path: Path) -> None:
    sent = Fetched(200, {"etag": '"1"', "last-modified": "Sun"}, b"[]")
    partner = FakePartner(**{"all.json": [sent]})
    url = "https://partner.example/all.json"
    version = PartnerApi(url, partner).file(tmp_path / "x", Version())
    assert version == Version('"1"', "Sun")
    assert partner.headers[-1] == {}
    same = FakePartner(**{"all.json": [Fetched(304, {}, b"")]})
    assert PartnerApi(url, same).file(tmp_path / "x", version) is None
    assert same.headers[-1] == {"If-None-Match": '"1"', "If-Modified-Since": "Sun"}
    with pytest.raises(FetchRefused, match="304"):
        PartnerApi(url, same).file(tmp_path / "x", Version())
