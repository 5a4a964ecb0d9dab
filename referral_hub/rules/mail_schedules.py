"""When a mail is due that somebody wants each week or month, by the clock of the network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.improvements import Every

WEEKDAYS = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
LAST_DAY = 31
EVERY_LABEL: Mapping[Every, str] = {Every.WEEK: "Each week", Every.MONTH: "Each month"}


@dataclass(frozen=True, slots=True)
class MailSchedule:
    """Each week on a weekday (0 is Monday), or each month on a day; at a full hour.

    A month that is shorter has it on its last day.
    """

    every: Every
    day: int
    hour: int

    def next_due(self, after: datetime, zone: ZoneInfo) -> datetime:
        """The first moment that is later. Where clocks skip the hour, it is the moment at which
        they go on; where there are two of it, the first one. So there is one each week or month."""
        day = after.astimezone(zone).date() - timedelta(days=1)
        while (moment := self._moment(day, zone)) <= after or not self._falls_on(day):
            day += timedelta(days=1)
        return moment

    def _moment(self, day: date, zone: ZoneInfo) -> datetime:
        return datetime.combine(day, time(self.hour), zone).astimezone(UTC)

    def _falls_on(self, day: date) -> bool:
        if self.every is Every.WEEK:
            return day.weekday() == self.day
        return day.day == min(self.day, _days_in(day))

    def in_words(self) -> str:
        """Such as "each Monday at 8 AM"."""
        hour = f"{self.hour % 12 or 12} {'AM' if self.hour < 12 else 'PM'}"
        if self.every is Every.WEEK:
            return f"each {WEEKDAYS[self.day]} at {hour}"
        if self.day == LAST_DAY:
            return f"on the last day of each month at {hour}"
        return f"on day {self.day} of each month at {hour}"


def check_schedule(
    every: Every, weekday: int | None, day: int | None, hour: int | None
) -> MailSchedule:
    """When somebody wants a mail. InvalidInput names all faults."""
    faults = {}
    if every is Every.WEEK and weekday not in range(7):
        faults["weekday"] = "Choose a day of the week."
    if every is Every.MONTH and day not in range(1, LAST_DAY + 1):
        faults["day"] = f"Use a day from 1 to {LAST_DAY}."
    if hour not in range(24):
        faults["hour"] = "Choose an hour."
    if faults:
        raise InvalidInput("Please check when the mail is to come.", faults)
    chosen = weekday if every is Every.WEEK else day
    return MailSchedule(every, chosen or 0, hour or 0)


def _days_in(day: date) -> int:
    return ((day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)).day
