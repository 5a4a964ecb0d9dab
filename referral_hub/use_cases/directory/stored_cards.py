"""Cards that are kept in the database, one row each, and read as long as they hold.

A card is written when its service is indexed. It holds while no row of `pending_index` says that
the service has changed since; whoever changes what is shown writes such a row in the same
transaction. Whether a card may be shown at all is asked of the records themselves.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Session

from referral_hub.models import (
    Location,
    Organization,
    PendingIndex,
    Service,
    ServiceAtLocation,
    StoredCard,
    table_of,
)
from referral_hub.rules.visibility import FINDABLE_STATUSES
from referral_hub.use_cases.directory.card_reader import (
    Shown,
    listed,
    read_all_rows,
    written_keys,
)
from referral_hub.use_cases.directory.card_rows import CardRows
from referral_hub.use_cases.directory.still_cards import (
    StillCard,
    may_be_found,
    read_written,
    still_card,
    written,
)


def read_stored_cards(session: Session, shown: Sequence[Shown]) -> dict[Shown, StillCard]:
    """The cards that hold, of those asked for by the keys of a service and of a location."""
    pairs = {service + (location or ""): (service, location) for service, location in shown}
    asked = {"cards": written_keys(pairs)}
    found = {}
    for key, zone, content in session.connection().execute(_HOLDING, asked).all():
        card = read_written(content, zone)
        if card is not None:
            found[pairs[key]] = card
    return found


def write_cards(session: Session, service_ids: Sequence[UUID]) -> None:
    """Write the cards of services anew, within the transaction of the caller."""
    _lock(session)
    session.execute(delete(StoredCard).where(StoredCard.service_id.in_(service_ids)))
    rows = read_all_rows(session, [service_id.hex for service_id in service_ids])
    cards = list(_values(rows))
    if cards:
        session.execute(insert(table_of(StoredCard)), cards)


def delete_lost_cards(session: Session) -> None:
    """Delete the cards of services that there are no more, within the caller's transaction."""
    _lock(session)
    there = exists().where(Service.id == StoredCard.service_id)
    session.execute(delete(StoredCard).where(~there).execution_options(synchronize_session=False))


def _lock(session: Session) -> None:
    """Of two processes that write cards, the later reads only after the other has committed.

    SQLite has one writer at a time anyway. Others may read, and an import is not waited for, as
    it would be if the services themselves were locked.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE stored_card IN SHARE ROW EXCLUSIVE MODE"))


def _values(rows: CardRows) -> Iterator[dict[str, Any]]:
    """Rows of the table: a service at each place that is no secret, or without any."""
    for service in rows.services.values():
        if not may_be_found(service):
            continue
        for site in rows.sites[service.key].values() or (None,):
            if site is not None and site.confidential:
                continue
            card = still_card(rows, service, site)
            yield {
                "key": service.key + (site.key if site else ""),
                "service_id": UUID(service.key),
                "location_id": UUID(site.key) if site else None,
                "time_zone": card.zone,
                "content": written(card),
            }


def _is_listed(record: type[Service | Organization | Location]) -> ColumnElement[bool]:
    return and_(record.visibility == _as_written("public"), record.vanished_at.is_(None))


def _as_written(word: str) -> ColumnElement[str]:
    """A constant that stands in the statement itself, which costs less than a parameter."""
    return literal_column(f"'{word}'", String)


_ZONE_OF_ORGANIZATION = (
    select(func.min(Location.time_zone))
    .where(Location.organization_id == Service.organization_id)
    .correlate(Service)
    .scalar_subquery()
)
_PENDING = exists().where(PendingIndex.service_id == StoredCard.service_id)
_LINKED = exists().where(
    ServiceAtLocation.service_id == StoredCard.service_id,
    ServiceAtLocation.location_id == StoredCard.location_id,
    ServiceAtLocation.vanished_at.is_(None),
)
_HOLDING = (
    select(
        StoredCard.key,
        func.coalesce(StoredCard.time_zone, _ZONE_OF_ORGANIZATION),
        StoredCard.content,
    )
    .join(Service, Service.id == StoredCard.service_id)
    .join(Organization, Organization.id == Service.organization_id)
    .outerjoin(Location, Location.id == StoredCard.location_id)
    .where(
        listed(StoredCard.key, "cards"),
        ~_PENDING,
        or_(*(Service.status == _as_written(status) for status in sorted(FINDABLE_STATUSES))),
        _is_listed(Service),
        _is_listed(Organization),
        or_(
            StoredCard.location_id.is_(None),
            and_(_is_listed(Location), Location.confidential.is_(False), _LINKED),
        ),
    )
)
"""The conditions of visibility are those of `rules.visibility`."""
