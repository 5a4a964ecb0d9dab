"""What of the directory may be found, and what may be seen by its address."""

from datetime import datetime

FINDABLE_STATUSES = frozenset({"active", "temporarily closed"})


def is_findable(status: str, visibility: str, vanished_at: datetime | None) -> bool:
    """Whether a service may come up in a public search."""
    return status in FINDABLE_STATUSES and visibility == "public" and vanished_at is None


def is_seen(visibility: str) -> bool:
    """Whether a service's own page is public; a retired one is shown with a notice."""
    return visibility == "public"
