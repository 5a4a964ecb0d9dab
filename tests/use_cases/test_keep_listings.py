"""What the worker asks agencies about their listings, and when it tells whom."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.models import (
    Agency,
    AgencyOrganization,
    ListingAsk,
    Location,
    PendingIndex,
    Service,
    ServiceAtLocation,
    ServiceState,
)
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.capacity import CapacityState, CapacityWord
from referral_hub.rules.errors import NotFound
from referral_hub.rules.listing_freshness import Stage
from referral_hub.rules.listings import ListingKey
from referral_hub.use_cases.directory.documents import documents_of
from referral_hub.use_cases.directory.facts import read_services
from referral_hub.use_cases.keep_listings import (
    ask_about_listings,
    let_capacities_lapse,
    tell_of_asks,
)
from referral_hub.use_cases.listing_links import confirm_by_link, open_listing_link
from referral_hub.use_cases.maintain_index import expect_new_day
from referral_hub.use_cases.record_capacity import record_capacity
from referral_hub.use_cases.steps.listing_links import add_listing_link
from referral_hub.use_cases.transaction import transaction
from referral_hub.use_cases.verify_listing import list_due, review_queue, verify_listing
from tests.fakes import FakeGazetteer
from tests.network import Network
from tests.referral_world import NOW, VAULT, World, a_service, a_world
from tests.threads import at_once

WORKER = System("worker")
HALF_A_YEAR = timedelta(days=180)
DAY = timedelta(days=1)


@pytest.fixture
def there(session: Session) -> World:
    """Three agencies, each with a service that the hub got to know now."""
    return a_world(session)


def worked(session: Session, at: datetime) -> int:
    """The worker came by; returns how many mails it wrote."""
    let_capacities_lapse(session, WORKER, now=at)
    ask_about_listings(session, WORKER, now=at)
    return tell_of_asks(session, WORKER, VAULT, now=at)


def mails(session: Session) -> list[tuple[str, str]]:
    found = Network(session, VAULT).mails()
    return sorted((mail["to"], mail["listings"]) for mail in found if "listings" in mail)


def only(session: Session, there: World) -> None:
    """Only the receiver still answers for a service."""
    with transaction(session):
        session.query(AgencyOrganization).filter(
            AgencyOrganization.agency_id != there.receiver.agency_id
        ).delete()


def test_nothing_is_asked_before_its_time(session: Session, there: World) -> None:
    assert worked(session, NOW + HALF_A_YEAR - DAY) == 0
    assert session.scalars(select(ListingAsk)).all() == []


def test_who_answers_for_a_listing_gets_one_mail_when_its_review_is_due(
    session: Session, there: World
) -> None:
    only(session, there)
    due = NOW + HALF_A_YEAR
    assert worked(session, due) == 0  # it waits for the hour of the daily mail
    assert worked(session, due + DAY) == 2
    assert [to for to, _ in mails(session)] == [
        "agency_administrator@lawndale.example.org", "intake_worker@lawndale.example.org",
    ]  # fmt: skip
    assert worked(session, due + DAY) == worked(session, due + 2 * DAY) == 0


def test_many_listings_make_one_mail_to_each_person_a_day(session: Session, there: World) -> None:
    only(session, there)
    for number in range(30):
        a_service(session, there.receiver.agency_id, f"Service {number}")
    session.commit()
    due = NOW + HALF_A_YEAR
    assert worked(session, due) == 0
    assert worked(session, due + DAY) == 2
    assert worked(session, due + DAY + timedelta(hours=1)) == 0
    assert {count for _, count in mails(session)} == {"25"}
    assert worked(session, due + 2 * DAY) == 2
    assert sorted(count for _, count in mails(session)) == ["25", "25", "6", "6"]


def test_where_nobody_answers_the_administrators_are_told_once_more(
    session: Session, there: World
) -> None:
    only(session, there)
    due = NOW + HALF_A_YEAR
    worked(session, due)
    worked(session, due + DAY)
    assert worked(session, due + 14 * DAY) == 0
    assert worked(session, due + 15 * DAY) == 1
    assert mails(session)[0][0] == mails(session)[1][0]  # the administrator
    assert worked(session, due + 40 * DAY) == 0


def test_a_confirmed_listing_is_asked_about_no_more(session: Session, there: World) -> None:
    only(session, there)
    due = NOW + HALF_A_YEAR
    worked(session, due)
    service_id, actor = there.receiver.service_id, there.receiver.intake_worker
    listing = ListingKey("service", service_id)
    assert verify_listing(session, actor, listing, now=due)
    assert not verify_listing(session, actor, listing, now=due)
    assert session.get_one(Service, service_id).verified_on == due.date()
    assert worked(session, due + DAY) == 0
    assert list_due(session, actor, there.receiver.agency_id, now=due + DAY) == ()


def test_a_directory_that_no_agency_answers_for_makes_no_mail_but_work_for_the_steward(
    session: Session, there: World
) -> None:
    with transaction(session):
        session.query(AgencyOrganization).delete()
    due = NOW + HALF_A_YEAR
    assert worked(session, due) == worked(session, due + DAY) == 0
    queue = review_queue(session, there.steward, now=due)
    assert (queue.total, {line.stage for line in queue.lines}) == (3, {Stage.DUE})
    assert review_queue(session, there.steward, now=due - DAY).total == 0


def test_the_steward_sees_what_agencies_leave_stale(session: Session, there: World) -> None:
    due = NOW + HALF_A_YEAR
    assert review_queue(session, there.steward, now=due + 27 * DAY).total == 0
    stale = review_queue(session, there.steward, now=due + 28 * DAY)
    assert {line.stage for line in stale.lines} == {Stage.STALE}
    assert {line.agency for line in stale.lines} == {
        "North Side Housing", "Lawndale Legal Aid", "Pilsen Clinic",
    }  # fmt: skip


def test_an_agency_that_takes_no_part_is_asked_nothing(session: Session, there: World) -> None:
    with transaction(session):
        for agency in session.scalars(select(Agency)):
            agency.status = AgencyStatus.SUSPENDED
    due = NOW + HALF_A_YEAR
    assert worked(session, due) == worked(session, due + DAY) == 0


def state(session: Session, service_id: UUID) -> tuple[str | None, bool | None]:
    facts = read_services(session, [service_id])[service_id]
    return facts.capacity, facts.accepting


def test_room_is_asked_about_after_a_week_and_counts_no_more_after_a_month(
    session: Session, there: World
) -> None:
    only(session, there)
    service_id = there.receiver.service_id
    word = CapacityWord(CapacityState.OPEN)
    record_capacity(session, there.receiver.intake_worker, service_id, word, now=NOW)
    assert worked(session, NOW + 6 * DAY) == worked(session, NOW + 7 * DAY) == 0
    assert worked(session, NOW + 8 * DAY) == 2
    assert worked(session, NOW + 9 * DAY) == 0
    assert state(session, service_id) == ("open", True)
    worked(session, NOW + 30 * DAY)
    assert state(session, service_id) == (None, None)
    record_capacity(session, there.receiver.intake_worker, service_id, word, now=NOW + 30 * DAY)
    assert state(session, service_id) == ("open", True)
    assert session.get_one(ServiceState, service_id).lapsed_at is None


def test_the_mail_leads_to_the_listings_that_it_asks_about(session: Session, there: World) -> None:
    only(session, there)
    due = NOW + HALF_A_YEAR
    worked(session, due)
    worked(session, due + DAY)
    links = [mail["link"] for mail in Network(session, VAULT).mails()]
    assert len(set(links)) == 2
    assert all(link.startswith("/v/#") for link in links)
    token = links[0].removeprefix("/v/#")
    found = open_listing_link(session, System(), token, now=due + DAY)
    assert [listing.listing.id for listing in found.listings][:1] == [there.receiver.service_id]


def verified_in_index(session: Session, service_id: UUID, at: datetime) -> list[object]:
    facts = read_services(session, [service_id])[service_id]
    return [made.verified for made in documents_of(facts, FakeGazetteer(), at.date())]


def test_a_stale_listing_ranks_as_if_nobody_had_confirmed_it_and_is_indexed_on_that_day(
    session: Session, there: World
) -> None:
    service_id, actor = there.receiver.service_id, there.receiver.administrator
    verify_listing(session, actor, ListingKey("service", service_id), now=NOW)
    with transaction(session):
        session.query(PendingIndex).delete()
    stale = NOW + HALF_A_YEAR + 28 * DAY
    assert verified_in_index(session, service_id, stale - DAY) == [NOW.date()]
    expect_new_day(session, WORKER, now=stale - DAY)
    assert service_id not in session.scalars(select(PendingIndex.service_id)).all()
    assert verified_in_index(session, service_id, stale) == [None]
    expect_new_day(session, WORKER, now=stale)
    assert service_id in session.scalars(select(PendingIndex.service_id)).all()


def is_retired(session: Session, there: World) -> None:
    session.get_one(Service, there.receiver.service_id).status = "defunct"


def is_hidden(session: Session, there: World) -> None:
    session.get_one(Service, there.receiver.service_id).visibility = "hidden"


def is_merged(session: Session, there: World) -> None:
    service = session.get_one(Service, there.receiver.service_id)
    service.vanished_at, service.merged_into = NOW, there.sender.service_id


def is_suspended(session: Session, there: World) -> None:
    session.get_one(Agency, there.receiver.agency_id).status = AgencyStatus.SUSPENDED


def is_given_away(session: Session, there: World) -> None:
    session.query(AgencyOrganization).delete()


@pytest.mark.parametrize("what", [is_retired, is_hidden, is_merged, is_suspended, is_given_away])
def test_what_is_no_more_the_agencys_to_answer_is_asked_no_more(
    session: Session, there: World, what: Callable[[Session, World], None]
) -> None:
    only(session, there)
    record_capacity(
        session, there.receiver.intake_worker, there.receiver.service_id,
        CapacityWord(CapacityState.CLOSED), now=NOW,
    )  # fmt: skip
    due = NOW + HALF_A_YEAR
    worked(session, due)
    assert len(session.scalars(select(ListingAsk)).all()) == 2
    with transaction(session):
        what(session, there)
    assert worked(session, due + DAY) == 0
    assert session.scalars(select(ListingAsk)).all() == []


def test_what_an_import_confirmed_is_asked_about_again_when_it_is_due_again(
    session: Session, there: World
) -> None:
    only(session, there)
    due = NOW + HALF_A_YEAR
    worked(session, due)
    assert worked(session, due + DAY) == 2
    with transaction(session):
        session.get_one(Service, there.receiver.service_id).verified_on = due.date()
    assert worked(session, due + 2 * DAY) == 0
    again = due + HALF_A_YEAR
    worked(session, again)
    assert worked(session, again + DAY) == 2


def test_a_day_that_is_yet_to_come_confirms_nothing(session: Session, there: World) -> None:
    only(session, there)
    with transaction(session):
        session.get_one(Service, there.receiver.service_id).verified_on = date(2099, 1, 1)
    due = NOW + HALF_A_YEAR
    worked(session, due)
    assert worked(session, due + DAY) == 2


def test_administrators_who_had_their_mail_today_hear_of_it_tomorrow(
    session: Session, there: World
) -> None:
    """Two weeks after nobody answered, the administrator has had the mail of another agency."""
    only(session, there)
    due, receiver = NOW + HALF_A_YEAR, there.receiver
    worked(session, due)
    worked(session, due + DAY)
    later = due + 15 * DAY
    with transaction(session):
        add_listing_link(
            session, receiver.administrator.person_id, there.sender.agency_id, [], now=later
        )
    assert worked(session, later) == 0
    assert worked(session, later + DAY) == 1
    assert worked(session, later + 2 * DAY) == 0


def test_only_administrators_read_that_nobody_answered(session: Session, there: World) -> None:
    only(session, there)
    due = NOW + HALF_A_YEAR
    worked(session, due)
    worked(session, due + DAY)
    record_capacity(
        session, there.receiver.intake_worker, there.receiver.service_id,
        CapacityWord(CapacityState.OPEN), now=due + 7 * DAY,
    )  # fmt: skip
    worked(session, due + 14 * DAY)
    before = len(Network(session, VAULT).mails())
    assert worked(session, due + 15 * DAY) == 2
    told = Network(session, VAULT).mails()[before:]
    assert {mail["to"].partition("@")[0]: mail["unanswered"] for mail in told} == {
        "intake_worker": "", "agency_administrator": "yes",
    }  # fmt: skip


def test_two_workers_at_once_write_one_mail_to_each(
    engine: Engine, session: Session, there: World
) -> None:
    due = NOW + HALF_A_YEAR
    worked(session, due)
    session.rollback()

    def tell(_: int) -> int:
        with Session(engine) as own:
            ask_about_listings(own, WORKER, now=due + DAY)
            return tell_of_asks(own, WORKER, VAULT, now=due + DAY)

    assert sum(int(str(count)) for count in at_once(3, tell)) == 6
    session.rollback()
    assert len(mails(session)) == 6


def test_an_answer_of_the_same_moment_leaves_no_question(
    engine: Engine, session: Session, there: World
) -> None:
    only(session, there)
    listing, due = ListingKey("service", there.receiver.service_id), NOW + HALF_A_YEAR

    def act(number: int) -> object:
        with Session(engine) as own:
            if number:
                return ask_about_listings(own, WORKER, now=due)
            return verify_listing(own, there.receiver.intake_worker, listing, now=due)

    at_once(2, act)
    session.rollback()
    worked(session, due + DAY)
    assert mails(session) == []


@pytest.fixture
def place(session: Session, there: World) -> UUID:
    """Where the receiver gives its service."""
    service = session.get_one(Service, there.receiver.service_id)
    made = Location(
        id=uuid4(), organization_id=service.organization_id, location_type="physical",
        name="Lawndale office", created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    with transaction(session):
        session.add(made)
        session.flush()
        session.add(
            ServiceAtLocation(
                id=uuid4(), service_id=service.id, location_id=made.id,
                created_at=NOW, updated_at=NOW,
            )
        )  # fmt: skip
    return made.id


def test_organizations_and_places_are_asked_about_once_a_year_in_the_same_mail(
    session: Session, there: World, place: UUID
) -> None:
    only(session, there)
    service = session.get_one(Service, there.receiver.service_id)
    organization_id, actor = service.organization_id, there.receiver.intake_worker
    due = NOW + 365 * DAY
    service_key = ListingKey("service", service.id)
    verify_listing(session, actor, service_key, now=due - DAY)
    assert list_due(session, actor, there.receiver.agency_id, now=due - DAY) == ()
    with transaction(session):
        session.get_one(Service, service_key.id).verified_on = NOW.date()
    worked(session, due)
    assert worked(session, due + DAY) == 2
    assert {count for _, count in mails(session)} == {"3"}
    token = Network(session, VAULT).mails()[0]["link"].removeprefix("/v/#")
    found = open_listing_link(session, Anonymous(), token, now=due + DAY).listings
    keys = [service_key, ListingKey("organization", organization_id), ListingKey("location", place)]
    assert [each.listing for each in found] == keys
    for key in keys:
        assert confirm_by_link(session, Anonymous(), token, key.id, now=due + DAY)
    assert list_due(session, actor, there.receiver.agency_id, now=due + DAY) == ()
    assert session.scalars(select(ListingAsk)).all() == []


def test_that_a_place_is_still_true_is_no_change_of_its_services(
    session: Session, there: World, place: UUID
) -> None:
    with transaction(session):
        session.query(PendingIndex).delete()
    verify_listing(session, there.steward, ListingKey("location", place), now=NOW + DAY)
    service = session.get_one(Service, there.receiver.service_id)
    assert (service.updated_at, service.last_modified) == (NOW, None)
    assert session.scalars(select(PendingIndex)).all() == []


def test_what_nobody_finds_nobody_is_asked_about(
    session: Session, there: World, place: UUID
) -> None:
    due = NOW + 365 * DAY
    with transaction(session):
        for service in session.scalars(select(Service)):
            service.status = "defunct"
    assert review_queue(session, there.steward, now=due + 28 * DAY).total == 0


def test_the_steward_sees_organizations_and_places_that_nobody_confirms(
    session: Session, there: World, place: UUID
) -> None:
    with transaction(session):
        session.query(AgencyOrganization).delete()
        for service in session.scalars(select(Service)):
            service.verified_on = (NOW + 364 * DAY).date()
    assert review_queue(session, there.steward, now=NOW + 364 * DAY).total == 0
    queue = review_queue(session, there.steward, now=NOW + 365 * DAY)
    tables = sorted(line.listing.table for line in queue.lines)
    assert tables == ["location", "organization", "organization", "organization"]
    for line in queue.lines:
        verify_listing(session, there.steward, line.listing, now=NOW + 365 * DAY)
    assert review_queue(session, there.steward, now=NOW + 366 * DAY).total == 0


def test_a_program_is_confirmed_by_nobody(session: Session, there: World) -> None:
    with pytest.raises(NotFound):
        verify_listing(session, there.steward, ListingKey("program", uuid4()), now=NOW)
