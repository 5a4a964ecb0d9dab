"""What messages to partner systems say, and when they are tried again."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referrals import Fact
from referral_hub.rules.webhooks import (
    ENDED_LABEL,
    FAULT_LABEL,
    KINDS,
    LONGEST_WAIT,
    PATIENCE,
    STATE_LABEL,
    WAITS,
    DeliveryState,
    Ended,
    Fault,
    check_kinds,
    is_success,
    is_wanted,
    message_of,
    must_end,
    next_try,
)

NOW = datetime(2026, 11, 30, 16, tzinfo=UTC)


def test_a_message_holds_ids_and_a_status_and_nothing_else() -> None:
    referral = UUID(int=7)
    said = message_of("accept", NOW, referral, 4, "accepted", "https://hub.example/referrals/7")
    assert said == {
        "type": "referral.accept",
        "timestamp": "2026-11-30T16:00:00+00:00",
        "data": {
            "referral_id": str(referral),
            "seq": 4,
            "status": "accepted",
            "link": "https://hub.example/referrals/7",
        },
    }


def test_tries_go_on_for_three_days_and_then_end() -> None:
    at = NOW
    for tries in range(1, len(WAITS) + 1):
        following = next_try(tries, at, 0.5)
        assert following == at + WAITS[tries - 1]
        at = following
    assert timedelta(days=3) < at - NOW < timedelta(days=4)
    assert next_try(len(WAITS) + 1, at, 0.5) is None


@pytest.mark.parametrize(("luck", "factor"), [(0.0, 0.75), (1.0, 1.25)])
def test_luck_spreads_tries_by_a_quarter(luck: float, factor: float) -> None:
    assert next_try(2, NOW, luck) == NOW + WAITS[1] * factor


def test_a_receiver_may_ask_for_a_later_try_but_not_for_never() -> None:
    assert next_try(1, NOW, 0.5, timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert next_try(2, NOW, 0.5, timedelta(seconds=1)) == NOW + WAITS[1]
    assert next_try(1, NOW, 0.5, timedelta(days=900)) == NOW + LONGEST_WAIT


def test_what_fails_for_five_days_or_is_gone_ends() -> None:
    assert must_end(500, NOW - PATIENCE + timedelta(seconds=1), NOW) is None
    assert must_end(500, NOW - PATIENCE, NOW) is Ended.FAILING
    assert must_end(None, NOW - PATIENCE, NOW) is Ended.FAILING
    assert must_end(410, NOW, NOW) is Ended.GONE


@pytest.mark.parametrize(
    ("status", "good"),
    [(200, True), (204, True), (299, True), (301, False), (199, False), (None, False)],
)
def test_only_a_success_has_arrived(status: int | None, good: bool) -> None:
    assert is_success(status) is good


def test_a_webhook_hears_of_what_it_named_or_of_everything_but_drafts() -> None:
    assert is_wanted("accept", [])
    assert is_wanted("accept", ["accept", "decline"])
    assert not is_wanted("send", ["accept", "decline"])
    assert not is_wanted("drafted", [])
    assert set(KINDS) == {*map(str, Move), *map(str, Fact)} - {"drafted", "changed"}


def test_kinds_are_of_the_list_each_once() -> None:
    assert check_kinds(["decline", "accept", "accept"]) == ["accept", "decline"]
    with pytest.raises(InvalidInput) as raised:
        check_kinds(["drafted"])
    assert "kinds" in raised.value.fields


def test_everything_has_words() -> None:
    assert set(ENDED_LABEL) == set(Ended)
    assert set(FAULT_LABEL) == set(Fault)
    assert set(STATE_LABEL) == set(DeliveryState)
