"""Agreements: signed by an administrator, ended by a steward; without one nothing is exchanged."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from referral_hub.models import Agency, Agreement
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.actor import System
from referral_hub.rules.agencies import AgencyStatus, AgreementState
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound, NotPermitted
from referral_hub.use_cases.agencies import show_agency
from referral_hub.use_cases.agreements import end_agreement, sign_agreement
from tests.network import ADMINISTRATOR, CASE_MANAGER, STEWARD, SUPERVISOR, VAULT, Network

OPERATOR = System("operator")


class House:
    """An agency with an administrator, in a network with a steward."""

    def __init__(self, session: Session) -> None:
        self.network = Network(session)
        self.id = self.network.agency()
        self.admin = self.network.person("Ada Admin", self.id, ADMINISTRATOR)
        self.steward = self.network.person("Stella Steward", None, STEWARD)

    def exchanges(self, now: datetime) -> bool:
        return show_agency(self.network.session, self.admin, self.id, VAULT, now=now).may_exchange


@pytest.fixture
def house(session: Session) -> House:
    return House(session)


def test_an_agency_exchanges_referrals_from_the_first_to_the_last_day(
    session: Session, house: House, now: datetime
) -> None:
    today = now.date()
    first, last = today + timedelta(days=1), today + timedelta(days=3)
    sign_agreement(session, house.admin, house.id, first, last, now=now)
    days = [house.exchanges(now + timedelta(days=days)) for days in range(5)]
    assert days == [False, True, True, True, False]
    (view,) = show_agency(session, house.admin, house.id, VAULT, now=now).agreements
    assert (view.signed_by, view.title) == ("Ada Admin", "Network agreement")
    assert view.state is AgreementState.TO_COME
    assert house.network.audited() == ["agreement:sign"]


def test_a_steward_ends_an_agreement_at_once(session: Session, house: House, now: datetime) -> None:
    agreement = sign_agreement(session, house.admin, house.id, now.date(), None, now=now)
    assert house.exchanges(now)
    end_agreement(session, house.steward, house.id, agreement, now=now)
    assert not house.exchanges(now)
    assert session.get_one(Agreement, agreement).ended_at == now
    with pytest.raises(Conflict):
        end_agreement(session, house.steward, house.id, agreement, now=now)


def test_an_agreement_that_is_over_is_not_ended_again(
    session: Session, house: House, now: datetime
) -> None:
    agreement = house.network.agreement(
        house.id, house.admin.person_id, ends_on=now.date() - timedelta(days=1)
    )
    with pytest.raises(Conflict):
        end_agreement(session, house.steward, house.id, agreement, now=now)


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [
        (0, -1, {"ends_on"}),
        (5, 4, {"ends_on"}),
        (-10, -1, {"ends_on"}),
        (367, None, {"starts_on"}),
        (-367, None, {"starts_on"}),
    ],
)
def test_days_that_cannot_be_meant_are_refused(
    session: Session, house: House, first: int, last: int | None, wrong: set[str], now: datetime
) -> None:
    today = now.date()
    ends = None if last is None else today + timedelta(days=last)
    with pytest.raises(InvalidInput) as error:
        sign_agreement(session, house.admin, house.id, today + timedelta(days=first), ends, now=now)
    assert set(error.value.fields) == wrong


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_the_ends_of_the_calendar_are_only_wrong(
    session: Session, house: House, day: date, now: datetime
) -> None:
    with pytest.raises(InvalidInput):
        sign_agreement(session, house.admin, house.id, day, day, now=now)


def test_only_administrators_sign_and_only_for_their_agency(
    session: Session, house: House, now: datetime
) -> None:
    today, other = now.date(), house.network.agency("Other")
    for role in (CASE_MANAGER, SUPERVISOR, STEWARD):
        agency = None if role is STEWARD else house.id
        actor = PersonActing(uuid4(), agency, frozenset({role}))
        with pytest.raises(NotPermitted):
            sign_agreement(session, actor, house.id, today, None, now=now)
    with pytest.raises(NotFound):
        sign_agreement(session, house.admin, other, today, None, now=now)
    with pytest.raises(NotPermitted):
        sign_agreement(session, OPERATOR, house.id, today, None, now=now)


def test_an_agency_does_not_end_its_agreement_itself(
    session: Session, house: House, now: datetime
) -> None:
    agreement = sign_agreement(session, house.admin, house.id, now.date(), None, now=now)
    with pytest.raises(NotPermitted):
        end_agreement(session, house.admin, house.id, agreement, now=now)
    with pytest.raises(NotFound):
        end_agreement(session, house.steward, house.network.agency("Other"), agreement, now=now)
    assert house.exchanges(now)


@pytest.mark.parametrize("status", [s for s in AgencyStatus if s is not AgencyStatus.PARTNER])
def test_only_a_partner_signs_or_exchanges(
    session: Session, house: House, status: AgencyStatus, now: datetime
) -> None:
    house.network.agreement(house.id, house.admin.person_id)
    session.get_one(Agency, house.id).status = status
    session.commit()
    assert not house.exchanges(now)
    with pytest.raises(Conflict):
        sign_agreement(session, house.admin, house.id, now.date(), None, now=now)
