"""The poverty guidelines: the published figures, and what is said where not all is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.poverty import LATEST, is_within

SIZES = st.one_of(st.none(), st.integers(1, 12))
STATES = st.sampled_from([None, "IL", "AK", "HI"])
INCOMES = st.integers(0, 20_000)


@pytest.mark.parametrize(
    ("year", "size", "state", "yearly"),
    [
        (2026, 1, "IL", 15_960),
        (2026, 8, "IL", 55_720),
        (2026, 8, "AK", 69_650),
        (2026, 8, "HI", 64_070),
        (2025, 4, "IL", 32_150),
        (2025, 1, "AK", 19_550),
        (2025, 1, "HI", 17_990),
    ],
)
def test_the_guidelines_are_those_of_the_federal_register(
    year: int, size: int, state: str, yearly: int
) -> None:
    monthly = yearly // 12
    assert is_within(monthly, 100, size, state, year) is True
    assert is_within(monthly + 1, 100, size, state, year) is False


def test_the_latest_guideline_is_used_where_none_is_named() -> None:
    assert LATEST == 2026
    assert is_within(1_330, 100, 1, "IL") is True
    assert is_within(1_330, 100, 1, "IL", 2025) is False


def test_an_income_that_one_person_may_have_fits_a_household_of_any_size() -> None:
    assert is_within(1_000, 100, None, "IL") is True
    assert is_within(5_000, 100, None, "IL") is None


def test_in_a_state_that_is_not_known_the_guideline_of_alaska_may_count() -> None:
    assert is_within(1_500, 100, 1, None) is None
    assert is_within(1_700, 100, 1, None) is False


@given(income=INCOMES, percent=st.integers(10, 400), size=SIZES, state=STATES)
def test_knowing_more_never_turns_an_answer_around(
    income: int, percent: int, size: int | None, state: str | None
) -> None:
    whole = is_within(income, percent, size or 3, state or "HI")
    assert whole is not None
    assert is_within(income, percent, size, state) in (None, whole)
