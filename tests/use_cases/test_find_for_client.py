"""Searching for a client: what is taken from them, what each service says, and what never leaks."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.search import MatchedBy, Relaxation, SearchRequest, SearchResults
from referral_hub.models import (
    Agency,
    Agreement,
    AuditRow,
    Client,
    RequiredDocument,
    Service,
    ServiceCriterion,
)
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.client_profile import Profile
from referral_hub.rules.eligibility import Outcome
from referral_hub.rules.errors import NotPermitted
from referral_hub.use_cases.client_search_views import ClientFindView, ClientUse
from referral_hub.use_cases.directory_views import FindQuery
from referral_hub.use_cases.find_for_client import find_for_client
from search_index import Hit
from tests.fakes import FakeGazetteer, FakePlaces
from tests.referral_world import A_PROFILE, NOW, VAULT, Staff, World, a_client, a_need, a_world


class ListSearcher:
    """Finds services of a list, but for those to leave out, a page at a time."""

    def __init__(self, *service_ids: UUID, relax: tuple[Relaxation, ...] = ()) -> None:
        self.service_ids = service_ids
        self.relax = relax
        self.asked: list[SearchRequest] = []

    def search(self, request: SearchRequest) -> SearchResults:
        self.asked.append(request)
        left = [each for each in self.service_ids if str(each) not in request.without]
        hits = tuple(
            Hit(
                service_id=str(each), organization_id=str(each), location_id=None, score=1.0,
                distance_km=None, matched_by=MatchedBy.NONE,
            )
            for each in left[request.offset : request.offset + request.limit]
        )  # fmt: skip
        return SearchResults(len(left), hits, relax=self.relax)


def acting_for(person: PersonActing, client: Client) -> PersonActing:
    return replace(person, client_id=client.id)


def find(
    session: Session,
    person: PersonActing,
    searcher: ListSearcher,
    use: ClientUse | None = None,
    **query: Any,
) -> ClientFindView:
    found = find_for_client(
        session,
        person,
        FindQuery(**query),
        use or ClientUse(),
        searcher=searcher,
        places=FakePlaces(),
        gazetteer=FakeGazetteer(),
        vault=VAULT,
        now=NOW,
    )
    assert found is not None
    return found


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


@pytest.fixture
def client(session: Session, world: World) -> Client:
    made = a_client(session, world.sender, replace(A_PROFILE, languages=("es", "pl")))
    a_need(session, made, "food")
    return made


@pytest.fixture
def person(world: World, client: Client) -> PersonActing:
    return acting_for(world.sender.case_manager, client)


def condition(session: Session, staff: Staff, kind: str, operator: str, *values: Any) -> None:
    session.add(
        ServiceCriterion(
            service_id=staff.service_id, kind=kind, operator=operator, values=list(values)
        )
    )
    session.commit()


def test_the_client_fills_in_what_nobody_typed(session: Session, person: PersonActing) -> None:
    searcher = ListSearcher()
    found = find(session, person, searcher, radius_km=10.0)
    (asked,) = searcher.asked
    assert (asked.age, asked.languages, asked.categories) == (
        38.0,
        ("Spanish", "Polish"),
        ("food",),
    )
    assert (asked.latitude, asked.zip, asked.county) == (41.85, "60608", "IL:cook county")
    assert [each.without for each in found.used] == [
        "no_age", "no_language", "no_place", "no_needs",
    ]  # fmt: skip
    assert found.used[1].label == "Spanish, Polish"
    assert found.client.initials == "R. Q."


def test_what_was_typed_wins(session: Session, person: PersonActing) -> None:
    searcher = ListSearcher()
    found = find(
        session, person, searcher, words="dentist", latitude=40.0, longitude=-88.0, age=7.0,
        language=("Polish",),
    )  # fmt: skip
    (asked,) = searcher.asked
    assert (asked.age, asked.languages, asked.categories) == (7.0, ("Polish",), ())
    assert asked.latitude == 40.0
    assert found.used == ()


def test_each_fact_can_be_left_out(session: Session, person: PersonActing) -> None:
    searcher = ListSearcher()
    use = ClientUse(age=False, language=False, place=False, needs=False)
    found = find(session, person, searcher, use)
    (asked,) = searcher.asked
    assert (asked.age, asked.languages, asked.categories, asked.latitude) == (None, (), (), None)
    assert found.left_out == ("no_age", "no_language", "no_place", "no_needs")


def test_the_page_gets_back_only_what_was_typed(session: Session, person: PersonActing) -> None:
    relax = (Relaxation("age", 3), Relaxation("filters", 5))
    found = find(session, person, ListSearcher(relax=relax), cost=("free",))
    assert found.view.query == FindQuery(cost=("free",))
    options = {
        (facet.name, option.value): option.selected
        for facet in found.view.facets
        for option in facet.options
    }
    assert options["cost", "free"] is True
    assert not options.get(("language", "Spanish"))
    assert not options.get(("category", "food"))
    first, all_of_them = found.view.relax
    assert dict(first.parameters) == {"no_age": "1"}
    assert dict(all_of_them.parameters) == {
        "cost": None, "no_age": "1", "no_language": "1", "no_needs": "1",
    }  # fmt: skip


@pytest.mark.parametrize("languages", [("en", "es"), ("es", "en"), ()])
def test_for_somebody_who_speaks_english_too_no_language_narrows_the_search(
    session: Session, world: World, languages: tuple[str, ...]
) -> None:
    client = a_client(session, world.sender, replace(A_PROFILE, languages=languages, zip=""))
    searcher = ListSearcher()
    find(session, acting_for(world.sender.case_manager, client), searcher)
    assert (searcher.asked[0].languages, searcher.asked[0].latitude) == ((), None)


def test_each_service_says_whether_it_fits_and_why(
    session: Session, world: World, person: PersonActing
) -> None:
    condition(session, world.sender, "age", "between", 60, None)
    condition(session, world.receiver, "veteran", "is", True)
    condition(session, world.stranger, "age", "between", 18, None)
    staffs = (world.sender, world.receiver, world.stranger)
    found = find(session, person, ListSearcher(*(each.service_id for each in staffs)))
    outcomes = [found.services[str(each.service_id)].verdict.outcome for each in staffs]
    assert outcomes == [Outcome.NOT, Outcome.MAYBE, Outcome.ELIGIBLE]
    maybe = found.services[str(world.receiver.service_id)].verdict
    assert maybe.questions == ("Is the client a veteran?",)


def test_conditions_come_from_the_agency_then_the_listing_then_its_text(
    session: Session, world: World, person: PersonActing
) -> None:
    service_id = world.receiver.service_id
    session.execute(
        update(Service).where(Service.id == service_id).values(
            minimum_age=21, eligibility_description="Ages 60+. Veterans."
        )
    )  # fmt: skip
    session.add(
        RequiredDocument(service_id=service_id, document="Photo ID", created_at=NOW, updated_at=NOW)
    )
    session.commit()
    found = find(session, person, ListSearcher(service_id)).services[str(service_id)].verdict
    assert [(each.criterion.kind, each.met) for each in found.answers] == [
        ("age", True), ("documents", None), ("veteran", None),
    ]  # fmt: skip
    condition(session, world.receiver, "age", "between", 40, None)
    found = find(session, person, ListSearcher(service_id)).services[str(service_id)].verdict
    assert [(each.criterion.kind, each.met) for each in found.answers] == [
        ("age", False), ("documents", None),
    ]  # fmt: skip


def test_what_does_not_fit_can_be_hidden_and_pages_go_on_where_the_last_ended(
    session: Session, world: World, person: PersonActing
) -> None:
    condition(session, world.sender, "age", "between", 60, None)
    service_ids = [each.service_id for each in (world.sender, world.receiver, world.stranger)]
    use = ClientUse(hide_not=True)
    pages = [
        find(session, person, ListSearcher(*service_ids), use, limit=1, page=page)
        for page in (1, 2, 3)
    ]
    shown = [[UUID(card.service_id) for card in each.view.results] for each in pages]
    assert shown == [[service_ids[1]], [service_ids[2]], []]
    assert [(each.hidden, each.view.total) for each in pages] == [(1, 2)] * 3


def test_only_services_of_partners_under_agreement_can_be_referred_to(
    session: Session, world: World, person: PersonActing
) -> None:
    partner, ended, suspended = world.receiver, world.sender, world.stranger
    session.execute(
        update(Agreement).where(Agreement.agency_id == ended.agency_id).values(
            ends_on=NOW.date() - timedelta(days=1)
        )
    )  # fmt: skip
    session.execute(
        update(Agency).where(Agency.id == suspended.agency_id).values(status="suspended")
    )
    session.commit()
    staffs = (partner, ended, suspended)
    searcher = ListSearcher(*(each.service_id for each in staffs))
    found = find(session, person, searcher)
    can = [found.services[str(each.service_id)].can_refer for each in staffs]
    assert can == [True, False, False]
    intake = replace(world.sender.intake_worker, client_id=person.client_id)
    found = find(session, intake, searcher)
    assert {each.can_refer for each in found.services.values()} == {None}


def test_a_search_for_a_client_is_audited_as_a_read_without_any_value(
    session: Session, person: PersonActing
) -> None:
    find(session, person, ListSearcher(), words="food near 60608")
    row = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert row is not None
    assert (row.action, row.record_id, row.detail) == ("client:match", person.client_id, "search")


def test_there_is_no_client_to_search_for_where_one_may_not_be_seen(
    session: Session, world: World, client: Client
) -> None:
    elsewhere = acting_for(world.receiver.case_manager, client)
    no_team = replace(acting_for(world.sender.supervisor, client), teams=frozenset())
    for each in (world.sender.case_manager, elsewhere, no_team):
        found = find_for_client(
            session, each, FindQuery(), ClientUse(), searcher=ListSearcher(),
            places=FakePlaces(), gazetteer=FakeGazetteer(), vault=VAULT, now=NOW,
        )  # fmt: skip
        assert found is None
    with pytest.raises(NotPermitted):
        find(session, acting_for(world.sender.administrator, client), ListSearcher())


def test_searches_for_clients_of_victim_services_are_not_counted(
    session: Session, world: World, person: PersonActing
) -> None:
    assert find(session, person, ListSearcher()).counted is True
    session.execute(update(Agency).values(victim_services=True))
    session.commit()
    assert find(session, person, ListSearcher()).counted is False


def test_a_place_that_cannot_be_found_says_so_with_a_client_too(
    session: Session, person: PersonActing
) -> None:
    found = find(session, person, ListSearcher(), near="Nowhere")
    assert found.view.place_problem is not None


def test_a_small_child_is_searched_for_with_a_part_of_a_year(
    session: Session, world: World
) -> None:
    client = a_client(session, world.sender, Profile(birth_date=date(2026, 5, 30)))
    searcher = ListSearcher()
    found = find(session, acting_for(world.sender.case_manager, client), searcher)
    assert searcher.asked[0].age == 0.5
    assert found.used[0].label == "Age 6 months"
    assert found.client.initials == "?"
