"""A quarter is published once, when its referrals are ripe."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.measures import ACCEPTED, Standing
from referral_hub.rules.published_figures import (
    Outcome,
    Quarter,
    outcome_of,
    published_on,
    read_quarter,
)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_each_day_lies_in_one_quarter(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.begins <= day < quarter.ends
    assert Quarter.of(quarter.ends) == quarter.next > quarter
    assert read_quarter(str(quarter)) == quarter


@pytest.mark.parametrize("text", ["", "2026", "2026-Q0", "2026-Q5", "26-Q1", "2026-q1", "٢٠٢٦-Q1"])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="2026-Q1"):
        read_quarter(text)


def test_a_quarter_is_ripe_when_its_last_referral_had_its_time() -> None:
    assert published_on(Quarter(2026, 4), 90) == date(2027, 1, 1) + timedelta(days=90)


def test_every_standing_has_an_outcome_and_only_the_completed_are_completed() -> None:
    for standing in Standing:
        found = outcome_of(standing)
        assert (found is Outcome.COMPLETED) == (standing is Standing.COMPLETED)
        assert (found is Outcome.NOT_ACCEPTED) == (standing not in ACCEPTED)
