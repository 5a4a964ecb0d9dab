"""Who reads what of a referral follows from where it stands."""

from datetime import UTC, datetime, timedelta

import pytest

from referral_hub.rules.referral_lifecycle import OPEN, Status
from referral_hub.rules.referral_sight import (
    is_over,
    is_readable,
    is_veiled,
    sees_status_only,
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


def test_only_the_receivers_acts_after_consent_was_taken_back_are_veiled() -> None:
    assert is_veiled(by_receiver=True, recorded_at=NOW, revoked_at=NOW)
    assert not is_veiled(by_receiver=True, recorded_at=EARLIER, revoked_at=NOW)
    assert not is_veiled(by_receiver=False, recorded_at=LATER, revoked_at=NOW)
    assert not is_veiled(by_receiver=True, recorded_at=LATER, revoked_at=None)


def test_the_sender_sees_the_status_only_while_the_receiver_goes_on_without_consent() -> None:
    assert sees_status_only(Status.ACCEPTED, None, EARLIER, NOW)
    assert sees_status_only(Status.COMPLETED, "need_met", LATER, NOW)
    assert not sees_status_only(Status.COMPLETED, "need_met", EARLIER, NOW)
    assert not sees_status_only(Status.WITHDRAWN, "consent_revoked", NOW, NOW)
    assert not sees_status_only(Status.ACCEPTED, None, LATER, None)
