"""What people see of caseloads."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from referral_hub.rules.caseload_signals import Reason
from referral_hub.rules.caseload_weights import Band, Equity, Load, Place
from referral_hub.rules.projection import Projection, Staffing, Week


@dataclass(frozen=True, slots=True)
class WorkerLine:
    """A worker of a team with the whole load. `apart` is how many points above the team's median
    (below: negative). `signals` are words for the supervisor; empty while the worker's own."""

    person_id: UUID
    name: str
    load: Load
    place: Place
    apart: float
    overdue: int
    in_team: bool
    signals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    """Points at the ends of days, by worker; None where nothing was kept."""

    days: tuple[date, ...]
    lines: tuple[tuple[str, tuple[float | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class TeamFlow:
    """What came to a team and left it in full weeks, by their Mondays, and what to expect.

    `staffing` is for what is expected, `staffing_high` for the high end; None without projection.
    """

    weeks: tuple[tuple[date, Week], ...]
    projection: Projection | None
    ahead: tuple[date, ...]
    staffing: Staffing | None
    staffing_high: Staffing | None


@dataclass(frozen=True, slots=True)
class TeamLoad:
    """How the work of a team is shared. `teams` are all that the viewer supervises; `unassigned`
    are the cases that nobody has yet."""

    team_id: UUID
    name: str
    teams: dict[UUID, str]
    formula: str
    band: Band
    lines: tuple[WorkerLine, ...]
    median: float
    equity: Equity | None
    unassigned: Load
    own: Load
    flow: TeamFlow
    history: History


@dataclass(frozen=True, slots=True)
class CaseLine:
    """An open case with its weight, how that came about, and since when its worker has it."""

    client_id: UUID
    name: str
    team: str
    points: float
    in_numbers: str
    is_weighed: bool
    since: datetime
    last_contact_at: datetime | None
    overdue_tasks: int
    received: int


@dataclass(frozen=True, slots=True)
class WorkerLoad:
    """The cases of a worker that a supervisor oversees, the heaviest first. `elsewhere` is what the
    worker carries for other teams. `others` are those to whom cases can go, with their points."""

    person_id: UUID | None
    name: str
    load: Load
    elsewhere: Load
    place: Place
    band: Band
    formula: str
    cases: tuple[CaseLine, ...]
    others: tuple[tuple[UUID, str, float], ...]
    history: History


@dataclass(frozen=True, slots=True)
class SignalView:
    """What one's own caseload asks for: from when on the supervisor sees it, whether they do by
    now, and when it was shared."""

    reason: Reason
    words: str
    supervisor_from: datetime
    is_seen: bool
    shared_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One's own load in a line."""

    load: Load
    place: Place
    signals: tuple[SignalView, ...]


@dataclass(frozen=True, slots=True)
class OwnLoad:
    """One's own load, with all that only oneself sees."""

    line: OwnLine
    band: Band
    formula: str
    trauma_limit: float
    cases: tuple[CaseLine, ...]
    history: History


@dataclass(frozen=True, slots=True)
class ResponsibleView:
    """Who was responsible for a client, from when to when; nobody where no worker was."""

    worker: str
    team: str
    since: datetime
    until: datetime | None
