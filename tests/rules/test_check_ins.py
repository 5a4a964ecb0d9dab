"""Who reads check-ins, when the next one may be, and what may be planned."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from referral_hub.rules.check_ins import (
    AGENDA_LABEL,
    STATUS_LABEL,
    AgendaKind,
    CheckInStatus,
    Entry,
    Pair,
    check_action_due,
    check_planned,
    entries_from_json,
    entries_to_json,
    may_read,
    next_time,
)
from referral_hub.rules.errors import InvalidInput

AGENCY, LEAD, WORKER, OTHER = (UUID(int=number) for number in range(1, 5))
PAIR = Pair(AGENCY, LEAD, WORKER)
CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 10, 30, 15, 0, tzinfo=UTC)


def test_the_worker_reads_always_and_the_supervisor_while_they_supervise() -> None:
    assert may_read(PAIR, WORKER, supervises=False)
    assert may_read(PAIR, LEAD, supervises=True)
    assert not may_read(PAIR, LEAD, supervises=False)


def test_whoever_supervises_the_worker_now_reads_nothing_of_another_pair() -> None:
    assert not may_read(PAIR, OTHER, supervises=True)


def test_each_of_a_pair_has_the_other() -> None:
    assert (PAIR.other(LEAD), PAIR.other(WORKER)) == (WORKER, LEAD)


def test_the_next_one_is_at_the_same_time_of_the_clock_also_when_clocks_change() -> None:
    planned = datetime(2026, 10, 26, 10, 0, tzinfo=CHICAGO)
    suggested = next_time(planned, 1, NOW, CHICAGO)
    assert suggested.astimezone(CHICAGO) == datetime(2026, 11, 2, 10, 0, tzinfo=CHICAGO)
    assert suggested - planned.astimezone(UTC) == timedelta(days=7, hours=1)


def test_what_is_suggested_is_always_to_come() -> None:
    planned = NOW - timedelta(weeks=9)
    assert next_time(planned, 2, NOW, ZoneInfo("UTC")) == NOW + timedelta(weeks=1)
    assert next_time(NOW - timedelta(weeks=2), 2, NOW, ZoneInfo("UTC")) == NOW + timedelta(weeks=2)


@pytest.mark.parametrize(
    ("planned_at", "weeks", "field"),
    [
        (NOW - timedelta(minutes=1), 2, "planned_at"),
        (NOW + timedelta(days=367), 2, "planned_at"),
        (NOW + timedelta(days=1), 3, "weeks"),
    ],
)
def test_what_cannot_be_meant_is_not_planned(planned_at: datetime, weeks: int, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_planned(planned_at, weeks, NOW)
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("due_on", [date(2026, 10, 29), date(2028, 1, 1)])
def test_what_is_agreed_is_due_in_days_to_come(due_on: date) -> None:
    with pytest.raises(InvalidInput):
        check_action_due(due_on, NOW.date())
    check_action_due(None, NOW.date())
    check_action_due(NOW.date(), NOW.date())


def test_an_agenda_is_kept_as_kinds_and_ids_and_nothing_else() -> None:
    entries = tuple(Entry(kind, UUID(int=9)) for kind in AgendaKind)
    kept = entries_to_json(entries)
    assert {name for each in kept for name in each} == {"kind", "id"}
    assert entries_from_json(kept) == entries


def test_everything_has_words() -> None:
    assert set(AGENDA_LABEL) == set(AgendaKind)
    assert set(STATUS_LABEL) == set(CheckInStatus)
