"""How records get the ids that they keep for ever."""

from uuid import NAMESPACE_URL, UUID, uuid5

_NAMESPACE = uuid5(NAMESPACE_URL, "https://referral-hub.org/records/")


def record_uuid(source: str, table: str, raw_id: str) -> UUID:
    """A record's UUID: its own id when that is a UUID, else uuid5 of source, table and id.

    The table belongs to it because sources number each table from 1.
    """
    try:
        return UUID(raw_id)
    except ValueError:
        return uuid5(_NAMESPACE, f"{source}\n{table}\n{raw_id}")
