"""Referrals as people and programs see them: cut already to what the viewer may know."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from referral_hub.rules.referral_lifecycle import Move, Side, Status
from referral_hub.rules.referral_waiting import Waits
from referral_hub.rules.referrals import AppointmentState, ClientAnswer, ConflictCheck
from referral_hub.use_cases.consent_views import DisclosedView
from referral_hub.use_cases.steps.client_duplicates import Duplicate
from referral_hub.use_cases.steps.sending import Preview


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """A referral in a list. `side` is the viewer's; `client_name` is empty where it may not be
    known. `waits_on` and `waits_on_us` are None once it has ended. With `status_only` consent was
    taken back while the receiver goes on: the sender learns the status only, and for it who, when
    and why are left out."""

    id: UUID
    version: int
    side: Side
    status: Status
    status_label: str
    priority: str
    client_name: str
    need_code: str
    need: str
    service_id: UUID
    service: str
    from_agency_id: UUID
    from_agency: str
    to_agency_id: UUID
    to_agency: str
    assignee_id: UUID | None
    assignee: str
    created_at: datetime
    sent_at: datetime | None
    first_sent_at: datetime | None
    status_since: datetime
    last_event_at: datetime
    due_at: datetime | None
    due_for: str
    overdue: bool
    waits_on: Waits | None
    waits_on_us: bool | None
    status_only: bool


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """Part of a list, and whether there is more behind it."""

    lines: tuple[ReferralLine, ...]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class OverseenReferral:
    """What a steward may know of a referral: nothing of the client, the need or what was said."""

    id: UUID
    version: int
    from_agency: str
    to_agency: str
    status: Status
    status_label: str
    first_sent_at: datetime
    status_since: datetime
    last_event_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the way: done, current or still to come."""

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class PersonName:
    """Somebody to choose from a list."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened; `detail` is what a fact tells beyond its label. `recorded_at`
    differs from `occurred_at` where it was recorded later."""

    seq: int
    kind: str
    label: str
    detail: str
    who: str
    agency: str
    occurred_at: datetime
    recorded_at: datetime
    from_status: Status
    to_status: Status
    reason_code: str | None
    reason: str
    words: str
    late: bool


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message of one of the two agencies."""

    id: UUID
    agency: str
    who: str
    sent_at: datetime
    text: str
    ours: bool


@dataclass(frozen=True, slots=True)
class AttemptView:
    """A try to reach the client; the note is the receiver's own."""

    id: UUID
    who: str
    method: str
    reached: bool
    occurred_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """An appointment with the client, on the clock of the receiving agency; where it is, is the
    receiver's own. `next` is what the viewer can say of it now; with `waits` its time has come and
    nobody has said what came of it."""

    id: UUID
    at: datetime
    state: AppointmentState
    label: str
    place: str
    waits: bool
    next: tuple[AppointmentState, ...]


@dataclass(frozen=True, slots=True)
class ClientAnswerView:
    """What the client said when the sender asked; the sender's own."""

    answer: ClientAnswer
    label: str
    asked_at: datetime
    who: str
    note: str
    counts: bool


@dataclass(frozen=True, slots=True)
class MoveChoice:
    """A move that the viewer can make now."""

    move: Move
    label: str
    main: bool


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A decline that a worker of the receiver proposed and a supervisor has to decide. `may_decide`
    says that the viewer is such a supervisor."""

    who: str
    at: datetime
    reason: str
    words: str
    may_decide: bool


@dataclass(frozen=True, slots=True)
class ReferralView:
    """One referral, whole. `disclosed` is exactly what the receiver can read; `preview`, of a
    draft, what it will see. `not_shared` is the sender's: fields of the client that are no longer
    as they were shared. `possible_clients` are clients of the receiver, who could accept it, that
    may be the same person. `has_news` says that the viewer has notices of it that they have not
    read. `proposal` is the receiver's: the decline that waits for a supervisor; who `may_propose`
    one cannot decline by themselves."""

    line: ReferralLine
    client_id: UUID | None
    reason_code: str | None
    reason: str
    review_on: date | None
    expected_on: date | None
    first_contact_by: datetime | None
    first_contact_at: datetime | None
    started_at: datetime | None
    service_date: date | None
    contact_name: str
    withdrawal_requested_at: datetime | None
    consent_id: UUID | None
    steps: tuple[Step, ...]
    timeline: tuple[TimelineEntry, ...]
    messages: tuple[MessageView, ...]
    attempts: tuple[AttemptView, ...]
    appointments: tuple[AppointmentView, ...]
    client_answers: tuple[ClientAnswerView, ...]
    disclosed: DisclosedView
    preview: Preview | None
    not_shared: tuple[str, ...]
    possible_clients: tuple[Duplicate, ...]
    conflict_check: ConflictCheck
    moves: tuple[MoveChoice, ...]
    proposal: ProposalView | None
    may_propose: bool
    may_write: bool
    may_record_contact: bool
    may_make_appointment: bool
    may_record_answer: bool
    may_assign: bool
    may_share: bool
    may_check_in: bool
    has_news: bool
