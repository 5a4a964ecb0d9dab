"""What of the directory may be found, and what may be seen by its address."""

from collections.abc import Mapping
from datetime import datetime

FINDABLE_STATUSES = frozenset({"active", "temporarily closed"})


def is_findable(status: str, visibility: str, vanished_at: datetime | None) -> bool:
    """Whether a service may come up in a public search."""
    return status in FINDABLE_STATUSES and is_listed(visibility, vanished_at)


def is_listed(visibility: str, vanished_at: datetime | None) -> bool:
    """Whether a record is public and still sent by its source."""
    return visibility == "public" and vanished_at is None


def is_seen(service_visibility: str, organization_visibility: str) -> bool:
    """Whether a service's own page is public; a retired one is shown with a notice."""
    return service_visibility == organization_visibility == "public"


CONCEALED: Mapping[str, Mapping[str, object]] = {
    "location": {
        "description": None,
        "transportation": None,
        "name": None,
        "alternate_name": None,
        "url": None,
        "external_identifier": None,
        "external_identifier_type": None,
    },
    "address": {"attention": None, "address_1": "", "address_2": None, "region": None},
}
"""What stands in place of each field of a confidential location that would tell where it is.
Its coordinates become those of its area; its city, state and ZIP code may be known."""
