"""What each side of a referral learns of an event: one rule for the page, the feed, webhooks and
notices."""

from collections.abc import Mapping
from enum import StrEnum

from referral_hub.rules.referral_lifecycle import Part, Side, Status
from referral_hub.rules.referral_parts import side_of
from referral_hub.rules.referral_state import SENDINGS
from referral_hub.rules.referrals import Fact


class Sight(StrEnum):
    """How much of an event a side sees."""

    WHOLE = "whole"
    BARE = "bare"
    """That it happened, but nothing that was written."""
    NOTHING = "nothing"


_INSIDE: Mapping[str, Sight] = {
    Fact.ASSIGNED: Sight.NOTHING,
    Fact.CONFLICT_CHECKED: Sight.NOTHING,
    Fact.CONTACTED: Sight.BARE,
}
"""What a side does inside its own house, and how much of it the other side sees."""


def sight_of(
    kind: str, from_status: str, to_status: str, acting: str, side: Side, *, closed: bool = False
) -> Sight:
    """How much a side sees of an event that somebody made in the part `acting`.

    `closed` says that what others write is closed to the side now. Who acts on neither side acts
    for the receiver where the act is a side's own.
    """
    if side is Side.RECEIVER and is_of_a_draft(from_status, kind, to_status):
        return Sight.NOTHING
    acted_on = side_of(Part(acting))
    if (acted_on or Side.RECEIVER) is not side and kind in _INSIDE:
        return _INSIDE[kind]
    return Sight.BARE if closed and acted_on is not side else Sight.WHOLE


def is_of_a_draft(from_status: str, kind: str, to_status: str) -> bool:
    """Whether an event is of a referral that was never sent: it is the sender's alone, and news to
    nobody."""
    return to_status == Status.DRAFT or (from_status == Status.DRAFT and kind not in SENDINGS)
