"""When mail is tried again, and what may stand in it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.mail import WAITS, hub_link, next_try, plain_value

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)


def test_tries_are_spread_over_a_day_and_then_given_up() -> None:
    assert timedelta(hours=24) < sum(WAITS, timedelta()) < timedelta(hours=30)
    tries = [next_try(number, NOW, 0.5) for number in range(1, len(WAITS) + 2)]
    assert tries[:-1] == [NOW + wait for wait in WAITS]
    assert tries[-1] is None


@given(st.floats(0, 1), st.integers(1, len(WAITS)))
def test_luck_moves_a_try_by_a_quarter_at_most(luck: float, tries: int) -> None:
    planned = next_try(tries, NOW, luck)
    assert planned is not None
    assert 0.75 * WAITS[tries - 1] <= planned - NOW <= 1.25 * WAITS[tries - 1]


@given(st.text())
def test_a_value_is_one_line_whatever_it_was(value: str) -> None:
    plain = plain_value(value)
    assert len(plain.splitlines()) <= 1
    assert all(ord(sign) >= 32 for sign in plain)


def test_a_name_is_written_as_its_language_does() -> None:
    assert plain_value("خانه\u200cها\u202e") == "خانه\u200cها"


@pytest.mark.parametrize(
    ("link", "whole"),
    [
        ("/reset#token", "https://hub.example.org/reset#token"),
        ("https://hub.example.org/reset", "https://hub.example.org/reset"),
    ],
)
def test_a_link_leads_to_the_hub(link: str, whole: str) -> None:
    assert hub_link("https://hub.example.org", link) == whole
    assert hub_link("https://hub.example.org/", link) == whole


@pytest.mark.parametrize(
    "link",
    [
        "", "reset", "//evil.example/", "https://evil.example/", "javascript:alert(1)",
        "https://hub.example.org.evil.example/", "https://hub.example.org@evil.example/",
        "http://hub.example.org/",
    ],
)  # fmt: skip
def test_a_link_to_elsewhere_is_refused(link: str) -> None:
    with pytest.raises(ValueError, match="this hub"):
        hub_link("https://hub.example.org", link)
