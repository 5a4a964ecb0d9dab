"""Time as an agency works: its days, hours and holidays, where it is.

All instants that come and go are aware. A working day is found on the wall clock of the agency and
then told in UTC, so that nine o'clock stays nine o'clock when summer time begins or ends. On the
night of such a change an hour is missing, or comes twice:

* an hour that is missing is read with the offset from before the change (2:30 is then what the
  clocks call 3:30);
* of an hour that comes twice, work opens with the first and closes with the second one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONDAY_TO_FRIDAY = frozenset(range(5))
_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """When an agency works. Weekdays count from Monday, which is 0. `opens` is before `closes`."""

    zone: ZoneInfo
    opens: time = time(9)
    closes: time = time(17)
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    holidays: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if not self.opens < self.closes:
            raise ValueError("a working day opens before it closes")
        if not self.weekdays or not self.weekdays <= set(range(7)):
            raise ValueError("work is done on at least one day of the week")

    @property
    def day_length(self) -> timedelta:
        """How long a working day is on the wall clock."""
        day = date(2000, 1, 1)
        return datetime.combine(day, self.closes) - datetime.combine(day, self.opens)

    def works_on(self, day: date) -> bool:
        """Whether a local day is a working day."""
        return day.weekday() in self.weekdays and day not in self.holidays

    def hours_of(self, day: date) -> tuple[datetime, datetime] | None:
        """From when until when work is done on a local day, in UTC; None on a day off."""
        if not self.works_on(day):
            return None
        opens, closes = self._first(day, self.opens), self._last(day, self.closes)
        if opens.astimezone(self.zone).date() != day:
            return None  # where a zone crossed the date line, a day was left out
        return opens, closes

    def local_day(self, at: datetime) -> date:
        """The day that it is for the agency."""
        return _aware(at).astimezone(self.zone).date()

    def closing_of(self, day: date) -> datetime:
        """When a local day's working hours end, in UTC; also where it is a day off."""
        return self._last(day, self.closes)

    def _first(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def _last(self, day: date, at: time) -> datetime:
        local = datetime.combine(day, at, self.zone)
        return max(local.astimezone(UTC), local.replace(fold=1).astimezone(UTC))


def add_business(start: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """The instant so many business days later, in UTC. A business day is its working hours.

    Friday at four plus two is Tuesday at four. What starts on a day off starts at the next
    opening. What ends at closing time ends on that day, not at the next opening.
    """
    return add_business_seconds(start, (days * calendar.day_length).total_seconds(), calendar)


def add_business_seconds(start: datetime, seconds: float, calendar: WorkCalendar) -> datetime:
    """The instant after so many seconds of working hours, in UTC. None at all is the start."""
    if seconds < 0:
        raise ValueError("business time is added, never taken off")
    left = timedelta(seconds=seconds)
    start = _aware(start).astimezone(UTC)
    if not left:
        return start
    for opens, closes in _working_days(start, calendar):
        begins = max(opens, start)
        if left <= closes - begins:
            return begins + left
        left -= max(closes - begins, _NOTHING)
    raise AssertionError("a calendar has no last day")


def business_seconds(begin: datetime, end: datetime, calendar: WorkCalendar) -> float:
    """How many seconds of working hours lie between two instants; less than 0 the other way."""
    begin, end = _aware(begin).astimezone(UTC), _aware(end).astimezone(UTC)
    if end < begin:
        return -business_seconds(end, begin, calendar)
    total = _NOTHING
    for opens, closes in _working_days(begin, calendar):
        if opens >= end:
            break
        total += max(min(closes, end) - max(opens, begin), _NOTHING)
    return total.total_seconds()


def _working_days(start: datetime, calendar: WorkCalendar) -> Iterator[tuple[datetime, datetime]]:
    """The working hours of each working day from the one in which an instant lies."""
    day = calendar.local_day(start)
    while True:
        hours = calendar.hours_of(day)
        if hours is not None:
            yield hours
        day += _DAY


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone means nothing here")
    return at
