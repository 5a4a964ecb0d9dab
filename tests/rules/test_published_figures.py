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
    published_cells,
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


def many(agencies: int, domains: int, counties: int, each: int) -> dict[tuple[str, ...], int]:
    """Referrals of a large network: every agency has all kinds of them."""
    outcomes = [outcome.value for outcome in Outcome]
    return {
        (f"a{a}", f"d{(a + n) % domains}", f"c{(a * 7 + n) % counties}", outcomes[n % 3]): each
        for a in range(agencies)
        for n in range(9)
    }


def test_a_large_network_is_published_table_by_table() -> None:
    cells = published_cells(many(300, 25, 58, 7))
    assert cells[None, None, None, None] == 300 * 9 * 7
    assert None not in cells.values()
    assert cells["a7", None, None, None] == 9 * 7


def test_one_agency_with_few_hides_no_total_of_a_large_network() -> None:
    counts = many(300, 25, 58, 7) | {("a301", "d1", "c1", "completed"): 2}
    cells = published_cells(counts)
    assert cells["a301", None, None, None] is None
    assert cells["a301", None, None, "completed"] is None
    assert cells[None, None, None, "completed"] is not None
    others = [key for key, number in cells.items() if number is None and key[0] != "a301"]
    assert others  # what it would be told from


def test_a_total_that_one_table_hides_is_told_by_no_other() -> None:
    counts = {("a1", "d1", "c1", "completed"): 3, ("a1", "d1", "c1", "not_accepted"): 40}
    cells = published_cells(counts)
    assert {cells[None, None, None, "completed"], cells["a1", None, None, "completed"]} == {None}
    assert cells[None, "d1", None, "completed"] is None
