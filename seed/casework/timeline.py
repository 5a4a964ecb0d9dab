"""Time that passes: many stories at once, each of which says when it goes on."""

import heapq
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from referral_hub.gateways.holidays import holidays_of
from referral_hub.rules.business_time import WorkCalendar, add_business_seconds
from referral_hub.rules.errors import ConsentMissing, HubError

log = logging.getLogger(__name__)

Story = Iterator[datetime]
"""Does something each time that it goes on, and says when it wants to go on next."""


class Hours:
    """Working hours of the demo network."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self._calendar = calendar

    def after(self, at: datetime, hours: float) -> datetime:
        """The moment so many working hours later."""
        later = add_business_seconds(at, max(1.0, hours * 3600), self._calendar)
        return later.replace(microsecond=0)

    def days(self, begin: datetime, end: datetime) -> Iterator[datetime]:
        """The opening of each working day between two moments."""
        day = self._calendar.local_day(begin)
        while day <= self._calendar.local_day(end):
            hours = self._calendar.hours_of(day)
            if hours is not None and begin < hours[0] < end:
                yield hours[0]
            day += timedelta(days=1)


def hours_around(now: datetime) -> Hours:
    """The working hours of Chicago, with the holidays of the years before and after now."""
    days_off = holidays_of("US", range(now.year - 2, now.year + 2))
    return Hours(WorkCalendar(ZoneInfo("America/Chicago"), holidays=days_off))


class Timeline:
    """Stories in the order of their moments, up to the present."""

    def __init__(self, end: datetime) -> None:
        self.now = datetime.min.replace(tzinfo=UTC)
        self._end = end
        self._waiting: list[tuple[datetime, int, Story]] = []
        self._number = count()

    def add(self, at: datetime, story: Story) -> None:
        """Let a story begin."""
        heapq.heappush(self._waiting, (at, next(self._number), story))

    def run(self) -> None:
        """Go through it. What wants to go on after the present stays as it is."""
        while self._waiting:
            at, _, story = heapq.heappop(self._waiting)
            if at > self._end:
                return
            self.now = max(self.now, at)
            try:
                wanted = next(story, None)
            except ConsentMissing:  # it ended in between, as happens in life: so does this story
                continue
            except HubError as error:
                log.warning("A story of the demo network broke off at %s: %r", at, error)
                continue
            if wanted is not None:
                self.add(max(wanted, self.now), story)
