"""What each side of a referral reads, by where the referral stands."""

from datetime import datetime

from referral_hub.rules.reason_codes import CONSENT_REVOKED
from referral_hub.rules.referral_lifecycle import OPEN, Move, Status


def is_readable(status: Status, *, accepted: bool) -> bool:
    """Whether a receiver reads what was shared for a referral that stands so, and what the sender
    wrote: who accepted keeps what they got, unless it was all an error; anybody else as long as the
    referral waits for them."""
    if status in (Status.DRAFT, Status.VOIDED):
        return False
    return accepted or status in OPEN


def is_over(status: Status, *, accepted: bool) -> bool:
    """Whether the receiver reads nothing of what was shared up to now, whatever happens next. What
    a draft shares, and what can be taken back or reopened, may be read again."""
    may_be_read_again = status in (Status.DRAFT, Status.DECLINED, Status.CLOSED_UNMET)
    return not may_be_read_again and not is_readable(status, accepted=accepted)


SENDERS_OWN_WORDS = frozenset({Move.SEND, Move.SEND_NEXT, Move.FORWARD})
"""With these somebody notes for their own agency why it is sent; receivers read what is shared."""


def is_veiled(*, by_receiver: bool, recorded_at: datetime, revoked_at: datetime | None) -> bool:
    """Whether the sender learns of an act no more than the status to which it led, and of one that
    led to none nothing: it is the receiver's, and the client had taken back the consent
    (`revoked_at`) before it was recorded."""
    return by_receiver and revoked_at is not None and recorded_at >= revoked_at


def sees_status_only(
    status: Status, reason_code: str | None, last_event_at: datetime, revoked_at: datetime | None
) -> bool:
    """Whether the sender sees no more of a referral than its status: consent was taken back, and
    the receiver went on or still does. That it was withdrawn for that is the hub's own word."""
    if revoked_at is None or reason_code == CONSENT_REVOKED:
        return False
    return status in OPEN or last_event_at >= revoked_at
