"""When a mail is due that somebody wants each week or month, also where clocks are changed."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.improvements import Every
from referral_hub.rules.mail_schedules import MailSchedule, check_schedule

CHICAGO = ZoneInfo("America/Chicago")
MONDAY_AT_8 = MailSchedule(Every.WEEK, 0, 8)


def here(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CHICAGO)


def due(schedule: MailSchedule, after: datetime) -> datetime:
    return schedule.next_due(after.astimezone(UTC), CHICAGO).astimezone(CHICAGO)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (here(2026, 11, 29, 23), here(2026, 11, 30, 8)),
        (here(2026, 11, 30, 7, 59), here(2026, 11, 30, 8)),
        (here(2026, 11, 30, 8), here(2026, 12, 7, 8)),
        (here(2026, 12, 2, 8), here(2026, 12, 7, 8)),
    ],
)
def test_a_weekly_mail_is_due_at_the_next_hour_of_its_day_that_is_later(
    after: datetime, expected: datetime
) -> None:
    assert due(MONDAY_AT_8, after) == expected


def test_a_monthly_mail_is_due_on_the_last_day_of_a_month_that_is_too_short() -> None:
    schedule = MailSchedule(Every.MONTH, 31, 6)
    found, after = [], here(2027, 1, 5, 0)
    for _ in range(4):
        after = due(schedule, after)
        found.append((after.month, after.day, after.hour))
    assert found == [(1, 31, 6), (2, 28, 6), (3, 31, 6), (4, 30, 6)]


def test_the_hour_is_that_of_the_wall_on_both_sides_of_a_change_of_clocks() -> None:
    before = due(MONDAY_AT_8, here(2026, 10, 25, 12))
    after = due(MONDAY_AT_8, before)
    assert (before, after) == (here(2026, 10, 26, 8), here(2026, 11, 2, 8))
    assert after.astimezone(UTC) - before.astimezone(UTC) == timedelta(days=7, hours=1)


def test_over_a_year_there_is_exactly_one_mail_a_week_at_any_hour() -> None:
    for hour in range(24):
        schedule = MailSchedule(Every.WEEK, 6, hour)  # on Sundays clocks change
        after, days = here(2026, 1, 1, 0), []
        while after < here(2027, 1, 1, 0):
            after = due(schedule, after)
            days.append(after.date())
        assert {later - earlier for earlier, later in pairwise(days)} == {timedelta(days=7)}, hour


def test_an_hour_that_is_skipped_comes_when_clocks_go_on_and_one_that_is_twice_the_first_time() -> (
    None
):
    spring = due(MailSchedule(Every.WEEK, 6, 2), here(2026, 3, 7, 12))
    assert spring.astimezone(UTC) == datetime(2026, 3, 8, 8, tzinfo=UTC)
    assert spring.hour == 3
    autumn = due(MailSchedule(Every.WEEK, 6, 1), here(2026, 10, 31, 12))
    assert autumn.astimezone(UTC) == datetime(2026, 11, 1, 6, tzinfo=UTC)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(InvalidInput) as weekly:
        check_schedule(Every.WEEK, None, 3, 24)
    assert set(weekly.value.fields) == {"weekday", "hour"}
    with pytest.raises(InvalidInput) as monthly:
        check_schedule(Every.MONTH, 0, 32, 8)
    assert set(monthly.value.fields) == {"day"}
    assert check_schedule(Every.MONTH, None, 31, 0) == MailSchedule(Every.MONTH, 31, 0)


def test_a_schedule_reads_as_people_say_it() -> None:
    assert MONDAY_AT_8.in_words() == "each Monday at 8 AM"
    assert MailSchedule(Every.MONTH, 31, 12).in_words() == (
        "on the last day of each month at 12 PM"
    )
    assert MailSchedule(Every.MONTH, 1, 0).in_words() == "on day 1 of each month at 12 AM"
