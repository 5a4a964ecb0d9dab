"""What must hold in the world at the moment of a move, beside the table of moves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from referral_hub.rules.errors import IllegalMove, InvalidInput, ReviewNeeded
from referral_hub.rules.referral_lifecycle import Guard, Move, Status

ATTEMPTS_NEEDED = 3
ATTEMPT_DAYS_NEEDED = 2
REOPEN_WITHIN = timedelta(days=30)
SENDS_AT_MOST = 2
UNABLE_TO_CONTACT = "unable_to_contact"


@dataclass(frozen=True, slots=True)
class Situation:
    """What guards look at. Whoever asks fills in what the guards of the move need.

    `decided_within` and `resend_within` are the ends of the time in which a decision can be taken
    back, or an expired referral sent again: business days, so found by whoever knows the calendar.
    `attempt_days` holds the local day of each attempt to reach the client. `capacity` is the state
    of the service's listing: open, limited, waiting_list, closed, or empty where nobody said.
    `review_wanted` says that the receiving agency wants a supervisor to decide on declines.
    """

    status: Status
    now: datetime
    reason_code: str | None = None
    note: str = ""
    capacity: str = ""
    attempt_days: Sequence[date] = ()
    reached: bool = False
    service_begun: bool = False
    withdrawal_requested: bool = False
    expires_at: datetime | None = None
    sends: int = 0
    resend_within: datetime | None = None
    decided_within: datetime | None = None
    other_accepted: bool = False
    others_released: bool = False
    closed_at: datetime | None = None
    unaccepted: bool = False
    review_wanted: bool = False
    decline_proposed: bool = False


def require_guards(move: Move, guards: Sequence[Guard], situation: Situation) -> None:
    """Raise for the first guard that does not hold: IllegalMove, or InvalidInput where the caller
    can supply what is missing. MAY_SEND is not asked here, since it rests on consent and listing:
    whoever makes a move of a row that has it shares by it (`steps.sending.send`), which asks."""
    for guard in guards:
        if guard is not Guard.MAY_SEND:
            _CHECKS[guard](move, situation)


def _refuse(move: Move, situation: Situation, message: str) -> IllegalMove:
    return IllegalMove(message, situation.status, move)


def _capacity(move: Move, situation: Situation) -> None:
    if situation.capacity == "closed" and not situation.note.strip():
        message = "The listing says that this service takes no referrals. Say in a note why you do."
        raise InvalidInput(message, {"note": message})


def _waiting_list(move: Move, situation: Situation) -> None:
    if situation.capacity == "closed":
        message = "This service keeps no waiting list now. Accept, or decline with a reason."
        raise _refuse(move, situation, message)
    if situation.capacity == "open" and not situation.note.strip():
        message = (
            "The listing says that places are free. Accept, say in a note why the client has to "
            "wait, or state on the listing that there is a waiting list."
        )
        raise InvalidInput(message, {"note": message})


def _contact_or_service(move: Move, situation: Situation) -> None:
    if not (situation.reached or situation.service_begun):
        message = "Say when the client was reached, or when the service began."
        raise InvalidInput(message, {"contacted_at": message})


def _attempts(move: Move, situation: Situation) -> None:
    if situation.reason_code != UNABLE_TO_CONTACT:
        return
    days = situation.attempt_days
    if len(days) < ATTEMPTS_NEEDED or len(set(days)) < ATTEMPT_DAYS_NEEDED:
        message = (
            f"First try at least {ATTEMPTS_NEEDED} times on {ATTEMPT_DAYS_NEEDED} different days "
            f"to reach the client, and record it. So far: {len(days)} on {len(set(days))} days."
        )
        raise InvalidInput(message, {"reason": message})


def _requested(move: Move, situation: Situation) -> None:
    if not situation.withdrawal_requested:
        raise _refuse(move, situation, "The sender has not asked to withdraw this referral.")


def _not_requested(move: Move, situation: Situation) -> None:
    if situation.withdrawal_requested:
        raise _refuse(move, situation, "The withdrawal was asked for already.")


def _expiry(move: Move, situation: Situation) -> None:
    if situation.expires_at is None or situation.now < situation.expires_at:
        raise _refuse(move, situation, "The time for a decision is not over.")


def _resend(move: Move, situation: Situation) -> None:
    if situation.sends >= SENDS_AT_MOST:
        message = "This referral was sent again already. Make a new one."
        raise _refuse(move, situation, message)
    if situation.resend_within is None or situation.now > situation.resend_within:
        message = "It expired too long ago to be sent again. Make a new referral."
        raise _refuse(move, situation, message)


def _decided_lately(move: Move, situation: Situation) -> None:
    if situation.decided_within is None or situation.now > situation.decided_within:
        message = "A decision can be taken back within two business days. That time is over."
        raise _refuse(move, situation, message)


def _none_other(move: Move, situation: Situation) -> None:
    if situation.other_accepted:
        message = "This can no longer be taken back. Ask the sending agency."
        raise _refuse(move, situation, message)


def _none_released(move: Move, situation: Situation) -> None:
    if situation.others_released:
        message = (
            "Your acceptance let other agencies go, so the client would be left with nobody. "
            "Close the referral instead, with the reason."
        )
        raise _refuse(move, situation, message)


def _no_contact(move: Move, situation: Situation) -> None:
    if situation.reached:
        raise _refuse(
            move, situation, "The client was reached already. Close the referral instead."
        )


def _first_unaccept(move: Move, situation: Situation) -> None:
    if situation.unaccepted:
        message = "The acceptance was taken back once already. Close the referral instead."
        raise _refuse(move, situation, message)


def _closed_lately(move: Move, situation: Situation) -> None:
    closed_at = situation.closed_at
    if closed_at is None or situation.now > closed_at + REOPEN_WITHIN:
        message = "It was closed more than 30 days ago. Make a new referral."
        raise _refuse(move, situation, message)


def _no_review_wanted(move: Move, situation: Situation) -> None:
    if situation.review_wanted:
        message = (
            "In this agency a supervisor decides on declines. Propose it with the reason; until a "
            "supervisor answers, the referral stays as it is."
        )
        raise ReviewNeeded(message, situation.status, move)


def _decline_reviewed(move: Move, situation: Situation) -> None:
    if not (situation.review_wanted or situation.decline_proposed):
        message = "Whoever works on referrals declines here: your agency wants no review of it."
        raise _refuse(move, situation, message)


_CHECKS: Mapping[Guard, Callable[[Move, Situation], None]] = {
    Guard.CAPACITY: _capacity,
    Guard.WAITING_LIST_KEPT: _waiting_list,
    Guard.CONTACT_OR_SERVICE: _contact_or_service,
    Guard.ATTEMPTS: _attempts,
    Guard.WITHDRAWAL_REQUESTED: _requested,
    Guard.WITHDRAWAL_NOT_REQUESTED: _not_requested,
    Guard.EXPIRY_PASSED: _expiry,
    Guard.RESEND_ONCE_IN_TIME: _resend,
    Guard.DECIDED_LATELY: _decided_lately,
    Guard.NONE_OTHER_ACCEPTED: _none_other,
    Guard.NONE_RELEASED: _none_released,
    Guard.NO_CONTACT_YET: _no_contact,
    Guard.FIRST_UNACCEPT: _first_unaccept,
    Guard.CLOSED_LATELY: _closed_lately,
    Guard.NO_REVIEW_WANTED: _no_review_wanted,
    Guard.DECLINE_REVIEWED: _decline_reviewed,
}
