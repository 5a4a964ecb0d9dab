"""What a page offers on a referral: the moves that make sense now, and how far it has come."""

from collections.abc import Mapping

from referral_hub.rules.referral_lifecycle import Move, Part, Side, Status, moves_for
from referral_hub.rules.referral_parts import SIDES

MAIN: Mapping[tuple[Status, Side], Move] = {
    (Status.DRAFT, Side.SENDER): Move.SEND,
    (Status.INFO_REQUESTED, Side.SENDER): Move.ANSWER,
    (Status.EXPIRED, Side.SENDER): Move.RESEND,
    (Status.SENT, Side.RECEIVER): Move.ACCEPT,
    (Status.ACKNOWLEDGED, Side.RECEIVER): Move.ACCEPT,
    (Status.WAITLISTED, Side.RECEIVER): Move.ACCEPT,
    (Status.ACCEPTED, Side.RECEIVER): Move.START,
    (Status.IN_PROGRESS, Side.RECEIVER): Move.COMPLETE,
    (Status.ON_HOLD, Side.RECEIVER): Move.RESUME,
}
"""The one obvious next step."""
WAY = ("Sent", "Seen", "Decided", "In progress", "Ended")
_REACHED: Mapping[Status, int] = {
    Status.DRAFT: -1,
    Status.SENT: 0,
    Status.ACKNOWLEDGED: 1,
    Status.INFO_REQUESTED: 1,
    Status.WAITLISTED: 2,
    Status.ACCEPTED: 2,
    Status.IN_PROGRESS: 3,
    Status.ON_HOLD: 3,
}


def choices(
    status: Status,
    parts: frozenset[Part],
    *,
    withdrawal_requested: bool,
    declines_reviewed: bool = False,
) -> tuple[tuple[Move, bool], ...]:
    """The moves that somebody can make, and which of them is the main one, first. Where declines
    are reviewed, supervisors decline, and all others do not."""
    deciding = {Part.RECEIVER_SUPERVISOR} if declines_reviewed else parts - {_LEAD}
    moves = [
        move
        for move in moves_for(status, parts)
        if move not in _HIDDEN
        and not (move is Move.DECLINE and parts.isdisjoint(deciding))
        and not (move is Move.CONFIRM_WITHDRAWAL and not withdrawal_requested)
        and not (move is Move.REQUEST_WITHDRAWAL and withdrawal_requested)
    ]
    main = _main(status, parts, withdrawal_requested)
    ordered = sorted(moves, key=lambda move: move is not main)
    return tuple((move, move is main) for move in ordered)


def progress(status: Status, sends: int) -> tuple[tuple[str, str], ...]:
    """The steps of the way with their state: done, current or to come."""
    reached = _REACHED.get(status, len(WAY) - 1 if sends else -1)
    return tuple(
        (label, "done" if place < reached else "current" if place == reached else "to come")
        for place, label in enumerate(WAY)
    )


_LEAD = Part.RECEIVER_SUPERVISOR
_HIDDEN = frozenset({Move.SEND_NEXT, Move.FORWARD, Move.EXPIRE})
"""Moves that no page offers: the hub makes them, or they have pages of their own."""


def _main(status: Status, parts: frozenset[Part], withdrawal_requested: bool) -> Move | None:
    if withdrawal_requested and Part.RECEIVER in parts:
        return Move.CONFIRM_WITHDRAWAL
    for side in (Side.RECEIVER, Side.SENDER):
        if not parts.isdisjoint(SIDES[side]) and (status, side) in MAIN:
            return MAIN[status, side]
    return None
