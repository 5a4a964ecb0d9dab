"""What an agency says of its room: once, by whom it concerns, and as everybody reads it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.models import (
    AgencyOrganization,
    ListingAsk,
    ListingChange,
    PendingIndex,
    ServiceCapacity,
    ServiceState,
    Unit,
)
from referral_hub.rules.actor import Actor, Application, System
from referral_hub.rules.capacity import CapacityState, CapacityWord, PopulationWord
from referral_hub.rules.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    NotPermitted,
    VersionConflict,
)
from referral_hub.rules.listing_asks import AskKind, AskReason
from referral_hub.rules.listing_freshness import Standing
from referral_hub.rules.listings import ListingKey
from referral_hub.use_cases.listing_history import undo_change
from referral_hub.use_cases.record_capacity import (
    list_capacities,
    record_capacity,
    show_capacity,
    tap,
)
from referral_hub.use_cases.steps.listing_asks import raise_ask
from referral_hub.use_cases.steps.referral_situation import capacity_of
from referral_hub.use_cases.transaction import transaction
from tests.referral_world import NOW, VAULT, World, a_world
from tests.threads import at_once

OPEN, LIMITED, CLOSED = CapacityState.OPEN, CapacityState.LIMITED, CapacityState.CLOSED
BEDS = CapacityWord(LIMITED, 3, 20, "beds", date(2026, 12, 24), "Upper floor.")


@pytest.fixture
def there(session: Session) -> World:
    """Three agencies, each with a service."""
    return a_world(session)


def say(session: Session, there: World, word: CapacityWord = BEDS, **more: Any) -> int:
    values: dict[str, Any] = {"actor": there.receiver.intake_worker, "now": NOW} | more
    actor: Actor = values.pop("actor")
    return record_capacity(session, actor, there.receiver.service_id, word, **values)


def rows_of_the_standard(session: Session, there: World) -> dict[str | None, Any]:
    found = session.execute(
        select(ServiceCapacity, Unit.name)
        .join(Unit, Unit.id == ServiceCapacity.unit_id)
        .where(ServiceCapacity.service_id == there.receiver.service_id)
    )
    return {row.description: (row.available, row.maximum, unit) for row, unit in found}


def test_what_was_said_is_read_back_with_its_version(session: Session, there: World) -> None:
    assert say(session, there) == 2
    view = show_capacity(session, there.receiver.intake_worker, there.receiver.service_id, now=NOW)
    assert (view.word, view.version, view.standing) == (BEDS, 2, Standing.CURRENT)
    pending = session.scalars(select(PendingIndex.service_id)).all()
    assert there.receiver.service_id in pending


def test_numbers_stand_in_rows_of_the_standard_and_go_with_the_word(
    session: Session, there: World
) -> None:
    women = PopulationWord("women", CLOSED, 0, 4)
    say(session, there, CapacityWord(OPEN, 3, 20, "beds", populations=(women,)))
    assert rows_of_the_standard(session, there) == {
        None: (3, 20, "beds"),
        "For: Women": (0, 4, "beds"),
    }
    say(session, there, CapacityWord(OPEN, 2, 20, "Beds"))
    assert rows_of_the_standard(session, there) == {None: (2, 20, "beds")}
    say(session, there, CapacityWord(CLOSED))
    assert rows_of_the_standard(session, there) == {}


def test_one_tap_keeps_what_is_counted_and_forgets_the_moment(
    session: Session, there: World
) -> None:
    say(session, there)
    actor, service_id = there.receiver.case_manager, there.receiver.service_id
    tap(session, actor, service_id, OPEN, now=NOW)
    view = show_capacity(session, actor, service_id, now=NOW)
    assert view.word == CapacityWord(OPEN, maximum=20, unit="beds")


def test_tapping_what_is_said_already_renews_it(session: Session, there: World) -> None:
    say(session, there)
    later, service_id = NOW + timedelta(days=8), there.receiver.service_id
    actor = there.receiver.case_manager
    assert show_capacity(session, actor, service_id, now=NOW).word == BEDS
    tap(session, actor, service_id, LIMITED, now=later)
    view = show_capacity(session, actor, service_id, now=later)
    assert (view.word, view.stated_at) == (BEDS, later)


def test_who_was_slower_overwrites_nothing(session: Session, there: World) -> None:
    say(session, there, version=1)
    with pytest.raises(VersionConflict) as error:
        say(session, there, CapacityWord(CLOSED), version=1)
    assert error.value.version == 2
    assert say(session, there, CapacityWord(CLOSED), version=2) == 3


@pytest.mark.parametrize(
    ("who", "outcome"),
    [
        ("receiver administrator", None),
        ("receiver case_manager", None),
        ("sender case_manager", NotFound),
        ("stranger administrator", NotFound),
        ("steward", None),
        ("system", None),
        ("system of the agency", None),
        ("system of another", NotFound),
        ("system without scope", NotPermitted),
    ],
)
def test_only_who_answers_for_a_service_speaks_of_its_room(
    session: Session, there: World, who: str, outcome: type[Exception] | None
) -> None:
    scope = frozenset({"directory.write"})
    actors: dict[str, Actor] = {
        "steward": there.steward,
        "system": System(),
        "system of the agency": Application("a", there.receiver.agency_id, scope),
        "system of another": Application("b", there.sender.agency_id, scope),
        "system without scope": Application("c", there.receiver.agency_id, frozenset()),
    }
    if who not in actors:
        side, role = who.split()
        actors[who] = getattr(getattr(there, side), role)
    if outcome is None:
        assert say(session, there, actor=actors[who]) == 2
        return
    with pytest.raises(outcome):
        say(session, there, actor=actors[who])
    assert session.get(ServiceState, there.receiver.service_id) is None


def test_nobody_speaks_for_a_service_that_no_agency_answers_for(
    session: Session, there: World
) -> None:
    with transaction(session):
        session.query(AgencyOrganization).filter_by(agency_id=there.receiver.agency_id).delete()
    with pytest.raises(NotFound):
        say(session, there)
    assert say(session, there, actor=there.steward) == 2


def test_a_service_that_is_not_there_is_not_found(session: Session, there: World) -> None:
    with pytest.raises(NotFound):
        tap(session, there.steward, uuid4(), OPEN, now=NOW)


def test_what_cannot_be_meant_changes_nothing(session: Session, there: World) -> None:
    with pytest.raises(InvalidInput):
        say(session, there, CapacityWord(OPEN, available=3))
    assert session.get(ServiceState, there.receiver.service_id) is None


def test_who_answers_is_asked_no_more_and_what_is_asked_stands_first(
    session: Session, there: World
) -> None:
    listing, agency_id = ListingKey("service", there.receiver.service_id), there.receiver.agency_id
    with transaction(session):
        raise_ask(session, listing, agency_id, AskKind.CAPACITY, AskReason.AGED, now=NOW)
    found = list_capacities(session, there.receiver.case_manager, agency_id, now=NOW)
    assert [view.asked for view in found] == [AskReason.AGED]
    say(session, there)
    assert session.scalars(select(ListingAsk)).all() == []


@pytest.mark.parametrize(
    ("word", "after", "counts"),
    [
        (CapacityWord(CLOSED), timedelta(days=89), "closed"),
        (CapacityWord(CLOSED), timedelta(days=90), ""),
        (CapacityWord(OPEN), timedelta(days=29), "open"),
        (CapacityWord(OPEN), timedelta(days=30), ""),
        (CapacityWord(CLOSED, until=date(2026, 12, 2)), timedelta(days=3), ""),
    ],
)
def test_sending_takes_what_is_too_old_for_not_known(
    session: Session, there: World, word: CapacityWord, after: timedelta, counts: str
) -> None:
    say(session, there, word)
    at: datetime = NOW + after
    assert capacity_of(session, there.receiver.service_id, at) == counts


def test_first_words_of_the_same_moment_are_all_taken(
    engine: Engine, session: Session, there: World
) -> None:
    actor, service_id = there.receiver.intake_worker, there.receiver.service_id

    def tapped(number: int) -> None:
        with Session(engine) as own:
            tap(own, actor, service_id, list(CapacityState)[number], now=NOW)

    assert at_once(4, tapped) == [None] * 4
    session.rollback()
    assert session.get_one(ServiceState, service_id).version == 5


def test_a_question_that_comes_up_twice_at_once_is_one(
    engine: Engine, session: Session, there: World
) -> None:
    listing, agency_id = ListingKey("service", there.receiver.service_id), there.receiver.agency_id

    def raised(_: int) -> None:
        with Session(engine) as own, transaction(own):
            raise_ask(own, listing, agency_id, AskKind.CAPACITY, AskReason.DECLINED, now=NOW)

    assert at_once(3, raised) == [None] * 3
    session.rollback()
    assert len(session.scalars(select(ListingAsk)).all()) == 1


def test_a_last_day_is_one_where_the_agency_is(session: Session, there: World) -> None:
    """Nine in the evening in Chicago, where it is tomorrow already by the clock of the world."""
    evening = datetime(2026, 12, 1, 3, tzinfo=UTC)
    say(session, there, CapacityWord(CLOSED, until=date(2026, 11, 30)), now=evening)
    service_id = there.receiver.service_id
    assert capacity_of(session, service_id, evening + timedelta(hours=2)) == "closed"
    assert capacity_of(session, service_id, evening + timedelta(hours=3)) == ""
    with pytest.raises(InvalidInput):
        say(session, there, CapacityWord(CLOSED, until=date(2026, 11, 29)), now=evening)


def test_a_unit_is_one_however_it_is_written(session: Session, there: World) -> None:
    for unit in ("Öfen", "ÖFEN", "öfen"):
        say(session, there, CapacityWord(OPEN, 3, 20, unit))
    assert rows_of_the_standard(session, there) == {None: (3, 20, "Öfen")}


def test_a_unit_that_two_agencies_name_first_at_the_same_moment_is_one(
    engine: Engine, session: Session, there: World
) -> None:
    sides = (there.sender, there.receiver, there.stranger)

    def said(number: int) -> None:
        with Session(engine) as own:
            record_capacity(
                own, sides[number].intake_worker, sides[number].service_id,
                CapacityWord(OPEN, 3, 20, "bunks"), now=NOW,
            )  # fmt: skip

    assert at_once(3, said) == [None] * 3
    session.rollback()
    assert session.scalars(select(Unit.name)).all() == ["bunks"]


def test_room_that_was_said_is_taken_back_by_saying_something_else(
    session: Session, there: World
) -> None:
    say(session, there)
    listing = ListingKey("service", there.receiver.service_id)
    change = session.scalars(select(ListingChange)).one()
    with pytest.raises(Conflict):
        undo_change(session, there.receiver.administrator, listing, change.id, VAULT, now=NOW)
    assert rows_of_the_standard(session, there) == {None: (3, 20, "beds")}
