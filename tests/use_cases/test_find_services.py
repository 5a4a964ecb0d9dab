"""Searching: only what may be shown is shown, whatever the index says."""

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from referral_hub.gateways.search import MatchedBy, NamedPlace, Relaxation, SearchResults
from referral_hub.models import Location, Organization, Service
from referral_hub.rules.actor import Anonymous
from referral_hub.use_cases.directory_views import DidYouMean, FindQuery, FindView, Relaxed
from referral_hub.use_cases.find_services import find_services
from search_index import Hit, PlaceKind
from tests.factories import a_directory, a_location, a_service, an_organization, uid
from tests.fakes import FakePlaces, FakeSearcher
from tests.use_cases.conftest import Importer

SERVICE = UUID(uid("service"))
CICERO = NamedPlace(
    "cicero", "Cicero, IL", PlaceKind.CITY, 41.84, -87.76, 5.0, 1.0, "IL", "IL:cook county"
)


def hit(service: str = "service", location: str | None = "location") -> Hit:
    return Hit(
        service_id=uid(service),
        organization_id=uid("organization"),
        location_id=uid(location) if location else None,
        score=1.0,
        distance_km=2.5,
        matched_by=MatchedBy.POINT,
    )


def find(
    session: Session, now: datetime, *hits: Hit, **query: object
) -> tuple[FindView, FakeSearcher]:
    return find_with(session, now, SearchResults(len(hits), hits), **query)


def find_with(
    session: Session, now: datetime, results: SearchResults, **query: object
) -> tuple[FindView, FakeSearcher]:
    searcher = FakeSearcher(results)
    view = find_services(
        session,
        Anonymous(),
        FindQuery(**query),  # type: ignore[arg-type]
        searcher=searcher,
        places=FakePlaces(),
        now=now,
    )
    return view, searcher


def test_a_hit_becomes_a_card_with_what_a_case_manager_needs(
    load: Importer, session: Session, now: datetime
) -> None:
    load(a_directory(phones=[{"id": uid("phone"), "number": "312-555-0101"}]))
    view, _ = find(session, now, hit())
    (card,) = view.results
    assert (card.name, card.organization) == ("Eviction Defense", "Fair Homes Legal Aid")
    assert card.address == "1200 W 18th St, Chicago, IL 60608"
    assert (card.phone, card.distance_km) == ("312-555-0101", 2.5)


@pytest.mark.parametrize(
    "change",
    [
        update(Service).values(status="inactive"),
        update(Service).values(visibility="hidden"),
        update(Organization).values(visibility="hidden"),
        update(Location).values(visibility="network"),
    ],
)
def test_a_stale_index_never_shows_what_may_no_longer_be_shown(
    load: Importer, session: Session, now: datetime, change: object
) -> None:
    load(a_directory())
    session.execute(change)
    session.commit()
    view, _ = find(session, now, hit())
    assert view.results == ()


def test_a_hit_that_is_gone_from_the_directory_is_left_out(session: Session, now: datetime) -> None:
    view, _ = find(session, now, hit())
    assert view.results == ()


def test_a_service_without_a_place_says_so(load: Importer, session: Session, now: datetime) -> None:
    load([an_organization(services=[a_service()])])
    view, _ = find(session, now, hit(location=None))
    assert view.results[0].place_stated is False


def test_a_confidential_place_shows_no_address(
    load: Importer, session: Session, now: datetime
) -> None:
    load(a_directory())
    session.execute(update(Location).values(confidential=True))
    session.commit()
    view, _ = find(session, now, hit())
    assert view.results[0].address == ""


def test_an_approximate_point_is_marked(load: Importer, session: Session, now: datetime) -> None:
    location = a_location(latitude=None, longitude=None)
    load([an_organization(services=[a_service(location=location)])])
    view, _ = find(session, now, hit())
    assert view.results[0].approximate is True


def test_a_place_that_is_not_known_asks_nothing_of_the_index(
    session: Session, now: datetime
) -> None:
    view, searcher = find(session, now, near="Zzyzxville", words="food")
    assert view.place_problem is not None
    assert view.place_problem.kind == "unknown"
    assert view.query.words == "food"
    assert searcher.asked == []


def test_a_typed_place_wins_over_a_point(session: Session, now: datetime) -> None:
    _, searcher = find(session, now, near="60608", latitude=10.0, longitude=10.0)
    assert searcher.asked[0].zip == "60608"
    assert searcher.asked[0].latitude == 41.85


def test_a_place_in_the_words_is_the_place_of_the_search(session: Session, now: datetime) -> None:
    view, _ = find_with(session, now, SearchResults(0, (), place=CICERO), radius_km=10.0)
    assert view.place is not None
    assert (view.place.label, view.place.city, view.place_from_words) == (
        "Cicero, IL", "Cicero", True,
    )  # fmt: skip
    assert view.around_km == 10.0 + CICERO.radius_km


def test_a_typed_place_wins_over_one_in_the_words(session: Session, now: datetime) -> None:
    view, _ = find_with(session, now, SearchResults(0, (), place=CICERO), near="60608")
    assert view.place is not None
    assert (view.place.zip, view.place_from_words) == ("60608", False)


def test_place_and_spelling_of_words_can_be_left_as_they_are(
    session: Session, now: datetime
) -> None:
    _, searcher = find(session, now, words="food in cicero", words_only=True, as_typed=True)
    assert (searcher.asked[0].place_in_words, searcher.asked[0].correct) == (False, False)
    _, searcher = find(session, now, words="food in cicero")
    assert (searcher.asked[0].place_in_words, searcher.asked[0].correct) == (True, True)


def test_words_that_were_corrected_are_told(session: Session, now: datetime) -> None:
    results = SearchResults(0, (), did_you_mean="food pantry", corrected=True)
    view, _ = find_with(session, now, results)
    assert view.did_you_mean == DidYouMean("food pantry", searched=True)


def test_what_would_give_results_is_named_as_it_is_asked_for(
    session: Session, now: datetime
) -> None:
    ways = (Relaxation("languages", 2), Relaxation("open_at", 5), Relaxation("radius_km", 3, 80.0))
    query = {"near": "60608", "language": ("Vietnamese",), "open_now": True}
    view, _ = find_with(session, now, SearchResults(0, (), relax=ways), **query)
    assert view.relax == (
        Relaxed("language", 2, None, {"language": None}, ("Vietnamese",)),
        Relaxed("open_now", 5, None, {"open_now": None}),
        Relaxed("radius_km", 3, 80.0, {"radius_km": "80.0"}),
    )


@pytest.mark.parametrize(
    ("found", "name", "parameters"),
    [
        (Relaxation("radius_km", 3), "radius_km", {"radius_km": "any"}),
        (Relaxation("words", 3), "q", {"q": None}),
        (Relaxation("words", 3, words="in Cicero"), "q", {"q": "in Cicero"}),
        (Relaxation("place_in_words", 3), "words_only", {"words_only": "1", "radius_km": None}),
        (Relaxation("filters", 3), "filters", {"language": None, "open_now": None}),
        (
            Relaxation("filters", 3, anywhere=True),
            "filters",
            {"language": None, "open_now": None, "radius_km": "any"},
        ),
    ],
)
def test_what_to_send_for_it_is_told(
    session: Session, now: datetime, found: Relaxation, name: str, parameters: dict[str, str]
) -> None:
    query = {"words": "food in Cicero", "language": ("Vietnamese",), "open_now": True}
    view, _ = find_with(session, now, SearchResults(0, (), relax=(found,)), **query)
    assert [(way.filter, way.parameters) for way in view.relax] == [(name, parameters)]


def test_what_cannot_be_asked_for_is_not_offered(session: Session, now: datetime) -> None:
    ways = (Relaxation("radius_km", 3, 600.0), Relaxation("radius_km", 9))
    results = SearchResults(0, (), relax=ways, place=CICERO)
    view, _ = find_with(session, now, results)
    assert view.relax == (Relaxed("radius_km", 9, None, {"radius_km": "any"}),)


def test_any_distance_is_offered_where_it_gives_more_than_a_wider_radius(
    session: Session, now: datetime
) -> None:
    wider = Relaxation("radius_km", 3, 80.0)
    for total, offered in ((3, [80.0]), (4, [80.0, None])):
        ways = (wider, Relaxation("radius_km", total))
        view, _ = find_with(session, now, SearchResults(0, (), relax=ways, place=CICERO))
        assert [way.value for way in view.relax] == offered


def test_the_parts_of_a_score_are_named_in_words(session: Session, now: datetime) -> None:
    explained = hit()._replace(parts={"words": 2.0, "for veterans": 0.5})
    view, searcher = find(session, now, explained, explain=True)
    assert searcher.asked[0].explain
    assert [part.label for part in view.score_parts[uid("service")]] == [
        "Your words in the listing",
        "It is for: Veterans",
    ]


def test_a_page_of_results_costs_the_same_number_of_queries_however_long(
    load: Importer, session: Session, now: datetime
) -> None:
    names = [f"service {number}" for number in range(12)]
    services = [a_service(name, location=a_location(f"{name} place")) for name in names]
    load([an_organization(services=services)])
    hits = [hit(name, f"{name} place") for name in names]
    assert _queries(session, now, hits[:1]) == _queries(session, now, hits) <= 6


def _queries(session: Session, now: datetime, hits: list[Hit]) -> int:
    seen: list[str] = []
    session.rollback()

    def listen(_c: object, _u: object, statement: str, *_: object) -> None:
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", listen)
    find(session, now, *hits)
    event.remove(engine, "before_cursor_execute", listen)
    return len(seen)
