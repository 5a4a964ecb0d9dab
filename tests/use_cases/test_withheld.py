"""What was hidden or made confidential is not searched by what a stale index still knows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from referral_hub.gateways.search import SearchGateway
from referral_hub.models import PendingIndex, Service
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.capacity import CapacityState, CapacityWord
from referral_hub.use_cases.complete_search import complete_search
from referral_hub.use_cases.directory.pending import withheld_services
from referral_hub.use_cases.directory_views import FindQuery, FindView
from referral_hub.use_cases.find_services import find_services
from referral_hub.use_cases.maintain_index import catch_up_index, expect_new_day, rebuild_index
from referral_hub.use_cases.protect_location import protect_location
from referral_hub.use_cases.record_capacity import record_capacity
from referral_hub.use_cases.transaction import transaction
from tests.factories import a_location, a_service, an_organization, uid
from tests.fakes import FakeGazetteer, FakePlaces
from tests.network import VAULT
from tests.use_cases.conftest import Importer

OPERATOR = System()
GAZETTEER = FakeGazetteer()
SHELTER = a_service(
    "shelter", name="Zanzibar", location=a_location("house", latitude=41.9, longitude=-87.6)
)
OFFICE = a_service(
    "office", name="Office", location=a_location("hall", latitude=41.901, longitude=-87.6)
)
AT_THE_DOOR = {"latitude": 41.9, "longitude": -87.6, "radius_km": 0.2, "sort": "nearest"}


@pytest.fixture
def index(
    load: Importer, session: Session, now: datetime, tmp_path: Path
) -> Iterator[SearchGateway]:
    """An index that knows where the shelter and the office are."""
    made = SearchGateway(tmp_path / "index")
    load([an_organization(services=[SHELTER, OFFICE])])
    rebuild_index(session, OPERATOR, made, GAZETTEER, now=now)
    yield made
    made.close()


def find(session: Session, index: SearchGateway, now: datetime, **query: object) -> FindView:
    return find_services(
        session,
        Anonymous(),
        FindQuery(**query),  # type: ignore[arg-type]
        searcher=index,
        places=FakePlaces(),
        now=now,
    )


def told(view: FindView) -> tuple[list[str], int, int]:
    """Who is shown, how many are said to be there, and how many the facets count."""
    counts = [
        option.count
        for facet in view.facets
        if facet.name == "delivery"
        for option in facet.options
    ]
    return [card.name for card in view.results], view.total, sum(counts)


def completed(session: Session, index: SearchGateway, typed: str) -> list[str]:
    query = FindQuery(words=typed)
    ways = complete_search(session, Anonymous(), query, completer=index, places=FakePlaces())
    return [way.text for way in ways]


def test_a_place_just_protected_is_not_found_by_where_it_is(
    session: Session, index: SearchGateway, now: datetime
) -> None:
    assert told(find(session, index, now, **AT_THE_DOOR)) == (["Zanzibar", "Office"], 2, 2)
    protect_location(session, OPERATOR, UUID(uid("house")), GAZETTEER, VAULT, now=now)
    assert told(find(session, index, now, **AT_THE_DOOR)) == (["Office"], 1, 1)
    assert told(find(session, index, now, words="zanzibar")) == ([], 0, 0)
    catch_up_index(session, OPERATOR, index, GAZETTEER, now=now)
    assert told(find(session, index, now, **AT_THE_DOOR)) == (["Office"], 1, 1)
    (card,) = find(session, index, now, near="60608", words="zanzibar").results
    assert (card.name, card.distance_km) == ("Zanzibar", 0)


def test_a_vanished_service_is_neither_counted_nor_offered(
    load: Importer, session: Session, index: SearchGateway, now: datetime
) -> None:
    assert completed(session, index, "zanz") == ["Zanzibar"]
    load([an_organization(services=[OFFICE])])
    assert withheld_services(session) == {uid("shelter")}
    assert told(find(session, index, now)) == (["Office"], 1, 1)
    assert completed(session, index, "zanz") == []
    catch_up_index(session, OPERATOR, index, GAZETTEER, now=now)
    assert completed(session, index, "zanz") == []
    assert withheld_services(session) == frozenset()


@pytest.mark.parametrize("link", ["shelter at location", "new link"], ids=["moved", "new link"])
def test_a_service_that_left_a_place_is_withheld_until_indexed(
    load: Importer, session: Session, index: SearchGateway, now: datetime, link: str
) -> None:
    links = [{"id": uid(link), "location": a_location("new house")}]
    moved = a_service("shelter", name="Zanzibar", service_at_locations=links)
    later = now + timedelta(days=1)
    load([an_organization(services=[moved, OFFICE])], at=later)
    assert withheld_services(session) == {uid("shelter")}
    assert told(find(session, index, later)) == (["Office"], 1, 1)
    catch_up_index(session, OPERATOR, index, GAZETTEER, now=later)
    assert find(session, index, later).total == 2
    later += timedelta(days=1)
    load([an_organization(services=[moved | {"description": "Beds."}, OFFICE])], at=later)
    assert withheld_services(session) == frozenset()


def test_a_service_that_turns_inactive_is_withheld_and_one_that_stays_so_is_not(
    load: Importer, session: Session, index: SearchGateway, now: datetime
) -> None:
    inactive = SHELTER | {"status": "inactive"}
    load([an_organization(services=[inactive, OFFICE])])
    assert withheld_services(session) == {uid("shelter")}
    catch_up_index(session, OPERATOR, index, GAZETTEER, now=now)
    later = now + timedelta(days=1)
    links = [{"id": uid("new link"), "location": a_location("new house")}]
    moved = a_service("shelter", status="inactive", description="Bed", service_at_locations=links)
    load([an_organization(services=[moved, OFFICE, a_service("new", status="defunct")])], at=later)
    assert withheld_services(session) == frozenset()
    load([an_organization(name="Other", services=[moved, OFFICE])], at=later + timedelta(days=1))
    assert withheld_services(session) == frozenset()


def test_all_services_of_a_vanished_organization_are_withheld_together(
    load: Importer, session: Session, index: SearchGateway, now: datetime
) -> None:
    later = now + timedelta(days=1)
    load([an_organization("other", services=[a_service("other")])], at=later)
    assert withheld_services(session) == {uid("shelter"), uid("office")}


def test_the_same_services_are_withheld_as_one_object(
    load: Importer, session: Session, index: SearchGateway, now: datetime
) -> None:
    load([an_organization(services=[])])
    first = withheld_services(session)
    assert withheld_services(session) is first
    catch_up_index(session, OPERATOR, index, GAZETTEER, now=now)
    load([an_organization(services=[OFFICE])])
    catch_up_index(session, OPERATOR, index, GAZETTEER, now=now)
    load([an_organization(services=[])])
    assert withheld_services(session) == {uid("office")}


def test_what_changes_and_hides_nothing_is_found_all_the_while(
    load: Importer, session: Session, index: SearchGateway, now: datetime
) -> None:
    record_capacity(
        session, OPERATOR, UUID(uid("office")), CapacityWord(CapacityState.CLOSED), now=now
    )
    expect_new_day(session, OPERATOR, now=now)
    load([an_organization(services=[SHELTER | {"description": "Beds."}, OFFICE])])
    assert session.query(PendingIndex).count() > 1
    assert find(session, index, now).total == 2


def test_whoever_says_nothing_of_a_change_withholds_the_service(
    session: Session, index: SearchGateway, now: datetime
) -> None:
    with transaction(session):
        session.add(PendingIndex(service_id=UUID(uid("office")), created_at=now))
    assert told(find(session, index, now)) == (["Zanzibar"], 1, 1)


def test_a_hidden_service_that_nothing_withholds_is_not_counted_either(
    session: Session, index: SearchGateway, now: datetime
) -> None:
    with transaction(session):
        hide = update(Service).where(Service.id == UUID(uid("office")))
        session.execute(hide.values(visibility="hidden"))
    assert told(find(session, index, now)) == (["Zanzibar"], 1, 1)
