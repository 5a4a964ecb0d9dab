"""Calendars as programs read them: iCalendar (RFC 5545)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from icalendar import CLASS, TRANSP, Calendar, Event

from referral_hub.rules.calendar_entries import CalendarEntry

PRODUCT = "-//Referral hub//Calendar//EN"
READ_AGAIN = timedelta(hours=1)


def calendar_file(entries: Iterable[CalendarEntry], public_url: str, now: datetime) -> bytes:
    """A calendar of entries. They keep nobody busy: how long they take the hub does not know."""
    host = urlsplit(public_url).hostname
    events = [
        Event.new(
            uid=f"{entry.uid}@{host}",
            stamp=now,
            start=entry.when,
            summary=entry.words,
            url=public_url + entry.path,
            description=public_url + entry.path,  # many programs show no URL
            classification=CLASS.PRIVATE,
            transparency=TRANSP.TRANSPARENT,
        )
        for entry in entries
    ]
    made = Calendar.new(
        prodid=PRODUCT, name="Referral hub", refresh_interval=READ_AGAIN, subcomponents=events
    )
    del made["UID"]  # it would be another one at each reading
    return bytes(made.to_ical())
