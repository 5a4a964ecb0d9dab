"""Days of consent where the agency is, over midnight and when clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.consent_days import (
    day_begins,
    end_moment,
    given_moment,
    last_day,
    local_day,
)

CHICAGO = ZoneInfo("America/Chicago")
EVENING = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
"""Nine in the evening of November 30 in Chicago, where in UTC it is December."""


def test_consent_of_today_counts_from_now() -> None:
    assert given_moment(date(2026, 11, 30), CHICAGO, EVENING) == EVENING


def test_consent_of_yesterday_counts_from_the_beginning_of_that_day() -> None:
    found = given_moment(date(2026, 11, 29), CHICAGO, EVENING)
    assert found == datetime(2026, 11, 29, 6, 0, tzinfo=UTC)


def test_consent_of_tomorrow_is_in_the_future() -> None:
    assert given_moment(date(2026, 12, 1), CHICAGO, EVENING) > EVENING


def test_the_last_day_counts_to_its_end() -> None:
    assert end_moment(date(2026, 11, 30), CHICAGO) == datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
    assert end_moment(None, CHICAGO) is None
    assert last_day(None, CHICAGO) is None


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)])
def test_a_day_on_which_clocks_change_is_whole(day: date) -> None:
    end = end_moment(day, CHICAGO)
    assert end is not None
    hours = (end.astimezone(UTC) - day_begins(day, CHICAGO).astimezone(UTC)) / timedelta(hours=1)
    assert hours in {23, 25}
    assert last_day(end.astimezone(UTC), CHICAGO) == day


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["America/Chicago", "Pacific/Honolulu", "UTC", "Asia/Kathmandu"]),
)
def test_days_come_back_as_they_were(day: date, zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    assert last_day(end_moment(day, zone), zone) == day
    assert local_day(day_begins(day, zone).astimezone(UTC), zone) == day
