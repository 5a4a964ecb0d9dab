"""Spans of days that people ask for."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.figure_periods import common_spans, quarter_of, year_before

DAYS = st.dates(date(2001, 1, 1), date(2190, 1, 1))


@given(DAYS)
def test_twelve_months_begin_on_the_day_after_the_same_day_a_year_ago(day: date) -> None:
    first = year_before(day)
    assert 365 <= (day - first).days + 1 <= 366
    after = day + timedelta(days=1)
    if (after.month, after.day) != (2, 29):
        assert (first.month, first.day, first.year) == (after.month, after.day, after.year - 1)


def test_a_year_that_ends_before_a_leap_day_begins_in_march() -> None:
    assert year_before(date(2028, 2, 28)) == date(2027, 3, 1)
    assert year_before(date(2026, 12, 31)) == date(2026, 1, 1)


@given(DAYS)
def test_the_last_quarter_is_whole_and_ends_before_this_one(today: date) -> None:
    spans = dict(common_spans(today))
    first, last = spans["Last quarter"]
    assert last + timedelta(days=1) == spans["This quarter"][0] == quarter_of(today)
    assert first == quarter_of(last)
    assert 90 <= (last - first).days + 1 <= 92


def test_spans_of_days_hold_so_many_days() -> None:
    spans = dict(common_spans(date(2026, 11, 30)))
    first, last = spans["30 days"]
    assert ((last - first).days + 1, last) == (30, date(2026, 11, 30))
