"""Feeds of partners: how they are read, how often, and what happens when they fail."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum


class FeedKind(StrEnum):
    """What stands at the address of a feed."""

    API = "api"
    FILE = "file"


KIND_LABEL: Mapping[FeedKind, str] = {
    FeedKind.API: "An HSDS API, version 3",
    FeedKind.FILE: "A file: HSDS as JSON, or as CSV files in a zip",
}
LEASE = timedelta(hours=1)
"""How long one worker may read; so long no other one does."""
WHOLE_EVERY = timedelta(days=1)
"""What a partner no longer sends is seen only where everything is read."""
OVERLAP = timedelta(hours=1)
"""A change counts from when it was made and can be seen only when it is whole: what was being
loaded while the last reading began would be missed."""
FIRST_WAIT = timedelta(minutes=10)
TELL_AFTER = 3
"""Failures in a row after which the stewards are told."""
MOST_HOURS = 24 * 30
MOST_UNPACKED = 1024**3
"""Bytes to which an archive of a partner may unpack."""
MOST_GONE = 0.5
"""A reading that would take away more than this part of a source, and more than a few records, is
more likely a fault of the partner's: nothing is changed."""
FEW = 10


def source_of(name: str) -> str:
    """The name of the source of what a feed brings."""
    return f"feed:{name}"


def next_reading(began: datetime, every_hours: int) -> datetime:
    """When a feed is read next after a success."""
    return began + timedelta(hours=every_hours)


def next_try(failures: int, now: datetime) -> datetime:
    """When a feed is tried again after so many failures in a row: later each time, up to a day."""
    return now + min(FIRST_WAIT * (1 << min(failures - 1, 10)), timedelta(days=1))


def is_whole_due(whole_at: datetime | None, now: datetime) -> bool:
    """Whether everything is to be read, and not only what changed."""
    return whole_at is None or now - whole_at >= WHOLE_EVERY


def too_many_gone(gone: int, held: int) -> bool:
    """Whether so much would be taken away that a fault is more likely."""
    return gone > FEW and gone > held * MOST_GONE
