"""Hours as the demo files write them."""

import pytest

from seed.hours_words import schedule_of


def test_a_range_of_days_is_weekly() -> None:
    assert schedule_of("Mon-Fri 09:00-17:00") == {
        "freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00",
    }  # fmt: skip


def test_a_counted_day_is_monthly() -> None:
    assert schedule_of("2nd Sat 10:00-14:00")["byday"] == "2SA"
    assert schedule_of("Last Fri 10:00-14:00")["byday"] == "-1FR"


def test_a_closed_day_has_no_hours() -> None:
    row = schedule_of("closed 2026-12-24 to 2026-12-26")
    assert (row["valid_from"], row["valid_to"]) == ("2026-12-24", "2026-12-26")
    assert "opens_at" not in row


@pytest.mark.parametrize(
    "words", ["", "sometimes", "Mon 9-5", "closed soon", "5th Mon 09:00-10:00"]
)
def test_anything_else_is_refused(words: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        schedule_of(words)
