"""An agency says when it works; what holds where it says nothing is seen beside it."""

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from referral_hub.models import Agency
from referral_hub.rules.errors import InvalidInput, NotFound, NotPermitted
from referral_hub.use_cases.agency_time import change_working_time, show_working_time
from tests.network import ADMINISTRATOR, SUPERVISOR, Network


@pytest.fixture
def network(session: Session) -> Network:
    return Network(session)


@pytest.fixture
def agency_id(network: Network) -> UUID:
    return network.agency()


def test_what_an_agency_says_is_kept_and_taken_back(
    session: Session, network: Network, agency_id: UUID, now: datetime
) -> None:
    admin = network.person("Ada Admin", agency_id, ADMINISTRATOR)
    assert show_working_time(session, admin, agency_id).time_zone is None
    change = ("America/Denver", "US-CO")
    assert change_working_time(session, admin, agency_id, *change, now=now)
    assert not change_working_time(session, admin, agency_id, *change, now=now)
    view = show_working_time(session, admin, agency_id)
    assert (view.time_zone, view.holiday_region) == change
    assert (view.network_time_zone, view.network_holiday_region) == ("America/Chicago", "US")
    assert change_working_time(session, admin, agency_id, None, None, now=now)
    assert session.get_one(Agency, agency_id).time_zone is None
    assert network.audited() == ["agency:change", "agency:change"]


def test_each_fault_is_named_and_nothing_is_changed(
    session: Session, network: Network, agency_id: UUID, now: datetime
) -> None:
    admin = network.person("Ada Admin", agency_id, ADMINISTRATOR)
    for zone, region, faults in (
        ("Denver", None, {"time_zone"}),
        ("America/Denver", "ZZ", {"holiday_region"}),
        ("", "us", {"time_zone", "holiday_region"}),
    ):
        with pytest.raises(InvalidInput) as error:
            change_working_time(session, admin, agency_id, zone, region, now=now)
        assert set(error.value.fields) == faults
    assert network.audited() == []


def test_only_an_administrator_of_the_agency_sees_and_says_it(
    session: Session, network: Network, agency_id: UUID, now: datetime
) -> None:
    supervisor = network.person("Sue Supervisor", agency_id, SUPERVISOR)
    with pytest.raises(NotPermitted):
        show_working_time(session, supervisor, agency_id)
    stranger = network.person("Sam Stranger", network.agency("Other"), ADMINISTRATOR)
    with pytest.raises(NotFound):
        change_working_time(session, stranger, agency_id, None, None, now=now)
