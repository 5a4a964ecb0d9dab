"""Days that people write down, as the moments from and until which a consent counts."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from referral_hub.rules.errors import InvalidInput

YEARS = range(1900, 3000)
"""Days beyond cannot be meant, and the calendar's ends cannot be reckoned with."""


def require_reach(days: Mapping[str, date | None]) -> None:
    """Raise InvalidInput for days, by the names of their fields, that cannot be meant."""
    far = [name for name, day in days.items() if day is not None and day.year not in YEARS]
    if far:
        message = f"Use a year from {YEARS.start} to {YEARS.stop - 1}."
        raise InvalidInput(message, dict.fromkeys(far, message))


def given_moment(day: date, zone: ZoneInfo, now: datetime) -> datetime:
    """From when on a consent of a day counts: of today, from now; else from the day's beginning."""
    return now if day == local_day(now, zone) else day_begins(day, zone)


def end_moment(last_day: date | None, zone: ZoneInfo) -> datetime | None:
    """When a consent is over whose last day this is: with the day's end."""
    return None if last_day is None else day_begins(last_day + timedelta(days=1), zone)


def last_day(expires_at: datetime | None, zone: ZoneInfo) -> date | None:
    """The last day on which a consent counts at some time."""
    if expires_at is None:
        return None
    return local_day(expires_at - timedelta(microseconds=1), zone)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The day of a moment where the agency is."""
    return moment.astimezone(zone).date()


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day where the agency is."""
    return datetime.combine(day, time(), zone)
