"""Weekdays, times and dates in the spelling of HSDS, or not at all."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.formats.times import clock_time, iso_date, weekday


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Monday", "MO"),
        ("tues", "TU"),
        ("Thurs.", "TH"),
        ("SU", "SU"),
        ("1", "MO"),
        ("7", "SU"),
        ("miercoles", "WE"),
        ("0", None),
        ("8", None),
        ("Someday", None),
        ("", None),
    ],
)
def test_weekdays(text: str, code: str | None) -> None:
    assert weekday(text) == code


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("9:00", "09:00"),
        ("09:00", "09:00"),
        ("17:00:00", "17:00:00"),
        ("9am", "09:00"),
        ("12 a.m.", "00:00"),
        ("12pm", "12:00"),
        ("4:30 PM", "16:30"),
        ("9", None),
        ("24:00", None),
        ("9:60", None),
        ("13pm", None),
        ("0am", None),
        ("noonish", None),
    ],
)
def test_times(text: str, time: str | None) -> None:
    assert clock_time(text) == time


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2025-12-24", "2025-12-24"),
        ("2025-12-24T00:00:00Z", "2025-12-24"),
        ("12/24/2015", "2015-12-24"),
        ("24.12.2015", "2015-12-24"),
        ("12/24/15", "2015-12-24"),
        ("05/05/2025", "2025-05-05"),
        ("December 24, 2015", "2015-12-24"),
        ("24 Dec 2015", "2015-12-24"),
        ("Jan. 1st, 2020", "2020-01-01"),
        ("05/06/2025", None),
        ("January 01, 0001", None),
        ("2025-02-30", None),
        ("Ju 1, 2020", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates(text: str, iso: str | None) -> None:
    assert iso_date(text) == iso


@given(st.dates(date(1900, 1, 1)))
def test_a_date_with_its_month_in_words_is_always_clear(day: date) -> None:
    months = "January February March April May June July August September October November December"
    text = f"{months.split()[day.month - 1]} {day.day}, {day.year}"
    assert iso_date(text) == day.isoformat()


@given(st.text(max_size=20))
def test_any_text_is_read_without_harm(text: str) -> None:
    weekday(text)
    clock_time(text)
    iso_date(text)
