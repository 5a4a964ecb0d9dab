"""For how long a session and a proof hold, and what counts as a second factor."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from referral_hub.rules.errors import ProofNeeded
from referral_hub.rules.sign_in import (
    IDLE_LENGTH,
    Method,
    is_open,
    is_proved,
    is_strong,
    require_proof,
)
from tests.conftest import NOW


@dataclass
class Held:
    seen_at: datetime = NOW
    expires_at: datetime = NOW + timedelta(hours=12)
    ended_at: datetime | None = None


def test_a_session_ends_after_an_hour_without_activity() -> None:
    assert is_open(Held(), NOW + timedelta(minutes=59), IDLE_LENGTH)
    assert not is_open(Held(), NOW + timedelta(minutes=60), IDLE_LENGTH)


def test_a_session_ends_after_twelve_hours_whatever_happens() -> None:
    end = NOW + timedelta(hours=12)
    busy = Held(seen_at=end)
    assert is_open(busy, end - timedelta(seconds=1), IDLE_LENGTH)
    assert not is_open(busy, end, IDLE_LENGTH)


def test_a_session_that_was_ended_is_over() -> None:
    assert not is_open(Held(ended_at=NOW), NOW, IDLE_LENGTH)


def test_a_proof_holds_for_ten_minutes() -> None:
    assert is_proved(NOW, NOW + timedelta(minutes=9, seconds=59))
    assert not is_proved(NOW, NOW + timedelta(minutes=10))
    assert not is_proved(None, NOW)
    with pytest.raises(ProofNeeded):
        require_proof(NOW, NOW + timedelta(minutes=10))


@pytest.mark.parametrize("method", list(Method))
def test_everything_but_a_password_counts_as_a_second_factor(method: Method) -> None:
    assert is_strong([Method.PASSWORD, method]) is (method is not Method.PASSWORD)
