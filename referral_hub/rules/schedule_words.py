"""The days of schedules in plain words: "Monday to Friday", "Second Tuesday of the month"."""

import calendar
from collections.abc import Sequence
from datetime import date

from referral_hub.rules.schedules import Recurrence, Schedule

_ORDINALS = ("", "first", "second", "third", "fourth", "fifth")


def say_list(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def say_days(days: Sequence[int]) -> str:
    """Days of the week (0 = Monday), sorted: three or more in a row as "Monday to Friday"."""
    if len(days) == 7:
        return "Every day"
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    words: list[str] = []
    for run in runs:
        names = [calendar.day_name[day] for day in run]
        words += [f"{names[0]} to {names[-1]}"] if len(run) > 2 else names
    return say_list(words)


def say_dates(first: date, last: date, on: date) -> str:
    """One date or a span: "December 24 to 26"; the year only when it is not that of `on`."""
    year = "" if last.year == on.year else f", {last.year}"
    if first == last:
        return f"{first:%B} {first.day}{year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%B} {first.day} to {last.day}{year}"
    return f"{first:%B} {first.day} to {last:%B} {last.day}{year}"


def say_when(rows: Sequence[Schedule], on: date) -> str:
    """The days of schedule rows, weekly rows together; "Day not stated" when there are none."""
    weekly = [row for row in rows if _is_plain_week(row)]
    days = sorted({day for row in weekly for _, day in row.weekdays})
    phrases = [say_days(days)] if days else []
    phrases += [_say_recurrence(row, on) for row in rows if not _is_plain_week(row)]
    return "; ".join(filter(None, dict.fromkeys(phrases))) or "Day not stated"


def _is_plain_week(row: Schedule) -> bool:
    plain = row.interval == 1 and all(ordinal == 0 for ordinal, _ in row.weekdays)
    return plain and not row.month_days and not row.is_exception


def _say_recurrence(row: Schedule, on: date) -> str:
    if row.is_exception and row.valid_from and row.valid_to:
        return say_dates(row.valid_from, row.valid_to, on)
    if not row.weekdays and not row.month_days:
        return ""
    which = _say_monthly_days(row)
    if row.recurrence is Recurrence.MONTHLY or which:
        months = (" of the month", " of every other month", f", every {row.interval} months")
        return which[0].upper() + which[1:] + months[min(row.interval, 3) - 1]
    days = say_days(sorted({day for _, day in row.weekdays}))
    return f"Every other {days}" if row.interval == 2 else f"{days}, every {row.interval} weeks"


def _say_monthly_days(row: Schedule) -> str:
    words = [f"{_say_ordinal(day)} day" if day < 0 else _say_number(day) for day in row.month_days]
    ordinals_of: dict[int, list[str]] = {}
    for ordinal, weekday in row.weekdays:
        if ordinal or row.recurrence is Recurrence.MONTHLY:
            ordinals_of.setdefault(weekday, []).append(_say_ordinal(ordinal))
    words += [f"{say_list(names)} {calendar.day_name[day]}" for day, names in ordinals_of.items()]
    return say_list(words)


def _say_ordinal(ordinal: int) -> str:
    """1 is "first", -1 "last", -2 "second to last", 0 "every"."""
    if ordinal == 0:
        return "every"
    name = _ORDINALS[abs(ordinal)] if abs(ordinal) <= 5 else _say_number(abs(ordinal))
    if ordinal > 0:
        return name
    return "last" if ordinal == -1 else f"{name} to last"


def _say_number(number: int) -> str:
    """1 is "1st", 22 "22nd", 13 "13th"."""
    teen = 10 <= number % 100 <= 20
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
