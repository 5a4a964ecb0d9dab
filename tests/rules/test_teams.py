"""Times in a team: first day in, last day out."""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.teams import belongs, overlaps

DAY = date(2026, 11, 18)
days = st.integers(0, 20).map(lambda number: DAY + timedelta(days=number))
ends = st.none() | days


@dataclass
class Time:
    since: date
    until: date | None


@given(days, ends, days, ends)
def test_two_times_overlap_when_a_day_is_in_both(
    since: date, until: date | None, other: date, other_until: date | None
) -> None:
    one, two = Time(since, until), Time(other, other_until)
    both = any(
        belongs(one, day) and belongs(two, day)
        for day in (DAY + timedelta(days=number) for number in range(50))
    )
    if other_until is None or other < other_until:
        assert overlaps(one, other, other_until) is both


def test_the_day_of_leaving_is_the_first_day_no_longer() -> None:
    time = Time(DAY, DAY + timedelta(days=1))
    assert belongs(time, DAY)
    assert not belongs(time, DAY + timedelta(days=1))
    assert not belongs(time, DAY - timedelta(days=1))
