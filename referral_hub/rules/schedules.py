"""HSDS schedule rows as rules of recurrence: what each row says for certain, and on which days.

Feeds fill these rows in many ways. What a row does not say for certain is not guessed: such a
row is `UNREADABLE`, and only its words are shown.
"""

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from referral_hub.rules.hsds import WEEKDAYS

DAY_MINUTES = 24 * 60
EXCEPTION_DAYS = 14
"""A row valid for at most so many days is a holiday or a special week, not the usual hours."""

_COUNTED_DAYS = 3660
"""How far from its start a row with a number of occurrences is followed."""

Interval = tuple[int, int]
"""Minutes from the midnight that begins a day, end exclusive; past 1440 is the next day."""

Weekday = tuple[int, int]
"""An ordinal in the month (0 = every, -1 = last) and a day (0 = Monday)."""


class Recurrence(StrEnum):
    """How a row repeats. A SPAN is every day from `valid_from` to `valid_to`."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    SPAN = "span"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule row. `times` holds stated times, as words, that make no whole interval."""

    recurrence: Recurrence
    weekdays: tuple[Weekday, ...] = ()
    month_days: tuple[int, ...] = ()
    interval: int = 1
    week_start: int = 0
    hours: Interval | None = None
    times: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    dtstart: date | None = None
    until: date | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_exception(self) -> bool:
        """True for a row that replaces the usual hours on its days."""
        if self.recurrence is Recurrence.SPAN:
            return True
        if self.valid_from is None or self.valid_to is None:
            return False
        return (self.valid_to - self.valid_from).days < EXCEPTION_DAYS

    @property
    def is_closed(self) -> bool:
        """True for an exception without any times: closed on its days."""
        readable = self.recurrence is not Recurrence.UNREADABLE
        return self.is_exception and readable and self.hours is None and not self.times

    @property
    def is_certain(self) -> bool:
        """True when both the days and the minutes are known."""
        if self.recurrence is Recurrence.UNREADABLE:
            return False
        if self.interval > 1 and self.dtstart is None:
            return False
        return self.hours is not None or self.is_closed

    @property
    def is_every_week(self) -> bool:
        """True when the row names the same minutes of every usual week."""
        weekly = self.recurrence is Recurrence.WEEKLY and self.interval == 1
        return weekly and self.hours is not None and not self.is_exception

    @property
    def has_dates(self) -> bool:
        """True when the row begins, ends or is counted from a day."""
        return any((self.valid_from, self.valid_to, self.dtstart, self.until))

    @property
    def is_remark(self) -> bool:
        """True when the row has words but neither days nor times."""
        return not (self.hours or self.times or self.weekdays or self.month_days or self.is_closed)

    def is_valid(self, day: date) -> bool:
        """False before `valid_from` and after `valid_to`: then the row says nothing."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    def runs(self, day: date) -> bool:
        """False before `dtstart` and after `until`: then the row says that there is nothing."""
        return (self.dtstart or day) <= day <= (self.until or day)

    def occurs_on(self, day: date) -> bool:
        """True when the row applies on this day for certain."""
        if not (self.is_certain and self.is_valid(day) and self.runs(day)):
            return False
        return _RECURS[self.recurrence](self, day)

    def may_occur_on(self, day: date) -> bool:
        """True when the row is about hours and could apply on this day, but does not say."""
        if self.is_certain or self.is_remark or not (self.is_valid(day) and self.runs(day)):
            return False
        days = {weekday for _, weekday in self.weekdays}
        return not days or day.weekday() in days


def read_schedule(row: Mapping[str, Any]) -> Schedule:
    """One HSDS schedule row (keys of the standard); malformed values never raise."""
    notes = (_text(row.get("description")), _text(row.get("notes")))
    hours, times = _read_times(row.get("opens_at"), row.get("closes_at"))
    schedule = Schedule(
        Recurrence.UNREADABLE,
        hours=hours,
        times=times,
        notes=tuple(dict.fromkeys(filter(None, notes))),
    )
    try:
        schedule = replace(schedule, weekdays=_read_weekdays(row.get("byday")))
        return _read_recurrence(row, schedule)
    except (ValueError, OverflowError):
        return schedule


def occurs_on(row: Mapping[str, Any], day: date) -> bool:
    """True when this HSDS schedule row applies on this day for certain."""
    return read_schedule(row).occurs_on(day)


def say_time(minutes: int) -> str:
    """Minutes of a day as people say them: "9 am", "4:30 pm", "noon", "midnight"."""
    hour, minute = divmod(minutes % DAY_MINUTES, 60)
    if minute == 0 and hour % 12 == 0:
        return "noon" if hour else "midnight"
    half = "am" if hour < 12 else "pm"
    return f"{(hour - 1) % 12 + 1}{f':{minute:02}' if minute else ''} {half}"


def say_hours(hours: Interval) -> str:
    """One interval of a day in words: "9 am to 5 pm", "Open 24 hours"."""
    if hours == (0, DAY_MINUTES):
        return "Open 24 hours"
    return f"{say_time(hours[0])} to {say_time(hours[1])}"


def _read_recurrence(row: Mapping[str, Any], schedule: Schedule) -> Schedule:
    """ValueError when a value is malformed."""
    schedule = replace(
        schedule,
        month_days=_read_month_days(row.get("bymonthday")),
        interval=_read_whole(row.get("interval")) or 1,
        week_start=_DAY_NAMES.get(_text(row.get("wkst")).upper(), 0),
        valid_from=_read_date(row.get("valid_from")),
        valid_to=_read_date(row.get("valid_to")),
        dtstart=_read_date(row.get("dtstart")),
        until=_read_date(row.get("until")),
    )
    schedule = replace(schedule, recurrence=_recurrence(row, schedule))
    count = _read_whole(row.get("count"))
    return schedule if count is None else _ended_by_count(schedule, count)


def _recurrence(row: Mapping[str, Any], schedule: Schedule) -> Recurrence:
    """What the row's own words allow; a frequency that contradicts its days is unreadable."""
    freq = _text(row.get("freq")).upper()
    ordinals = {ordinal for ordinal, _ in schedule.weekdays}
    has_days, has_month_days = bool(schedule.weekdays), bool(schedule.month_days)
    if _text(row.get("byweekno")) or _text(row.get("byyearday")) or (has_days and has_month_days):
        return Recurrence.UNREADABLE
    if ordinals == {0} and freq == "MONTHLY" and schedule.interval > 1:
        return Recurrence.MONTHLY
    if ordinals == {0} and freq in ("WEEKLY", "MONTHLY", ""):
        return Recurrence.WEEKLY  # every Monday of every month is every Monday
    if (has_days or has_month_days) and 0 not in ordinals and freq in ("MONTHLY", ""):
        return Recurrence.MONTHLY
    if schedule.valid_from and schedule.valid_to and not (has_days or has_month_days or freq):
        return Recurrence.SPAN
    return Recurrence.UNREADABLE


def _ended_by_count(schedule: Schedule, count: int) -> Schedule:
    """The row until its last counted occurrence; without a start nobody knows when that is."""
    if schedule.dtstart is None or not schedule.is_certain:
        return replace(schedule, recurrence=Recurrence.UNREADABLE)
    for days in range(_COUNTED_DAYS):
        day = schedule.dtstart + timedelta(days)
        count -= schedule.runs(day) and _RECURS[schedule.recurrence](schedule, day)
        if count == 0:
            return replace(schedule, until=day)
    return schedule


def _weekly(schedule: Schedule, day: date) -> bool:
    if (0, day.weekday()) not in schedule.weekdays:
        return False
    if schedule.interval == 1 or schedule.dtstart is None:
        return True
    days = _week_start(day, schedule) - _week_start(schedule.dtstart, schedule)
    return days // 7 % schedule.interval == 0


def _week_start(day: date, schedule: Schedule) -> int:
    return day.toordinal() - (day.weekday() - schedule.week_start) % 7


def _monthly(schedule: Schedule, day: date) -> bool:
    if schedule.interval > 1 and schedule.dtstart is not None:
        months = (day.year - schedule.dtstart.year) * 12 + day.month - schedule.dtstart.month
        if months % schedule.interval:
            return False
    from_end = day.day - calendar.monthrange(day.year, day.month)[1] - 1
    if day.day in schedule.month_days or from_end in schedule.month_days:
        return True
    ordinals = (0, (day.day - 1) // 7 + 1, -((-from_end - 1) // 7 + 1))
    return any((ordinal, day.weekday()) in schedule.weekdays for ordinal in ordinals)


def _every_day(_schedule: Schedule, _day: date) -> bool:
    return True


_RECURS: dict[Recurrence, Callable[[Schedule, date], bool]] = {
    Recurrence.WEEKLY: _weekly,
    Recurrence.MONTHLY: _monthly,
    Recurrence.SPAN: _every_day,
}

_DAY_NAMES = {code: number for number, code in enumerate(WEEKDAYS)}
_DAY_NAMES |= {name.upper(): number for number, name in enumerate(calendar.day_name)}
_DAY_NAMES |= {name.upper(): number for number, name in enumerate(calendar.day_abbr)}

_BYDAY = re.compile(r"([+-]?\d)?\s*([A-Z]+)")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?", re.I)


def _text(value: object) -> str:
    """A cell as text; a list, as some feeds send, as its values with commas."""
    if isinstance(value, list | tuple):
        return ",".join(_text(item) for item in value)
    return "" if value is None else str(value).strip()


def _words(value: object) -> list[str]:
    return [word.strip() for word in re.split(r"[,;]", _text(value)) if word.strip()]


def _read_weekdays(value: object) -> tuple[Weekday, ...]:
    """`MO,WE`, `2MO`, `-1FR`; an English day name counts as its code."""
    weekdays = []
    for word in _words(value):
        match = _BYDAY.fullmatch(word.upper())
        day = _DAY_NAMES.get(match[2]) if match else None
        ordinal = int(match[1] or 0) if match else 0
        if match is None or day is None or (match[1] and not 1 <= abs(ordinal) <= 5):
            raise ValueError(word)
        weekdays.append((ordinal, day))
    return tuple(dict.fromkeys(weekdays))


def _read_month_days(value: object) -> tuple[int, ...]:
    days = [int(word) for word in _words(value)]
    if any(not 1 <= abs(day) <= 31 for day in days):
        raise ValueError(value)
    return tuple(dict.fromkeys(days))


def _read_whole(value: object) -> int | None:
    """A whole number from 1 up, or None for an empty cell; "2.0" is 2."""
    text = _text(value)
    if not text:
        return None
    number = float(text)
    if number < 1 or number != int(number):
        raise ValueError(text)
    return int(number)


def _read_date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = re.split(r"[T ]", _text(value))[0]
    return date.fromisoformat(text) if text else None


def _read_times(opens_at: object, closes_at: object) -> tuple[Interval | None, str]:
    """The interval of the day, or the words of what is stated when that is not an interval.

    An offset from UTC is left out: opening hours are local, and an offset cannot know the
    summer. A closing time at or before the opening is on the next day; 23:59 means midnight.
    """
    opens, closes = _text(opens_at), _text(closes_at)
    start, end = _read_clock(opens), _read_clock(closes)
    if start is not None and end is not None and start != end and start < DAY_MINUTES:
        end = DAY_MINUTES if end == DAY_MINUTES - 1 else end
        return (start, end if end > start else end + DAY_MINUTES), ""
    opens = say_time(start) if start is not None else opens
    closes = say_time(end) if end is not None else closes
    if opens and closes:
        return None, f"{opens} to {closes}"
    return None, f"from {opens}" if opens else f"until {closes}" if closes else ""


def _read_clock(value: str) -> int | None:
    """Minutes from midnight of `HH:MM[:SS][offset]`, 24:00 at the most; None if malformed."""
    match = _CLOCK.fullmatch(value)
    if match is None:
        return None
    minutes = int(match[1]) * 60 + int(match[2])
    return minutes if int(match[2]) < 60 and minutes <= DAY_MINUTES else None
