"""What agencies are asked about their listings, inside a transaction."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from referral_hub.models import DIRECTORY, ListingAsk
from referral_hub.rules.listing_asks import AskKind, AskReason
from referral_hub.rules.listings import ListingKey


def raise_ask(
    session: Session,
    listing: ListingKey,
    agency_id: UUID,
    kind: AskKind,
    reason: AskReason,
    *,
    due_on: date | None = None,
    now: datetime,
) -> None:
    """Ask an agency about a listing. What is asked already stays asked; declines are told anew
    even where its age was asked about, since they are the better reason."""
    lock_listing(session, listing)
    ask = session.get(ListingAsk, (listing.id, kind), populate_existing=True)
    if ask is not None and (ask.reason == reason or reason is not AskReason.DECLINED):
        return
    if ask is None:
        ask = ListingAsk(listing_id=listing.id, kind=kind)
        session.add(ask)
    ask.listing_table, ask.agency_id = listing.table, agency_id
    ask.reason, ask.since, ask.due_on = reason, now, due_on
    ask.told_at = ask.escalated_at = None
    session.flush()


def lock_listing(session: Session, listing: ListingKey) -> None:
    """Hold a listing, so that what is said or asked of it at the same moment waits. Rows of their
    own, which are not there yet, cannot be held."""
    model = DIRECTORY[listing.table]
    session.execute(select(model.id).where(model.id == listing.id).with_for_update(key_share=True))


def answer_ask(session: Session, listing_id: UUID, kind: AskKind) -> None:
    """The question is answered, so that nobody asks it any more."""
    session.execute(
        delete(ListingAsk).where(ListingAsk.listing_id == listing_id, ListingAsk.kind == kind)
    )
