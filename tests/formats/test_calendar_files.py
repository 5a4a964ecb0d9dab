"""A calendar file is what calendar programs expect, and says nothing more than its entries."""

from datetime import UTC, date, datetime
from uuid import UUID

from icalendar import Calendar

from referral_hub.formats.calendar_files import calendar_file
from referral_hub.rules.calendar_entries import appointment_entry, task_entry

NOW = datetime(2026, 11, 30, 16, tzinfo=UTC)
AT = datetime(2026, 12, 3, 15, 30, tzinfo=UTC)
HUB = "https://hub.example.org"
ENTRIES = (
    task_entry(UUID(int=1), UUID(int=2), date(2026, 12, 2)),
    appointment_entry(UUID(int=3), UUID(int=4), "Legal help", AT),
)


def test_a_task_lies_on_its_day_and_an_appointment_at_its_time() -> None:
    read = Calendar.from_ical(calendar_file(ENTRIES, HUB, NOW))
    task, appointment = read.walk("VEVENT")
    assert (task.start, appointment.start) == (date(2026, 12, 2), AT)
    assert str(task["SUMMARY"]) == "Task due"
    assert str(appointment["SUMMARY"]) == "Appointment: Legal help referral"
    assert str(task["URL"]) == str(task["DESCRIPTION"]) == f"{HUB}/clients/{UUID(int=2)}"
    assert str(appointment["URL"]) == f"{HUB}/referrals/{UUID(int=4)}"


def test_entries_keep_their_ids_and_are_private_and_keep_nobody_busy() -> None:
    events = [
        event
        for now in (NOW, AT)
        for event in Calendar.from_ical(calendar_file(ENTRIES, HUB, now)).walk("VEVENT")
    ]
    ids = [str(event["UID"]) for event in events]
    assert ids[:2] == ids[2:] == [
        f"task-{UUID(int=1)}@hub.example.org", f"appointment-{UUID(int=3)}@hub.example.org",
    ]  # fmt: skip
    assert {str(event["CLASS"]) for event in events} == {"PRIVATE"}
    assert {str(event["TRANSP"]) for event in events} == {"TRANSPARENT"}


def test_an_empty_calendar_is_one_too_and_lines_are_short() -> None:
    read = Calendar.from_ical(calendar_file((), HUB, NOW))
    assert (str(read["VERSION"]), read.walk("VEVENT")) == ("2.0", [])
    long = calendar_file(ENTRIES, "https://" + "a" * 60 + ".example.org", NOW)
    assert max(map(len, long.split(b"\r\n"))) <= 75
