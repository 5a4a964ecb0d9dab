"""Where a referral stands, as the fold of its events: the stored row is this and nothing else."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from referral_hub.rules.referral_lifecycle import TERMINAL, Move, Status
from referral_hub.rules.referral_sight import is_status_only
from referral_hub.rules.referrals import AppointmentState, ConflictCheck, Fact

SENDINGS = frozenset({Move.SEND, Move.SEND_NEXT, Move.FORWARD, Move.RESEND})
ANSWERS = frozenset({Move.ASK, Move.ACCEPT, Move.WAITLIST, Move.DECLINE})
"""What nobody can say of a referral that they have not seen."""
CHANGING = frozenset(
    {
        Fact.CHANGED, Fact.ASSIGNED, Fact.CONFLICT_CHECKED, Fact.DECLINE_PROPOSED,
        Fact.DECLINE_RETURNED,
    }
)  # fmt: skip
"""What moves nothing, and yet makes another thing of the referral."""
DECISIONS = frozenset({Move.ACCEPT, Move.WAITLIST, Move.DECLINE})


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as it is stored. `data` holds texts as JSON has them: ids, days, times."""

    seq: int
    kind: str
    from_status: str
    to_status: str
    occurred_at: datetime
    recorded_at: datetime
    reason_code: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReferralState:
    """What changes in a referral. The names are those of the columns of `models.Referral`."""

    status: str
    version: int
    seq: int
    status_since: datetime
    priority: str
    last_event_at: datetime
    held_from: str | None = None
    closed_from: str | None = None
    assignee_id: UUID | None = None
    receiver_client_id: UUID | None = None
    conflict_check: str = ConflictCheck.NOT_NEEDED.value
    reason_code: str | None = None
    review_on: date | None = None
    expected_on: date | None = None
    first_contact_by: datetime | None = None
    service_date: date | None = None
    first_sent_at: datetime | None = None
    sent_at: datetime | None = None
    sends: int = 0
    acknowledged_at: datetime | None = None
    decided_at: datetime | None = None
    accepted_at: datetime | None = None
    first_contact_at: datetime | None = None
    started_at: datetime | None = None
    closed_at: datetime | None = None
    first_closed_at: datetime | None = None
    withdrawal_requested_at: datetime | None = None
    decline_proposed_at: datetime | None = None
    veiled_from: datetime | None = None
    veiled_until: datetime | None = None


STATE_FIELDS = tuple(field.name for field in fields(ReferralState))


def begin(event: Happening) -> ReferralState:
    """The state after the first event, which drafts a referral."""
    if event.kind != Fact.DRAFTED:
        raise ValueError("a referral begins with its draft")
    return ReferralState(
        Status.DRAFT, 1, event.seq, event.occurred_at, event.data["priority"], event.recorded_at
    )


def replay(events: Iterable[Happening]) -> ReferralState:
    """The state after all events, which come in the order of their numbers, the first first."""
    ordered = iter(events)
    state = begin(next(ordered))
    for event in ordered:
        state = apply(state, event)
    return state


def apply(state: ReferralState, event: Happening) -> ReferralState:
    """The state after one more event."""
    heard_at = state.last_event_at if event.kind == Fact.REMINDED else event.recorded_at
    if event.kind in _FACTS:
        return _told(replace(state, seq=event.seq, last_event_at=heard_at), event)
    version = state.version + 1
    state = replace(state, seq=event.seq, last_event_at=heard_at, version=version)
    state = _moved(state, event, Move(event.kind))
    changes: dict[str, Any] = {}
    if event.to_status != event.from_status:
        changes |= {"status": event.to_status, "status_since": event.occurred_at}
    if event.to_status in TERMINAL:
        changes |= {
            "closed_from": event.from_status,
            "closed_at": event.occurred_at,
            "first_closed_at": state.first_closed_at or event.occurred_at,
            "withdrawal_requested_at": None,
        }
    return replace(state, **changes) if changes else state


_FACTS = frozenset(Fact)


def is_taken_on(status: str, accepted_at: datetime | None) -> bool:
    """Whether a receiver took a referral on, and that stands: also after the referral has ended."""
    return accepted_at is not None and status != Status.VOIDED


def _told(state: ReferralState, event: Happening) -> ReferralState:
    """After something that moves nothing."""
    if event.kind in CHANGING:
        state = replace(state, version=state.version + 1)
    if event.kind == Fact.CHANGED:
        return replace(state, priority=event.data["priority"])
    if event.kind == Fact.ASSIGNED:
        return replace(state, assignee_id=_id(event.data.get("assignee_id")))
    if event.kind == Fact.DISCLOSED:
        check = event.data.get("conflict_check", state.conflict_check)
        return _unveiled(replace(state, conflict_check=check), event)
    if event.kind == Fact.CONSENT_REVOKED:
        veiled_from = state.veiled_from or event.recorded_at
        return replace(state, veiled_from=veiled_from, veiled_until=None)
    if event.kind == Fact.CONFLICT_CHECKED:
        return replace(state, conflict_check=event.data["result"])
    if event.kind == Fact.DECLINE_PROPOSED:
        return replace(state, decline_proposed_at=event.recorded_at)
    if event.kind == Fact.DECLINE_RETURNED:
        return replace(state, decline_proposed_at=None)
    if tells_of_contact(event.kind, event.data):
        return replace(state, first_contact_at=state.first_contact_at or event.occurred_at)
    return state


def tells_of_contact(kind: str, data: Mapping[str, Any]) -> bool:
    """Whether a fact tells that the client was reached: in a try, or at an appointment."""
    if kind == Fact.APPOINTMENT:
        return data.get("state") == AppointmentState.ATTENDED
    return kind == Fact.CONTACTED and bool(data.get("reached"))


def _unveiled(state: ReferralState, event: Happening) -> ReferralState:
    """After something was shared: under a consent, the sender learns again what is done."""
    if event.data.get("consent_id") and is_status_only(state.veiled_from, state.veiled_until):
        return replace(state, veiled_until=event.recorded_at)
    return state


def _moved(state: ReferralState, event: Happening, move: Move) -> ReferralState:
    """After a move, but for the status itself."""
    at = event.occurred_at
    changes: dict[str, Any] = {}
    if move is not Move.ACKNOWLEDGE:  # to have seen it decides nothing: all else ends a proposal
        changes["decline_proposed_at"] = None
    if event.reason_code is not None and move is not Move.REQUEST_WITHDRAWAL:
        changes["reason_code"] = event.reason_code
    if move in ANSWERS:
        changes["acknowledged_at"] = state.acknowledged_at or at
    if move in DECISIONS:
        changes["decided_at"] = state.decided_at or at
    state = replace(state, **changes) if changes else state
    if move in SENDINGS:
        return replace(
            _undone(state),
            first_sent_at=state.first_sent_at or at,
            sent_at=at,
            sends=state.sends + 1,
            acknowledged_at=None,
        )
    change = _CHANGES.get(move)
    return state if change is None else change(state, event)


def _accepted(state: ReferralState, event: Happening) -> ReferralState:
    return replace(
        state,
        accepted_at=event.occurred_at,
        assignee_id=_id(event.data.get("assignee_id")),
        receiver_client_id=_id(event.data.get("receiver_client_id")),
        first_contact_by=_time(event.data.get("first_contact_by")),
        review_on=None,
        expected_on=None,
    )


def _waitlisted(state: ReferralState, event: Happening) -> ReferralState:
    data = event.data
    return replace(
        state, review_on=_day(data.get("review_on")), expected_on=_day(data.get("expected_on"))
    )


def _started(state: ReferralState, event: Happening) -> ReferralState:
    """Work began when somebody said that it did: with the service, else by the contact."""
    contacted_at = _time(event.data.get("contacted_at"))
    return replace(
        state,
        started_at=_time(event.data.get("began_at")) or contacted_at or event.occurred_at,
        first_contact_at=state.first_contact_at or contacted_at,
    )


def _held(state: ReferralState, event: Happening) -> ReferralState:
    review_on = _day(event.data.get("resume_on"))
    return replace(state, held_from=event.from_status, review_on=review_on)


def _reopened(state: ReferralState, _event: Happening) -> ReferralState:
    return replace(state, closed_from=None, closed_at=None, reason_code=None, service_date=None)


def _undone(state: ReferralState) -> ReferralState:
    """As if nobody had decided."""
    return replace(
        state,
        decided_at=None,
        accepted_at=None,
        assignee_id=None,
        receiver_client_id=None,
        first_contact_by=None,
        review_on=None,
        expected_on=None,
        reason_code=None,
        closed_at=None,
        closed_from=None,
        withdrawal_requested_at=None,
    )


_CHANGES: Mapping[Move, Callable[[ReferralState, Happening], ReferralState]] = {
    Move.ACKNOWLEDGE: lambda state, event: replace(
        state, acknowledged_at=state.acknowledged_at or event.occurred_at
    ),
    Move.ACCEPT: _accepted,
    Move.WAITLIST: _waitlisted,
    Move.START: _started,
    Move.HOLD: _held,
    Move.RESUME: lambda state, _: replace(state, held_from=None, review_on=None, reason_code=None),
    Move.COMPLETE: lambda state, event: replace(
        state, service_date=_day(event.data.get("service_date"))
    ),
    Move.REQUEST_WITHDRAWAL: lambda state, event: replace(
        state, withdrawal_requested_at=event.recorded_at
    ),
    Move.UNDECLINE: lambda state, _: _undone(state),
    Move.UNACCEPT: lambda state, _: _undone(state),
    Move.REOPEN: _reopened,
    Move.VOID: lambda state, _: replace(state, receiver_client_id=None),
}


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
