"""Who is open at a moment, each in its own time zone.

A shift belongs to the day on which it starts, also past midnight: a bar open from 18:00 to 02:00
on Wednesday is open on Thursday at 01:00 although Thursday is a holiday. An exception replaces
all shifts of its day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from search_index.columns import Flags, One, RowNumbers, Triples, among
from search_index.documents import OpeningException

DAY = 1440
WEEK = 7 * DAY

_MINUTES_KEPT = 4
# Of the latest day anywhere on earth, the earliest is at most so far; and then its day before.
_DAYS_NEAR = 3

Shift = tuple[int, int, int]


def shifts(open_minutes: Iterable[tuple[int, int]]) -> tuple[Shift, ...]:
    """Turn intervals of the local week into shifts (day 0-6, start, end in minutes of that day).

    An end may lie past midnight (up to 2880). What ends with the week goes on in the next one
    when that starts open, or when the interval is written with its end before its start.
    """
    pieces = sorted(
        (start, end if end > start else end + WEEK) for start, end in open_minutes if start != end
    )
    joined = _join_over_the_week_end(pieces)
    return tuple(shift for start, end in joined for shift in _by_day(start, end))


def exception_rows(exceptions: Iterable[OpeningException]) -> tuple[Shift, ...]:
    """Turn exceptions into (day as ordinal, start, end in minutes of that day).

    A day on which all is closed still has a row: it takes away the usual shifts.
    """
    return tuple(
        (exception.day.toordinal(), start, end if end >= start else end + DAY)
        for exception in exceptions
        for start, end in exception.intervals or ((0, 0),)
    )


def _join_over_the_week_end(pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Make one piece of Sunday night and Monday morning where together they last a day at most."""
    if not pieces or pieces[0][0] != 0:
        return pieces
    first_end = pieces[0][1]
    for place, (start, end) in enumerate(pieces[1:], start=1):
        if end == WEEK and end - start + first_end <= DAY:
            return [*pieces[1:place], *pieces[place + 1 :], (start, WEEK + first_end)]
    return pieces


def _by_day(start: int, end: int) -> Iterable[Shift]:
    """Cut what lasts longer than a day at each midnight."""
    if end - start <= DAY:
        yield start // DAY % 7, start % DAY, start % DAY + end - start
        return
    while start < end:
        midnight = (start // DAY + 1) * DAY
        stop = min(end, midnight)
        yield start // DAY % 7, start % DAY, start % DAY + stop - start
        start = stop


class Hours:
    """Who of a segment is open when. Unknown hours are not open."""

    def __init__(self, zones: One, weekly: Triples, exceptions: Triples) -> None:
        """`weekly` has triples of (day, start, end), `exceptions` has the day as ordinal."""
        self._zones, self._weekly, self._exceptions = zones, weekly, exceptions
        self._minute = lru_cache(_MINUTES_KEPT)(self._read_clocks)

    def open_at(self, moment: datetime, rows: RowNumbers) -> Flags:
        """Tell which of some rows are open at an aware moment."""
        # Clocks everywhere are whole minutes apart.
        clocks = self._minute(moment.astimezone(UTC).replace(second=0, microsecond=0))
        codes = self._zones.codes[rows]
        opened = self._usually(clocks.week_minutes[codes], rows)
        if clocks.any_unknown:
            opened[clocks.days[codes] < 0] = False
        special = among(rows, clocks.special)
        if special is not None:
            places = special.nonzero()[0]
            opened[places] = self._specially(clocks, rows[places])
        return opened

    def _usually(self, week_minutes: NDArray[np.int64], rows: RowNumbers) -> Flags:
        """Tell which rows are open at their minutes of the week, were every day a usual one."""
        owners, triples = self._weekly.of_rows(rows)
        day, start, end = triples.T
        since = week_minutes[owners] - (day * DAY + start)
        # The shift of Sunday night goes on in the week after its own.
        since += (since < 0) * WEEK
        opened = np.zeros(rows.size, dtype=np.bool_)
        opened[owners[since < end - start]] = True
        return opened

    def _specially(self, clocks: "_Clocks", rows: RowNumbers) -> Flags:
        """Tell which rows are open, each day with its exceptions."""
        codes = self._zones.codes[rows]
        today, minute = clocks.days[codes], clocks.minutes[codes]
        week, special = self._weekly.of_rows(rows), self._exceptions.of_rows(rows)
        opened = np.zeros(rows.size, dtype=np.bool_)
        # A shift that started yesterday goes on after midnight: minute 60 is then minute 1500.
        for days_ago in (0, 1):
            day, clock = today - days_ago, minute + days_ago * DAY
            changed = np.zeros(rows.size, dtype=np.bool_)
            owners, triples = special
            changed[owners[triples[:, 0] == day[owners]]] = True
            usual = _running(*week, _weekday(day), clock)
            opened[usual[~changed[usual]]] = True
            opened[_running(*special, day, clock)] = True
        opened[today < 0] = False
        return opened

    def _read_clocks(self, moment: datetime) -> "_Clocks":
        local = [_local(moment, name) for name in self._zones.names] or [(-1, -1)]
        days, minutes = np.array(local, dtype=np.int64).T
        changed = self._exceptions.numbers[:, 0]
        near = (changed >= days.max() - _DAYS_NEAR) & (changed <= days.max())
        return _Clocks(
            days,
            minutes,
            week_minutes=_weekday(days) * DAY + minutes,
            any_unknown=bool((days < 0).any()),
            special=np.unique(self._exceptions.owners_of(near.nonzero()[0])),
        )


@dataclass(frozen=True, slots=True)
class _Clocks:
    """One moment in each time zone: the day as ordinal, and the minutes of the day and the week.

    `special` are the rows with exceptions on any of these days or the day before, ascending.
    """

    days: NDArray[np.int64]
    minutes: NDArray[np.int64]
    week_minutes: NDArray[np.int64]
    any_unknown: bool
    special: RowNumbers


def _weekday(days: NDArray[np.int64]) -> NDArray[np.int64]:
    # Ordinal 1 of Python's calendar is a Monday.
    return (days - 1) % 7


def _running(
    owners: RowNumbers,
    triples: NDArray[np.int64],
    days: NDArray[np.int64],
    clock: NDArray[np.int64],
) -> RowNumbers:
    """Return the owners of a triple of their day that holds their minute."""
    day, start, end = triples.T
    now = clock[owners]
    running = (day == days[owners]) & (start <= now) & (now < end)
    return np.asarray(owners[running])


def _local(moment: datetime, zone: str) -> tuple[int, int]:
    """Return the local day (ordinal) and minute of that day; (-1, -1) for an unknown zone."""
    info = _zone(zone)
    if info is None:
        return -1, -1
    local = moment.astimezone(info)
    return local.toordinal(), local.hour * 60 + local.minute


@lru_cache(maxsize=1_000)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
