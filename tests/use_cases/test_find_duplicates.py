"""Looking for records that are listed twice."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from referral_hub.models import (
    DuplicateCandidate,
    Location,
    MatchedRecord,
    MatchingKey,
    MatchingSweep,
    Service,
)
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.directory_matching import Comparison, Sketch, compare
from referral_hub.rules.errors import SignInNeeded
from referral_hub.use_cases import find_duplicates as looking
from referral_hub.use_cases.batches import in_batches
from referral_hub.use_cases.find_duplicates import find_duplicates
from referral_hub.use_cases.merge_duplicates import say_not_duplicates
from referral_hub.use_cases.transaction import transaction
from tests.duplicate_world import OPERATOR, first_source, key, look, second_source, the_pair
from tests.factories import a_location, a_service, an_address, an_organization
from tests.use_cases.conftest import Importer

DAY = timedelta(days=1)


@pytest.fixture
def both(load: Importer) -> None:
    load(first_source(), source="first")
    load(second_source(), source="second")


def pairs(session: Session) -> list[tuple[str, str]]:
    rows = session.scalars(select(DuplicateCandidate))
    return sorted((row.table_name, row.state) for row in rows)


def test_what_two_sources_list_is_found_and_explained(
    session: Session, now: datetime, both: None
) -> None:
    look(session, now)
    assert pairs(session) == [("location", "open"), ("organization", "open"), ("service", "open")]
    pair = the_pair(session, "organization")
    assert {pair.one_id, pair.other_id} == {key("first"), key("second")}
    words = [words for _, words in pair.parts]
    assert words == [
        "same name", "same address", "same phone", "10 m apart",
        "same website, fairhomes.example.org",
    ]  # fmt: skip
    assert pair.score == sum(points for points, _ in pair.parts)


def test_nothing_new_is_nothing_to_do(session: Session, now: datetime, both: None) -> None:
    assert look(session, now) >= 6
    assert find_duplicates(session, OPERATOR, now=now + timedelta(hours=1)) == 0
    found = session.scalars(select(DuplicateCandidate.id)).all()
    look(session, now + DAY)
    assert session.scalars(select(DuplicateCandidate.id)).all() == found


def test_the_work_goes_on_where_it_stopped(
    session: Session, now: datetime, both: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PORTION", 1)
    find_duplicates(session, OPERATOR, now=now)
    sweep = session.get_one(MatchingSweep, 1)
    assert (sweep.table_name, sweep.last_id) == ("organization", min(key("first"), key("second")))
    look(session, now)
    assert len(pairs(session)) == 3


def test_a_pair_that_is_none_is_not_proposed_again_unless_much_changed(
    session: Session, now: datetime, load: Importer, both: None
) -> None:
    look(session, now)
    pair = the_pair(session, "organization")
    session.execute(update(DuplicateCandidate).where(DuplicateCandidate.id == pair.id).values(
        score=pair.score - 5))  # fmt: skip
    session.commit()
    say_not_duplicates(session, OPERATOR, pair.id, now=now)
    load(second_source(website="https://elsewhere.example.org"), source="second", at=now + DAY)
    look(session, now + DAY + timedelta(seconds=1))
    assert the_pair(session, "organization").state == "not_duplicates"
    session.execute(update(DuplicateCandidate).where(DuplicateCandidate.id == pair.id).values(
        score=60))  # fmt: skip
    session.commit()
    load(second_source(), source="second", at=now + 2 * DAY)
    look(session, now + 2 * DAY + timedelta(seconds=1))
    assert the_pair(session, "organization").state == "open"


def test_a_pair_that_is_alike_no_more_goes(
    session: Session, now: datetime, load: Importer, both: None
) -> None:
    look(session, now)
    load([an_organization("second", name="Lake County Dentists", website=None)],
         source="second", at=now + DAY)  # fmt: skip
    look(session, now + DAY + timedelta(seconds=1))
    assert pairs(session) == []


def test_what_is_hidden_or_gone_is_compared_with_nothing(
    session: Session, now: datetime, both: None
) -> None:
    session.execute(update(Service).where(Service.id == key("second service")).values(
        visibility="hidden"))  # fmt: skip
    session.execute(update(Location).where(Location.id == key("second place")).values(
        vanished_at=now))  # fmt: skip
    session.commit()
    look(session, now)
    assert pairs(session) == [("organization", "open")]


def test_a_confidential_place_is_not_found_by_where_it_is(
    session: Session, now: datetime, load: Importer
) -> None:
    load([an_organization("safe", name="Safe Harbor", website=None,
                          locations=[a_location("secret", name="Blue Door House")])],
         source="first")  # fmt: skip
    load([an_organization("other", name="Tenant Union", website=None,
                          locations=[a_location("same", name="Blue Door House")])],
         source="second")  # fmt: skip
    session.execute(update(Location).where(Location.id == key("secret")).values(confidential=True))
    session.commit()
    look(session, now)
    assert pairs(session) == []
    session.execute(update(Location).values(confidential=False))
    session.commit()
    look(session, now + DAY)
    assert pairs(session) == [("location", "open")]


def test_services_of_others_are_one_only_by_name_and_place(
    session: Session, now: datetime, load: Importer
) -> None:
    def agency(name: str, place: str, **address: str) -> dict[str, object]:
        there = a_location(place, addresses=[an_address(f"{place} address", **address)])
        service = a_service(f"{name} service", location=there, name="Winter Coat Drive")
        return an_organization(name, name=name, website=None, services=[service])

    load([agency("Grace Chapel", "here")], source="first")
    load([agency("Northside Rotary", "there")], source="second")
    load([agency("Elm Street School", "far", address_1="9 Elm St")], source="third")
    look(session, now)
    pair = the_pair(session, "service")
    assert {pair.one_id, pair.other_id} == {key("Grace Chapel service"),
                                            key("Northside Rotary service")}  # fmt: skip


def test_a_key_that_many_share_tells_nothing(
    session: Session, now: datetime, load: Importer, count_statements: Callable[[], int]
) -> None:
    load(
        [
            an_organization(
                f"org {number}", name=f"{number} {number} {number}", website=None,
                phones=[{"id": f"00000000-0000-0000-0000-{number:012}", "number": "312 555 0100"}],
            )
            for number in range(100, 180)
        ]
    )  # fmt: skip
    look(session, now)
    assert pairs(session) == []
    assert session.scalars(select(MatchingKey)).first() is not None


def test_pairs_are_kept_however_many_records_are_written_at_once(
    session: Session, now: datetime, both: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "in_batches", lambda ids: in_batches(ids, 1))
    for days in range(2):
        session.execute(delete(MatchedRecord))
        session.execute(delete(MatchingKey))
        session.commit()
        look(session, now + days * DAY)
        assert len(pairs(session)) == 3


def test_others_write_while_records_are_compared(
    session: Session, engine: Engine, now: datetime, both: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def comparing(*sketches: Sketch) -> Comparison:
        with Session(engine) as other, transaction(other):
            other.execute(update(Service).values(wait_time="a week"))
        return compare(*sketches)

    monkeypatch.setattr(looking, "compare", comparing)
    look(session, now)
    assert len(pairs(session)) == 3


def test_what_another_worker_looked_at_meanwhile_is_not_written_twice(
    session: Session, engine: Engine, now: datetime, both: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    faster = iter([None])

    def comparing(*sketches: Sketch) -> Comparison:
        if next(faster, 1) is None:
            with Session(engine) as other:
                find_duplicates(other, OPERATOR, now=now)
        return compare(*sketches)

    monkeypatch.setattr(looking, "compare", comparing)
    look(session, now)
    assert len(pairs(session)) == 3


def test_only_the_hub_itself_looks(session: Session, now: datetime) -> None:
    with pytest.raises(SignInNeeded):
        find_duplicates(session, Anonymous(), now=now)
    assert find_duplicates(session, System(), now=now) == 1
