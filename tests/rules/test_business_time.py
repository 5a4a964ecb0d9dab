"""Working time: right by an independent count, through summer time, weekends and holidays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from referral_hub.rules.business_time import (
    WorkCalendar,
    add_business,
    add_business_seconds,
    business_seconds,
)
from tests.rules.minute_walk import Office, minutes_between, walk, walk_days

CHICAGO = ZoneInfo("America/Chicago")
SPRING = (date(2026, 2, 15), frozenset({date(2026, 2, 16), date(2026, 3, 2), date(2026, 4, 3)}))
AUTUMN = (
    date(2026, 10, 1),
    frozenset({date(2026, 10, 12), date(2026, 11, 11), date(2026, 11, 26), date(2026, 12, 25)}),
)
ZONES = (
    "America/Chicago", "America/New_York", "America/Phoenix", "Pacific/Honolulu", "Europe/Berlin",
    "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu",
)  # fmt: skip


def local(text: str, zone: ZoneInfo = CHICAGO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def calendar_of(office: Office) -> WorkCalendar:
    return WorkCalendar(
        ZoneInfo(office.zone),
        time(*office.opens),
        time(*office.closes),
        frozenset(office.days),
        frozenset(office.holidays),
    )


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-20T16:00", 2, "2026-11-24T16:00"),
        ("2026-11-21T12:00", 1, "2026-11-23T17:00"),
        ("2026-11-21T12:00", 2, "2026-11-24T17:00"),
        ("2026-11-20T17:00", 1, "2026-11-23T17:00"),
        ("2026-11-20T23:59", 1, "2026-11-23T17:00"),
        ("2026-11-20T09:00", 1, "2026-11-20T17:00"),
        ("2026-11-20T08:00", 1, "2026-11-20T17:00"),
        ("2026-11-20T16:00", 0, "2026-11-20T16:00"),
        ("2026-11-25T16:00", 1, "2026-11-27T16:00"),  # Thanksgiving lies between
        ("2026-03-06T16:00", 1, "2026-03-09T16:00"),  # summer time begins
        ("2026-10-30T16:00", 1, "2026-11-02T16:00"),  # summer time ends
    ],
)
def test_a_business_day_is_its_working_hours(start: str, days: int, end: str) -> None:
    calendar = WorkCalendar(CHICAGO, holidays=AUTUMN[1])
    assert add_business(local(start), days, calendar) == local(end).astimezone(UTC)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("first", "holidays"), [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_three_months_are_right_by_a_count_of_minutes(
    zone: str, first: date, holidays: frozenset[date]
) -> None:
    office = Office(zone, holidays)
    calendar = calendar_of(office)
    begin = datetime.combine(first, time(0), UTC)
    for number, hours in enumerate(range(0, 90 * 24, 31)):
        start = begin + timedelta(hours=hours, minutes=number * 7 % 60)
        days = (1, 2, 3, 5, 10)[number % 5]
        expected = walk_days(start, days, office)
        assert add_business(start, days, calendar) == expected, start
        assert business_seconds(start, expected, calendar) == days * office.minutes_a_day * 60


offices = st.builds(
    Office,
    st.sampled_from(ZONES),
    st.frozensets(st.dates(date(2026, 2, 20), date(2026, 3, 30)), max_size=6),
    st.tuples(st.integers(0, 11), st.sampled_from([0, 15, 30])),
    st.tuples(st.integers(12, 23), st.sampled_from([0, 15, 59])),
    st.frozensets(st.integers(0, 6), min_size=1),
)
minutes = st.integers(0, 40 * 24 * 60)


@settings(max_examples=60)
@given(offices, minutes, st.integers(0, 2000))
def test_any_office_is_right_by_a_count_of_minutes(office: Office, at: int, amount: int) -> None:
    assume(office.opens >= (4, 0))  # nights on which the clock changes have a test of their own
    start = datetime(2026, 2, 20, tzinfo=UTC) + timedelta(minutes=at)
    calendar, expected = calendar_of(office), walk(start, amount, office)
    assert add_business_seconds(start, amount * 60, calendar) == expected
    later = start + timedelta(minutes=amount)
    assert business_seconds(start, later, calendar) == minutes_between(start, later, office) * 60


any_zone = st.sampled_from(sorted(available_timezones() - {"localtime"})).map(ZoneInfo)
instants = st.integers(0, 37 * 365 * 86_400_000).map(
    lambda passed: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(milliseconds=passed)
)
hours = st.tuples(st.times(), st.times()).filter(lambda two: two[0] != two[1]).map(sorted)
calendars = st.builds(
    lambda zone, both, days, off: WorkCalendar(zone, both[0], both[1], days, off),
    any_zone,
    hours,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(st.dates(date(2000, 1, 1), date(2037, 1, 1)), max_size=9),
)


@given(calendars, instants, st.floats(0, 400_000))
def test_time_that_is_added_has_passed(
    calendar: WorkCalendar, start: datetime, seconds: float
) -> None:
    assume(calendar.day_length > timedelta(minutes=30))
    end = add_business_seconds(start, seconds, calendar)
    exact = timedelta(seconds=seconds).total_seconds()
    assert end >= start
    assert business_seconds(start, end, calendar) == exact
    assert business_seconds(end, start, calendar) == -exact
    if exact:
        assert business_seconds(start, end - timedelta(microseconds=1), calendar) < exact


@given(calendars, instants, instants, st.floats(0, 400_000))
def test_who_starts_later_is_never_due_earlier(
    calendar: WorkCalendar, one: datetime, two: datetime, seconds: float
) -> None:
    assume(calendar.day_length > timedelta(minutes=30))
    first, second = sorted((one, two))
    assert add_business_seconds(first, seconds, calendar) <= add_business_seconds(
        second, seconds, calendar
    )


def test_an_hour_that_is_missing_is_read_with_the_offset_from_before() -> None:
    sundays = WorkCalendar(CHICAGO, time(2, 30), time(6), frozenset({6}))
    opens, closes = sundays.hours_of(date(2026, 3, 8)) or (None, None)
    assert opens == local("2026-03-08T03:30")
    assert closes == local("2026-03-08T06:00")


def test_of_an_hour_that_comes_twice_work_begins_in_the_first_and_ends_in_the_second() -> None:
    night = WorkCalendar(CHICAGO, time(1, 15), time(1, 45), frozenset({6}))
    opens, closes = night.hours_of(date(2026, 11, 1)) or (None, None)
    assert opens == datetime(2026, 11, 1, 6, 15, tzinfo=UTC)
    assert closes == datetime(2026, 11, 1, 7, 45, tzinfo=UTC)


def test_a_day_that_a_zone_left_out_is_no_working_day() -> None:
    apia = WorkCalendar(ZoneInfo("Pacific/Apia"), weekdays=frozenset(range(7)))
    assert apia.hours_of(date(2011, 12, 30)) is None
    start = datetime(2011, 12, 29, 16, tzinfo=apia.zone)
    end = datetime(2011, 12, 31, 16, tzinfo=apia.zone)
    assert add_business(start, 1, apia) == end.astimezone(UTC)


def test_a_calendar_without_work_or_a_time_without_zone_is_refused() -> None:
    for broken in (
        {"opens": time(17), "closes": time(9)},
        {"opens": time(9), "closes": time(9)},
        {"weekdays": frozenset()},
        {"weekdays": frozenset({7})},
    ):
        with pytest.raises(ValueError, match="work"):
            WorkCalendar(CHICAGO, **broken)  # type: ignore[arg-type]
    calendar = WorkCalendar(CHICAGO)
    with pytest.raises(ValueError, match="zone"):
        add_business(datetime(2026, 1, 1), 1, calendar)  # noqa: DTZ001 that is the point
    with pytest.raises(ValueError, match="never taken off"):
        add_business_seconds(local("2026-01-05T10:00"), -1, calendar)


def test_a_day_ends_at_closing_time_also_when_it_is_a_day_off() -> None:
    calendar = WorkCalendar(CHICAGO, holidays=AUTUMN[1])
    assert calendar.closing_of(date(2026, 11, 26)) == local("2026-11-26T17:00")
    assert calendar.local_day(datetime(2026, 11, 26, 3, tzinfo=UTC)) == date(2026, 11, 25)
