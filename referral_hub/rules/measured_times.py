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


def until_decided(state: ReferralState, now: datetime) -> Spell | None:
    """From sending until anybody decided. What expired or was withdrawn is last seen then: that
    takes for granted that it would have been decided on like others. None for what was not sent."""
    standing = _standing(state)
    if standing is None or state.first_sent_at is None:
        return None
    if standing in ACCEPTED | PLACED_IN_LINE | {Standing.DECLINED}:
        return _spell(state.first_sent_at, state.decided_at or now, End.DECIDED)
    return _spell(state.first_sent_at, state.closed_at or now, None)


def until_accepted(state: ReferralState, now: datetime) -> Spell | None:
    """From sending until an agency accepted, or that could not be any more. None for what was not
    sent."""
    standing = _standing(state)
    if standing is None or state.first_sent_at is None:
        return None
    if standing in ACCEPTED:
        return _spell(state.first_sent_at, state.accepted_at or now, End.ACCEPTED)
    return _spell(state.first_sent_at, state.closed_at or now, _end(standing, state))


def until_completed(state: ReferralState, now: datetime) -> Spell | None:
    """From acceptance until the client had the service, or that could not be any more. None for
    what was not accepted."""
    standing = _standing(state)
    if standing not in ACCEPTED or state.accepted_at is None:
        return None
    return _spell(state.accepted_at, state.closed_at or now, _end(standing, state))


_ENDS = {
    Standing.COMPLETED: End.COMPLETED,
    Standing.UNMET: End.UNMET,
    Standing.WAITED_IN_VAIN: End.UNMET,
    Standing.DECLINED: End.DECLINED,
    Standing.EXPIRED: End.EXPIRED,
}


def _end(standing: Standing, state: ReferralState) -> End | None:
    if standing in STILL_OPEN:
        return None
    superseded = state.reason_code == SUPERSEDED
    return _ENDS.get(standing, End.SUPERSEDED if superseded else End.WITHDRAWN)


def _standing(state: ReferralState) -> Standing | None:
    return standing_of(state.status, state.closed_from, accepted=state.accepted_at is not None)


def _spell(since: datetime, until: datetime, end: End | None) -> Spell:
    return Spell((until - since) / _DAY, end)
