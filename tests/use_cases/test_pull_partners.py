"""Pulling partners: one worker at a time, later after failures; what is wrong changes nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.partner_api import PartnerApi, Version
from referral_hub.models import OutboxMessage, PartnerFeed, Service
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.errors import FetchRefused, HubError, InvalidInput
from referral_hub.rules.feeds import FeedKind
from referral_hub.use_cases.feeds import add_feed, pause_feed, resume_feed, run_feed
from referral_hub.use_cases.pull_partners import pull_partners
from tests.factories import a_service, an_organization, uid
from tests.fakes import FakeGazetteer
from tests.network import STEWARD, VAULT, Network

OPERATOR = System()


class FakeReader(PartnerApi):
    """Sends what it is told to, or fails."""

    sent: Any = ()
    missing: tuple[tuple[str, str], ...] = ()
    asked: list[str] = []  # noqa: RUF012 counted over all readings of a test

    def organizations(self, path: Path) -> None:
        self.asked.append("all")
        self._put(path)

    def changed_services(self, path: Path, since: datetime) -> None:
        self.asked.append(f"since {since:%H:%M}")
        self._put(path)

    def gone(self, since: datetime) -> list[tuple[str, str]]:
        return list(self.missing)

    def file(self, path: Path, known: Version) -> Version | None:
        self.asked.append(f"file {known.etag}")
        if known.etag == "1":
            return None
        self._put(path)
        return Version("1")

    def _put(self, path: Path) -> None:
        if isinstance(self.sent, Exception):
            raise self.sent
        path.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in self.sent))


Pull = Callable[..., int]


@pytest.fixture
def pull(session: Session, now: datetime) -> Pull:
    """Lets the worker pull what is due."""
    FakeReader.asked = []

    def once(sent: Any = (), at: datetime = now, missing: Any = ()) -> int:
        FakeReader.sent, FakeReader.missing = sent, missing
        return pull_partners(
            session, OPERATOR, VAULT, lambda url: FakeReader(url, lambda *_, **__: None),  # type: ignore[arg-type,return-value]
            FakeGazetteer(), now=at,
        )  # fmt: skip

    return once


def add(session: Session, now: datetime, kind: FeedKind = FeedKind.API) -> None:
    url = "https://partner.example/hsds"
    add_feed(session, OPERATOR, "Partner", url, kind, 6, frozenset(), now=now)


def the_feed(session: Session) -> PartnerFeed:
    session.expire_all()
    return session.scalars(select(PartnerFeed)).one()


def directory(*names: str) -> list[dict[str, Any]]:
    return [an_organization(services=[a_service(name, name=name) for name in names])]


def statuses(session: Session) -> dict[str, str]:
    session.expire_all()
    return {row.name: row.status for row in session.scalars(select(Service))}


def test_a_feed_is_read_when_it_is_due_and_not_before(
    session: Session, pull: Pull, now: datetime
) -> None:
    add(session, now)
    assert pull(directory("a")) == 1
    assert pull(directory("a", "b"), now + timedelta(hours=5)) == 0
    assert statuses(session) == {"a": "active"}
    assert pull(directory("b")[0]["services"], now + timedelta(hours=6)) == 1
    assert FakeReader.asked == ["all", f"since {now - timedelta(hours=1):%H:%M}"]
    assert statuses(session) == {"a": "active", "b": "active"}


def test_everything_is_read_once_a_day_and_what_is_missing_is_retired(
    session: Session, pull: Pull, now: datetime
) -> None:
    add(session, now)
    pull(directory("a", "b"))
    pull((), now + timedelta(hours=12))
    assert the_feed(session).message == "Nothing has changed there."
    pull(directory("a"), now + timedelta(hours=24))
    assert FakeReader.asked[0::2] == ["all", "all"]
    assert statuses(session) == {"a": "active", "b": "inactive"}


def test_what_the_partner_says_is_gone_is_retired_at_once(
    session: Session, pull: Pull, now: datetime
) -> None:
    add(session, now)
    pull(directory("a", "b"))
    pull((), now + timedelta(hours=6), [("service", uid("b")), ("service", uid("unknown"))])
    assert statuses(session) == {"a": "active", "b": "inactive"}


def test_a_failure_changes_nothing_and_is_tried_again_later_each_time(
    session: Session, pull: Pull, now: datetime
) -> None:
    add(session, now)
    pull(directory("a"))
    at, waits = now + timedelta(hours=6), []
    for _ in range(4):
        assert pull(FetchRefused("It answered 500.", "failed"), at) == 1
        due = the_feed(session).due_at
        waits.append(due - at)
        at = due
    assert [wait / timedelta(minutes=10) for wait in waits] == [1, 2, 4, 8]
    feed = the_feed(session)
    assert (feed.failures, feed.message) == (4, "It answered 500.")
    assert statuses(session) == {"a": "active"}
    assert pull(directory("a"), at) == 1
    assert the_feed(session).failures == 0


def test_stewards_are_told_once_when_it_goes_on(
    session: Session, pull: Pull, now: datetime
) -> None:
    Network(session).person("Stella Steward", None, STEWARD)
    add(session, now)
    at, told = now, []
    for _ in range(5):
        pull(FetchRefused("It answered 500.", "failed"), at)
        at = the_feed(session).due_at
        told.append(len(session.scalars(select(OutboxMessage)).all()))
    assert told == [0, 0, 1, 1, 1]


@pytest.mark.parametrize("sent", [[], [{"id": "x"}], [{"name": 5}]])
def test_a_partner_that_sends_nothing_usable_changes_nothing(
    session: Session, pull: Pull, now: datetime, sent: Any
) -> None:
    add(session, now)
    pull(directory("a"))
    pull(sent, now + timedelta(days=1))
    feed = the_feed(session)
    assert feed.failures == 1
    assert feed.message
    assert statuses(session) == {"a": "active"}


def test_a_reading_that_would_take_most_away_is_refused_until_somebody_accepts_it(
    session: Session, pull: Pull, now: datetime
) -> None:
    names = [f"s{number}" for number in range(20)]
    add(session, now)
    pull(directory(*names))
    pull(directory("s0"), now + timedelta(days=1))
    feed = the_feed(session)
    assert feed.message is not None
    assert "taken away 19 of 20 services" in feed.message
    assert set(statuses(session).values()) == {"active"}
    later = now + timedelta(days=2)
    run_feed(session, OPERATOR, feed.id, accept_gone=True, now=later)
    pull(directory("s0"), later)
    assert list(statuses(session).values()).count("inactive") == 19
    assert the_feed(session).accepts_gone is False


def test_a_reading_that_would_close_most_services_is_refused_too(
    session: Session, pull: Pull, now: datetime
) -> None:
    names = [f"s{number}" for number in range(20)]
    add(session, now)
    pull(directory(*names))
    closed = [a_service(name, name=name, status="inactive") for name in names[1:]]
    pull([an_organization(services=[a_service("s0", name="s0"), *closed])], now + timedelta(days=1))
    assert "taken away 19 of 20 services" in str(the_feed(session).message)
    assert set(statuses(session).values()) == {"active"}
    run_feed(session, OPERATOR, the_feed(session).id, now=now + timedelta(days=2))
    pull(directory(*names), now + timedelta(days=2))
    pull((), now + timedelta(days=2, hours=6), [("organization", uid("organization"))])
    assert "taken away 20 of 20 services" in str(the_feed(session).message)


def test_readings_that_break_off_count_as_failures(
    session: Session, pull: Pull, now: datetime
) -> None:
    Network(session).person("Stella Steward", None, STEWARD)
    add(session, now)
    at = now
    for _ in range(4):
        with pytest.raises(RuntimeError):
            pull(RuntimeError("the worker dies"), at)
        at += timedelta(hours=1)
    feed = the_feed(session)
    assert (feed.failures, feed.message) == (
        3, "The last reading broke off, or took longer than an hour.",
    )  # fmt: skip
    assert len(session.scalars(select(OutboxMessage)).all()) == 1
    pull(directory("a"), at)
    assert the_feed(session).failures == 0


def test_a_feed_that_another_worker_reads_is_left_to_it(
    session: Session, pull: Pull, now: datetime
) -> None:
    add(session, now)
    feed = the_feed(session)
    feed.leased_until = now + timedelta(minutes=30)
    session.commit()
    assert pull(directory("a")) == 0
    assert pull(directory("a"), now + timedelta(minutes=31)) == 1


def test_a_paused_feed_is_not_read(session: Session, pull: Pull, now: datetime) -> None:
    add(session, now)
    pause_feed(session, OPERATOR, the_feed(session).id, now=now)
    assert pull(directory("a")) == 0
    resume_feed(session, OPERATOR, the_feed(session).id, now=now)
    assert pull(directory("a")) == 1


def test_a_file_is_loaded_only_where_it_is_a_new_version(
    session: Session, pull: Pull, now: datetime
) -> None:
    add(session, now, FeedKind.FILE)
    pull(directory("a"))
    pull(directory("b"), now + timedelta(hours=6))
    assert FakeReader.asked == ["file None", "file 1"]
    assert statuses(session) == {"a": "active"}


@pytest.mark.parametrize(
    "url", ["http://partner.example/hsds", "ftp://x", "https://u:p@x.example", "nonsense", "https://x.example/a?b"]
)  # fmt: skip
def test_an_address_that_the_hub_does_not_fetch_from_is_refused(
    session: Session, now: datetime, url: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        add_feed(session, OPERATOR, "Partner", url, FeedKind.API, 6, frozenset(), now=now)
    assert "url" in refused.value.fields


def test_only_the_hub_pulls_and_only_stewards_add(session: Session, now: datetime) -> None:
    with pytest.raises(HubError):
        add_feed(
            session, Anonymous(), "x", "https://x.example", FeedKind.API, 1, frozenset(), now=now
        )
