"""Keeping the search index true to the directory: catch up, rebuild, verify."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import delete, func, or_, select, union
from sqlalchemy.orm import Session

from referral_hub.gateways.search import Document, fingerprint
from referral_hub.models import PendingIndex, Schedule, Service, ServiceAtLocation
from referral_hub.rules.actor import Actor
from referral_hub.rules.listing_freshness import STALE_AFTER
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.batches import in_batches
from referral_hub.use_cases.directory.documents import Gazetteer, documents_of
from referral_hub.use_cases.directory.facts import read_services
from referral_hub.use_cases.directory.pending import put_on_list
from referral_hub.use_cases.directory.stored_cards import delete_lost_cards, write_cards
from referral_hub.use_cases.steps.reviews import is_due
from referral_hub.use_cases.steps.verification import review_terms
from referral_hub.use_cases.transaction import transaction

BATCH = 500
STALE_WINDOW = timedelta(days=3)
"""How long after it became stale a listing is still indexed again for it, should no worker have
run on the day itself. After a longer pause `referral-hub index verify` tells, and a rebuild helps.
"""


class Index(Protocol):
    """What maintenance asks of the index."""

    def apply(self, changed: Iterable[Document], removed_services: Collection[str]) -> None:
        """Replace the documents of services, in one commit; `changed` is read within it."""

    def rebuild(self, documents: Iterable[Document], progress: Callable[[int], None] | None) -> int:
        """Build anew and swap; returns how many documents."""

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """(document id, fingerprint) of everything that can be found."""

    def fault(self) -> str | None:
        """Why the index must be built anew, or None."""


@dataclass(frozen=True, slots=True)
class Verification:
    """Where index and directory differ, by document id."""

    documents: int
    missing: tuple[str, ...]
    surplus: tuple[str, ...]
    stale: tuple[str, ...]
    pending: int

    @property
    def agrees(self) -> bool:
        """Whether the index says exactly what the directory says."""
        return not (self.missing or self.surplus or self.stale or self.pending)


def catch_up_index(
    session: Session, actor: Actor, index: Index, gazetteer: Gazetteer, *, now: datetime
) -> int:
    """Index the oldest batch of pending services; returns how many were done, 0 when none waits.

    Their cards are written with that. The rows go only after the index has committed: a crash
    between does the work twice, never not at all. Raises IndexBusy when another process writes,
    and IndexNotReady when there is no whole index; the rows stay.
    """
    require(actor, Permission.INDEX_MAINTAIN)
    pending = session.execute(
        select(PendingIndex.id, PendingIndex.service_id).order_by(PendingIndex.id).limit(BATCH)
    ).all()
    # The index reads the services when other writers are kept out, and then as they are by now:
    # nobody's newer documents are replaced with older ones.
    session.rollback()
    if not pending:
        return 0
    service_ids = list(dict.fromkeys(row.service_id for row in pending))
    documents = _documents(session, service_ids, gazetteer, now.date())
    index.apply(documents, [str(service_id) for service_id in service_ids])
    with transaction(session):
        session.execute(
            delete(PendingIndex).where(PendingIndex.id.in_([row.id for row in pending]))
        )
        write_cards(session, service_ids)
    return len(service_ids)


def rebuild_index(
    session: Session,
    actor: Actor,
    index: Index,
    gazetteer: Gazetteer,
    *,
    now: datetime,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Build the whole index and all cards anew; returns how many documents the index holds.

    What changes while it runs stays pending and is caught up afterwards.
    """
    require(actor, Permission.INDEX_MAINTAIN)
    waiting = list(session.execute(select(PendingIndex.id)).scalars())
    session.rollback()
    count = index.rebuild(_all_documents(session, gazetteer, now.date()), progress)
    for service_ids in _all_services(session):
        with transaction(session):
            write_cards(session, service_ids)
    with transaction(session):
        delete_lost_cards(session)
        for batch in in_batches(waiting):
            session.execute(delete(PendingIndex).where(PendingIndex.id.in_(batch)))
    return count


def verify_index(
    session: Session, actor: Actor, index: Index, gazetteer: Gazetteer, *, now: datetime
) -> Verification:
    """Compare every document of the index with what the directory would write today."""
    require(actor, Permission.INDEX_MAINTAIN)
    held = dict(index.fingerprints())
    documents = len(held)
    missing, stale = [], []
    for document in _all_documents(session, gazetteer, now.date()):
        found = held.pop(document.id, None)
        if found is None:
            missing.append(document.id)
        elif found != fingerprint(document):
            stale.append(document.id)
    pending = session.execute(select(func.count()).select_from(PendingIndex)).scalar_one()
    session.rollback()
    return Verification(documents, tuple(missing), tuple(held), tuple(stale), pending)


def _all_documents(session: Session, gazetteer: Gazetteer, today: date) -> Iterator[Document]:
    """Documents of every service."""
    for service_ids in _all_services(session):
        yield from _documents(session, service_ids, gazetteer, today)


def _all_services(session: Session) -> Iterator[list[UUID]]:
    """Every service, in batches by id."""
    last: UUID | None = None
    while True:
        query = select(Service.id).order_by(Service.id).limit(BATCH)
        if last is not None:
            query = query.where(Service.id > last)
        ids = list(session.execute(query).scalars())
        if not ids:
            return
        yield ids
        last = ids[-1]


def _documents(
    session: Session, service_ids: list[UUID], gazetteer: Gazetteer, today: date
) -> Iterator[Document]:
    terms = review_terms(session)
    for facts in read_services(session, service_ids).values():
        yield from documents_of(facts, gazetteer, today, terms)


def expect_new_day(session: Session, actor: Actor, *, now: datetime) -> int:
    """Put services on the list whose hours have dates in them, or whose listing became stale in
    the last days: what is true changes by the day.

    Returns how many. The worker calls it at its start and at each new day.
    """
    require(actor, Permission.INDEX_MAINTAIN)
    dated = (
        select(Schedule)
        .where(
            or_(
                Schedule.valid_from.is_not(None),
                Schedule.valid_to.is_not(None),
                Schedule.until.is_not(None),
                Schedule.dtstart.is_not(None),
                Schedule.freq == "MONTHLY",
                Schedule.bymonthday.is_not(None),
            )
        )
        .subquery()
    )
    at_locations = select(ServiceAtLocation.service_id).join(
        dated,
        or_(
            dated.c.location_id == ServiceAtLocation.location_id,
            dated.c.service_at_location_id == ServiceAtLocation.id,
        ),
    )
    terms, today = review_terms(session), now.date()
    newly_stale = select(Service.id).where(
        Service.verified_on.is_not(None),
        is_due(terms, today, STALE_AFTER),
        ~is_due(terms, today, STALE_AFTER + STALE_WINDOW),
    )
    services = union(
        select(dated.c.service_id).where(dated.c.service_id.is_not(None)),
        at_locations,
        newly_stale,
    )
    with transaction(session):
        listed = set(session.execute(select(PendingIndex.service_id)).scalars())
        ids = [found for found in session.execute(services).scalars() if found not in listed]
        put_on_list(session, ids, now)
    return len(ids)
