"""A hub pulls another one, which really runs, by its API, and follows what happens there."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.outgoing_http import fetch
from referral_hub.gateways.partner_api import PartnerApi
from referral_hub.models import Organization, PartnerFeed, Phone, Service
from referral_hub.rules.actor import System
from referral_hub.rules.feeds import FeedKind
from referral_hub.use_cases.feeds import add_feed
from referral_hub.use_cases.import_directory import ImportOptions, import_documents
from referral_hub.use_cases.importing.report import ImportReport
from referral_hub.use_cases.pull_partners import pull_partners
from tests.factories import a_location, a_service, an_organization, uid
from tests.fakes import FakeGazetteer
from tests.network import VAULT
from tests.running_hub import RunningHub, free_port, running_hub

Publish = Callable[..., None]
Pull = Callable[..., None]
PHONES = [{"id": uid("phone"), "number": "312-555-0101"}]


@pytest.fixture(scope="module")
def first(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, gazetteer_folder: Path
) -> Iterator[RunningHub]:
    """The hub that is pulled."""
    folder = tmp_path_factory.mktemp("first") / "hub"
    with running_hub(folder, sqlite_template, gazetteer_folder, "127.0.0.1", free_port()) as hub:
        yield hub


@pytest.fixture
def publish(first: RunningHub) -> Publish:
    """What the first hub's own source sends now."""

    def make(*services: dict[str, Any], **organization: Any) -> None:
        documents = [an_organization(services=list(services), phones=PHONES, **organization)]
        with first.session() as session:
            import_documents(
                session, System(), documents, ImportOptions(source="own"),
                gazetteer=FakeGazetteer(), vault=VAULT,
                report=ImportReport("own", "", dry_run=False), now=datetime.now(UTC),
            )  # fmt: skip

    return make


@pytest.fixture
def pull(first: RunningHub, sqlite_session: Session) -> Pull:
    """Lets the second hub pull, whether or not the time has come."""
    start = datetime.now(UTC)
    session, door = sqlite_session, first.address.removeprefix("http://")
    add_feed(
        session, System(), "First hub", f"{first.address}/hsds", FeedKind.API, 1,
        frozenset({door}), now=start,
    )  # fmt: skip
    asked = partial(fetch, allow=frozenset({door}))

    def once(*, whole: bool = False) -> None:
        session.execute(update(PartnerFeed).values(due_at=start))
        if whole:
            session.execute(update(PartnerFeed).values(whole_at=None))
        session.commit()
        done = pull_partners(
            session, System(), VAULT, lambda url: PartnerApi(url, asked), FakeGazetteer(),
            now=datetime.now(UTC),
        )  # fmt: skip
        feed = session.scalars(select(PartnerFeed)).one()
        assert (done, feed.failures, feed.message) in {
            (1, 0, None),
            (1, 0, "Nothing has changed there."),
        }
        session.expire_all()

    return once


def services(session: Session) -> dict[str, str]:
    session.expire_all()
    return {row.name: row.status for row in session.scalars(select(Service))}


def test_changes_retirements_what_comes_back_and_what_is_new_follow(
    publish: Publish, pull: Pull, sqlite_session: Session
) -> None:
    kitchen = a_service("kitchen", name="Soup kitchen", location=a_location())
    pantry = a_service("pantry", name="Pantry")
    publish(kitchen, pantry)
    pull()
    assert services(sqlite_session) == {"Soup kitchen": "active", "Pantry": "active"}
    ids = set(sqlite_session.scalars(select(Service.id)))
    assert ids == {UUID(uid("kitchen")), UUID(uid("pantry"))}

    publish(kitchen | {"name": "Soup and bread"}, pantry)
    pull()
    assert services(sqlite_session) == {"Soup and bread": "active", "Pantry": "active"}
    # What was not sent again, since it did not change, is still there.
    assert sqlite_session.get(Phone, UUID(uid("phone"))) is not None

    publish(kitchen)
    pull()
    assert services(sqlite_session)["Pantry"] == "inactive"

    publish(kitchen, pantry)
    pull()
    assert services(sqlite_session)["Pantry"] == "active"

    publish(kitchen, pantry, a_service("clothes", name="Clothes"), name="Renamed")
    pull()
    assert services(sqlite_session)["Clothes"] == "active"
    assert sqlite_session.scalars(select(Organization.name)).all() == ["Renamed"]


def test_what_is_hidden_there_is_retired_here_by_the_next_whole_reading(
    publish: Publish, pull: Pull, first: RunningHub, sqlite_session: Session
) -> None:
    publish(a_service("kitchen", name="Soup kitchen"), a_service("pantry", name="Pantry"))
    pull()
    with first.session() as session:
        session.execute(update(Service).where(Service.name == "Pantry").values(visibility="hidden"))
        session.commit()
    pull()
    assert services(sqlite_session)["Pantry"] == "active"
    pull(whole=True)
    assert services(sqlite_session)["Pantry"] == "inactive"
    assert services(sqlite_session)["Soup kitchen"] == "active"


def test_reading_again_changes_nothing(
    publish: Publish, pull: Pull, sqlite_session: Session
) -> None:
    publish(a_service("kitchen", name="Soup kitchen", location=a_location()))
    pull()
    pull(whole=True)
    report = sqlite_session.scalars(select(PartnerFeed)).one().report
    assert report["whole"]
    assert {change for _, change, _ in report["changes"]} == {"unchanged"}
