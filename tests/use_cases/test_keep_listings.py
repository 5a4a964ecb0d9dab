"""What the worker asks agencies about their listings, and when it tells whom."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import (
    Agency,
    AgencyOrganization,
    ListingAsk,
    PendingIndex,
    Service,
    ServiceState,
)
from referral_hub.rules.actor import System
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.capacity import CapacityState, CapacityWord
from referral_hub.rules.listing_freshness import Stage
from referral_hub.use_cases.directory.documents import documents_of
from referral_hub.use_cases.directory.facts import read_services
from referral_hub.use_cases.keep_listings import (
    ask_about_listings,
    let_capacities_lapse,
    tell_of_asks,
)
from referral_hub.use_cases.listing_links import open_listing_link
from referral_hub.use_cases.maintain_index import expect_new_day
from referral_hub.use_cases.record_capacity import record_capacity
from referral_hub.use_cases.transaction import transaction
from referral_hub.use_cases.verify_listing import list_due, review_queue, verify_listing
from tests.fakes import FakeGazetteer
from tests.network import Network
from tests.referral_world import NOW, VAULT, World, a_service, a_world

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
    assert verify_listing(session, actor, service_id, now=due)
    assert not verify_listing(session, actor, service_id, now=due)
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
    assert [listing.service_id for listing in found.listings] == [there.receiver.service_id]


def verified_in_index(session: Session, service_id: UUID, at: datetime) -> list[object]:
    facts = read_services(session, [service_id])[service_id]
    return [made.verified for made in documents_of(facts, FakeGazetteer(), at.date())]


def test_a_stale_listing_ranks_as_if_nobody_had_confirmed_it_and_is_indexed_on_that_day(
    session: Session, there: World
) -> None:
    service_id, actor = there.receiver.service_id, there.receiver.administrator
    verify_listing(session, actor, service_id, now=NOW)
    with transaction(session):
        session.query(PendingIndex).delete()
    stale = NOW + HALF_A_YEAR + 28 * DAY
    assert verified_in_index(session, service_id, stale - DAY) == [NOW.date()]
    expect_new_day(session, WORKER, now=stale - DAY)
    assert service_id not in session.scalars(select(PendingIndex.service_id)).all()
    assert verified_in_index(session, service_id, stale) == [None]
    expect_new_day(session, WORKER, now=stale)
    assert service_id in session.scalars(select(PendingIndex.service_id)).all()
