"""Working time counted minute by minute on the wall clock: slow, plain, and not how the hub does
it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Office:
    """Where and when somebody works. Hours and minutes as on the wall."""

    zone: str
    holidays: Collection[date]
    opens: tuple[int, int] = (9, 0)
    closes: tuple[int, int] = (17, 0)
    days: Collection[int] = (0, 1, 2, 3, 4)

    def works_in(self, minute: datetime) -> bool:
        """Whether work is done in the minute that begins then."""
        wall = minute.astimezone(ZoneInfo(self.zone))
        return (
            wall.weekday() in self.days
            and wall.date() not in self.holidays
            and self.opens <= (wall.hour, wall.minute) < self.closes
        )

    @property
    def minutes_a_day(self) -> int:
        (first, begun), (last, ended) = self.opens, self.closes
        return last * 60 + ended - first * 60 - begun


def walk(start: datetime, minutes: int, office: Office) -> datetime:
    """The instant at which so many minutes of work are done. Starts on a whole minute."""
    at = start.astimezone(UTC)
    while minutes:
        minutes -= office.works_in(at)
        at += MINUTE
    return at


def walk_days(start: datetime, days: int, office: Office) -> datetime:
    """The instant at which so many working days are done."""
    return walk(start, days * office.minutes_a_day, office)


def minutes_between(begin: datetime, end: datetime, office: Office) -> int:
    """How many minutes of work lie between two whole minutes."""
    at, found = begin.astimezone(UTC), 0
    while at < end:
        found += office.works_in(at)
        at += MINUTE
    return found
