"""What figures see of a referral, from each time on at which something changed: what was known then
can be told at any later time, and comes out the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from uuid import UUID

from referral_hub.rules.client_answers import answer_that_counts
from referral_hub.rules.measured_times import Standstill
from referral_hub.rules.measures import Standing, standing_of
from referral_hub.rules.referral_lifecycle import OPEN, Move, Status
from referral_hub.rules.referral_sight import is_status_only
from referral_hub.rules.referral_state import SENDINGS, Happening, ReferralState, apply, begin
from referral_hub.rules.referral_waiting import Waits, waits_on
from referral_hub.rules.referrals import AppointmentState, ClientAnswer, Clock, Fact
from referral_hub.rules.response_deadlines import OWED

REVERSALS = frozenset({Move.UNDECLINE, Move.UNACCEPT})
STARTS_DECISION = SENDINGS | REVERSALS
"""After these somebody has to decide, with a time of their own."""
STANDS_STILL = frozenset({Status.ON_HOLD, Status.WAITLISTED})
"""The client goes on waiting, but nobody is at fault for it."""


class Flow(StrEnum):
    """What an event does to the stock of open referrals."""

    NONE = "none"
    SENT = "sent"
    REOPENED = "reopened"
    CLOSED = "closed"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class KeptTime:
    """A clock of a referral as it is stored; `left_seconds` is what was left when it was paused."""

    clock: Clock
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None = None
    left_seconds: float | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A referral as it was from `recorded_at` on, after its event number `seq`, until the next one
    of it.

    `standing` is None for what was entered in error. `decide_by` and `due_at` are None while the
    time stands still. `stood_still` is how many seconds it was on hold or on a waiting list before
    `since`, the time of its status; `still_before` is how many of these were before the acceptance
    that stands. `reversals` counts decisions that were taken back. `answer` is what the client said
    to the sender; `attended` and `missed` count appointments.
    """

    seq: int
    recorded_at: datetime
    flow: Flow
    standing: Standing | None
    status: Status
    reason: str
    priority: str
    assignee_id: UUID | None
    waits: Waits | None
    is_veiled: bool
    since: datetime
    acknowledged_at: datetime | None
    decided_at: datetime | None
    accepted_at: datetime | None
    contacted_at: datetime | None
    closed_at: datetime | None
    decide_by: datetime | None
    due_at: datetime | None
    stood_still: float
    still_before: float
    reversals: int
    answer: ClientAnswer | None
    attended: int
    missed: int


def measured(
    events: Iterable[Happening], times: Sequence[KeptTime], after: int = 0
) -> Iterator[Measured]:
    """How a referral looked from when on, from its first sending; nothing of what was never sent.

    `events` are all of it in the order of their numbers, `times` all its clocks. An event that
    changes nothing that is measured leaves no trace, but for the first one after number `after`:
    what was counted before it may have been known otherwise then. Nothing up to `after` is told.
    """
    ordered = iter(events)
    state, decisions, reversals = begin(next(ordered)), 0, 0
    told, still = _Told(), _Still()
    last: Measured | None = None
    for event in ordered:
        before, state = state, apply(state, event)
        still.see(before, state)
        decisions += event.kind in STARTS_DECISION
        reversals += event.kind in REVERSALS
        told.hear(event)
        if state.first_sent_at is None or event.seq <= after:
            continue
        found = _measured(
            state, event, times, decisions, _flow(before, state), still, reversals, told
        )
        if last is None or _what(found) != _what(last):
            last = found
            yield found


_what = attrgetter(
    "standing", "status", "reason", "priority", "assignee_id", "waits", "is_veiled", "since",
    "acknowledged_at", "decided_at", "accepted_at", "contacted_at", "closed_at", "decide_by",
    "due_at", "stood_still", "still_before", "reversals", "answer", "attended", "missed",
)  # fmt: skip
"""Everything but after which event, when and how it came so."""


def _measured(
    state: ReferralState,
    event: Happening,
    times: Sequence[KeptTime],
    decisions: int,
    flow: Flow,
    still: "_Still",
    reversals: int,
    told: "_Told",
) -> Measured:
    status = Status(state.status)
    return Measured(
        seq=event.seq,
        recorded_at=event.recorded_at,
        flow=flow,
        standing=standing_of(status, state.closed_from, accepted=state.accepted_at is not None),
        status=status,
        reason=state.reason_code or "",
        priority=state.priority,
        assignee_id=state.assignee_id,
        waits=waits_on(
            status, state.reason_code, called_for=state.withdrawal_requested_at is not None
        ),
        is_veiled=is_status_only(state.veiled_from, state.veiled_until),
        since=state.status_since,
        acknowledged_at=state.acknowledged_at,
        decided_at=state.decided_at,
        accepted_at=state.accepted_at,
        contacted_at=state.first_contact_at,
        closed_at=state.closed_at,
        decide_by=_decide_by(times, decisions),
        due_at=_due_at(times, status, event.recorded_at),
        stood_still=still.seconds,
        still_before=still.before_acceptance,
        reversals=reversals,
        answer=told.answer,
        attended=told.number_of(AppointmentState.ATTENDED),
        missed=told.number_of(AppointmentState.MISSED),
    )


class _Still:
    """For how many seconds it was on hold or on a waiting list until its status began, and how many
    of these were before the acceptance that stands."""

    def __init__(self) -> None:
        self.seconds = self.before_acceptance = 0.0

    def see(self, before: ReferralState, after: ReferralState) -> None:
        if after.status != before.status and before.status in STANDS_STILL:
            stood = (after.status_since - before.status_since).total_seconds()
            self.seconds += max(stood, 0)
        if after.accepted_at != before.accepted_at:
            self.before_acceptance = self.seconds if after.accepted_at else 0.0


def standstills(events: Iterable[Happening]) -> list[Standstill]:
    """From when until when a referral was on hold or on a waiting list. This is the rule for one
    referral; the columns of figures follow it for many."""
    found: list[Standstill] = []
    since: datetime | None = None
    for event in events:
        if event.to_status == event.from_status:
            continue
        if since is not None:
            found.append(Standstill(since, event.occurred_at))
        since = event.occurred_at if event.to_status in STANDS_STILL else None
    return found if since is None else [*found, Standstill(since, None)]


class _Told:
    """What was told beside the moves: appointments, and what the client said."""

    def __init__(self) -> None:
        self._answers: list[ClientAnswer] = []
        self._appointments: dict[str, str] = {}

    def hear(self, event: Happening) -> None:
        if event.kind == Fact.CLIENT_CONFIRMED:
            self._answers.append(ClientAnswer(event.data["answer"]))
        elif event.kind == Fact.APPOINTMENT:
            self._appointments[event.data["appointment_id"]] = event.data["state"]
        elif event.kind == Move.UNACCEPT:
            self._appointments.clear()

    @property
    def answer(self) -> ClientAnswer | None:
        return answer_that_counts(self._answers)

    def number_of(self, state: AppointmentState) -> int:
        return sum(each == state for each in self._appointments.values())


def _flow(before: ReferralState, after: ReferralState) -> Flow:
    was, now = before.status in OPEN, after.status in OPEN
    if was == now:
        return Flow.NONE
    if now:
        return Flow.SENT if before.status == Status.DRAFT else Flow.REOPENED
    return Flow.VOIDED if after.status == Status.VOIDED else Flow.CLOSED


def _decide_by(times: Sequence[KeptTime], decisions: int) -> datetime | None:
    """The end of the time to decide that began last; each sending and each reversal begins one."""
    mine = sorted((t for t in times if t.clock is Clock.DECIDE), key=lambda each: each.started_at)
    running = mine[decisions - 1] if 0 < decisions <= len(mine) else None
    if running is None or _stands(running):
        return None
    if running.paused_at is not None and running.ended_at is not None and running.left_seconds:
        # Who decides while a question is open still had the time that was left.
        over = running.left_seconds <= 0
        return running.due_at if over else max(running.due_at, running.ended_at)
    return running.due_at


def _due_at(times: Sequence[KeptTime], status: Status, at: datetime) -> datetime | None:
    """What has to be kept next by whoever has the next word."""
    owed = (
        each.due_at
        for each in times
        if each.clock in OWED[status]
        and each.started_at <= at
        and (each.ended_at is None or each.ended_at > at)
        and not _stands(each)
    )
    return min(owed, default=None)


def _stands(clock: KeptTime) -> bool:
    return clock.paused_at is not None and clock.ended_at is None
