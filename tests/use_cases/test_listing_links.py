"""Answering for listings by the link of a mail."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import (
    Agency,
    AgencyOrganization,
    AuditRow,
    ListingChange,
    ListingLink,
    Membership,
    Organization,
    Person,
    Service,
    ServiceState,
)
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.capacity import CapacityState
from referral_hub.rules.errors import NotFound
from referral_hub.rules.listing_freshness import LINK_LENGTH
from referral_hub.rules.listings import ListingKey
from referral_hub.use_cases.forget_expired import forget_expired
from referral_hub.use_cases.listing_links import (
    confirm_by_link,
    open_listing_link,
    tap_by_link,
)
from referral_hub.use_cases.steps.listing_links import add_listing_link
from referral_hub.use_cases.transaction import transaction
from tests.referral_world import NOW, World, a_world

NOBODY = Anonymous()


@pytest.fixture
def there(session: Session) -> World:
    """Three agencies, each with a service."""
    return a_world(session)


@pytest.fixture
def token(session: Session, there: World) -> str:
    """The secret of a link about the receiver's service, which went to its intake worker."""
    worker, service_id = there.receiver.intake_worker, there.receiver.service_id
    with transaction(session):
        return add_listing_link(
            session,
            worker.person_id,
            there.receiver.agency_id,
            [ListingKey("service", service_id)],
            now=NOW,
        )


def test_opening_a_link_changes_nothing(session: Session, there: World, token: str) -> None:
    for _ in range(3):
        found = open_listing_link(session, NOBODY, token, now=NOW)
    assert found.agency == "Lawndale Legal Aid"
    assert [(each.listing.id, each.confirmed) for each in found.listings] == [
        (there.receiver.service_id, False)
    ]
    assert session.scalars(select(ListingChange)).all() == []


def test_pressed_twice_it_is_confirmed_once(session: Session, there: World, token: str) -> None:
    service_id = there.receiver.service_id
    assert confirm_by_link(session, NOBODY, token, service_id, now=NOW)
    later = NOW + timedelta(days=2)
    assert not confirm_by_link(session, NOBODY, token, service_id, now=later)
    assert session.get_one(Service, service_id).verified_on == NOW.date()
    change = session.scalars(select(ListingChange)).one()
    worker = there.receiver.intake_worker.person_id
    assert (change.act, change.made_by) == ("verify", f"person:{worker}")
    assert open_listing_link(session, NOBODY, token, now=later).listings[0].confirmed


def test_room_is_said_by_a_link_and_changed_by_another_button(
    session: Session, there: World, token: str
) -> None:
    service_id = there.receiver.service_id
    for state in (CapacityState.OPEN, CapacityState.CLOSED):
        tap_by_link(session, NOBODY, token, service_id, state, now=NOW)
    assert session.get_one(ServiceState, service_id).capacity == "closed"
    acts = session.scalars(select(AuditRow.action)).all()
    assert acts.count("capacity:record") == 2


def test_a_link_is_about_its_own_services_only(session: Session, there: World, token: str) -> None:
    with pytest.raises(NotFound):
        confirm_by_link(session, NOBODY, token, there.sender.service_id, now=NOW)
    with pytest.raises(NotFound):
        tap_by_link(session, NOBODY, token, there.sender.service_id, CapacityState.OPEN, now=NOW)


def leaves(session: Session, there: World) -> None:
    person_id = there.receiver.intake_worker.person_id
    session.query(Membership).filter_by(person_id=person_id).update({"until": NOW})


def is_closed(session: Session, there: World) -> None:
    session.get_one(Person, there.receiver.intake_worker.person_id).disabled_at = NOW


def is_suspended(session: Session, there: World) -> None:
    session.get_one(Agency, there.receiver.agency_id).status = AgencyStatus.SUSPENDED


@pytest.mark.parametrize("what", [leaves, is_closed, is_suspended])
def test_a_link_ends_with_the_part_of_its_person(
    session: Session, there: World, token: str, what: object
) -> None:
    with transaction(session):
        what(session, there)  # type: ignore[operator]
    with pytest.raises(NotFound):
        open_listing_link(session, NOBODY, token, now=NOW)
    with pytest.raises(NotFound):
        confirm_by_link(session, NOBODY, token, there.receiver.service_id, now=NOW)


def test_what_the_agency_answers_for_no_more_its_link_does_not_either(
    session: Session, there: World, token: str
) -> None:
    with transaction(session):
        session.query(AgencyOrganization).filter_by(agency_id=there.receiver.agency_id).delete()
    assert open_listing_link(session, NOBODY, token, now=NOW).listings == ()
    with pytest.raises(NotFound):
        confirm_by_link(session, NOBODY, token, there.receiver.service_id, now=NOW)


def test_a_link_is_over_after_three_weeks_and_then_forgotten(
    session: Session, there: World, token: str
) -> None:
    over = NOW + LINK_LENGTH
    with pytest.raises(NotFound):
        open_listing_link(session, NOBODY, token, now=over)
    forget_expired(session, System("worker"), now=over + timedelta(seconds=1))
    assert session.scalars(select(ListingLink)).all() == []


def test_only_the_hash_of_its_secret_is_kept(session: Session, token: str) -> None:
    assert token.encode() not in session.scalars(select(ListingLink.token_hash)).one()
    with pytest.raises(NotFound):
        open_listing_link(session, NOBODY, f"{token}x", now=NOW)


def is_hidden(session: Session, there: World) -> None:
    session.get_one(Service, there.receiver.service_id).visibility = "hidden"


def is_retired(session: Session, there: World) -> None:
    session.get_one(Service, there.receiver.service_id).status = "defunct"


def is_merged(session: Session, there: World) -> None:
    service = session.get_one(Service, there.receiver.service_id)
    service.vanished_at, service.merged_into = NOW, there.sender.service_id


def is_of_a_hidden_organization(session: Session, there: World) -> None:
    service = session.get_one(Service, there.receiver.service_id)
    session.get_one(Organization, service.organization_id).visibility = "hidden"


@pytest.mark.parametrize("what", [is_hidden, is_retired, is_merged, is_of_a_hidden_organization])
def test_a_link_shows_and_confirms_only_what_everybody_can_find(
    session: Session, there: World, token: str, what: object
) -> None:
    with transaction(session):
        what(session, there)  # type: ignore[operator]
    service_id = there.receiver.service_id
    assert open_listing_link(session, NOBODY, token, now=NOW).listings == ()
    with pytest.raises(NotFound):
        confirm_by_link(session, NOBODY, token, service_id, now=NOW)
    with pytest.raises(NotFound):
        tap_by_link(session, NOBODY, token, service_id, CapacityState.OPEN, now=NOW)


def test_a_link_shows_no_word_on_room_that_is_too_old_to_count(
    session: Session, there: World, token: str
) -> None:
    tap_by_link(
        session, NOBODY, token, there.receiver.service_id, CapacityState.OPEN,
        now=NOW - timedelta(days=30),
    )  # fmt: skip
    assert [each.capacity for each in open_listing_link(session, NOBODY, token, now=NOW).listings
            ] == [None]  # fmt: skip
