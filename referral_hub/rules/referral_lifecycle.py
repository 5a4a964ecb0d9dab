"""The life of a referral as one table: which move leads from where to where, and whose it is.

What is not in the table is refused. The table says who may move and what must come along; whether
the world allows the move now (`Guard`) is asked in `rules.referral_guards`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from referral_hub.rules.errors import IllegalMove


class Status(StrEnum):
    """Where a referral is."""

    DRAFT = "draft"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    INFO_REQUESTED = "info_requested"
    WAITLISTED = "waitlisted"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    CLOSED_UNMET = "closed_unmet"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOIDED = "voided"


class Move(StrEnum):
    """What somebody does to a referral."""

    SEND = "send"
    SEND_NEXT = "send_next"
    FORWARD = "forward"
    ACKNOWLEDGE = "acknowledge"
    ASK = "ask"
    ANSWER = "answer"
    ANSWERED_OTHERWISE = "answered_otherwise"
    ACCEPT = "accept"
    WAITLIST = "waitlist"
    DECLINE = "decline"
    START = "start"
    HOLD = "hold"
    RESUME = "resume"
    COMPLETE = "complete"
    CLOSE_UNMET = "close_unmet"
    WITHDRAW = "withdraw"
    REQUEST_WITHDRAWAL = "request_withdrawal"
    CONFIRM_WITHDRAWAL = "confirm_withdrawal"
    EXPIRE = "expire"
    RESEND = "resend"
    UNDECLINE = "undecline"
    UNACCEPT = "unaccept"
    REOPEN = "reopen"
    VOID = "void"


class Part(StrEnum):
    """What somebody is to a referral when they move it."""

    SENDER = "sender"
    SENDER_SUPERVISOR = "sender_supervisor"
    SENDER_APPLICATION = "sender_application"
    RECEIVER = "receiver"
    RECEIVER_SUPERVISOR = "receiver_supervisor"
    RECEIVER_APPLICATION = "receiver_application"
    AGENCY_LINK = "agency_link"
    CLIENT_LINK = "client_link"
    STEWARD = "steward"
    SYSTEM = "system"


class Side(StrEnum):
    """The two agencies of a referral."""

    SENDER = "sender"
    RECEIVER = "receiver"


class Came(StrEnum):
    """A target that depends on where the referral came from."""

    HELD_FROM = "held_from"
    CLOSED_FROM = "closed_from"
    SAME = "same"


class Datum(StrEnum):
    """What must be supplied with a move, by the name under which it is sent."""

    QUESTION = "question"
    ANSWER = "answer"
    NOTE = "note"
    ASSIGNEE = "assignee_id"
    FIRST_CONTACT_BY = "first_contact_by"
    REVIEW_ON = "review_on"
    RESUME_ON = "resume_on"
    REASON = "reason"
    OUTCOME = "outcome"
    SERVICE_DATE = "service_date"


class Guard(StrEnum):
    """What must hold at the moment of a move."""

    MAY_SEND = "may_send"
    WAITING_LIST_KEPT = "waiting_list_kept"
    CAPACITY = "capacity"
    CONTACT_OR_SERVICE = "contact_or_service"
    ATTEMPTS = "attempts"
    WITHDRAWAL_REQUESTED = "withdrawal_requested"
    WITHDRAWAL_NOT_REQUESTED = "withdrawal_not_requested"
    EXPIRY_PASSED = "expiry_passed"
    RESEND_ONCE_IN_TIME = "resend_once_in_time"
    DECIDED_LATELY = "decided_lately"
    NONE_OTHER_ACCEPTED = "none_other_accepted"
    NONE_RELEASED = "none_released"
    NO_CONTACT_YET = "no_contact_yet"
    FIRST_UNACCEPT = "first_unaccept"
    CLOSED_LATELY = "closed_lately"
    NO_REVIEW_WANTED = "no_review_wanted"
    DECLINE_REVIEWED = "decline_reviewed"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table. `needs` must be supplied; `guards` must hold."""

    move: Move
    sources: frozenset[Status]
    target: Status | Came
    parts: frozenset[Part]
    needs: frozenset[Datum] = frozenset()
    guards: tuple[Guard, ...] = ()


TERMINAL = frozenset(
    {
        Status.COMPLETED, Status.CLOSED_UNMET, Status.DECLINED, Status.WITHDRAWN, Status.EXPIRED,
        Status.VOIDED,
    }
)  # fmt: skip
OPEN = frozenset(Status) - TERMINAL - {Status.DRAFT}
"""Sent and not ended."""
CAME_BACK = frozenset({Status.DECLINED, Status.EXPIRED, Status.CLOSED_UNMET})
"""Ended without help, by or for want of the receiver: the sender has to go on."""
UNDECIDED = frozenset({Status.SENT, Status.ACKNOWLEDGED, Status.INFO_REQUESTED})
BEFORE_ACCEPTANCE = UNDECIDED | {Status.WAITLISTED}
UNDER_WAY = frozenset({Status.ACCEPTED, Status.IN_PROGRESS, Status.ON_HOLD})
HELD_FROM = frozenset({Status.ACCEPTED, Status.IN_PROGRESS})
CLOSED_FROM: Mapping[Status, frozenset[Status]] = {
    Status.COMPLETED: frozenset({Status.IN_PROGRESS, Status.ON_HOLD}),
    Status.CLOSED_UNMET: UNDER_WAY | {Status.WAITLISTED},
}
"""From where a closed referral can have come; completing an accepted one starts it first."""

_S, _SS, _SA = Part.SENDER, Part.SENDER_SUPERVISOR, Part.SENDER_APPLICATION
_R, _RS, _RA = Part.RECEIVER, Part.RECEIVER_SUPERVISOR, Part.RECEIVER_APPLICATION
_L, _C, _N, _SYS = Part.AGENCY_LINK, Part.CLIENT_LINK, Part.STEWARD, Part.SYSTEM


def _rule(
    move: Move,
    sources: frozenset[Status] | set[Status],
    target: Status | Came,
    parts: set[Part],
    needs: set[Datum] | None = None,
    *guards: Guard,
) -> Rule:
    return Rule(move, frozenset(sources), target, frozenset(parts), frozenset(needs or ()), guards)


RULES: tuple[Rule, ...] = (
    _rule(Move.SEND, {Status.DRAFT}, Status.SENT, {_S, _SA}, None, Guard.MAY_SEND),
    _rule(Move.SEND_NEXT, {Status.DRAFT}, Status.SENT, {_SYS}, None, Guard.MAY_SEND),
    _rule(Move.FORWARD, {Status.DRAFT}, Status.SENT, {_R}, None, Guard.MAY_SEND),
    _rule(Move.ACKNOWLEDGE, {Status.SENT}, Status.ACKNOWLEDGED, {_R, _RA}),
    _rule(Move.ASK, {Status.SENT, Status.ACKNOWLEDGED}, Status.INFO_REQUESTED, {_R, _L, _RA},
          {Datum.QUESTION}),
    _rule(Move.ANSWER, {Status.INFO_REQUESTED}, Status.ACKNOWLEDGED, {_S, _SA}, {Datum.ANSWER}),
    _rule(Move.ANSWERED_OTHERWISE, {Status.INFO_REQUESTED}, Status.ACKNOWLEDGED, {_R},
          {Datum.NOTE}),
    _rule(Move.ACCEPT, {Status.SENT, Status.ACKNOWLEDGED, Status.WAITLISTED}, Status.ACCEPTED,
          {_R, _L, _RA}, {Datum.ASSIGNEE, Datum.FIRST_CONTACT_BY}, Guard.CAPACITY),
    _rule(Move.WAITLIST, {Status.SENT, Status.ACKNOWLEDGED}, Status.WAITLISTED, {_R, _RA},
          {Datum.REVIEW_ON}, Guard.WAITING_LIST_KEPT),
    _rule(Move.DECLINE, UNDECIDED, Status.DECLINED, {_R, _L, _RA}, {Datum.REASON},
          Guard.NO_REVIEW_WANTED),
    _rule(Move.DECLINE, UNDECIDED, Status.DECLINED, {_RS}, {Datum.REASON},
          Guard.DECLINE_REVIEWED),
    _rule(Move.START, {Status.ACCEPTED}, Status.IN_PROGRESS, {_R, _RA}, None,
          Guard.CONTACT_OR_SERVICE),
    _rule(Move.HOLD, HELD_FROM, Status.ON_HOLD, {_R, _RA}, {Datum.REASON, Datum.RESUME_ON}),
    _rule(Move.RESUME, {Status.ON_HOLD}, Came.HELD_FROM, {_R, _RA}),
    _rule(Move.COMPLETE, UNDER_WAY, Status.COMPLETED, {_R, _RS, _RA},
          {Datum.OUTCOME, Datum.SERVICE_DATE}, Guard.CONTACT_OR_SERVICE),
    _rule(Move.CLOSE_UNMET, UNDER_WAY | {Status.WAITLISTED}, Status.CLOSED_UNMET, {_R, _RS, _RA},
          {Datum.REASON}, Guard.ATTEMPTS),
    _rule(Move.WITHDRAW, BEFORE_ACCEPTANCE | {Status.DRAFT}, Status.WITHDRAWN, {_S, _C, _SA},
          {Datum.REASON}),
    _rule(Move.WITHDRAW, BEFORE_ACCEPTANCE, Status.WITHDRAWN, {_SYS}, {Datum.REASON}),
    _rule(Move.WITHDRAW, UNDER_WAY, Status.WITHDRAWN, {_C}, {Datum.REASON}),
    _rule(Move.REQUEST_WITHDRAWAL, UNDER_WAY, Came.SAME, {_S}, {Datum.REASON},
          Guard.WITHDRAWAL_NOT_REQUESTED),
    _rule(Move.CONFIRM_WITHDRAWAL, UNDER_WAY, Status.WITHDRAWN, {_R, _SYS}, None,
          Guard.WITHDRAWAL_REQUESTED),
    _rule(Move.EXPIRE, UNDECIDED, Status.EXPIRED, {_SYS}, None, Guard.EXPIRY_PASSED),
    _rule(Move.RESEND, {Status.EXPIRED}, Status.SENT, {_S}, {Datum.NOTE},
          Guard.RESEND_ONCE_IN_TIME, Guard.MAY_SEND),
    _rule(Move.UNDECLINE, {Status.DECLINED}, Status.ACKNOWLEDGED, {_RS}, {Datum.NOTE},
          Guard.DECIDED_LATELY, Guard.NONE_OTHER_ACCEPTED),
    _rule(Move.UNACCEPT, {Status.ACCEPTED}, Status.ACKNOWLEDGED, {_R}, {Datum.NOTE},
          Guard.FIRST_UNACCEPT, Guard.DECIDED_LATELY, Guard.NO_CONTACT_YET, Guard.NONE_RELEASED),
    _rule(Move.REOPEN, {Status.COMPLETED, Status.CLOSED_UNMET}, Came.CLOSED_FROM, {_RS},
          {Datum.NOTE}, Guard.CLOSED_LATELY),
    _rule(Move.VOID, frozenset(Status) - {Status.VOIDED}, Status.VOIDED, {_S, _SS, _RS, _N},
          {Datum.NOTE}),
)  # fmt: skip
"""Source of the rows: the network's lifecycle, documented in `docs/referrals.md`."""

WAITS_ON: Mapping[Status, Side | None] = {
    Status.DRAFT: Side.SENDER,
    Status.SENT: Side.RECEIVER,
    Status.ACKNOWLEDGED: Side.RECEIVER,
    Status.INFO_REQUESTED: Side.SENDER,
    Status.WAITLISTED: Side.RECEIVER,
    Status.ACCEPTED: Side.RECEIVER,
    Status.IN_PROGRESS: Side.RECEIVER,
    Status.ON_HOLD: Side.RECEIVER,
} | dict.fromkeys(TERMINAL)
"""Which side has the next word; None once it has ended."""

LABEL: Mapping[Status, str] = {
    Status.DRAFT: "Draft",
    Status.SENT: "Sent",
    Status.ACKNOWLEDGED: "Seen",
    Status.INFO_REQUESTED: "Question asked",
    Status.WAITLISTED: "On the waiting list",
    Status.ACCEPTED: "Accepted",
    Status.IN_PROGRESS: "In progress",
    Status.ON_HOLD: "On hold",
    Status.COMPLETED: "Completed",
    Status.CLOSED_UNMET: "Closed, not served",
    Status.DECLINED: "Declined",
    Status.WITHDRAWN: "Withdrawn",
    Status.EXPIRED: "Expired",
    Status.VOIDED: "Entered in error",
}
MOVE_LABEL: Mapping[Move, str] = {
    Move.SEND: "Send",
    Move.SEND_NEXT: "Send to the next service",
    Move.FORWARD: "Forward",
    Move.ACKNOWLEDGE: "Confirm that it arrived",
    Move.ASK: "Ask a question",
    Move.ANSWER: "Answer the question",
    Move.ANSWERED_OTHERWISE: "Note that the question was answered",
    Move.ACCEPT: "Accept",
    Move.WAITLIST: "Put on the waiting list",
    Move.DECLINE: "Decline",
    Move.START: "Start",
    Move.HOLD: "Put on hold",
    Move.RESUME: "Resume",
    Move.COMPLETE: "Complete",
    Move.CLOSE_UNMET: "Close without service",
    Move.WITHDRAW: "Withdraw",
    Move.REQUEST_WITHDRAWAL: "Ask to withdraw",
    Move.CONFIRM_WITHDRAWAL: "Confirm the withdrawal",
    Move.EXPIRE: "Expire",
    Move.RESEND: "Send again",
    Move.UNDECLINE: "Take back the decline",
    Move.UNACCEPT: "Take back the acceptance",
    Move.REOPEN: "Reopen",
    Move.VOID: "Mark as entered in error",
}
MOVE_DONE: Mapping[Move, str] = {
    Move.SEND: "Sent",
    Move.SEND_NEXT: "Sent to the next service",
    Move.FORWARD: "Forwarded",
    Move.ACKNOWLEDGE: "Confirmed that it arrived",
    Move.ASK: "Asked a question",
    Move.ANSWER: "Answered the question",
    Move.ANSWERED_OTHERWISE: "Noted that the question was answered",
    Move.ACCEPT: "Accepted",
    Move.WAITLIST: "Put on the waiting list",
    Move.DECLINE: "Declined",
    Move.START: "Started",
    Move.HOLD: "Put on hold",
    Move.RESUME: "Resumed",
    Move.COMPLETE: "Completed",
    Move.CLOSE_UNMET: "Closed without service",
    Move.WITHDRAW: "Withdrawn",
    Move.REQUEST_WITHDRAWAL: "Asked to withdraw",
    Move.CONFIRM_WITHDRAWAL: "Confirmed the withdrawal",
    Move.EXPIRE: "Expired",
    Move.RESEND: "Sent again",
    Move.UNDECLINE: "Took back the decline",
    Move.UNACCEPT: "Took back the acceptance",
    Move.REOPEN: "Reopened",
    Move.VOID: "Marked as entered in error",
}
"""What a move is called in the history."""
PART_LABEL: Mapping[Part, str] = {
    Part.SENDER: "the sending agency",
    Part.SENDER_SUPERVISOR: "a supervisor of the sending agency",
    Part.SENDER_APPLICATION: "a system of the sending agency",
    Part.RECEIVER: "the receiving agency",
    Part.RECEIVER_SUPERVISOR: "a supervisor of the receiving agency",
    Part.RECEIVER_APPLICATION: "a system of the receiving agency",
    Part.AGENCY_LINK: "the receiving agency by its link",
    Part.CLIENT_LINK: "the client",
    Part.STEWARD: "a network steward",
    Part.SYSTEM: "the hub",
}


def find_rule(status: Status, move: Move, part: Part) -> Rule:
    """The row for a move. Raises IllegalMove saying why there is none."""
    rows = [rule for rule in RULES if rule.move is move and status in rule.sources]
    for rule in rows:
        if part in rule.parts:
            return rule
    raise IllegalMove(_why_not(status, move, part, rows), status, move)


def next_status(
    status: Status,
    move: Move,
    part: Part,
    held_from: Status | None = None,
    closed_from: Status | None = None,
) -> Status:
    """Where a move leads. `held_from` and `closed_from` are where the referral was before.

    Raises IllegalMove for what the table does not have, and where it is not known to which status
    a referral should go back.
    """
    target = find_rule(status, move, part).target
    if isinstance(target, Status):
        return target
    if target is Came.SAME:
        return status
    back, possible = (
        (held_from, HELD_FROM)
        if target is Came.HELD_FROM
        else (closed_from, CLOSED_FROM.get(status, frozenset()))
    )
    if back is None or back not in possible:
        message = "It is not known where this referral should go back to. Tell your administrator."
        raise IllegalMove(message, status, move)
    return back


def moves_for(status: Status, parts: frozenset[Part]) -> tuple[Move, ...]:
    """The moves that one of the parts may make from a status, in the order of the table."""
    found = (
        rule.move for rule in RULES if status in rule.sources and not parts.isdisjoint(rule.parts)
    )
    return tuple(dict.fromkeys(found))


def _why_not(status: Status, move: Move, part: Part, rows: list[Rule]) -> str:
    what = MOVE_LABEL[move].lower()
    if rows:
        others = sorted(PART_LABEL[each] for row in rows for each in row.parts)
        return f"Only {_listed(others)} can do this now: {what}. You act as {PART_LABEL[part]}."
    now = LABEL[status].lower()
    return f"This referral is now: {now}. From there nobody can do this: {what}."


def _listed(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
