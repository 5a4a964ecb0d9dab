"""What happens to a referral: the ways that referrals go, and how often each is gone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from referral_hub.rules.referral_lifecycle import Move, Status
from referral_hub.rules.referral_state import Happening
from referral_hub.rules.referrals import Fact


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens about `hours` after what went before it."""

    kind: str
    to: Status | None
    hours: float
    reason: str | None = None


_DRAFT = Act(Fact.DRAFTED, Status.DRAFT, 0)
_SEND = Act(Move.SEND, Status.SENT, 0.2)
_SEE = Act(Move.ACKNOWLEDGE, Status.ACKNOWLEDGED, 9)
_ACCEPT = Act(Move.ACCEPT, Status.ACCEPTED, 30)
_REACH = Act(Fact.CONTACTED, None, 48)
_START = Act(Move.START, Status.IN_PROGRESS, 60)
_TALK = Act(Fact.CHECKED_IN, None, 150)
_ASK = (
    Act(Move.ASK, Status.INFO_REQUESTED, 12), Act(Move.ANSWER, Status.ACKNOWLEDGED, 24),
)  # fmt: skip
_WAIT = Act(Move.WAITLIST, Status.WAITLISTED, 24)
_HOLD = Act(Move.HOLD, Status.ON_HOLD, 100, "awaiting_client")
_RESUME = Act(Move.RESUME, Status.IN_PROGRESS, 120)


def _done(reason: str) -> Act:
    return Act(Move.COMPLETE, Status.COMPLETED, 320, reason)


def _declined(reason: str) -> Act:
    return Act(Move.DECLINE, Status.DECLINED, 28, reason)


def _unmet(reason: str) -> Act:
    return Act(Move.CLOSE_UNMET, Status.CLOSED_UNMET, 400, reason)


_TAKEN = (_DRAFT, _SEND, _SEE, _ACCEPT, _REACH, _START)
WAYS: tuple[tuple[int, tuple[Act, ...]], ...] = (
    (30, (*_TAKEN, _done("need_met"))),
    (9, (*_TAKEN, _TALK, _done("need_partly_met"))),
    (4, (_DRAFT, _SEND, _SEE, *_ASK, _ACCEPT, _REACH, _START, _done("need_met"))),
    (4, (_DRAFT, _SEND, _SEE, _WAIT, _ACCEPT, _REACH, _START, _done("need_met"))),
    (3, (*_TAKEN, _HOLD, _RESUME, _done("service_received_need_unknown"))),
    (6, (*_TAKEN, _TALK, _unmet("client_no_longer_interested"))),
    (6, (_DRAFT, _SEND, _SEE, _ACCEPT, _TALK, _unmet("unable_to_contact"))),
    (9, (_DRAFT, _SEND, _SEE, _declined("no_capacity"))),
    (7, (_DRAFT, _SEND, _SEE, *_ASK, _declined("not_eligible"))),
    (3, (_DRAFT, _SEND, _declined("outside_area"))),
    (8, (_DRAFT, _SEND, Act(Fact.REMINDED, None, 60), Act(Move.EXPIRE, Status.EXPIRED, 280))),
    (4, (_DRAFT, _SEND, _SEE, Act(Move.WITHDRAW, Status.WITHDRAWN, 70, "client_request"))),
    (2, (_DRAFT, _SEND, _SEE, _WAIT, Act(Move.WITHDRAW, Status.WITHDRAWN, 300,
                                         "superseded_by_other_acceptance"))),
    (3, (*_TAKEN, Act(Move.CONFIRM_WITHDRAWAL, Status.WITHDRAWN, 200, "client_request"))),
    (1, (_DRAFT, _SEND, Act(Move.VOID, Status.VOIDED, 20))),
    (1, (*_TAKEN, _done("need_met"), Act(Move.REOPEN, Status.IN_PROGRESS, 100),
         _done("need_met"))),
)  # fmt: skip
"""Out of a hundred; six events each in the middle."""


def happenings(
    luck: Random, begun: datetime, now: datetime, priority: str, worker: UUID
) -> Iterator[Happening]:
    """The events of a referral that was begun then, as far as they lie before `now`."""
    ways, weights = [way for _, way in WAYS], [weight for weight, _ in WAYS]
    at, status = begun, Status.DRAFT
    for seq, act in enumerate(luck.choices(ways, weights)[0], 1):
        at += timedelta(hours=act.hours * luck.expovariate(1) if act.hours > 1 else act.hours)
        if at > now:
            return
        to = act.to or status
        yield Happening(
            seq, str(act.kind), status, to, at, at, act.reason, _data(act, at, priority, worker)
        )
        status = to


def _data(act: Act, at: datetime, priority: str, worker: UUID) -> dict[str, object]:
    match act.kind:
        case Fact.DRAFTED:
            return {"priority": priority}
        case Move.ACCEPT:
            return {"assignee_id": str(worker), "first_contact_by": at.isoformat()}
        case Fact.CONTACTED:
            return {"reached": True}
        case Move.START:
            return {"began_at": at.isoformat()}
        case Move.COMPLETE:
            return {"service_date": at.date().isoformat()}
    return {}
