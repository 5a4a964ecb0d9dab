"""Hours as people write them, a line each, to schedule rows and back."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.formats.hours_lines import read_line, write_line
from referral_hub.rules.hsds import WEEKDAYS

TODAY = date(2026, 11, 18)
CHRISTMAS = date(2026, 12, 25)
WEEK = "MO,TU,WE,TH,FR"


def weekly(byday: str, opens_at: str, closes_at: str, **more: object) -> dict[str, Any]:
    return {"freq": "WEEKLY", "byday": byday, "opens_at": opens_at, "closes_at": closes_at} | more


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        ("Mon-Fri 9am-5pm", [weekly(WEEK, "09:00", "17:00")]),
        ("Daily 24 hours", [weekly(",".join(WEEKDAYS), "00:00", "23:59")]),
        ("24/7", [weekly(",".join(WEEKDAYS), "00:00", "23:59")]),
        ("open 24 hours a day", [weekly(",".join(WEEKDAYS), "00:00", "23:59")]),
        ("Mon, Wed 24 hours", [weekly("MO,WE", "00:00", "23:59")]),
        ("Mon 9am-noon, 1pm-4pm", [weekly("MO", "09:00", "12:00"), weekly("MO", "13:00", "16:00")]),
        ("Tue 5pm-8pm (walk-in)", [weekly("TU", "17:00", "20:00", description="walk-in")]),
        (
            "2nd Sat 10am-2pm",
            [{"freq": "MONTHLY", "byday": "2SA", "opens_at": "10:00", "closes_at": "14:00"}],
        ),
        (
            "first and third Tuesday of the month 9am-10am",
            [{"freq": "MONTHLY", "byday": "1TU,3TU", "opens_at": "09:00", "closes_at": "10:00"}],
        ),
        (
            "Days 1 and 15 of the month 9am-10am",
            [{"freq": "MONTHLY", "bymonthday": "1,15", "opens_at": "09:00", "closes_at": "10:00"}],
        ),
        ("Closed Dec 25", [{"valid_from": CHRISTMAS, "valid_to": CHRISTMAS}]),
        (
            "closed on Dec 24 to Jan 2",
            [{"valid_from": date(2026, 12, 24), "valid_to": date(2027, 1, 2)}],
        ),
        ("Closed Nov 1", [{"valid_from": date(2027, 11, 1), "valid_to": date(2027, 11, 1)}]),
        (
            "Dec 24: 9am-noon",
            [{"valid_from": date(2026, 12, 24), "valid_to": date(2026, 12, 24),
              "opens_at": "09:00", "closes_at": "12:00"}],
        ),
        (
            "Jun 1, 2027 to Aug 31, 2027: Mon-Thu 8am-noon",
            [weekly("MO,TU,WE,TH", "08:00", "12:00", valid_from=date(2027, 6, 1),
                    valid_to=date(2027, 8, 31))],
        ),
        (
            "Closed on public holidays",
            [{"valid_from": CHRISTMAS, "valid_to": CHRISTMAS, "description": "Public holiday"}],
        ),
        ("Note: by appointment", [{"description": "by appointment"}]),
    ],
)  # fmt: skip
def test_a_line_is_schedule_rows(line: str, rows: list[dict[str, Any]]) -> None:
    assert read_line(line, TODAY, [CHRISTMAS]) == rows


@pytest.mark.parametrize(
    "line",
    ["whenever", "Mon-Fri", "Mon 9-5", "closed Feb 30", "Closed Dec 25, 2026 to Dec 24, 2026",
     "Days 1 and 99 of the month 9am-10am", "2nd Blursday 9am-5pm", "closed on"],
)  # fmt: skip
def test_what_cannot_be_read_for_certain_is_not_guessed(line: str) -> None:
    with pytest.raises(ValueError, match=r".{20}"):
        read_line(line, TODAY)


def test_without_known_holidays_nobody_is_told_that_they_are_kept() -> None:
    with pytest.raises(ValueError, match="one by one"):
        read_line("Closed on public holidays", TODAY)


@pytest.mark.parametrize(
    "row",
    [
        weekly("MO", "09:00", "17:00", interval=2),
        weekly("MO", "09:00", "17:00", until=date(2027, 1, 1)),
        weekly("MO", "09:00-06:00", "17:00-06:00"),
        weekly("MO", "09:00", "17:00", notes="ring twice"),
        weekly("MO", "09:00", "17:00", valid_from=date(2027, 1, 1)),
        {"freq": "MONTHLY", "byday": "1MO,2TU", "opens_at": "09:00", "closes_at": "10:00"},
        {"byweekno": "1", "opens_at": "09:00"},
        {"opens_at": "09:00"},
        {"schedule_link": "https://example.org"},
        {},
    ],
)  # fmt: skip
def test_a_row_that_a_line_cannot_say_in_full_has_none(row: dict[str, Any]) -> None:
    assert write_line(row) is None


DAYS = st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True).map(
    lambda days: ",".join(sorted(days, key=WEEKDAYS.index))
)
CLOCKS = st.tuples(st.integers(0, 23), st.sampled_from([0, 15, 30, 45])).map(
    lambda at: f"{at[0]:02}:{at[1]:02}"
)


@given(DAYS, CLOCKS, CLOCKS)
def test_a_week_that_is_written_is_read_back_the_same(byday: str, opens: str, closes: str) -> None:
    row = weekly(byday, opens, closes)
    line = write_line(row)
    if line is not None:
        assert read_line(line, TODAY) == [row]
    else:
        assert opens == closes or "00:00" in (opens, closes)
