"""When the daily mail is due, and what people hear by default."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.notices import (
    FREQUENCY_LABEL,
    KIND_LABEL,
    KIND_MEANING,
    Frequency,
    NoticeKind,
    default_frequency,
    last_digest,
)

CHICAGO = ZoneInfo("America/Chicago")
START = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=5500)).map(lambda after: START + after)


def test_only_emergencies_come_by_mail_at_once_unless_somebody_chose_so() -> None:
    at_once = {kind for kind in NoticeKind if default_frequency(kind) is Frequency.AT_ONCE}
    assert at_once == {NoticeKind.EMERGENCY}
    assert {default_frequency(kind) for kind in NoticeKind} == {Frequency.AT_ONCE, Frequency.DAILY}


def test_every_kind_and_frequency_has_words() -> None:
    assert set(KIND_LABEL) == set(KIND_MEANING) == set(NoticeKind)
    assert set(FREQUENCY_LABEL) == set(Frequency)


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        ("2026-11-30T12:59:59Z", "2026-11-29T13:00:00Z"),  # a second before seven in the morning
        ("2026-11-30T13:00:00Z", "2026-11-30T13:00:00Z"),
        ("2026-12-01T05:59:00Z", "2026-11-30T13:00:00Z"),
        ("2026-11-01T13:30:00Z", "2026-11-01T13:00:00Z"),  # the day on which clocks go back
        ("2026-03-08T12:30:00Z", "2026-03-08T12:00:00Z"),  # the day on which they go forward
    ],
)
def test_the_daily_mail_is_due_at_its_hour_of_the_local_day(now: str, moment: str) -> None:
    assert last_digest(_at(now), 7, CHICAGO) == _at(moment)


@given(MOMENTS, st.integers(0, 23))
def test_there_is_one_moment_in_each_local_day(now: datetime, hour: int) -> None:
    moment = last_digest(now, hour, CHICAGO)
    assert timedelta() <= now - moment <= timedelta(hours=25)
    assert last_digest(moment, hour, CHICAGO) == moment
    before = last_digest(moment - timedelta(seconds=1), hour, CHICAGO)
    days = moment.astimezone(CHICAGO).date() - before.astimezone(CHICAGO).date()
    assert days == timedelta(days=1)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
