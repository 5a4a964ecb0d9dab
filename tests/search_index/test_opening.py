from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import OpeningException
from search_index.columns import Names, One, OneBuilder, Triples, TriplesBuilder
from search_index.opening import WEEK, Hours, exception_rows, shifts

HOUR = 60
DAY = 24 * HOUR
MON, TUE, WED, THU, SAT, SUN = (number * DAY for number in (0, 1, 2, 3, 5, 6))
# A Monday.
START = datetime(2026, 1, 5, tzinfo=UTC)
THURSDAY = date(2026, 1, 8)


def is_open(minutes, moment, zone="UTC", exceptions=()):
    zones, weekly, changed = OneBuilder(), TriplesBuilder("q"), TriplesBuilder("q")
    zones.add(zone)
    weekly.add(shifts(minutes))
    changed.add(exception_rows(exceptions))
    row = np.array([0])
    named = zones.arrays(row)
    zone_of = One(Names(named["text"], named["ends"]), named["codes"])
    tables = [Triples(**table.arrays(row)) for table in (weekly, changed)]
    return bool(Hours(zone_of, *tables).open_at(moment, row)[0])


def at(week_minute):
    return START + timedelta(minutes=week_minute)


intervals = st.tuples(st.integers(0, WEEK), st.integers(0, WEEK)).map(
    lambda pair: (min(pair), max(pair))
)


@given(st.lists(intervals, max_size=5), st.integers(0, WEEK - 1))
def test_open_within_the_intervals_of_the_week_and_never_outside(minutes, now):
    assert is_open(minutes, at(now)) == any(start <= now < end for start, end in minutes)


@given(st.lists(intervals, max_size=5), st.integers(0, WEEK - 1))
def test_every_week_is_like_the_other(minutes, now):
    assert is_open(minutes, at(now)) == is_open(minutes, at(now + 30 * WEEK))


def test_the_first_minute_is_open_and_the_end_is_not():
    nine_to_five = [(MON + 9 * HOUR, MON + 17 * HOUR)]
    assert is_open(nine_to_five, at(9 * HOUR))
    assert not is_open(nine_to_five, at(9 * HOUR - 1))
    assert not is_open(nine_to_five, at(17 * HOUR))


def test_an_interval_may_pass_the_end_of_the_week():
    night = [(SUN + 22 * HOUR, MON + 2 * HOUR)]
    assert is_open(night, at(SUN + 23 * HOUR))
    assert is_open(night, at(MON + HOUR))
    assert not is_open(night, at(MON + 2 * HOUR))


def test_the_hour_is_that_of_the_service():
    nine_to_five = [(MON + 9 * HOUR, MON + 17 * HOUR)]
    ten_in_new_york = datetime(2026, 1, 5, 10, tzinfo=timezone(timedelta(hours=-5)))
    assert is_open(nine_to_five, ten_in_new_york, "America/New_York")
    assert not is_open(nine_to_five, ten_in_new_york, "America/Los_Angeles")


def test_hours_follow_daylight_saving():
    noon_utc = datetime(2026, 7, 6, 12, 30, tzinfo=UTC)
    assert is_open([(MON + 8 * HOUR, MON + 9 * HOUR)], noon_utc, "America/New_York")


@pytest.mark.parametrize("zone", ["", "Nowhere/At_All", "../etc", "\x00"])
def test_without_a_known_zone_the_hours_are_unknown(zone):
    assert not is_open([(0, WEEK)], START, zone)


def test_a_closed_day_is_closed_although_usually_open():
    closed = [OpeningException(THURSDAY)]
    assert not is_open([(0, WEEK)], at(THU + 12 * HOUR), exceptions=closed)
    assert is_open([(0, WEEK)], at(WED + 12 * HOUR), exceptions=closed)
    assert is_open([(0, WEEK)], at(THU + 12 * HOUR + WEEK), exceptions=closed)


def test_a_day_with_other_hours_has_those_alone():
    other = [OpeningException(THURSDAY, ((10 * HOUR, 12 * HOUR),))]
    usual = [(THU + 14 * HOUR, THU + 18 * HOUR)]
    assert is_open(usual, at(THU + 11 * HOUR), exceptions=other)
    assert not is_open(usual, at(THU + 15 * HOUR), exceptions=other)


def test_stated_hours_of_one_day_count_where_usual_hours_are_unknown():
    other = [OpeningException(THURSDAY, ((10 * HOUR, 12 * HOUR),))]
    assert is_open((), at(THU + 11 * HOUR), exceptions=other)


def test_a_night_shift_belongs_to_the_day_on_which_it_starts():
    nights = [(WED + 18 * HOUR, THU + 2 * HOUR), (THU + 18 * HOUR, THU + DAY + 2 * HOUR)]
    closed = [OpeningException(THURSDAY)]
    assert is_open(nights, at(THU + HOUR), exceptions=closed)
    assert not is_open(nights, at(THU + DAY + HOUR), exceptions=closed)


@pytest.mark.parametrize(
    "night",
    [
        [(SUN + 22 * HOUR, MON + 2 * HOUR)],
        [(SUN + 22 * HOUR, WEEK), (MON, MON + 2 * HOUR)],
    ],
)
def test_a_night_over_the_week_end_belongs_to_sunday_however_written(night):
    closed_sunday = [OpeningException(date(2026, 1, 11))]
    closed_monday = [OpeningException(date(2026, 1, 12))]
    assert not is_open(night, at(WEEK + HOUR), exceptions=closed_sunday)
    assert is_open(night, at(WEEK + HOUR), exceptions=closed_monday)


def test_other_hours_of_a_day_may_pass_midnight():
    late = [OpeningException(THURSDAY, ((20 * HOUR, 2 * HOUR),))]
    assert is_open((), at(THU + DAY + HOUR), exceptions=late)
    assert not is_open((), at(THU + HOUR), exceptions=late)
