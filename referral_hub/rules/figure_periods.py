"""Spans of days for which figures are asked most."""

from collections.abc import Sequence
from datetime import date, timedelta

Span = tuple[date, date]
"""The first and the last day, both in it."""


def year_before(last: date) -> date:
    """The first day of the twelve months that end with a day."""
    day = last + timedelta(days=1)
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 3, 1)
    return day.replace(year=day.year - 1)


def quarter_of(day: date) -> date:
    """The first day of the quarter of a day."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def common_spans(today: date) -> Sequence[tuple[str, Span]]:
    """Spans up to today, and the last quarter, by their names."""
    quarter = quarter_of(today)
    last = quarter - timedelta(days=1)
    return (
        ("30 days", (today - timedelta(days=29), today)),
        ("90 days", (today - timedelta(days=89), today)),
        ("12 months", (year_before(today), today)),
        ("This quarter", (quarter, today)),
        ("Last quarter", (quarter_of(last), last)),
    )
