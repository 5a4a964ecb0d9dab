"""One service: everything public, and nothing else."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from referral_hub.models import Location, Service
from referral_hub.rules.actor import Anonymous
from referral_hub.rules.errors import NotFound
from referral_hub.use_cases.directory_views import ServiceView
from referral_hub.use_cases.show_service import show_service
from tests.factories import a_directory, uid
from tests.fakes import FakeGazetteer
from tests.use_cases.conftest import Importer

WEEKDAYS = {"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"}


def shown(session: Session, now: datetime) -> ServiceView:
    return show_service(
        session, Anonymous(), UUID(uid("service")), gazetteer=FakeGazetteer(), now=now
    )


def test_it_says_hours_cost_papers_and_languages_in_plain_words(
    load: Importer, session: Session, now: datetime
) -> None:
    load(
        a_directory(
            schedules=[{"id": uid("hours"), **WEEKDAYS}],
            cost_options=[{"id": uid("cost"), "option": "Adults", "amount": 25, "currency": "USD"}],
            required_documents=[{"id": uid("paper"), "document": "Photo ID"}],
            languages=[{"id": uid("language"), "code": "es"}],
            minimum_age=18,
        )
    )
    view = shown(session, now)
    assert (view.hours[0].days, view.hours[0].text) == ("Monday to Friday", "9 am to 5 pm")
    assert view.costs[0].text == "Adults: $25"
    assert view.documents[0].document == "Photo ID"
    assert view.languages == ("Spanish",)
    assert [(each.text, each.source) for each in view.conditions] == [
        ("Ages 18 and older", "as listed")
    ]


def test_opening_is_told_in_the_time_zone_of_the_place(
    load: Importer, session: Session, now: datetime
) -> None:
    load(a_directory(schedules=[{"id": uid("hours"), **WEEKDAYS}]))
    assert shown(session, now).locations[0].opening == "Open now until 5 pm"


def test_a_service_that_is_not_there_is_not_found(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        show_service(session, Anonymous(), uuid4(), gazetteer=FakeGazetteer(), now=now)


def test_a_hidden_service_is_not_found_in_the_same_words(
    load: Importer, session: Session, now: datetime
) -> None:
    load(a_directory())
    session.execute(update(Service).values(visibility="hidden"))
    session.commit()
    with pytest.raises(NotFound) as hidden:
        shown(session, now)
    with pytest.raises(NotFound) as absent:
        show_service(session, Anonymous(), uuid4(), gazetteer=FakeGazetteer(), now=now)
    assert hidden.value.message == absent.value.message


def test_a_retired_service_is_still_shown_with_its_status(
    load: Importer, session: Session, now: datetime
) -> None:
    load(a_directory())
    session.execute(update(Service).values(status="defunct"))
    session.commit()
    assert shown(session, now).status == "defunct"


def test_a_confidential_place_tells_neither_address_nor_way(
    load: Importer, session: Session, now: datetime
) -> None:
    load(a_directory())
    session.execute(update(Location).values(confidential=True, transportation="Bus 9"))
    session.commit()
    (location,) = shown(session, now).locations
    assert (location.address, location.transportation) == ((), "")
