"""Who has the next word on a referral: by its status and, while it is on hold, by the reason."""

from collections.abc import Mapping
from enum import StrEnum

from referral_hub.rules.referral_lifecycle import WAITS_ON, Side, Status


class Waits(StrEnum):
    """On whom a referral waits."""

    SENDER = Side.SENDER.value
    RECEIVER = Side.RECEIVER.value
    CLIENT = "client"


HOLD_WAITS_ON: Mapping[str, Waits] = {
    "awaiting_client": Waits.CLIENT,
    "awaiting_documents": Waits.SENDER,
}
"""Whose word lets work go on, by the reason for a hold; for all others it is the receiver's."""


def waits_on(status: Status, hold_reason: str | None, *, called_for: bool) -> Waits | None:
    """On whom a referral waits; None once it has ended. `called_for`: a time that the receiver must
    keep is over, or the sender asks to withdraw, so that a hold is for the receiver to look at
    again, whatever its reason."""
    if status is Status.ON_HOLD and not called_for:
        return HOLD_WAITS_ON.get(hold_reason or "", Waits.RECEIVER)
    side = WAITS_ON[status]
    return None if side is None else Waits(side.value)
