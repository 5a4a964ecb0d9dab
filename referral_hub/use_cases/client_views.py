"""What people see of the clients of their own agency, and of the work with them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from referral_hub.rules.client_profile import Profile, full_name
from referral_hub.rules.clients import CaseEnd, NeedStatus, NoteKind, SendMode
from referral_hub.use_cases.caseload_views import ResponsibleView
from referral_hub.use_cases.steps.client_duplicates import Duplicate


@dataclass(frozen=True, slots=True)
class ClientLine:
    """A client in a list. `due_referrals` counts referrals that wait for somebody of the agency."""

    id: UUID
    name: str
    birth_date: date | None
    team: str
    worker: str
    acuity: int | None
    last_contact_at: datetime | None
    closed_at: datetime | None
    open_needs: int = 0
    overdue_tasks: int = 0
    due_referrals: int = 0


@dataclass(frozen=True, slots=True)
class FoundClients:
    """Clients that were looked for, the best first; with `more` there are others."""

    clients: tuple[ClientLine, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Caseload:
    """A page of a caseload: those longest without contact first."""

    clients: tuple[ClientLine, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class ClientChoices:
    """To whom a client can be given. `own_team` is what to offer first."""

    teams: dict[UUID, str]
    workers: dict[UUID, str]
    own_team: UUID | None


@dataclass(frozen=True, slots=True)
class MemberView:
    """Somebody who lives with a client, or did."""

    id: UUID
    profile: Profile
    since: datetime
    until: datetime | None

    @property
    def name(self) -> str:
        """How they are called."""
        return full_name(self.profile)


@dataclass(frozen=True, slots=True)
class NeedView:
    """A need. `label` is its term in words."""

    id: UUID
    code: str
    label: str
    urgency: int
    importance: int
    acuity: int
    detail: str
    status: NeedStatus
    mode: SendMode
    opened_at: datetime
    closed_at: datetime | None

    @property
    def rank(self) -> int:
        """How much it presses, 1 to 9."""
        return self.urgency * self.importance


@dataclass(frozen=True, slots=True)
class StepView:
    """A step towards a goal."""

    id: UUID
    text: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal with its steps."""

    id: UUID
    need_id: UUID | None
    text: str
    due_on: date | None
    overdue: bool
    opened_at: datetime
    closed_at: datetime | None
    reached: bool | None
    steps: tuple[StepView, ...]

    @property
    def steps_done(self) -> int:
        """How many steps are done."""
        return sum(step.done_at is not None for step in self.steps)


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note. `corrected` says that a later note corrects it."""

    id: UUID
    kind: NoteKind
    author: str
    text: str
    occurred_at: datetime
    recorded_at: datetime
    corrects_id: UUID | None
    corrected: bool


@dataclass(frozen=True, slots=True)
class TaskView:
    """Something to do for a client."""

    id: UUID
    client_id: UUID
    client: str
    text: str
    urgency: int
    importance: int
    due_on: date | None
    overdue: bool
    assignee_id: UUID | None
    assignee: str
    created_at: datetime
    done_at: datetime | None

    @property
    def rank(self) -> int:
        """How much it presses, 1 to 9."""
        return self.urgency * self.importance


@dataclass(frozen=True, slots=True)
class ClientView:
    """A client with all the work. `may_change` says whether who looks may change anything.

    `trauma` is None for whom it is not: it is the workers' own word. `weight` says how the weight
    of the case comes about; `responsible` is who had it, the first one first.
    """

    id: UUID
    profile: Profile
    version: int
    team_id: UUID
    team: str
    worker_id: UUID | None
    worker: str
    acuity: int | None
    opened_at: datetime
    changed_at: datetime
    last_contact_at: datetime | None
    closed_at: datetime | None
    closed_reason: CaseEnd | None
    received_from: UUID | None
    may_change: bool
    intensity: int | None
    travels: bool
    trauma: bool | None
    weight: str
    responsible: tuple[ResponsibleView, ...]
    household: tuple[MemberView, ...]
    needs: tuple[NeedView, ...]
    goals: tuple[GoalView, ...]
    notes: tuple[NoteView, ...]
    tasks: tuple[TaskView, ...]

    @property
    def name(self) -> str:
        """How the client is called."""
        return full_name(self.profile)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be imported: its line and what is wrong with it."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class DoubleRow:
    """A row that may tell of a client who is there, or of an earlier row (`other_line`)."""

    line: int
    name: str
    duplicates: tuple[Duplicate, ...]
    other_line: int | None = None


@dataclass(frozen=True, slots=True)
class ClientImport:
    """What came, or would come, of a file: columns by field, rows that are bad or there already."""

    columns: dict[str, str]
    unused: tuple[str, ...]
    rows: int
    bad: tuple[BadRow, ...]
    doubles: tuple[DoubleRow, ...]
    added: int
    remarks: tuple[str, ...] = ()
