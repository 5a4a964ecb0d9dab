"""What each side of a referral learns of an event: one rule for the page, the feed, webhooks and
notices."""

from collections.abc import Mapping
from enum import StrEnum

from referral_hub.rules.referral_lifecycle import Part, Side, Status
from referral_hub.rules.referral_parts import side_of
from referral_hub.rules.referral_sight import SENDERS_OWN_WORDS
from referral_hub.rules.referral_state import SENDINGS
from referral_hub.rules.referrals import Fact


class Sight(StrEnum):
    """How much of an event a side sees."""

    WHOLE = "whole"
    BARE = "bare"
    """That it happened, but nothing that was written."""
    STATUS = "status"
    """No more than the status to which it led: not who did it, nor why."""
    NOTHING = "nothing"


_INSIDE: Mapping[str, Sight] = {
    Fact.ASSIGNED: Sight.NOTHING,
    Fact.CONFLICT_CHECKED: Sight.NOTHING,
    Fact.CONTACTED: Sight.BARE,
    Fact.APPOINTMENT: Sight.BARE,
    Fact.CLIENT_CONFIRMED: Sight.NOTHING,
    Fact.DECLINE_PROPOSED: Sight.NOTHING,
    Fact.DECLINE_RETURNED: Sight.NOTHING,
}
"""What a side does inside its own house, and how much of it the other side sees."""
_SENDERS = frozenset({Fact.CLIENT_CONFIRMED})
"""What is the sender's own of these. The rest is the receiver's."""


def sight_of(
    kind: str,
    from_status: str,
    to_status: str,
    acting: str,
    side: Side,
    *,
    closed: bool = False,
    veiled: bool = False,
) -> Sight:
    """How much a side sees of an event that somebody made in the part `acting`.

    `closed` says that what others write is closed to the side now; `veiled`, that it was recorded
    while the client had taken back consent (`referral_sight.is_veiled`): of what the receiver did,
    and of what the hub reminded it, the sender learns the status alone. Who acts on neither side
    acts for the side whose own the act is.
    """
    acted_on = side_of(Part(acting))
    receivers = acted_on is Side.RECEIVER or kind == Fact.REMINDED
    if veiled and receivers and side is Side.SENDER:
        return Sight.NOTHING if from_status == to_status else Sight.STATUS
    if side is Side.RECEIVER and is_of_a_draft(from_status, kind, to_status):
        return Sight.NOTHING
    if kind in _INSIDE and (acted_on or _own_side(kind)) is not side:
        return _INSIDE[kind]
    own_words = side is Side.SENDER or kind not in SENDERS_OWN_WORDS
    return Sight.WHOLE if acted_on is side or (own_words and not closed) else Sight.BARE


def _own_side(kind: str) -> Side:
    return Side.SENDER if kind in _SENDERS else Side.RECEIVER


def is_of_a_draft(from_status: str, kind: str, to_status: str) -> bool:
    """Whether an event is of a referral that was never sent: it is the sender's alone, and news to
    nobody."""
    return to_status == Status.DRAFT or (from_status == Status.DRAFT and kind not in SENDINGS)
