"""Searches are counted for the map of unmet need, and nothing of them is kept."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from referral_hub.extensions import db
from referral_hub.models import SearchCount
from referral_hub.web.hub import EXTENSION
from tests.demo import load_documents
from tests.factories import a_directory

Counted = Callable[[], dict[tuple[str, str, str], int]]


@pytest.fixture
def small(app: Flask, client: FlaskClient, now: datetime) -> FlaskClient:
    """A client of a hub with one service, for evictions in Chicago."""
    with app.app_context():
        load_documents(app, a_directory(), now)
    return client


@pytest.fixture
def counted(app: Flask) -> Counted:
    """(term, area, band) with how often, after what waits was written."""

    def read() -> dict[tuple[str, str, str], int]:
        app.extensions[EXTENSION].tally.flush()
        with app.app_context():
            rows = db.session.execute(select(SearchCount)).scalars().all()
        assert {row.day for row in rows} <= {datetime.now(UTC).date()}
        return {(row.term, row.area, row.band): row.searches for row in rows}

    return read


def test_pages_and_api_count_what_was_understood(small: FlaskClient, counted: Counted) -> None:
    small.get("/api/v1/search?q=help+with+rent&near=60608")
    small.get("/find?q=help+with+rent&near=60608")
    (((term, area, _), times),) = counted().items()
    assert (term, area, times) == ("housing.keep.rent-assistance", "606", 2)


def test_what_is_no_new_search_is_not_counted(small: FlaskClient, counted: Counted) -> None:
    for path in (
        "/find",
        "/find?near=60608",
        "/find?q=eviction&page=2",
        "/find?q=eviction&near=Zzyzxville",
        "/find?q=eviction&age=old",
        "/api/v1/search",
        "/api/v1/search?q=eviction&radius_km=5",
        "/api/v1/complete?q=eviction",
        "/",
    ):
        small.get(path)
    assert counted() == {}


def test_no_word_that_was_typed_is_kept(
    small: FlaskClient, counted: Counted, data_dir: Path
) -> None:
    small.get("/api/v1/search?q=Zanzibarowski+evicted+555-0100&near=60611")
    assert counted()
    files = [path for path in data_dir.iterdir() if path.is_file()]
    assert files
    for word in (b"zanzibar", b"555-0100", b"60611"):
        assert not any(word in path.read_bytes().lower() for path in files), word
