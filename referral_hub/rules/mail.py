"""When mail is tried again, and what may stand in it."""

from datetime import datetime, timedelta
from unicodedata import category

from referral_hub.rules.texts import JOINERS

LEASE = timedelta(minutes=10)
"""How long a worker has for one mail before another one takes it to be dead."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 600))
"""How long to wait after each try that failed: a day and an hour in all."""


def next_try(tries: int, now: datetime, luck: float) -> datetime | None:
    """When to try again after so many tries; None when there were enough.

    `luck`, from 0 to 1, spreads tries, so that not all mail of a bad hour comes back at once.
    """
    if tries > len(WAITS):
        return None
    return now + WAITS[tries - 1] * (0.75 + luck / 2)


def plain_value(value: str) -> str:
    """A value as it may stand in a mail: one line, without signs that control something."""
    return " ".join("".join(sign if _is_plain(sign) else " " for sign in value).split())


def hub_link(public_url: str, link: str) -> str:
    """The whole address of a page of this hub. Raises ValueError for an address elsewhere."""
    base = public_url.rstrip("/")
    if link.startswith("/") and not link.startswith("//"):
        return base + link
    if link.startswith(f"{base}/"):
        return link
    raise ValueError("a link in mail must lead to this hub")


def _is_plain(sign: str) -> bool:
    return sign in JOINERS or category(sign)[0] != "C"
