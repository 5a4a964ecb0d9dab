"""The list of services to index again, and which of them searches must leave out until then."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from referral_hub.models import PendingIndex, Service, table_of
from referral_hub.use_cases.batches import in_batches
from referral_hub.use_cases.directory.card_reader import Key


def put_on_list(
    session: Session,
    service_ids: Iterable[UUID],
    now: datetime,
    *,
    withheld: Collection[UUID] = (),
) -> None:
    """Have services indexed again, within the transaction of the change.

    `withheld` are those of which the index may know what is not to be told any more: what is
    hidden, gone or confidential now, down to how far it is.
    """
    for batch in in_batches(service_ids):
        rows = [
            {"service_id": one, "created_at": now, "withheld": one in withheld} for one in batch
        ]
        session.execute(insert(table_of(PendingIndex)), rows)


def note_change(session: Session, service_ids: Iterable[UUID], now: datetime) -> None:
    """Remember when services changed, themselves or in what everybody sees with them."""
    for batch in in_batches(service_ids):
        session.execute(update(Service).where(Service.id.in_(batch)).values(updated_at=now))


def withheld_services(session: Session) -> frozenset[str]:
    """The services to leave out of searches for now: one object as long as they are the same.

    To be read before the index: what is not on the list any more, the index has by then.
    """
    return _services(session.connection().execute(_WITHHELD).scalar() or "")


@lru_cache(maxsize=2)
def _services(keys: str) -> frozenset[str]:
    """Ids as the index knows them. Thousands, after a feed has ended, are made but once."""
    return frozenset(
        "-".join((key[:8], key[8:12], key[12:16], key[16:20], key[20:]))
        for key in keys.split(_GAP)
        if key
    )


_GAP = ","
# In one text, since a row for each would take most of a search's time.
_WITHHELD = select(func.aggregate_strings(Key(PendingIndex.service_id), _GAP)).where(
    PendingIndex.withheld.is_(True)
)
