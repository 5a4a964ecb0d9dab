"""Days whose hours differ from the usual week, as the search index is told them."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.opening_hours import hours_on, other_days, weekly_intervals
from referral_hub.rules.schedules import read_schedule

WEDNESDAY = date(2026, 11, 18)
USUAL = {"freq": "WEEKLY", "byday": "MO,WE", "opens_at": "09:00", "closes_at": "17:00"}
THIRD_WEDNESDAY = {"freq": "MONTHLY", "byday": "3WE", "opens_at": "08:00", "closes_at": "12:00"}
HOLIDAY = {"valid_from": "2026-11-25", "valid_to": "2026-11-25", "description": "Closed"}
SEASON = USUAL | {"valid_from": "2026-12-01", "valid_to": "2027-03-31"}


def test_the_same_week_all_year_has_no_other_days() -> None:
    assert other_days([USUAL], WEDNESDAY) == ()


def test_a_monthly_day_is_named_with_its_hours() -> None:
    assert other_days([THIRD_WEDNESDAY], WEDNESDAY) == (
        (date(2026, 11, 18), ((480, 720),)),
        (date(2026, 12, 16), ((480, 720),)),
    )


def test_a_holiday_closes_its_day() -> None:
    assert other_days([USUAL, HOLIDAY], WEDNESDAY) == ((date(2026, 11, 25), ()),)


def test_a_season_to_come_opens_its_days() -> None:
    days = [day for day, _ in other_days([SEASON], WEDNESDAY)]
    assert days[0] == date(2026, 12, 2)


ROWS = st.lists(st.sampled_from([USUAL, THIRD_WEDNESDAY, HOLIDAY, SEASON]), max_size=4)


@given(ROWS, st.integers(0, 61))
def test_usual_week_and_other_days_together_say_what_the_rows_say(
    rows: list[dict[str, str]], ahead: int
) -> None:
    day = WEDNESDAY + timedelta(ahead)
    other = dict(other_days(rows, WEDNESDAY))
    start = day.weekday() * 1440
    week = weekly_intervals(rows, WEDNESDAY) or ()
    usual = tuple((a - start, b - start) for a, b in week if start <= a < start + 1440)
    assert other.get(day, usual) == hours_on([read_schedule(row) for row in rows], day)
