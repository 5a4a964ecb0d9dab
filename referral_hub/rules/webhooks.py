"""Messages to partner systems, by the Standard Webhooks specification: what, when, how long."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.referral_lifecycle import MOVE_LABEL
from referral_hub.rules.referrals import Fact

LEASE = timedelta(minutes=2)
"""How long a worker has for one delivery before another one takes it to be dead."""
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""How long to wait after each try that failed: a little more than three days in all."""
LONGEST_WAIT = timedelta(hours=24)
"""A receiver may ask for a later try, but not for one later than this."""
PATIENCE = timedelta(days=5)
"""How long deliveries may fail, without one that succeeds, before the webhook is switched off."""
ROTATION = timedelta(hours=24)
"""How long an old secret signs beside a new one."""
GONE = 410
MOST_WEBHOOKS = 20
"""How many an agency may have."""
MOST_URL = 2000
SECRET_PREFIX = "whsec_"  # noqa: S105 what a secret begins with
TEST = "webhook.test"
"""The type of a message that tells of nothing."""


class Ended(StrEnum):
    """Why a webhook is switched off."""

    BY_HAND = "by_hand"
    FAILING = "failing"
    GONE = "gone"


class Fault(StrEnum):
    """Why there was no answer to a try."""

    REFUSED = "refused"
    FAILED = "failed"
    SLOW = "slow"
    SEALED = "sealed"


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    WITHHELD = "withheld"
    GIVEN_UP = "given_up"


ENDED_LABEL: Mapping[Ended, str] = {
    Ended.BY_HAND: "Switched off by an administrator",
    Ended.FAILING: "Switched off: nothing could be delivered for five days",
    Ended.GONE: "Switched off: the receiver answered that it is gone (410)",
}
FAULT_LABEL: Mapping[Fault, str] = {
    Fault.REFUSED: "The address is not one that the hub sends to",
    Fault.FAILED: "No connection, or no answer that could be read",
    Fault.SLOW: "No answer in time",
    Fault.SEALED: "The hub cannot open the secret: tell its operator",
}
STATE_LABEL: Mapping[DeliveryState, str] = {
    DeliveryState.WAITING: "Waiting",
    DeliveryState.DELIVERED: "Delivered",
    DeliveryState.WITHHELD: "Withheld",
    DeliveryState.GIVEN_UP: "Given up",
}
_FACTS: Mapping[Fact, str] = {
    Fact.ASSIGNED: "Given to somebody",
    Fact.CONTACTED: "A try to reach the client",
    Fact.MESSAGE: "A message",
    Fact.CHECKED_IN: "A word on how it goes",
    Fact.DISCLOSED: "Something more was shared",
    Fact.CONSENT_REVOKED: "The client took back consent, and the receiver goes on",
    Fact.CONFLICT_CHECKED: "The check for a conflict of interest was made",
    Fact.REMINDED: "A reminder",
    Fact.CLIENT_CONFIRMED: "The client was asked whether they got help",
    Fact.APPOINTMENT: "An appointment was made or moved, or somebody said what came of it",
    Fact.DECLINE_PROPOSED: "A worker of yours proposed to decline",
    Fact.DECLINE_RETURNED: "A supervisor of yours sent a proposed decline back",
}
KINDS: Mapping[str, str] = {
    **{str(move): label for move, label in MOVE_LABEL.items()},
    **{str(fact): label for fact, label in _FACTS.items()},
}
"""Kinds of events that are sent, with what they mean. Drafts are nobody else's."""


def is_wanted(kind: str, kinds: list[str]) -> bool:
    """Whether a webhook that named these kinds (none: all) hears of an event."""
    return kind in KINDS and (not kinds or kind in kinds)


def check_kinds(kinds: list[str]) -> list[str]:
    """The kinds in their order, each once. Raises InvalidInput for one that is none."""
    if not set(kinds) <= set(KINDS):
        message = "Choose only from the list."
        raise InvalidInput(message, {"kinds": message})
    return [kind for kind in KINDS if kind in kinds]


def type_of(kind: str) -> str:
    """The type of the message that tells of an event."""
    return f"referral.{kind}"


def message_of(
    kind: str, at: datetime, referral_id: UUID, seq: int, status: str, link: str
) -> dict[str, object]:
    """What a message says: ids and a status, and where the rest can be read by who may."""
    data = {"referral_id": str(referral_id), "seq": seq, "status": status, "link": link}
    return {"type": type_of(kind), "timestamp": at.isoformat(), "data": data}


def is_success(status: int | None) -> bool:
    """Whether an answer means that the message has arrived."""
    return status is not None and 200 <= status < 300


def next_try(
    tries: int, now: datetime, luck: float, asked: timedelta | None = None
) -> datetime | None:
    """When to try again after so many tries; None when there were enough.

    `luck`, from 0 to 1, spreads tries. `asked` is how long the receiver asked to be left alone.
    """
    if tries > len(WAITS):
        return None
    wait = WAITS[tries - 1] * (0.75 + luck / 2)
    return now + max(wait, min(asked or timedelta(), LONGEST_WAIT))


def must_end(status: int | None, failing_since: datetime, now: datetime) -> Ended | None:
    """Why a webhook is switched off after a try that failed; None when it is not."""
    if status == GONE:
        return Ended.GONE
    return Ended.FAILING if now - failing_since >= PATIENCE else None
