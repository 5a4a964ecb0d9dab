"""Whatever a feed sends: twice is once, a rehearsal tells the truth, order does not matter."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from referral_hub.rules.actor import System
from referral_hub.rules.errors import ImportFailed
from referral_hub.use_cases.import_directory import ImportOptions, import_documents
from tests.fakes import FakeGazetteer
from tests.network import VAULT
from tests.use_cases.conftest import Imported

NOW = datetime(2026, 11, 18, tzinfo=UTC)
FEEDS = count()
WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
ODD = st.one_of(WORDS, st.none(), st.floats(allow_nan=False, allow_infinity=False), st.booleans())
PHONES = st.lists(st.fixed_dictionaries({"number": WORDS}, optional={"extension": ODD}), max_size=2)
PLACES = st.fixed_dictionaries(
    {"location_type": st.sampled_from(["physical", "postal", "virtual", "odd"])},
    optional={"name": WORDS, "latitude": ODD, "longitude": ODD, "phones": PHONES},
)
SERVICES = st.fixed_dictionaries(
    {"name": WORDS},
    optional={
        "status": st.sampled_from(["active", "inactive", "Active", "gone"]),
        "description": WORDS,
        "minimum_age": ODD,
        "url": WORDS,
        "phones": PHONES,
        "service_at_locations": st.lists(st.fixed_dictionaries({"location": PLACES}), max_size=2),
    },
)
ORGANIZATIONS = st.fixed_dictionaries(
    {"name": WORDS, "website": st.just("https://a.example.org")},
    optional={"description": WORDS, "email": WORDS, "services": st.lists(SERVICES, max_size=3)},
)
FEED = st.lists(ORGANIZATIONS, min_size=1, max_size=3)
EXAMPLES = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def numbered(feed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The feed with an id of its own on every record that stands alone."""
    for place, organization in enumerate(feed):
        organization["id"] = f"o{place}"
        for number, service in enumerate(organization.get("services", [])):
            service["id"] = f"s{place}-{number}"
            for site, link in enumerate(service.get("service_at_locations", [])):
                link["id"] = f"k{place}-{number}-{site}"
                link["location"]["id"] = f"l{place}-{number}-{site}"
    return feed


def load(
    session: Session, feed: list[dict[str, Any]], source: str, *, dry_run: bool = False
) -> Imported:
    imported = Imported(dry_run)
    try:
        import_documents(
            session,
            System(),
            feed,
            ImportOptions(source=source, dry_run=dry_run),
            gazetteer=FakeGazetteer(),
            vault=VAULT,
            report=imported.report,
            now=NOW,
        )
    except ImportFailed:
        imported.changes.clear()
    return imported


@given(FEED.map(numbered))
@EXAMPLES
def test_importing_any_feed_twice_changes_nothing(
    sqlite_session: Session, feed: list[dict[str, Any]]
) -> None:
    source = f"feed {next(FEEDS)}"
    load(sqlite_session, feed, source)
    assert load(sqlite_session, feed, source).changes == []


@given(FEED.map(numbered))
@EXAMPLES
def test_the_order_of_a_feed_does_not_matter(
    sqlite_session: Session, feed: list[dict[str, Any]]
) -> None:
    source = f"feed {next(FEEDS)}"
    load(sqlite_session, feed, source)
    assert load(sqlite_session, feed[::-1], source).changes == []


@given(FEED.map(numbered), FEED.map(numbered))
@EXAMPLES
def test_a_dry_run_says_what_the_import_then_does(
    sqlite_session: Session, before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    source = f"feed {next(FEEDS)}"
    load(sqlite_session, before, source)
    rehearsed = load(sqlite_session, after, source, dry_run=True)
    assert load(sqlite_session, after, source).changes == rehearsed.changes


@given(FEED.map(numbered))
@EXAMPLES
def test_every_record_of_a_feed_is_loaded_or_explained(
    sqlite_session: Session, feed: list[dict[str, Any]]
) -> None:
    imported = load(sqlite_session, feed, f"feed {next(FEEDS)}")
    refused = {problem.record for problem in imported.problems if problem.severity == "error"}
    sent = {service["id"] for one in feed for service in one.get("services", [])}
    added = [change for change in imported.changes if change.table == "service"]
    if imported.changes:
        assert len(added) == len(sent - refused)
