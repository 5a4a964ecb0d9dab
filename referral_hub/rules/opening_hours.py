"""When a service is open, from its HSDS schedules: minutes for search, words for people.

Times are local to the service. What the schedules do not say is unknown, never "closed".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from referral_hub.rules.schedule_words import say_dates, say_days, say_list, say_when
from referral_hub.rules.schedules import (
    DAY_MINUTES,
    Interval,
    Schedule,
    read_schedule,
    say_hours,
    say_time,
)

WEEK_MINUTES = 7 * DAY_MINUTES
EXCEPTIONS_AHEAD_DAYS = 370
OTHER_DAYS_AHEAD = 62
"""For so long the search index knows the days that differ; each new day it is told anew."""

_DAYS_AHEAD = 62
"""How far the next opening is looked for; a monthly service opens within them."""


@dataclass(frozen=True, slots=True)
class OpeningState:
    """Open at an instant or not; None is unknown. `text` is for a person."""

    open_now: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class HoursLine:
    """One line of opening hours for a person; `days` is empty for a remark on all of them."""

    days: str
    text: str


@dataclass(frozen=True, slots=True)
class DayHours:
    """Opening hours seen from a day, whatever the minute.

    `today` are the hours that begin on the day and `around` those of yesterday to a week ahead,
    in minutes from the day's midnight. `opens` is the day after it that has hours, and their
    first minute. A special day is closed by an exception; on an uncertain one there may be more.
    """

    today: tuple[Interval, ...]
    around: tuple[Interval, ...]
    is_certain: bool
    is_special: bool
    opens: tuple[date, int] | None


def weekly_intervals(
    schedules: Iterable[Mapping[str, Any]], on: date
) -> tuple[Interval, ...] | None:
    """Minutes of the local week (Monday 00:00 = 0, end exclusive, at most 10080) of usual hours.

    None when the hours are unknown; () when what is known has no weekly hours, as when they
    have ended or are monthly. Holidays and monthly days are not in it (see `exceptions`).
    """
    rows = [row for row in map(read_schedule, schedules) if _says_usual_hours(row, on)]
    if not rows:
        return None
    week: list[Interval] = []
    for row in rows:
        if row.is_every_week and row.runs(on) and row.hours is not None:
            week += [_shifted(row.hours, day * DAY_MINUTES) for _, day in row.weekdays]
    return _union(part for interval in week for part in _wrapped(interval))


def exceptions(
    schedules: Iterable[Mapping[str, Any]], on: date, days: int = EXCEPTIONS_AHEAD_DAYS
) -> tuple[tuple[date, tuple[Interval, ...]], ...]:
    """Dates from `on` whose hours replace the usual ones; no intervals means closed.

    Minutes count from the midnight that begins the date; past 1440 is the day after.
    """
    rows = [row for row in map(read_schedule, schedules) if row.is_exception]
    found: dict[date, list[Interval]] = {}
    for row in rows:
        if not row.is_certain or row.valid_from is None or row.valid_to is None:
            continue
        first, last = max(row.valid_from, on), min(row.valid_to, on + timedelta(days - 1))
        for number in range((last - first).days + 1):
            day = first + timedelta(number)
            if row.occurs_on(day):
                found.setdefault(day, []).extend([row.hours] if row.hours else [])
    return tuple((day, _union(found[day])) for day in sorted(found))


def other_days(
    schedules: Iterable[Mapping[str, Any]], on: date, days: int = OTHER_DAYS_AHEAD
) -> tuple[tuple[date, tuple[Interval, ...]], ...]:
    """Days of the next `days` whose hours are not those of the usual week, with their hours.

    Monthly days, every second week, the edges of a season, and holidays: all that
    `weekly_intervals` on the same day does not say.
    """
    rows = [row for row in map(read_schedule, schedules) if row.is_certain]
    if all(row.is_every_week and not row.has_dates for row in rows):
        return ()
    usual = [row for row in rows if row.is_every_week and row.is_valid(on) and row.runs(on)]
    found = []
    for number in range(days):
        day = on + timedelta(number)
        said = hours_on(rows, day)
        expected = _union(
            row.hours
            for row in usual
            if row.hours is not None and day.weekday() in {weekday for _, weekday in row.weekdays}
        )
        closed = any(row.is_exception and row.occurs_on(day) for row in rows)
        if said != expected or closed:
            found.append((day, said))
    return tuple(found)


def hours_on(rows: Sequence[Schedule], day: date) -> tuple[Interval, ...]:
    """Certain hours that begin on this day; exceptions replace the usual rows."""
    occurring = [row for row in rows if row.occurs_on(day)]
    special = [row for row in occurring if row.is_exception]
    return _union(row.hours for row in special or occurring if row.hours is not None)


def opening_state(schedules: Iterable[Mapping[str, Any]], now: datetime, zone: str) -> OpeningState:
    """Open at `now` (with its time zone) or not, in the service's IANA `zone`.

    ValueError for a `now` without time zone, ZoneInfo's errors for an unknown zone.
    """
    local = local_time(now, zone)
    return state_at(day_hours(schedules, local.date()), local)


def local_time(now: datetime, zone: str) -> datetime:
    """`now` as clocks in an IANA `zone` show it. Raises as `opening_state` does."""
    if now.tzinfo is None:
        raise ValueError("now must have a time zone")
    return now.astimezone(ZoneInfo(zone))


def day_hours(schedules: Iterable[Mapping[str, Any]], today: date) -> DayHours | None:
    """All that `state_at` needs to know at any minute of a day; None if no hours are stated."""
    rows = [read_schedule(row) for row in schedules]
    if not any(_says_hours(row, today) for row in rows):
        return None
    return DayHours(
        today=hours_on(rows, today),
        around=tuple(
            _shifted(hours, number * DAY_MINUTES)
            for number in range(-1, 8)
            for hours in hours_on(rows, today + timedelta(number))
        ),
        is_certain=not any(row.may_occur_on(today) for row in rows),
        is_special=any(row.is_closed and row.occurs_on(today) for row in rows),
        opens=next(
            (
                (today + timedelta(number), hours[0][0])
                for number in range(1, _DAYS_AHEAD)
                if (hours := hours_on(rows, today + timedelta(number)))
            ),
            None,
        ),
    )


def state_at(day: DayHours | None, local: datetime) -> OpeningState:
    """Open or not at a local time of that day."""
    if day is None:
        return OpeningState(None, "Hours not stated")
    minute = local.hour * 60 + local.minute
    closes = _closing(day, minute)
    if closes is not None:
        return OpeningState(True, _say_open(local.date(), minute, closes))
    if not day.is_certain:
        return OpeningState(None, "Hours not fully stated")
    return OpeningState(False, _say_closed(day, local.date(), minute))


def describe_hours(schedules: Iterable[Mapping[str, Any]], on: date) -> tuple[HoursLine, ...]:
    """What a person reads about the hours from `on`: the week, other days, holidays, remarks."""
    rows = list(schedules)
    read = [row for row in map(read_schedule, rows) if _is_of_use(row, on)]
    usual = [row for row in read if not row.is_exception]
    lines = _week_lines(rows, usual, on)
    lines += _other_lines([row for row in usual if row.is_certain and not row.is_every_week], on)
    lines += _other_lines([row for row in read if not (row.is_certain or row.is_remark)], on)
    lines += _exception_lines(exceptions(rows, on), on)
    return (*lines, *_remark_lines(read, lines, on))


def _is_of_use(row: Schedule, on: date) -> bool:
    """True for usual rows that apply now and for exceptions now or within a year."""
    if row.is_exception and row.valid_from and row.valid_to:
        return row.valid_to >= on and row.valid_from - on < timedelta(EXCEPTIONS_AHEAD_DAYS)
    return row.is_valid(on) and row.runs(on)


def _says_usual_hours(row: Schedule, on: date) -> bool:
    return row.is_valid(on) and row.is_certain and not row.is_exception


def _says_hours(row: Schedule, today: date) -> bool:
    """True for a row from which the state of today can be told."""
    return row.occurs_on(today) if row.is_exception else _says_usual_hours(row, today)


def _closing(day: DayHours, minute: int) -> int | None:
    """The end of the opening that `minute` of the day is in, from its midnight; None if closed.

    Openings that follow each other without a gap count as one, a week at the most.
    """
    ends: int | None = None
    for start, end in day.around:
        if start <= (minute if ends is None else ends) < end:
            ends = end
    return ends


def _say_open(today: date, minute: int, closes: int) -> str:
    if closes >= WEEK_MINUTES:
        return "Open 24 hours"
    if closes <= DAY_MINUTES or closes - minute <= DAY_MINUTES // 2:
        return f"Open now until {say_time(closes)}"
    days, minute = divmod(closes - 1, DAY_MINUTES)
    return f"Open now until {today + timedelta(days):%A} at {say_time(minute + 1)}"


def _say_closed(day: DayHours, today: date, minute: int) -> str:
    """When it opens next; a day closed by an exception says so."""
    later = next((start for start, _ in day.today if start > minute), None)
    opens = day.opens if later is None else (today, later)
    if opens is None:
        return "Closed today" if day.is_special else "Closed"
    said = f"{_say_day(today, opens[0])} at {say_time(opens[1])}"
    is_shut = day.is_special and later is None
    return f"Closed today, opens {said}" if is_shut else f"Opens {said}"


def _say_day(today: date, day: date) -> str:
    ahead = (day - today).days
    if ahead < 2:
        return "tomorrow" if ahead else "today"
    return f"{day:%A}" if ahead < 7 else f"{day:%A}, {day:%B} {day.day}"


def _shifted(interval: Interval, minutes: int) -> Interval:
    return interval[0] + minutes, interval[1] + minutes


def _wrapped(interval: Interval) -> tuple[Interval, ...]:
    """Parts of an interval inside one week: Sunday night goes on at Monday 00:00."""
    start, end = interval
    if end <= WEEK_MINUTES:
        return (interval,)
    return (start, WEEK_MINUTES), (0, end - WEEK_MINUTES)


def _union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Sorted and without overlaps; what touches is joined."""
    joined: list[Interval] = []
    for start, end in sorted(intervals):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


def _week_lines(
    schedules: Sequence[Mapping[str, Any]], usual: Sequence[Schedule], on: date
) -> list[HoursLine]:
    """Days with equal hours share a line; one closed day is named when the other six are known."""
    days_of: dict[tuple[Interval, ...], list[int]] = {}
    for day, intervals in enumerate(_by_day(weekly_intervals(schedules, on) or ())):
        days_of.setdefault(intervals, []).append(day)
    closed = days_of.pop((), [])
    lines = [
        HoursLine(say_days(days), say_list([say_hours(hours) for hours in intervals]))
        for intervals, days in days_of.items()
    ]
    if len(closed) == 1 and not any(_may_open(row, closed[0]) for row in usual):
        lines.append(HoursLine(say_days(closed), "closed"))
    return lines


def _by_day(week: Sequence[Interval]) -> list[tuple[Interval, ...]]:
    """The week's intervals by the day they begin on; only a night goes on past midnight."""
    days: list[list[Interval]] = [[] for _ in range(7)]
    intervals = list(week)
    if len(intervals) > 1 and intervals[0][0] == 0 and intervals[-1][1] == WEEK_MINUTES:
        intervals[-1] = intervals[-1][0], WEEK_MINUTES + intervals.pop(0)[1]
    for start, end in intervals:
        is_night = end - start < DAY_MINUTES and end % DAY_MINUTES <= DAY_MINUTES // 2
        while start < end:
            midnight = (start // DAY_MINUTES + 1) * DAY_MINUTES
            stop = end if is_night else min(end, midnight)
            day = start // DAY_MINUTES
            days[day % 7].append((start - day * DAY_MINUTES, stop - day * DAY_MINUTES))
            start = stop
    return [tuple(sorted(day)) for day in days]


def _may_open(row: Schedule, weekday: int) -> bool:
    """True when a row beside the weekly ones could fall on this day of the week."""
    if row.is_every_week or row.is_remark:
        return False
    return not row.weekdays or any(day == weekday for _, day in row.weekdays)


def _other_lines(rows: Sequence[Schedule], on: date) -> list[HoursLine]:
    """Rows that repeat otherwise than weekly, or do not say all: one line for equal days."""
    texts: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: row.hours or (0, 0)):
        text = say_hours(row.hours) if row.hours else row.times
        if text or not row.notes:
            texts.setdefault(say_when([row], on), []).append(text or "hours not stated")
    return [HoursLine(days, say_list(list(dict.fromkeys(text)))) for days, text in texts.items()]


def _exception_lines(
    special: Sequence[tuple[date, tuple[Interval, ...]]], on: date
) -> list[HoursLine]:
    """Days in a row with equal hours share a line."""
    spans: list[tuple[date, date, tuple[Interval, ...]]] = []
    for day, hours in special:
        if spans and spans[-1][1] == day - timedelta(1) and spans[-1][2] == hours:
            spans[-1] = spans[-1][0], day, hours
        else:
            spans.append((day, day, hours))
    return [
        HoursLine(say_dates(first, last, on), say_list([say_hours(part) for part in hours]))
        if hours
        else HoursLine(say_dates(first, last, on), "closed")
        for first, last, hours in spans
    ]


def _remark_lines(
    rows: Sequence[Schedule], lines: Sequence[HoursLine], on: date
) -> list[HoursLine]:
    """Descriptions and notes that no line has said yet, with their days if they are not for all."""
    said = [_letters(line.days + line.text) for line in lines]
    owners: dict[str, list[Schedule]] = {}
    for row in rows:
        for note in row.notes:
            owners.setdefault(note, []).append(row)
    everywhere = sum(not row.is_remark for row in rows)
    return [
        HoursLine("" if len(of) >= everywhere or of[0].is_remark else say_when(of, on), note)
        for note, of in owners.items()
        if not any(_letters(note) in text for text in said)
    ]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
