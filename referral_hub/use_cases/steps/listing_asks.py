"""What agencies are asked about their listings, inside a transaction."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from referral_hub.models import ListingAsk, Service
from referral_hub.rules.listing_asks import AskKind, AskReason


def raise_ask(
    session: Session,
    service_id: UUID,
    agency_id: UUID,
    kind: AskKind,
    reason: AskReason,
    *,
    due_on: date | None = None,
    now: datetime,
) -> None:
    """Ask an agency about a service. What is asked already stays asked; declines are told anew
    even where its age was asked about, since they are the better reason."""
    lock_service(session, service_id)
    ask = session.get(ListingAsk, (service_id, kind), populate_existing=True)
    if ask is not None and (ask.reason == reason or reason is not AskReason.DECLINED):
        return
    if ask is None:
        ask = ListingAsk(service_id=service_id, kind=kind, agency_id=agency_id)
        session.add(ask)
    ask.reason, ask.since, ask.due_on = reason, now, due_on
    ask.told_at = ask.escalated_at = None
    session.flush()


def lock_service(session: Session, service_id: UUID) -> None:
    """Hold a service, so that what is said or asked of it at the same moment waits. Rows of their
    own, which are not there yet, cannot be held."""
    session.execute(
        select(Service.id).where(Service.id == service_id).with_for_update(key_share=True)
    )


def answer_ask(session: Session, service_id: UUID, kind: AskKind) -> None:
    """The question is answered, so that nobody asks it any more."""
    session.execute(
        delete(ListingAsk).where(ListingAsk.service_id == service_id, ListingAsk.kind == kind)
    )
