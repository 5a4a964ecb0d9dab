"""Times as the clock on the caller's wall shows them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, g

from referral_hub.use_cases.own_time_zone import own_time_zone
from referral_hub.web.hub import actor, now, session


def zone() -> ZoneInfo:
    """The time zone of the agency for which the caller acts; found once a request."""
    if "zone" not in g:
        g.zone = own_time_zone(session(), actor())
    found: ZoneInfo = g.zone
    return found


def from_wall(time: datetime | None) -> datetime | None:
    """An instant from a time that somebody read off their wall.

    Of a time that there is twice, when clocks go back, the first one.
    """
    return None if time is None else time.replace(tzinfo=zone())


def to_wall(time: datetime) -> datetime:
    """An instant on the caller's wall."""
    return time.astimezone(zone())


def wall_day(time: datetime) -> date:
    """The day of an instant on the caller's calendar."""
    return to_wall(time).date()


def own_today() -> date:
    """Today on the caller's calendar."""
    return wall_day(now())


def moment(time: datetime | None) -> str:
    """Such as "Mon, Nov 30, 2026, 10:05 AM"."""
    return "" if time is None else _in_words(to_wall(time))


def short_moment(time: datetime | None) -> str:
    """Such as "Nov 30, 10:05 AM", with its year where it is not this one."""
    if time is None:
        return ""
    local = to_wall(time)
    year = "" if local.year == to_wall(now()).year else f"{local.year}, "
    return f"{local:%b} {local.day}, {year}{local.hour % 12 or 12}:{local:%M %p}"


def moment_there(time: datetime | None) -> str:
    """Such as "Mon, Nov 30, 2026, 10:05 AM", on the clock on which the time was given; with the
    name of its zone where another clock hangs on the caller's wall."""
    if time is None:
        return ""
    same = time.utcoffset() == to_wall(time).utcoffset()
    return _in_words(time) if same else f"{_in_words(time)} {time:%Z}"


def wall_time(time: datetime) -> str:
    """Such as "2:05 PM"."""
    local = to_wall(time)
    return f"{local.hour % 12 or 12}:{local:%M %p}"


def for_input(time: datetime | None) -> str:
    """As an input of a day and time wants it."""
    return "" if time is None else to_wall(time).strftime("%Y-%m-%dT%H:%M")


def register_local_times(app: Flask) -> None:
    """Give templates these filters, and today."""
    for function in (wall_day, wall_time, moment, short_moment, moment_there, for_input):
        app.add_template_filter(function)
    app.add_template_global(own_today)


def _in_words(local: datetime) -> str:
    return f"{local:%a, %b} {local.day}, {local.year}, {local.hour % 12 or 12}:{local:%M %p}"
