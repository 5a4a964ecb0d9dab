"""What a calendar outside of the hub may say of somebody's work: that there is something, when, and
where to read of it. It names no client, no place, and nothing that anybody wrote."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from referral_hub.rules.referral_details import FARTHEST

AHEAD = FARTHEST + timedelta(days=1)
"""So far ahead lies no appointment."""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """Something on a day, or at a time, with the page that tells more to who signs in."""

    uid: str
    words: str
    path: str
    when: date | datetime


def task_entry(task_id: UUID, client_id: UUID, due_on: date) -> CalendarEntry:
    """A task on the day on which it is due."""
    return CalendarEntry(f"task-{task_id}", "Task due", f"/clients/{client_id}", due_on)


def appointment_entry(
    appointment_id: UUID, referral_id: UUID, domain: str, at: datetime
) -> CalendarEntry:
    """An appointment. Of the need it names the domain: more could tell of whom it is."""
    words = f"Appointment: {domain} referral"
    return CalendarEntry(f"appointment-{appointment_id}", words, f"/referrals/{referral_id}", at)
