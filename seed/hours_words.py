"""Opening hours as the demo files write them, to HSDS schedules."""

import re
from datetime import date
from typing import Any

DAYS = {"Mon": "MO", "Tue": "TU", "Wed": "WE", "Thu": "TH", "Fri": "FR", "Sat": "SA", "Sun": "SU"}
_ORDINALS = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "Last": -1}
_NAMES = list(DAYS)
_HOURS = re.compile(
    r"(?P<days>.+?) (?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)"
    r"(?: from (?P<start>\S+) to (?P<end>\S+))?"
)
_CLOSED = re.compile(r"closed (?P<start>\S+)(?: to (?P<end>\S+))?")


def schedule_of(words: str) -> dict[str, Any]:
    """One entry ("Mon-Fri 09:00-17:00", "2nd Sat 10:00-14:00", "closed 2026-12-25") as a row.

    Raises ValueError for anything else.
    """
    closed = _CLOSED.fullmatch(words)
    if closed:
        return _between(closed["start"], closed["end"] or closed["start"]) | {
            "description": "Closed"
        }
    hours = _HOURS.fullmatch(words)
    if hours is None:
        raise ValueError(f"These hours cannot be read: {words}")
    row = _days(hours["days"]) | {"opens_at": hours["opens"], "closes_at": hours["closes"]}
    if hours["start"]:
        row |= _between(hours["start"], hours["end"])
    return row


def _between(start: str, end: str) -> dict[str, Any]:
    """A season, as dates that are checked here."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return {"valid_from": first.isoformat(), "valid_to": last.isoformat()}


def _days(words: str) -> dict[str, Any]:
    """The recurrence of "Mon-Fri", "Tue,Thu", "Daily", "2nd Sat"."""
    first, _, rest = words.partition(" ")
    if first in _ORDINALS:
        days = [f"{_ORDINALS[first]}{DAYS[day]}" for day in rest.split(",")]
        return {"freq": "MONTHLY", "byday": ",".join(days)}
    found: list[str] = []
    for part in ("Mon-Sun" if words == "Daily" else words).split(","):
        start, _, end = part.partition("-")
        last = _NAMES.index(end or start)
        found += _NAMES[_NAMES.index(start) : last + 1]
    return {"freq": "WEEKLY", "byday": ",".join(DAYS[day] for day in found)}
