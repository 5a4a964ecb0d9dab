"""The pages on which somebody decides whether two records are one, and what the merged lead to."""

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from referral_hub.models import (
    AgencyOrganization,
    DuplicateCandidate,
    ListingChange,
    Location,
    Organization,
    Service,
    ShortlistEntry,
)
from referral_hub.rules.actor import System
from referral_hub.use_cases.import_directory import ImportOptions, import_documents
from referral_hub.use_cases.importing.report import ImportReport
from tests.duplicate_world import first_source, key, look, second_source, the_pair
from tests.fakes import FakeGazetteer
from tests.http.conftest import Opener
from tests.http.hub_browser import Browser
from tests.http.one_of_everything import Maker
from tests.network import ADMINISTRATOR, STEWARD, VAULT, Network


@pytest.fixture(autouse=True)
def both(app: Flask, network: Network, sqlite_session: Session) -> None:
    for source, documents in (("first", first_source()), ("second", second_source())):
        import_documents(
            sqlite_session, System(), documents, ImportOptions(source),
            gazetteer=FakeGazetteer(), vault=VAULT, report=ImportReport(source, "", dry_run=False),
            now=network.long_ago,
        )  # fmt: skip
    look(sqlite_session, network.long_ago + timedelta(minutes=1))


@pytest.fixture
def steward(network: Network, browse: Opener) -> Browser:
    return browse(network.person("Stella Steward", None, STEWARD))


def address(session: Session, table: str) -> str:
    session.rollback()
    return f"/network/duplicates/{the_pair(session, table).id}"


def side(session: Session, table: str, name: str) -> str:
    return "one" if the_pair(session, table).one_id == key(name) else "other"


def merge(steward: Browser, session: Session, table: str, name: str, **more: str) -> str:
    here = address(session, table)
    return steward.done(f"{here}/merge", survivor=side(session, table, name), **more)


def test_a_steward_sees_what_may_be_one_and_why(steward: Browser) -> None:
    html = steward.page("/network/duplicates")
    assert "Fair Homes Legal Aid" in html
    assert "same phone" in html
    assert "Organizations (1)" in html
    assert "Very likely" in html
    assert "Nothing was decided so" in steward.page("/network/duplicates", state="merged")
    assert "Choose a kind of record" in steward.page("/network/duplicates", 422, kind="dog")


def test_a_pair_stands_side_by_side_with_what_differs(
    steward: Browser, sqlite_session: Session
) -> None:
    html = steward.page(address(sqlite_session, "service"))
    assert "Eviction Defense" in html
    assert "Eviction defense" in html
    assert "1200 W 18th St, Chicago, IL, 60608" in html
    assert "We help tenants in court." in html
    assert "+25" in html


def test_somebody_merges_and_takes_it_back(steward: Browser, sqlite_session: Session) -> None:
    other = side(sqlite_session, "service", "second service")
    html = merge(
        steward, sqlite_session, "service", "first service", take_email=other, note="Same desk"
    )
    assert "The two are merged" in html
    sqlite_session.rollback()
    service = sqlite_session.get_one(Service, key("first service"))
    assert service.email == "help@fairhomes.example.org"
    assert service.name == "Eviction Defense"
    assert sqlite_session.scalars(select(ListingChange.note)).one() == "Same desk"
    assert "Eviction" in steward.page("/network/duplicates", state="merged")
    html = steward.done(f"{address(sqlite_session, 'service')}/unmerge")
    assert "Both are as they were" in html
    sqlite_session.rollback()
    sqlite_session.expire_all()
    assert sqlite_session.get_one(Service, key("first service")).email is None


def test_the_page_and_the_id_of_a_merged_service_lead_to_the_one_in_its_place(
    steward: Browser, sqlite_session: Session, client: FlaskClient
) -> None:
    merge(steward, sqlite_session, "service", "first service")
    old, new = key("second service"), key("first service")
    answer = client.get(f"/services/{old}")
    assert (answer.status_code, answer.location) == (307, f"/services/{new}")
    answer = client.get(f"/hsds/services/{old}")
    assert (answer.status_code, answer.location) == (307, f"/hsds/services/{new}")
    assert answer.get_json() == {"merged_into": str(new)}
    assert client.get(f"/hsds/services/{new}").get_json()["id"] == str(new)
    listed = client.get("/hsds/services").get_json()["contents"]
    assert [each["id"] for each in listed] == [str(new)]
    gone = client.get("/hsds/tombstones").get_json()["contents"]
    assert {(each["id"], each["merged_into"]) for each in gone if each["type"] == "service"} == {
        (str(old), str(new))
    }


def test_an_old_number_on_somebody_s_list_still_shows(
    steward: Browser, sqlite_session: Session, world_of_clients: UUID
) -> None:
    merge(steward, sqlite_session, "service", "first service")
    sqlite_session.rollback()
    held = sqlite_session.scalars(select(ShortlistEntry.service_id)).one()
    assert held == key("second service")
    assert sqlite_session.get_one(Service, held).name == "Eviction defense"


@pytest.fixture
def world_of_clients(network: Network, sqlite_session: Session) -> UUID:
    """A client for whom the second source's service was put aside."""
    agency = network.agency()
    owner = network.person("Cleo", agency).person_id
    team = network.team(agency, "Team")
    ids = Maker(network, sqlite_session).client_with_work(agency, team, owner)
    sqlite_session.add(
        ShortlistEntry(
            person_id=owner, client_id=ids["client_id"], service_id=key("second service"),
            added_at=network.now,
        )
    )  # fmt: skip
    sqlite_session.commit()
    found: UUID = ids["client_id"]
    return found


def test_what_stands_against_a_merge_is_said_and_nothing_typed_is_lost(
    steward: Browser, sqlite_session: Session
) -> None:
    sqlite_session.execute(
        update(Location).where(Location.id == key("second place")).values(confidential=True)
    )
    sqlite_session.commit()
    here = address(sqlite_session, "location")
    page = steward.page(here)
    assert "A confidential location" in page
    assert "1200 West 18th Street" not in page
    keep = side(sqlite_session, "location", "first place")
    html = steward.wrong(f"{here}/merge", 409, survivor=keep, note="Keep my words")
    assert "Keep the confidential one" in html
    assert "Keep my words" in html
    assert "Choose which record stays" in steward.wrong(f"{here}/merge")


def test_what_are_two_is_said_once(steward: Browser, sqlite_session: Session) -> None:
    here = address(sqlite_session, "organization")
    assert "They stay two" in steward.done(f"{here}/differ")
    assert "decided on this pair meanwhile" in steward.wrong(f"{here}/differ", 409)
    assert "Not duplicates" in steward.page(here)


def test_an_administrator_sees_the_agency_s_own_pairs_alone(
    network: Network, browse: Opener, sqlite_session: Session
) -> None:
    agency = network.agency()
    admin = browse(network.person("Ada Admin", agency, ADMINISTRATOR))
    assert "Nothing waits" in admin.page("/network/duplicates")
    admin.page(address(sqlite_session, "organization"), 404)
    sqlite_session.rollback()
    sqlite_session.add_all(
        AgencyOrganization(agency_id=agency, organization_id=key(name))
        for name in ("first", "second")
    )
    sqlite_session.commit()
    assert "Fair Homes" in admin.page("/network/duplicates")
    assert "Are these one" in admin.page(address(sqlite_session, "service"))


def test_a_pair_that_does_not_exist_is_not_found(steward: Browser) -> None:
    steward.page(f"/network/duplicates/{key('nothing')}", 404)


def test_the_list_costs_the_same_whatever_its_length(
    steward: Browser, sqlite_session: Session, network: Network
) -> None:
    twins = sorted(network.organization("Twin") for _ in range(31))
    sqlite_session.add_all(
        DuplicateCandidate(
            table_name="organization", one_id=one, other_id=other, score=55,
            parts=[[55, "same name"]], found_at=network.now,
        )
        for one, other in pairwise(twins)
    )  # fmt: skip
    sqlite_session.commit()
    html = steward.page("/network/duplicates", kind="organization")
    assert html.count("of 100") == 25
    assert "of 100" in steward.page("/network/duplicates", kind="organization", page="2")
    assert sqlite_session.scalar(select(Organization.id).limit(1)) is not None
