"""Services put aside for a client: on a list of one's own, compared, and gone when they are."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from referral_hub.models import (
    Address,
    Location,
    RequiredDocument,
    Service,
    ServiceAtLocation,
    ServiceCriterion,
)
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.eligibility import Outcome
from referral_hub.rules.errors import Conflict, NotFound
from referral_hub.use_cases.client_search_views import ShortlistView
from referral_hub.use_cases.service_for_client import judge_service
from referral_hub.use_cases.shortlist import (
    MOST_ENTRIES,
    add_to_shortlist,
    remove_from_shortlist,
    show_shortlist,
)
from tests.fakes import FakeGazetteer
from tests.referral_world import NOW, VAULT, World, a_client, a_service, a_world


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


@pytest.fixture
def person(session: Session, world: World) -> PersonActing:
    client = a_client(session, world.sender)
    return replace(world.sender.case_manager, client_id=client.id)


def shown(session: Session, person: PersonActing) -> ShortlistView:
    found = show_shortlist(session, person, vault=VAULT, gazetteer=FakeGazetteer(), now=NOW)
    assert found is not None
    return found


def names(session: Session, person: PersonActing) -> list[str]:
    return [each.card.name for each in shown(session, person).services]


def test_services_are_put_aside_once_and_taken_off_again(
    session: Session, world: World, person: PersonActing
) -> None:
    for staff in (world.receiver, world.stranger, world.receiver):
        add_to_shortlist(session, person, staff.service_id, now=NOW)
    assert set(names(session, person)) == {"Lawndale Legal Aid help", "Pilsen Clinic help"}
    for _ in range(2):
        remove_from_shortlist(session, person, world.receiver.service_id, now=NOW)
    assert names(session, person) == ["Pilsen Clinic help"]


def test_a_list_is_of_one_person_and_one_client(
    session: Session, world: World, person: PersonActing
) -> None:
    add_to_shortlist(session, person, world.receiver.service_id, now=NOW)
    other_client = a_client(session, world.sender)
    colleague = replace(world.sender.intake_worker, client_id=person.client_id)
    assert names(session, replace(person, client_id=other_client.id)) == []
    assert names(session, colleague) == []


def test_without_a_client_that_one_may_see_there_is_no_list(
    session: Session, world: World, person: PersonActing
) -> None:
    service_id = world.receiver.service_id
    for change in (add_to_shortlist, remove_from_shortlist):
        with pytest.raises(Conflict):
            change(session, world.sender.case_manager, service_id, now=NOW)
        elsewhere = replace(world.receiver.case_manager, client_id=person.client_id)
        with pytest.raises(NotFound):
            change(session, elsewhere, service_id, now=NOW)
        asked = show_shortlist(session, elsewhere, vault=VAULT, gazetteer=FakeGazetteer(), now=NOW)
        assert asked is None


def test_only_a_service_that_is_there_can_be_put_aside(
    session: Session, world: World, person: PersonActing
) -> None:
    session.execute(update(Service).values(visibility="hidden"))
    session.commit()
    for service_id in (world.receiver.service_id, uuid4()):
        with pytest.raises(NotFound):
            add_to_shortlist(session, person, service_id, now=NOW)


def test_a_list_that_is_full_takes_no_more(
    session: Session, world: World, person: PersonActing
) -> None:
    for number in range(MOST_ENTRIES):
        service_id = a_service(session, world.receiver.agency_id, f"Service {number}")
        session.commit()
        add_to_shortlist(session, person, service_id, now=NOW)
    with pytest.raises(Conflict):
        add_to_shortlist(session, person, world.receiver.service_id, now=NOW)


def test_a_service_that_is_gone_is_counted_and_not_shown(
    session: Session, world: World, person: PersonActing
) -> None:
    add_to_shortlist(session, person, world.receiver.service_id, now=NOW)
    session.execute(update(Service).values(status="inactive"))
    session.commit()
    found = shown(session, person)
    assert (found.services, found.gone) == ((), 1)


def place(session: Session, service_id: UUID, name: str, latitude: float, secret: bool) -> None:
    organization_id = session.get_one(Service, service_id).organization_id
    location = Location(
        id=uuid4(), organization_id=organization_id, location_type="physical", name=name,
        point_latitude=latitude, point_longitude=-87.67, confidential=secret,
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    session.add(location)
    session.flush()
    session.add(
        Address(
            location_id=location.id, address_1=f"1 {name}", city="Chicago", state_province="IL",
            postal_code="60608", country="US", address_type="physical",
            created_at=NOW, updated_at=NOW,
        )
    )  # fmt: skip
    session.add(
        ServiceAtLocation(
            service_id=service_id, location_id=location.id, created_at=NOW, updated_at=NOW
        )
    )
    session.commit()


def test_services_are_compared_by_what_matters(
    session: Session, world: World, person: PersonActing
) -> None:
    service_id = world.receiver.service_id
    session.add(
        ServiceCriterion(service_id=service_id, kind="age", operator="between", values=[60, None])
    )
    session.add(
        RequiredDocument(service_id=service_id, document="Photo ID", created_at=NOW, updated_at=NOW)
    )
    place(session, service_id, "Far St", 42.85, secret=False)
    place(session, service_id, "Near St", 41.86, secret=False)
    place(session, service_id, "Secret St", 41.85, secret=True)
    add_to_shortlist(session, person, service_id, now=NOW)
    (found,) = shown(session, person).services
    assert found.card.address == "1 Near St, Chicago, IL 60608"
    assert found.card.distance_km == pytest.approx(1.11, abs=0.01)
    assert found.documents == ("Photo ID",)
    assert found.conditions == ("Ages 60 and older", "Brings: Photo ID")
    assert found.service.verdict.outcome is Outcome.NOT
    assert found.service.can_refer is True


def test_a_service_by_itself_says_whether_it_fits(
    session: Session, world: World, person: PersonActing
) -> None:
    service_id = world.receiver.service_id
    add_to_shortlist(session, person, service_id, now=NOW)
    found = judge_service(
        session, person, service_id, vault=VAULT, gazetteer=FakeGazetteer(), now=NOW
    )
    assert found is not None
    assert found.client.initials == "R. Q."
    assert (found.service.listed, found.service.can_refer) == (True, True)
    assert found.service.verdict.outcome is Outcome.ELIGIBLE
    assert judge_service(
        session, world.sender.case_manager, service_id,
        vault=VAULT, gazetteer=FakeGazetteer(), now=NOW,
    ) is None  # fmt: skip
