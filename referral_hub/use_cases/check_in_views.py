"""Check-ins as the two see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from referral_hub.rules.check_ins import AgendaKind, CheckInStatus


@dataclass(frozen=True, slots=True)
class CheckInLine:
    """A check-in in a list. `leads` says that the viewer is its supervisor."""

    id: UUID
    other: str
    planned_at: datetime
    held_at: datetime | None
    status: CheckInStatus
    leads: bool


@dataclass(frozen=True, slots=True)
class WorkerLine:
    """A worker whom the viewer supervises; `suggested` is when the next check-in may be, where
    none is planned."""

    id: UUID
    name: str
    last_held_at: datetime | None
    planned_at: datetime | None
    suggested: datetime | None
    weeks: int


@dataclass(frozen=True, slots=True)
class CheckInList:
    """The check-ins of somebody: those to come, the earliest first; those that are over, the
    latest first; and, for a supervisor, their workers."""

    coming: tuple[CheckInLine, ...]
    over: tuple[CheckInLine, ...]
    workers: tuple[WorkerLine, ...]


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """Something to talk about; `address` leads to it, where it has a page."""

    kind: AgendaKind
    id: UUID
    text: str
    note: str = ""
    address: str = ""
    at: datetime | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class ActionView:
    """What was agreed, and who of the two does it. `own`: the viewer does."""

    id: UUID
    check_in_id: UUID
    text: str
    who: str
    own: bool
    due_on: date | None
    overdue: bool
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class WrittenView:
    """What one of the two wrote."""

    id: UUID
    who: str
    own: bool
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CheckInView:
    """One check-in. `hidden` counts what stood on its agenda and is not the viewer's to see."""

    line: CheckInLine
    weeks: int
    supervisor_id: UUID
    supervisor: str
    worker_id: UUID
    worker: str
    agenda: tuple[AgendaItem, ...]
    hidden: int
    points: tuple[WrittenView, ...]
    actions: tuple[ActionView, ...]
    notes: str
    feedback: tuple[WrittenView, ...]
    has_news: bool

    def parts(self) -> Iterator[tuple[AgendaKind, tuple[AgendaItem, ...]]]:
        """The agenda by what stands on it, in the order of the talk; the points apart."""
        for kind in AgendaKind:
            found = tuple(item for item in self.agenda if item.kind is kind)
            if found and kind is not AgendaKind.POINT:
                yield kind, found


@dataclass(frozen=True, slots=True)
class MyCheckIns:
    """What somebody has to do for their check-ins: those to come, and what was agreed. `some` says
    that there are any, also before."""

    coming: tuple[CheckInLine, ...]
    actions: tuple[ActionView, ...]
    some: bool
