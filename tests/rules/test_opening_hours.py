"""Opening hours: the week, single days, and the words for them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.opening_hours import (
    HoursLine,
    OpeningState,
    describe_hours,
    exceptions,
    opening_state,
    weekly_intervals,
)
from referral_hub.rules.schedules import occurs_on

CHICAGO = "America/Chicago"
TUESDAY = date(2026, 12, 1)
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WORKDAYS = "MO,TU,WE,TH,FR"

Row = dict[str, Any]


def weekly(byday: str, opens_at: str | None, closes_at: str | None, **more: Any) -> Row:
    return {
        "freq": "WEEKLY",
        "byday": byday,
        "opens_at": opens_at,
        "closes_at": closes_at,
        **more,
    }


def monthly(**more: Any) -> Row:
    return {"freq": "MONTHLY", "opens_at": "10:00", "closes_at": "12:00", **more}


def holiday(first: str, last: str, **more: Any) -> Row:
    return {"valid_from": first, "valid_to": last, **more}


def lines(rows: list[Row], on: date = TUESDAY) -> list[tuple[str, str]]:
    return [(line.days, line.text) for line in describe_hours(rows, on)]


def state(rows: list[Row], local: str) -> OpeningState:
    now = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(CHICAGO)).astimezone(UTC)
    return opening_state(rows, now, CHICAGO)


# The week


def test_minutes_count_from_monday_midnight() -> None:
    assert weekly_intervals([weekly("MO,WE", "09:00", "17:00")], TUESDAY) == (
        (540, 1020),
        (2 * 1440 + 540, 2 * 1440 + 1020),
    )


def test_an_offset_and_seconds_are_left_out_of_a_time() -> None:
    row = weekly("MO", "09:00:00-06:00", "17:00Z")
    assert weekly_intervals([row], TUESDAY) == ((540, 1020),)


def test_times_may_be_time_objects() -> None:
    assert weekly_intervals([weekly("MO", None, None) | _times(time(9), time(17))], TUESDAY) == (
        (540, 1020),
    )


def _times(opens_at: time, closes_at: time) -> Row:
    return {"opens_at": opens_at, "closes_at": closes_at}


def test_midnight_to_one_minute_before_is_the_whole_day() -> None:
    assert weekly_intervals([weekly("TU", "00:00", "23:59")], TUESDAY) == ((1440, 2880),)


def test_hours_past_midnight_on_sunday_go_on_at_the_start_of_the_week() -> None:
    assert weekly_intervals([weekly("SU", "22:00", "02:00")], TUESDAY) == (
        (0, 120),
        (6 * 1440 + 1320, 10080),
    )


def test_overlapping_rows_are_one_interval() -> None:
    rows = [weekly("MO", "09:00", "12:00"), weekly("MO", "11:00", "14:00")]
    assert weekly_intervals(rows, TUESDAY) == ((540, 840),)


def test_hours_are_unknown_without_schedules() -> None:
    assert weekly_intervals([], TUESDAY) is None


def test_the_start_of_the_week_is_never_taken_for_a_day() -> None:
    row = {"freq": "WEEKLY", "wkst": "MO", "opens_at": "09:00", "closes_at": "12:00"}
    assert weekly_intervals([row], TUESDAY) is None
    assert lines([row]) == [("Day not stated", "9 am to noon")]


def test_a_row_whose_validity_has_passed_says_nothing() -> None:
    assert (
        weekly_intervals([weekly("MO", "09:00", "17:00", valid_to="2026-11-30")], TUESDAY) is None
    )
    assert weekly_intervals([weekly("MO", "09:00", "17:00", valid_to=TUESDAY)], TUESDAY)


def test_an_end_may_be_written_as_calendars_do() -> None:
    assert not occurs_on(weekly("TU", "09:00", "17:00", until="20261130T235959Z"), TUESDAY)


def test_a_row_not_yet_valid_says_nothing() -> None:
    row = weekly("MO", "09:00", "17:00", valid_from="2026-12-02")
    assert weekly_intervals([row], TUESDAY) is None


def test_hours_that_have_ended_are_known_to_be_none() -> None:
    assert weekly_intervals([weekly("MO", "09:00", "17:00", until="2026-11-30")], TUESDAY) == ()


def test_a_counted_row_ends_with_its_last_occurrence() -> None:
    row = weekly("MO,WE", "09:00", "17:00", dtstart="2026-11-23", count=3)
    assert occurs_on(row, date(2026, 11, 30))
    assert not occurs_on(row, date(2026, 12, 2))


def test_every_monday_of_every_month_is_every_monday() -> None:
    assert weekly_intervals([monthly(byday="MO")], TUESDAY) == ((600, 720),)


def test_days_without_a_frequency_are_read_by_their_form() -> None:
    row = {"byday": "MO", "opens_at": "10:00", "closes_at": "12:00"}
    assert weekly_intervals([row], TUESDAY) == ((600, 720),)
    assert not occurs_on(row | {"byday": "2MO"}, date(2026, 12, 7))
    assert occurs_on(row | {"byday": "2MO"}, date(2026, 12, 14))


@pytest.mark.parametrize(
    "malformed",
    [
        {"byday": "2MO"},
        {"byday": "XX"},
        {"byday": "9MO"},
        {"byday": ""},
        {"opens_at": "nine"},
        {"opens_at": "25:00"},
        {"opens_at": "09:75"},
        {"closes_at": "09:00"},
        {"closes_at": None},
        {"valid_to": "next year"},
        {"until": "31/12/2026"},
        {"interval": "often"},
        {"interval": 0},
        {"interval": float("inf")},
        {"count": "some"},
        {"count": 4},
        {"bymonthday": "40"},
        {"bymonthday": "15"},
        {"byweekno": "41,42"},
        {"byyearday": "2"},
        {"freq": "DAILY"},
    ],
    ids=str,
)
def test_what_is_malformed_or_contradicts_itself_gives_no_minutes(malformed: Row) -> None:
    rows = [weekly("MO", "09:00", "17:00") | malformed]
    assert weekly_intervals(rows, TUESDAY) is None
    assert state(rows, "2026-12-07T10:00").open_now is None


# Months and alternate weeks


def test_monthly_days_are_not_in_the_week() -> None:
    assert weekly_intervals([monthly(byday="2MO")], TUESDAY) == ()


@pytest.mark.parametrize(
    ("row", "days"),
    [
        (monthly(byday="2MO"), {14}),
        (monthly(byday="1TU,3TU"), {1, 15}),
        (monthly(byday="-1FR"), {25}),
        (monthly(byday="5TH"), {31}),
        (monthly(byday="-2FR"), {18}),
        (monthly(bymonthday="1,15"), {1, 15}),
        (monthly(bymonthday=[-1]), {31}),
        (weekly("MO", "09:00", "12:00", interval=2, dtstart="2026-11-16"), {14, 28}),
        (weekly("MO,FR", "09:00", "12:00", interval=2, dtstart="2026-12-04"), {4, 14, 18, 28}),
        (weekly("SU,MO", "9:00", "12:00", interval=2, dtstart="2026-12-06", wkst="SU"),
         {6, 7, 20, 21}),
    ],
    ids=str,
)  # fmt: skip
def test_a_row_occurs_on_its_days_of_december_2026(row: Row, days: set[int]) -> None:
    december = (date(2026, 12, day) for day in range(1, 32))
    assert {day.day for day in december if occurs_on(row, day)} == days


def test_every_other_month_counts_from_its_start() -> None:
    row = monthly(byday="2MO", interval=2, dtstart="2026-10-01")
    assert occurs_on(row, date(2026, 12, 14))
    assert not occurs_on(row, date(2026, 11, 9))


def test_every_monday_of_every_other_month_counts_from_its_start() -> None:
    row = monthly(byday="MO", interval=2, dtstart="2026-10-01")
    assert occurs_on(row, date(2026, 12, 7))
    assert not occurs_on(row, date(2026, 11, 9))


def test_every_other_week_without_a_start_occurs_on_no_day_for_certain() -> None:
    row = weekly("MO", "09:00", "12:00", interval=2)
    assert not occurs_on(row, date(2026, 12, 7))
    assert not occurs_on(row, date(2026, 12, 14))


# Holidays


def test_a_few_valid_days_without_times_are_closed() -> None:
    rows = [weekly(WORKDAYS, "09:00", "17:00"), holiday("2026-12-24", "2026-12-25")]
    assert exceptions(rows, TUESDAY) == ((date(2026, 12, 24), ()), (date(2026, 12, 25), ()))


def test_holiday_hours_replace_the_usual_ones() -> None:
    special = holiday("2026-12-24", "2026-12-24", opens_at="09:00", closes_at="12:00")
    assert exceptions([special], TUESDAY) == ((date(2026, 12, 24), ((540, 720),)),)
    rows = [weekly(WORKDAYS, "09:00", "17:00"), special]
    assert state(rows, "2026-12-24T13:00").open_now is False
    assert state(rows, "2026-12-23T13:00").open_now is True


def test_a_long_closure_is_an_exception_on_each_of_its_days() -> None:
    closed = exceptions([holiday("2026-06-01", "2026-12-31")], TUESDAY)
    assert [day.day for day, _ in closed] == list(range(1, 32))


def test_holidays_that_have_passed_or_are_far_away_are_left_out() -> None:
    rows = [holiday("2026-11-26", "2026-11-26"), holiday("2026-12-25", "2026-12-25")]
    assert exceptions(rows, TUESDAY, days=24) == ()
    assert len(exceptions(rows, TUESDAY, days=25)) == 1


def test_holiday_hours_are_not_the_usual_week() -> None:
    two_weeks = {"valid_from": "2026-11-30", "valid_to": "2026-12-13"}
    special = weekly("WE", "09:00", "12:00", **two_weeks)
    assert weekly_intervals([special], TUESDAY) is None
    assert [day.day for day, _ in exceptions([special], TUESDAY)] == [2, 9]
    longer = special | {"valid_to": "2026-12-14"}
    assert weekly_intervals([longer], TUESDAY)


# Words


def test_days_with_equal_hours_share_a_line() -> None:
    assert lines([weekly(WORKDAYS, "09:00", "17:00")]) == [("Monday to Friday", "9 am to 5 pm")]


def test_two_days_are_named_and_gaps_are_kept() -> None:
    assert lines([weekly("MO,TU,FR", "09:00", "16:30")]) == [
        ("Monday, Tuesday and Friday", "9 am to 4:30 pm")
    ]


def test_split_hours_are_joined_and_a_single_closed_day_is_named() -> None:
    rows = [
        weekly(WORKDAYS, "09:00", "12:00"),
        weekly(WORKDAYS, "13:00", "17:00"),
        weekly("SA", "10:00", "00:00"),
    ]
    assert lines(rows) == [
        ("Monday to Friday", "9 am to noon and 1 pm to 5 pm"),
        ("Saturday", "10 am to midnight"),
        ("Sunday", "closed"),
    ]


def test_a_day_that_another_row_may_open_is_not_called_closed() -> None:
    rows = [weekly("MO,TU,WE,TH,FR,SA", "09:00", "12:00"), monthly(byday="1SU")]
    assert ("Sunday", "closed") not in lines(rows)


def test_always_open_is_said_in_one_line() -> None:
    assert lines([weekly(",".join(CODES), "00:00", "23:59")]) == [("Every day", "Open 24 hours")]


def test_a_night_stays_with_the_day_on_which_it_begins() -> None:
    assert lines([weekly("SA,SU", "22:00", "02:00")]) == [("Saturday and Sunday", "10 pm to 2 am")]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (monthly(byday="2MO"), "Second Monday of the month"),
        (monthly(byday="1TU,3TU"), "First and third Tuesday of the month"),
        (monthly(byday="-1FR"), "Last Friday of the month"),
        (monthly(bymonthday="15"), "15th of the month"),
        (monthly(bymonthday="1,22,-1"), "1st, 22nd and last day of the month"),
        (monthly(byday="2MO", interval=2), "Second Monday of every other month"),
        (monthly(byday="2MO", interval=3), "Second Monday, every 3 months"),
        (weekly("MO", "10:00", "12:00", interval=2), "Every other Monday"),
        (weekly("MO,FR", "10:00", "12:00", interval=3), "Monday and Friday, every 3 weeks"),
    ],
    ids=str,
)
def test_other_repetitions_are_said_in_plain_words(row: Row, words: str) -> None:
    assert lines([row]) == [(words, "10 am to noon")]


def test_holidays_are_said_by_date_with_the_year_only_when_it_is_another() -> None:
    rows = [
        holiday("2026-12-24", "2026-12-26"),
        holiday("2026-12-31", "2027-01-01", opens_at="09:00", closes_at="12:00"),
    ]
    assert lines(rows) == [
        ("December 24 to 26", "closed"),
        ("December 31 to January 1, 2027", "9 am to noon"),
    ]


def test_a_note_on_some_rows_names_their_days_and_one_on_all_does_not() -> None:
    rows = [
        weekly("MO", "09:00", "12:00", notes="Bring a bag"),
        weekly("SA", "09:00", "12:00", notes="Bring a bag", description="Seniors only"),
    ]
    assert lines(rows)[1:] == [("", "Bring a bag"), ("Saturday", "Seniors only")]


def test_a_note_that_repeats_the_hours_is_left_out() -> None:
    row = weekly(WORKDAYS, "09:00", "17:00", description="Monday to Friday: 9 am to 5 pm.")
    assert len(lines([row])) == 1


def test_what_cannot_be_read_as_hours_is_still_shown() -> None:
    rows = [
        weekly("MO", "9ish", "noon"),
        weekly("TU", "09:00", None),
        weekly("WE", None, None, description="By appointment"),
        {"description": "Call first"},
    ]
    assert lines(rows) == [
        ("Monday", "9ish to noon"),
        ("Tuesday", "from 9 am"),
        ("Wednesday", "By appointment"),
        ("", "Call first"),
    ]


# Open now


@pytest.mark.parametrize(
    ("local", "open_now", "text"),
    [
        ("2026-12-01T09:00", True, "Open now until noon"),
        ("2026-12-01T12:00", False, "Opens today at 1 pm"),
        ("2026-12-01T16:59", True, "Open now until 5 pm"),
        ("2026-12-01T17:00", False, "Opens tomorrow at 9 am"),
        ("2026-12-04T20:00", False, "Opens Monday at 9 am"),
        ("2026-12-24T10:00", False, "Closed today, opens Monday at 9 am"),
        ("2026-12-24T00:30", False, "Closed today, opens Monday at 9 am"),
    ],
)
def test_the_state_of_a_usual_office(local: str, open_now: bool, text: str) -> None:
    rows = [
        weekly(WORKDAYS, "09:00", "12:00"),
        weekly(WORKDAYS, "13:00", "17:00"),
        holiday("2026-12-24", "2026-12-27"),
    ]
    assert state(rows, local) == OpeningState(open_now, text)


def test_a_night_is_open_on_the_next_morning_even_of_a_holiday() -> None:
    rows = [weekly("TH", "22:00", "02:00"), holiday("2026-12-25", "2026-12-25")]
    assert state(rows, "2026-12-24T23:00") == OpeningState(True, "Open now until 2 am")
    assert state(rows, "2026-12-25T01:59") == OpeningState(True, "Open now until 2 am")
    assert state(rows, "2026-12-25T02:00").open_now is False


def test_hours_without_a_gap_are_followed_to_their_end() -> None:
    rows = [weekly("MO", "08:00", "23:59"), weekly("TU", "00:00", "23:59")]
    assert state(rows, "2026-12-07T09:00").text == "Open now until Tuesday at midnight"


def test_always_open_says_so() -> None:
    assert state([weekly(",".join(CODES), "00:00", "23:59")], "2026-12-01T03:00") == OpeningState(
        True, "Open 24 hours"
    )


def test_a_monthly_day_is_open_on_its_day_and_announced_by_date() -> None:
    rows = [monthly(byday="2MO")]
    assert state(rows, "2026-12-14T11:00").open_now is True
    assert state(rows, "2026-12-01T11:00").text == "Opens Monday, December 14 at 10 am"


def test_what_is_not_stated_is_unknown_and_not_closed() -> None:
    assert state([], "2026-12-01T11:00") == OpeningState(None, "Hours not stated")
    partly = [weekly("MO", "09:00", "12:00"), weekly("TU", "09:00", "noon")]
    assert state(partly, "2026-12-01T11:00") == OpeningState(None, "Hours not fully stated")
    assert state(partly, "2026-12-02T11:00").open_now is False


def test_hours_that_have_ended_are_closed() -> None:
    ended = [weekly("MO", "09:00", "12:00", until="2026-11-01")]
    assert state(ended, "2026-12-07T10:00") == OpeningState(False, "Closed")


def test_local_hours_hold_on_both_sides_of_a_clock_change() -> None:
    rows = [weekly("SA,SU,MO", "09:00", "17:00")]
    for now in ("2026-03-07T15:00Z", "2026-03-08T14:00Z", "2026-11-01T15:00Z"):
        assert opening_state(rows, datetime.fromisoformat(now), CHICAGO).open_now is True
    before = opening_state(rows, datetime.fromisoformat("2026-03-08T13:59Z"), CHICAGO)
    assert before == OpeningState(False, "Opens today at 9 am")


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        opening_state([], datetime(2026, 12, 1), CHICAGO)  # noqa: DTZ001


# Properties

clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))
weeks = st.lists(
    st.builds(
        weekly, st.lists(st.sampled_from(CODES), min_size=1).map(",".join), clocks, clocks
    ),
    max_size=5,
)  # fmt: skip
anything = st.one_of(
    st.none(), st.text(max_size=8), st.integers(), st.floats(), st.dates(), clocks,
    st.sampled_from(("WEEKLY", "MONTHLY", "MO", "2MO,-1FR", "2026-12-24", "2026-12-26")),
)  # fmt: skip
KEYS = (
    *("freq", "byday", "bymonthday", "byweekno", "byyearday", "interval", "count", "wkst"),
    *("opens_at", "closes_at", "valid_from", "valid_to", "dtstart", "until", "description"),
)
dirty = st.lists(st.dictionaries(st.sampled_from(KEYS), anything), max_size=4)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31))  # noqa: DTZ001


@given(weeks, instants, st.sampled_from((CHICAGO, "Pacific/Honolulu", "Asia/Kathmandu")))
def test_the_state_agrees_with_the_week_at_any_instant(
    rows: list[Row], instant: datetime, zone: str
) -> None:
    now = instant.replace(tzinfo=UTC)
    local = now.astimezone(ZoneInfo(zone))
    week = weekly_intervals(rows, local.date())
    minute = (local.weekday() * 24 + local.hour) * 60 + local.minute
    found = opening_state(rows, now, zone).open_now
    if week is None:
        assert found is None
    elif any(start <= minute < end for start, end in week):
        assert found is True
    else:
        unclear = any(row["opens_at"] == row["closes_at"] for row in rows)
        assert found is False or (unclear and found is None)


@given(weeks)
def test_the_words_cover_exactly_the_minutes_of_the_week(rows: list[Row]) -> None:
    certain = [row for row in rows if row["opens_at"] != row["closes_at"]]
    minutes = {
        minute
        for start, end in weekly_intervals(certain, TUESDAY) or ()
        for minute in range(start, end)
    }
    assert _minutes_said(describe_hours(certain, TUESDAY)) == minutes


@given(dirty, st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_no_row_ever_raises_and_intervals_are_always_in_order(rows: list[Row], on: date) -> None:
    now = datetime.combine(on, time(12), UTC)
    assert opening_state(rows, now, CHICAGO).text
    assert all(line.text for line in describe_hours(rows, on))
    edges = [edge for interval in weekly_intervals(rows, on) or () for edge in interval]
    assert edges == sorted(set(edges))
    assert all(0 <= edge <= 10080 for edge in edges)
    days = [day for day, _ in exceptions(rows, on)]
    assert days == sorted(set(days))
    assert all(on <= day < on + timedelta(370) for day in days)


def _minutes_said(said: tuple[HoursLine, ...]) -> set[int]:
    """The minutes of the week that a reader of the lines would understand."""
    minutes: set[int] = set()
    for line in said:
        for day in _days_said(line.days):
            for start, end in _intervals_said(line.text):
                minutes |= {(day * 1440 + minute) % 10080 for minute in range(start, end)}
    return minutes


def _days_said(text: str) -> set[int]:
    if text == "Every day":
        return set(range(7))
    days: set[int] = set()
    for part in re.split(", | and ", text):
        first, _, last = part.partition(" to ")
        days |= set(range(NAMES.index(first), NAMES.index(last or first) + 1))
    return days


def _intervals_said(text: str) -> list[tuple[int, int]]:
    if text == "closed":
        return []
    if text == "Open 24 hours":
        return [(0, 1440)]
    found = []
    for part in re.split(", | and ", text):
        start, end = (_minute_said(words) for words in part.split(" to "))
        found.append((start, end if end > start else end + 1440))
    return found


def _minute_said(words: str) -> int:
    if words in ("noon", "midnight"):
        return 720 if words == "noon" else 0
    clock, half = words.split()
    hour, _, minute = clock.partition(":")
    return (int(hour) % 12 + (12 if half == "pm" else 0)) * 60 + int(minute or 0)
