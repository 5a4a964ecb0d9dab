"""The list of services to index again, and which of them searches must leave out until then."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from referral_hub.models import PendingIndex, table_of
from referral_hub.use_cases.batches import in_batches


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


def withheld_services(session: Session) -> frozenset[str]:
    """The services to leave out of searches for now.

    To be read before the index: what is not on the list any more, the index has by then.
    """
    return frozenset(str(row[0]) for row in session.connection().execute(_WITHHELD))


_WITHHELD = select(PendingIndex.service_id).where(PendingIndex.withheld.is_(True))
