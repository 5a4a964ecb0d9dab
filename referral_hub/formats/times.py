"""Weekdays, clock times and dates as people write them, in the spelling of HSDS."""

import re
from datetime import date

from referral_hub.rules.hsds import WEEKDAYS

_DAY_NAMES = {
    "MO": "monday mon mo m lunes lun",
    "TU": "tuesday tues tue tu martes mar",
    "WE": "wednesday weds wed we w miercoles mie",
    "TH": "thursday thurs thur thu th jueves jue",
    "FR": "friday fri fr f viernes vie",
    "SA": "saturday sat sa sabado sab",
    "SU": "sunday sun su domingo dom",
}
DAYS: dict[str, str] = {
    name: code for code, names in _DAY_NAMES.items() for name in names.split()
} | {f"{names.split()[0]}s": code for code, names in _DAY_NAMES.items()}
"""Weekday code by folded name, English and Spanish, singular and plural."""

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?\s*(?:([ap])\.?(?:m\.?)?)?", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? +([a-z]{3,9})\.?,? +(\d{4})", re.IGNORECASE)
_EARLIEST_YEAR = 1900


def weekday(text: str) -> str | None:
    """The code of a weekday (MO to SU) given by name, by short name or as 1 (Monday) to 7."""
    folded = text.strip().casefold()
    if folded in {"1", "2", "3", "4", "5", "6", "7"}:
        return WEEKDAYS[int(folded) - 1]
    return DAYS.get(folded.rstrip("."))


def clock_time(text: str) -> str | None:
    """A time of day as HH:MM or HH:MM:SS on the 24 hour clock; None when it is not clearly one."""
    match = _CLOCK.fullmatch(text.strip())
    if not match:
        return None
    hour, minute, second, half = match.groups()
    if half is None and minute is None:
        return None
    return clock(int(hour), int(minute or 0), half, second)


def clock(hour: int, minute: int, half: str | None, second: str | None = None) -> str | None:
    """A time on the 24 hour clock; `half` is "a", "p" or None. None when there is no such time."""
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    if hour > 23 or minute > 59 or (second and int(second) > 59):
        return None
    return f"{hour:02d}:{minute:02d}" + (f":{second}" if second else "")


def iso_date(text: str) -> str | None:
    """A date as YYYY-MM-DD; None when the day and month cannot be told apart or no such day is."""
    text = text.strip()
    if match := _ISO.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif match := _SLASHED.fullmatch(text):
        month, day = int(match[1]), int(match[2])
        year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
        if month > 12:
            month, day = day, month
        elif day <= 12 and day != month:
            return None
    elif match := _MONTH_FIRST.fullmatch(text):
        month, day, year = _month(match[1]), int(match[2]), int(match[3])
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = int(match[1]), _month(match[2]), int(match[3])
    else:
        return None
    return _checked(year, month, day)


def _month(name: str) -> int:
    found = [at for at, month in enumerate(_MONTHS, start=1) if month.startswith(name.casefold())]
    return found[0] if len(found) == 1 else 0


def _checked(year: int, month: int, day: int) -> str | None:
    if year < _EARLIEST_YEAR:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
