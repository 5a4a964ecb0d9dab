"""What can be decided about an agency, and when an agreement holds."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product

import pytest

from referral_hub.rules.agencies import (
    MOVE_MEANING,
    MOVES,
    STATUS_LABEL,
    STATUS_MEANING,
    AgencyMove,
    AgencyStatus,
    in_force,
    may_exchange,
    moves_from,
    next_status,
)
from referral_hub.rules.errors import Conflict

TODAY = date(2026, 11, 18)


@dataclass
class Signed:
    starts_on: date = date(2026, 1, 1)
    ends_on: date | None = None
    ended_at: datetime | None = None


@pytest.mark.parametrize(("status", "move"), list(product(AgencyStatus, AgencyMove)))
def test_every_decision_leads_somewhere_or_is_refused(
    status: AgencyStatus, move: AgencyMove
) -> None:
    if (status, move) in MOVES:
        assert next_status(status, move) is MOVES[status, move]
        assert MOVES[status, move] is not status
    else:
        with pytest.raises(Conflict):
            next_status(status, move)


def test_only_suspended_agencies_resume_and_only_new_ones_are_approved() -> None:
    assert moves_from(AgencyStatus.SUSPENDED) == (AgencyMove.RESUME, AgencyMove.LIST_ONLY)
    assert moves_from(AgencyStatus.INVITED) == (AgencyMove.APPROVE, AgencyMove.LIST_ONLY)
    assert moves_from(AgencyStatus.PARTNER) == (AgencyMove.SUSPEND, AgencyMove.LIST_ONLY)
    assert moves_from(AgencyStatus.LISTED_ONLY) == (AgencyMove.APPROVE,)


def test_everything_has_words() -> None:
    assert set(STATUS_MEANING) == set(STATUS_LABEL) == set(AgencyStatus)
    assert set(MOVE_MEANING) == set(AgencyMove)
    assert all(":" in meaning for meaning in MOVE_MEANING.values())


@pytest.mark.parametrize(
    ("agreement", "holds"),
    [
        (Signed(), True),
        (Signed(starts_on=TODAY, ends_on=TODAY), True),
        (Signed(starts_on=date(2026, 11, 19)), False),
        (Signed(ends_on=date(2026, 11, 17)), False),
        (Signed(ended_at=datetime(2026, 11, 1, tzinfo=UTC)), False),
    ],
)
def test_an_agreement_holds_from_its_first_to_its_last_day_unless_ended(
    agreement: Signed, holds: bool
) -> None:
    assert in_force([agreement], TODAY) is holds
    assert in_force([Signed(ends_on=date(2026, 2, 1)), agreement], TODAY) is holds


def test_only_a_partner_under_an_agreement_exchanges() -> None:
    for status in AgencyStatus:
        assert may_exchange(status, [Signed()], TODAY) is (status is AgencyStatus.PARTNER)
        assert not may_exchange(status, [], TODAY)
