"""What each side of a referral reads, by where the referral stands."""

from referral_hub.rules.referral_lifecycle import OPEN, Status


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
