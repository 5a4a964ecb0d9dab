"""What clients say counts as they said it last."""

from datetime import UTC, datetime, timedelta

import pytest

from referral_hub.rules.client_answers import answer_that_counts, check_answer
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.referrals import ClientAnswer

NOW = datetime(2026, 11, 30, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        ("", None),
        ("not_reached", "not_reached"),
        ("no yes", "yes"),
        ("yes partly no", "no"),
        ("yes not_reached", "yes"),
        ("not_reached partly not_reached", "partly"),
    ],
)
def test_the_last_word_counts_and_silence_takes_none_back(told: str, counts: str | None) -> None:
    assert answer_that_counts(map(ClientAnswer, told.split())) == counts


def test_a_client_is_asked_between_the_acceptance_and_now() -> None:
    accepted_at = NOW - timedelta(days=1)
    for asked_at in (accepted_at, NOW):
        check_answer(asked_at, "", accepted_at, NOW)
    for asked_at in (accepted_at - timedelta(seconds=1), NOW + timedelta(seconds=1)):
        with pytest.raises(InvalidInput) as refused:
            check_answer(asked_at, "x" * 5000, accepted_at, NOW)
        assert set(refused.value.fields) == {"asked_at", "note"}
