"""Check-ins between a supervisor and a worker: who reads them, when they are, and their agenda."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from referral_hub.rules.errors import InvalidInput

MOST_TEXT = 4000
LONG = timedelta(days=30)
"""From when on a status lasts long, or a client was not heard of for long."""
RECENT = timedelta(days=30)
"""How far back successes count, where no check-in was held before."""
FARTHEST = timedelta(days=366)
WEEKS = (1, 2, 4, 8)
"""After how many weeks the next check-in may be suggested."""


class CheckInStatus(StrEnum):
    """Where a check-in is."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class AgendaKind(StrEnum):
    """Why something stands on an agenda, in the order of the talk."""

    POINT = "point"
    ACTION = "action"
    SUCCESS = "success"
    GOAL_REACHED = "goal_reached"
    OVERDUE_REFERRAL = "overdue_referral"
    OVERDUE_TASK = "overdue_task"
    NO_CONTACT = "no_contact"
    LONG_OPEN = "long_open"


STATUS_LABEL: Mapping[CheckInStatus, str] = {
    CheckInStatus.PLANNED: "Planned",
    CheckInStatus.HELD: "Held",
    CheckInStatus.CANCELLED: "Cancelled",
}
AGENDA_LABEL: Mapping[AgendaKind, str] = {
    AgendaKind.POINT: "What you two want to talk about",
    AgendaKind.ACTION: "Agreed before, and still open",
    AgendaKind.SUCCESS: "Completed, and the need was met",
    AgendaKind.GOAL_REACHED: "Goals reached",
    AgendaKind.OVERDUE_REFERRAL: "Overdue referrals",
    AgendaKind.OVERDUE_TASK: "Overdue tasks",
    AgendaKind.NO_CONTACT: "Clients without contact for more than 30 days",
    AgendaKind.LONG_OPEN: "Referrals that stand still for more than 30 days",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A supervisor and a worker of an agency."""

    agency_id: UUID
    supervisor_id: UUID
    worker_id: UUID

    def other(self, person_id: UUID) -> UUID:
        """The one of the two who is not this person."""
        return self.worker_id if person_id == self.supervisor_id else self.supervisor_id


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on an agenda, by kind and id."""

    kind: AgendaKind
    id: UUID


def may_read(pair: Pair, person_id: UUID, *, supervises: bool) -> bool:
    """Whether somebody reads what a pair writes: the worker always, the supervisor as long as they
    supervise that worker, and nobody else."""
    return person_id == pair.worker_id or (person_id == pair.supervisor_id and supervises)


def entries_to_json(entries: tuple[Entry, ...]) -> list[dict[str, str]]:
    """An agenda as it is kept."""
    return [{"kind": entry.kind.value, "id": str(entry.id)} for entry in entries]


def entries_from_json(kept: list[dict[str, str]]) -> tuple[Entry, ...]:
    """A kept agenda."""
    return tuple(Entry(AgendaKind(each["kind"]), UUID(each["id"])) for each in kept)


def check_planned(planned_at: datetime, weeks: int, now: datetime) -> None:
    """Raise InvalidInput for a time or an interval that cannot be meant."""
    faults = {}
    if not now <= planned_at <= now + FARTHEST:
        faults["planned_at"] = "Use a time from now on, at most a year ahead."
    if weeks not in WEEKS:
        faults["weeks"] = "Choose one from the list."
    if faults:
        raise InvalidInput("This cannot be planned as it is.", faults)


def check_action_due(due_on: date | None, today: date) -> None:
    """Raise InvalidInput for a day that cannot be meant."""
    if due_on is not None and not today <= due_on <= today + FARTHEST:
        message = "Use a day from today on, at most a year ahead."
        raise InvalidInput(message, {"due_on": message})


def next_time(planned_at: datetime, weeks: int, now: datetime, zone: ZoneInfo) -> datetime:
    """When the next check-in is suggested: at the same time of the clock, some weeks later, and
    always to come."""
    local = planned_at.astimezone(zone)
    step = timedelta(weeks=weeks)
    suggested = local + step
    while suggested.astimezone(now.tzinfo) <= now:
        suggested += step
    return suggested.astimezone(now.tzinfo)
