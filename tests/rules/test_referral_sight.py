"""Who reads what of a referral follows from where it stands."""

from datetime import UTC, datetime, timedelta

import pytest

from referral_hub.rules.referral_lifecycle import OPEN, Status
from referral_hub.rules.referral_sight import (
    is_over,
    is_readable,
    is_status_only,
    is_veiled,
)

NOW = datetime(2026, 11, 30, tzinfo=UTC)
EARLIER, LATER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
NEVER = {Status.DRAFT, Status.VOIDED}


@pytest.mark.parametrize("status", Status)
def test_who_accepted_keeps_what_they_got_and_others_read_while_it_waits_for_them(
    status: Status,
) -> None:
    assert is_readable(status, accepted=True) == (status not in NEVER)
    assert is_readable(status, accepted=False) == (status in OPEN)


@pytest.mark.parametrize("status", Status)
def test_what_can_come_back_is_hidden_and_not_closed(status: Status) -> None:
    ended = {Status.WITHDRAWN, Status.EXPIRED, Status.VOIDED, Status.COMPLETED}
    assert is_over(status, accepted=False) == (status in ended)
    assert is_over(status, accepted=True) == (status is Status.VOIDED)


def test_what_was_recorded_between_taking_back_and_agreeing_again_is_veiled_for_good() -> None:
    assert is_veiled(NOW, NOW, None)
    assert is_veiled(NOW, NOW, LATER)
    assert not is_veiled(LATER, NOW, LATER)
    assert not is_veiled(EARLIER, NOW, None)
    assert not is_veiled(NOW, None, None)


def test_the_sender_learns_the_status_only_until_the_client_agrees_again() -> None:
    assert is_status_only(NOW, None)
    assert not is_status_only(NOW, LATER)
    assert not is_status_only(None, None)
