"""How long referrals take, from what is known of each: also of those that nothing came of yet.

Times are days from the first sending, or from the acceptance; pauses and waiting lists are part of
them, as they are for the client, unless one asks for the times without. Where a referral can end in
other ways than the one that is asked about, those compete: who was declined is not still waiting to
be accepted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
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
from referral_hub.rules.time_to_event import Followed, Spell

_DAY = timedelta(days=1)


class End(StrEnum):
    """What a wait can end with."""

    SEEN = "seen"
    DECIDED = "decided"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    UNMET = "unmet"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    CONTACTED = "contacted"
    CLOSED = "closed"
    """All ends of a referral together: a goal, and never the end of one wait."""


class Wait(StrEnum):
    """What is waited for: from the first sending that the receiver sees it, a decision, an
    acceptance, the first contact or any end; from the acceptance the first contact or the
    completion."""

    ACKNOWLEDGEMENT = "acknowledgement"
    DECISION = "decision"
    ACCEPTANCE = "acceptance"
    CONTACT_FROM_SENDING = "contact_from_sending"
    CONTACT = "contact"
    COMPLETION = "completion"
    CLOSURE = "closure"


GOAL = {
    Wait.ACKNOWLEDGEMENT: End.SEEN,
    Wait.DECISION: End.DECIDED,
    Wait.ACCEPTANCE: End.ACCEPTED,
    Wait.CONTACT_FROM_SENDING: End.CONTACTED,
    Wait.CONTACT: End.CONTACTED,
    Wait.COMPLETION: End.COMPLETED,
    Wait.CLOSURE: End.CLOSED,
}
FROM_ACCEPTANCE = frozenset({Wait.CONTACT, Wait.COMPLETION})
REACHED_FOR_GOOD = frozenset({Wait.ACKNOWLEDGEMENT, Wait.CONTACT_FROM_SENDING, Wait.CONTACT})
"""What was seen, and who was contacted, stays so, whatever became of it later; but for what is sent
again, which nobody has seen yet."""
TOLD_WITHOUT_STANDING = frozenset({Wait.ACCEPTANCE, Wait.COMPLETION})
"""These are told without the time on hold and on waiting lists too: the client waits there, and the
receiver is not at fault for it."""


def is_goal(wait: Wait, end: str | None) -> bool:
    """Whether a wait that ended so reached what was waited for."""
    return end is not None and GOAL[wait] in (end, End.CLOSED)


def is_at_risk(wait: Wait, standing: Standing) -> bool:
    """Whether a referral that stands so has begun to wait; nothing that was not accepted waits for
    a contact."""
    return wait not in FROM_ACCEPTANCE or standing in ACCEPTED


def end_of(wait: Wait, standing: Standing, reason: str) -> End | None:
    """With what a wait ends by where a referral stands; None where it goes on or was cut off. What
    is reached for good is not told by that.

    Of decisions, what expired or was withdrawn is last seen then: that takes for granted that it
    would have been decided on like others.
    """
    if wait is Wait.DECISION:
        return End.DECIDED if standing in _DECIDED else None
    if wait is Wait.ACCEPTANCE and standing in ACCEPTED:
        return End.ACCEPTED
    if standing in STILL_OPEN:
        return None
    return _ENDS.get(standing, End.SUPERSEDED if reason == SUPERSEDED else End.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Standstill:
    """A time for which a referral stood still; `until` is None where it still does. For one
    referral: the columns of figures hold sums of these for many."""

    since: datetime
    until: datetime | None


def spell_of(
    wait: Wait, state: ReferralState, now: datetime, still: Iterable[Standstill] = ()
) -> Spell | None:
    """How long a referral waited, in days, but for the times for which it stood `still`. None for
    what was not sent, or never began to wait. This is the rule for one referral; the columns of
    figures follow it for many."""
    waited = _waited(wait, state, now)
    if waited is None:
        return None
    since, until, end = waited
    stood = (min(each.until or now, until) - max(each.since, since) for each in still)
    taken = until - since - sum((max(each, timedelta()) for each in stood), timedelta())
    return Spell(taken / _DAY, end)


def followed_of(wait: Wait, state: ReferralState, now: datetime) -> Followed | None:
    """How many days ago a referral began to wait, and after how many it reached what it waited for.
    None where it never began. This is the rule for one referral; the columns of figures follow it
    for many."""
    waited = _waited(wait, state, now)
    if waited is None:
        return None
    since, until, end = waited
    return Followed((now - since) / _DAY, (until - since) / _DAY if is_goal(wait, end) else None)


def _waited(
    wait: Wait, state: ReferralState, now: datetime
) -> tuple[datetime, datetime, End | None] | None:
    """From when until when a referral waited, and with what that ended.

    Every answer of a receiver says that they have seen it, so who decided has. A closing that was
    taken back is none: the one that stands tells how long it took.
    """
    standing = standing_of(state.status, state.closed_from, accepted=state.accepted_at is not None)
    since = state.accepted_at if wait in FROM_ACCEPTANCE else state.first_sent_at
    if standing is None or since is None or not is_at_risk(wait, standing):
        return None
    reached = _reached_at(wait, state)
    end = end_of(wait, standing, state.reason_code or "")
    if wait in REACHED_FOR_GOOD and reached is not None:
        end = GOAL[wait]
    until = (reached if is_goal(wait, end) else None) or state.closed_at or now
    return since, max(until, since), end


def _reached_at(wait: Wait, state: ReferralState) -> datetime | None:
    times = {
        Wait.ACKNOWLEDGEMENT: state.acknowledged_at,
        Wait.DECISION: state.decided_at,
        Wait.ACCEPTANCE: state.accepted_at,
        Wait.CONTACT_FROM_SENDING: state.first_contact_at,
        Wait.CONTACT: state.first_contact_at,
        Wait.COMPLETION: state.closed_at,
        Wait.CLOSURE: state.closed_at,
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
