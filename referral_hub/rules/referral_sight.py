"""What each side of a referral reads, by where the referral stands."""

from datetime import datetime

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


def is_status_only(veiled_from: datetime | None, veiled_until: datetime | None) -> bool:
    """Whether the sender learns no more of a referral than its status: the client took back the
    consent on which it rests (`veiled_from`), and gave no other one since (`veiled_until`)."""
    return veiled_from is not None and veiled_until is None


def is_veiled(
    recorded_at: datetime, veiled_from: datetime | None, veiled_until: datetime | None
) -> bool:
    """Whether something was recorded while the sender learned the status only. What the receiver
    did, and of what the hub reminded it, stays veiled for good; `event_sight` has the rest."""
    if veiled_from is None or recorded_at < veiled_from:
        return False
    return veiled_until is None or recorded_at < veiled_until
