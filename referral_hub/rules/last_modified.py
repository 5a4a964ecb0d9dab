"""HSDS `last_modified` of a service, which its source and the hub both know something of."""

from datetime import UTC, datetime


def later_of(here: str | None, said: str | None) -> str | None:
    """The later of what stands here and what a source says, as it is written.

    A source that knows nothing of a change made here cannot take it back. What stands here and is
    no time is the source's to replace.
    """
    if here is None or said is None:
        return here if said is None else said
    before, after = _moment(here), _moment(said)
    return here if before is not None and after is not None and before > after else said


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
