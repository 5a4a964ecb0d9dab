"""How long referrals take, from what is known of each: also of those that nothing came of yet.

Times are days from the first sending, or from the acceptance; pauses and waiting lists are part of
them, as they are for the client. Where a referral can end in other ways than the one that is asked
about, those compete: who was declined is not still waiting to be accepted.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from referral_hub.rules.measures import (
    ACCEPTED,
    PLACED_IN_LINE,
    STILL_OPEN,
    Standing,
    standing_of,
)
from referral_hub.rules.reason_codes import SUPERSEDED
from referral_hub.rules.referral_state import ReferralState
from referral_hub.rules.time_to_event import Spell

_DAY = timedelta(days=1)


class End(StrEnum):
    """What a wait can end with."""

    DECIDED = "decided"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    UNMET = "unmet"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    CONTACTED = "contacted"


class Wait(StrEnum):
    """What is waited for: from the sending a decision or an acceptance; from the acceptance the
    first contact or the completion."""

    DECISION = "decision"
    ACCEPTANCE = "acceptance"
    CONTACT = "contact"
    COMPLETION = "completion"


GOAL = {
    Wait.DECISION: End.DECIDED,
    Wait.ACCEPTANCE: End.ACCEPTED,
    Wait.CONTACT: End.CONTACTED,
    Wait.COMPLETION: End.COMPLETED,
}
FROM_ACCEPTANCE = frozenset({Wait.CONTACT, Wait.COMPLETION})


def is_at_risk(wait: Wait, standing: Standing) -> bool:
    """Whether a referral that stands so has begun to wait; nothing that was not accepted waits for
    a contact."""
    return wait not in FROM_ACCEPTANCE or standing in ACCEPTED


def end_of(wait: Wait, standing: Standing, reason: str) -> End | None:
    """With what a wait ends by where a referral stands; None where it goes on or was cut off.

    Of decisions, what expired or was withdrawn is last seen then: that takes for granted that it
    would have been decided on like others. A contact ends its wait whatever became of it later.
    """
    if wait is Wait.DECISION:
        return End.DECIDED if standing in _DECIDED else None
    if wait is Wait.ACCEPTANCE and standing in ACCEPTED:
        return End.ACCEPTED
    if standing in STILL_OPEN:
        return None
    return _ENDS.get(standing, End.SUPERSEDED if reason == SUPERSEDED else End.WITHDRAWN)


def spell_of(wait: Wait, state: ReferralState, now: datetime) -> Spell | None:
    """How long a referral waited, in days. None for what was not sent, or never began to wait."""
    standing = standing_of(state.status, state.closed_from, accepted=state.accepted_at is not None)
    since = state.accepted_at if wait in FROM_ACCEPTANCE else state.first_sent_at
    if standing is None or since is None or not is_at_risk(wait, standing):
        return None
    end = end_of(wait, standing, state.reason_code or "")
    if wait is Wait.CONTACT and state.first_contact_at is not None:
        end = End.CONTACTED
    reached = _reached_at(wait, state) if end is GOAL[wait] else None
    return Spell(max((reached or state.closed_at or now) - since, timedelta()) / _DAY, end)


def _reached_at(wait: Wait, state: ReferralState) -> datetime | None:
    times = {
        Wait.DECISION: state.decided_at,
        Wait.ACCEPTANCE: state.accepted_at,
        Wait.CONTACT: state.first_contact_at,
        Wait.COMPLETION: state.closed_at,
    }
    return times[wait]


_DECIDED = ACCEPTED | PLACED_IN_LINE | {Standing.DECLINED}
_ENDS = {
    Standing.COMPLETED: End.COMPLETED,
    Standing.UNMET: End.UNMET,
    Standing.WAITED_IN_VAIN: End.UNMET,
    Standing.DECLINED: End.DECLINED,
    Standing.EXPIRED: End.EXPIRED,
}
