"""Kept cards say what cards made anew would say, and hold no longer than they are true."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from referral_hub.models import (
    Location,
    Organization,
    PendingIndex,
    Service,
    ServiceAtLocation,
    StoredCard,
)
from referral_hub.rules.actor import System
from referral_hub.rules.capacity import CapacityState, CapacityWord
from referral_hub.use_cases.directory.card_rows import CardRows, ServiceRow
from referral_hub.use_cases.directory.cards import read_cards
from referral_hub.use_cases.directory.still_cards import FORM, read_written, still_card, written
from referral_hub.use_cases.directory.stored_cards import write_cards
from referral_hub.use_cases.protect_location import protect_location
from referral_hub.use_cases.record_capacity import record_capacity
from referral_hub.use_cases.transaction import transaction
from search_index import Hit
from tests.factories import a_directory, a_location, a_service, an_organization, uid
from tests.fakes import FakeGazetteer
from tests.network import VAULT
from tests.use_cases.conftest import Importer
from tests.use_cases.directory.mixed_directory import mix
from tests.use_cases.directory.plain_cards import plain_cards
from tests.use_cases.directory.test_cards import DIRECTORIES, TIMES, a_hit, all_hits

HIT = a_hit(uid("service"), uid("location"))


def keep_all(session: Session) -> None:
    """Write the cards of all services, as if every one had just been indexed."""
    ids = list(session.scalars(select(Service.id)))
    with transaction(session):
        session.query(PendingIndex).delete()
        write_cards(session, ids)


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    """The statements that are executed."""
    said: list[str] = []
    engine = session.get_bind()

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    yield said
    event.remove(engine, "before_cursor_execute", listen)


@pytest.fixture
def kept(load: Importer, session: Session) -> None:
    """One service at one place, with its card."""
    load(a_directory())
    keep_all(session)


@pytest.mark.parametrize("name", DIRECTORIES)
@pytest.mark.parametrize("is_mixed", [False, True], ids=["as it is", "mixed"])
def test_kept_cards_are_those_made_from_everything_that_is_known(
    load: Importer, session: Session, now: datetime, name: str, is_mixed: bool
) -> None:
    load(DIRECTORIES[name]())
    if is_mixed:
        mix(session, now)
    keep_all(session)
    hits = list(all_hits(session))
    for time in TIMES:
        assert list(read_cards(session, hits, time)) == list(plain_cards(session, hits, time))


@pytest.mark.usefixtures("kept")
def test_a_page_of_kept_cards_takes_one_statement(
    session: Session, now: datetime, statements: list[str]
) -> None:
    assert len(read_cards(session, [HIT], now)) == 1
    assert len([said for said in statements if said.startswith("SELECT")]) == 1


@pytest.mark.usefixtures("kept")
def test_a_card_is_kept_for_each_public_place_and_written_once(session: Session) -> None:
    keep_all(session)
    (key,) = session.scalars(select(StoredCard.key))
    assert key == UUID(uid("service")).hex + UUID(uid("location")).hex


def change_import(load: Importer, session: Session, now: datetime) -> None:
    load(a_directory(name="Another name"), at=now)


def change_capacity(_load: Importer, session: Session, now: datetime) -> None:
    record_capacity(
        session, System(), UUID(uid("service")), CapacityWord(CapacityState.CLOSED), now=now
    )


def change_secrecy(_load: Importer, session: Session, now: datetime) -> None:
    protect_location(session, System(), UUID(uid("location")), FakeGazetteer(), VAULT, now=now)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("change", [change_import, change_capacity, change_secrecy])
def test_a_change_is_shown_before_it_is_indexed(
    load: Importer,
    session: Session,
    now: datetime,
    change: Callable[[Importer, Session, datetime], None],
) -> None:
    before = read_cards(session, [HIT], now)
    change(load, session, now)
    after = read_cards(session, [HIT], now)
    assert after != before
    assert list(after) == list(plain_cards(session, [HIT], now))


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("record", "values"),
    [
        (Service, {"visibility": "network"}),
        (Service, {"status": "inactive"}),
        (Service, {"vanished_at": TIMES[0]}),
        (Organization, {"visibility": "hidden"}),
        (Organization, {"vanished_at": TIMES[0]}),
        (Location, {"visibility": "hidden"}),
        (Location, {"vanished_at": TIMES[0]}),
        (ServiceAtLocation, {"vanished_at": TIMES[0]}),
    ],
)
def test_nobody_sees_the_kept_card_of_what_may_not_be_seen(
    session: Session,
    now: datetime,
    record: type[Service | Organization | Location | ServiceAtLocation],
    values: dict[str, object],
) -> None:
    session.execute(update(record).values(values))
    assert read_cards(session, [HIT], now) == ()


@pytest.mark.usefixtures("kept")
def test_the_kept_card_of_a_place_that_became_secret_is_not_shown(
    session: Session, now: datetime
) -> None:
    assert read_cards(session, [HIT], now)[0].address
    session.execute(update(Location).values(confidential=True))
    assert read_cards(session, [HIT], now)[0].address == ""


def test_no_card_is_kept_of_a_secret_place(load: Importer, session: Session, now: datetime) -> None:
    load(a_directory())
    protect_location(session, System(), UUID(uid("location")), FakeGazetteer(), VAULT, now=now)
    keep_all(session)
    assert session.scalars(select(StoredCard.key)).all() == []


@pytest.mark.usefixtures("kept")
def test_a_card_of_another_form_is_made_anew(session: Session, now: datetime) -> None:
    before = read_cards(session, [HIT], now)
    session.execute(update(StoredCard).values(content=f"[{FORM + 1},1]"))
    assert read_cards(session, [HIT], now) == before


def test_the_time_zone_of_the_organization_is_never_kept(
    load: Importer, session: Session, now: datetime
) -> None:
    hours = [{"id": uid("h"), "freq": "WEEKLY", "byday": "MO", "opens_at": "9:00",
              "closes_at": "17:00"}]  # fmt: skip
    office = a_location("office", organization_id=uid("organization"))
    lines = [a_service("line", schedules=hours, location=None)]
    load([an_organization(services=lines, locations=[office])])
    keep_all(session)
    hit: Hit = a_hit(uid("line"), None)
    session.execute(update(Location).values(time_zone=None))
    (unknown,) = read_cards(session, [hit], now)
    session.execute(update(Location).values(time_zone="America/Chicago"))
    (known,) = read_cards(session, [hit], now)
    assert (unknown.hours, known.open_now) == ("See the hours", False)


@pytest.mark.usefixtures("kept")
def test_of_two_that_write_cards_the_later_waits(session: Session, engine: Engine) -> None:
    ids = [UUID(uid("service"))]
    with transaction(session), engine.connect() as connection:
        write_cards(session, ids)
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA busy_timeout=100")
        else:
            connection.exec_driver_sql("SET lock_timeout='100ms'")
        with Session(connection) as other, pytest.raises(OperationalError, match="lock"):
            write_cards(other, ids)


def test_the_form_goes_up_with_what_is_written() -> None:
    """When this fails, raise FORM and write the new text here: kept cards are then made anew."""
    service = ServiceRow(
        "1" * 32, "2" * 32, "Name", None, "Says what it does.", "None", None, "active", "public",
        None, None, "Organization", False, "public", None, "open",
    )  # fmt: skip
    nothing: dict[str, list[object]] = {service.key: [], service.organization_key: []}
    rows = CardRows({}, {service.key: {}}, {}, *[nothing] * 12)  # type: ignore[arg-type]
    card = still_card(rows, service, None)
    text = (
        f'[{FORM},"22222222-2222-2222-2222-222222222222","Name","Organization",false,"","",null,'
        'null,false,0,"Says what it does.",[],"Free",[],"",true,null,"active",""]'
    )
    assert (FORM, written(card)) == (1, text)
    assert read_written(text, None) == card
