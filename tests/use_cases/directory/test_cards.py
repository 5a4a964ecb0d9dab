"""Cards show what the directory holds, as it is now."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Service, ServiceAtLocation
from referral_hub.rules.schedules import read_schedule
from referral_hub.use_cases.directory.card_rows import HoursRow
from referral_hub.use_cases.directory.cards import read_cards
from search_index import Hit, MatchedBy
from seed.demo_network import demo_documents
from seed.generate_large import large_documents
from tests.factories import a_location, a_service, an_organization, uid
from tests.use_cases.conftest import Importer
from tests.use_cases.directory.mixed_directory import mix
from tests.use_cases.directory.plain_cards import plain_cards

TIMES = (
    datetime(2026, 11, 18, 15, 0, 30, tzinfo=UTC),  # the day of the tests, a Wednesday morning
    datetime(2026, 11, 22, 7, 59, 59, 999, tzinfo=UTC),  # Sunday, after midnight
    datetime(2026, 11, 26, 20, 0, tzinfo=UTC),  # a holiday
)
DIRECTORIES: dict[str, Callable[[], Iterable[dict[str, Any]]]] = {
    "demo": lambda: demo_documents(date(2026, 11, 18)),
    "generated": lambda: large_documents(150),
}


def a_hit(service: object, location: object) -> Hit:
    where = str(location) if location else None
    return Hit(str(service), uid("another organization"), where, 0.5, 2.25, MatchedBy.POINT)


def all_hits(session: Session) -> Iterator[Hit]:
    """Every service at each place that it was ever given, at none, and at one where it is not."""
    for link in session.execute(
        select(ServiceAtLocation.service_id, ServiceAtLocation.location_id)
    ):
        yield a_hit(*link)
    for service in session.scalars(select(Service.id)):
        yield a_hit(service, None)
        yield a_hit(service, uuid4())
    yield a_hit(uuid4(), None)


@pytest.mark.parametrize("name", DIRECTORIES)
@pytest.mark.parametrize("is_mixed", [False, True], ids=["as it is", "mixed"])
def test_cards_are_those_made_from_everything_that_is_known(
    load: Importer, session: Session, now: datetime, name: str, is_mixed: bool
) -> None:
    load(DIRECTORIES[name]())
    if is_mixed:
        mix(session, now)
    hits = list(all_hits(session))
    for time in TIMES:
        assert list(read_cards(session, hits, time)) == list(plain_cards(session, hits, time))


def test_the_mixed_directory_has_what_cards_can_show(
    load: Importer, session: Session, now: datetime
) -> None:
    load(DIRECTORIES["demo"]())
    mix(session, now)
    hits = list(all_hits(session))
    cards = read_cards(session, hits, now)
    assert len(cards) < len(hits)
    assert {card.open_now for card in cards} == {card.accepting for card in cards}
    assert {True, False, None} == {card.open_now for card in cards}
    assert {"Free", "Sliding scale", "Has a cost", ""} == {card.cost for card in cards}
    assert {card.phone.split()[0] for card in cards if card.phone} > {
        "Service", "Location", "ServiceAtLocation", "Organization",
    }  # fmt: skip


def test_what_has_the_same_id_is_not_mixed_up(
    load: Importer, session: Session, now: datetime
) -> None:
    phones = [{"id": uid("phone"), "number": "312-555-0101"}]
    place = a_location("same", phones=phones, languages=[{"id": uid("l"), "name": "Polish"}])
    load([an_organization("same", services=[a_service("same", location=place)])])
    (card,) = read_cards(session, [a_hit(uid("same"), None)], now)
    assert (card.phone, card.languages) == ("", ())


def test_of_two_links_to_one_place_the_first_counts(
    load: Importer, session: Session, now: datetime
) -> None:
    links = [
        {
            "id": uid(name),
            "location": a_location(),
            "phones": [{"id": uid(f"{name} phone"), **phone}],
        }
        for name, phone in (("z", {"number": "1"}), ("b", {"number": "2"}), ("a", {"number": "3"}))
    ]
    load([an_organization(services=[a_service(service_at_locations=links)])])
    (card,) = read_cards(session, [a_hit(uid("service"), uid("location"))], now)
    assert (card.phone, card.more_locations) == ("1", 0)


def test_no_hits_read_nothing(session: Session, now: datetime) -> None:
    assert read_cards(session, [], now) == ()
    assert not session.in_transaction()


def test_hours_are_read_in_every_field_that_the_rules_look_at() -> None:
    asked: set[str] = set()

    class Asked(Mapping[str, object]):
        def __getitem__(self, name: str) -> object:
            asked.add(name)
            return {"freq": "WEEKLY", "byday": "MO", "opens_at": "9:00", "closes_at": "17:00"}[name]

        def __iter__(self) -> Iterator[str]:
            return iter(())

        def __len__(self) -> int:
            return 0

    read_schedule(Asked())
    assert asked == set(HoursRow._fields)
