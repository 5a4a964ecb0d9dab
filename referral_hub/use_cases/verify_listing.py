"""Saying that a listing is still true, and which listings nobody has confirmed for long."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, func, select
from sqlalchemy.orm import Session

from referral_hub.models import Agency, ListingAsk
from referral_hub.rules.actor import Actor
from referral_hub.rules.listing_asks import AskKind
from referral_hub.rules.listing_freshness import STALE_AFTER, ReviewTerms, Stage, stage_on
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.listing_forms.places import NAMELESS
from referral_hub.use_cases.steps.listing_rights import answering_agency
from referral_hub.use_cases.steps.reviews import confirmed_day, due_listings
from referral_hub.use_cases.steps.verification import confirm_listing, review_terms
from referral_hub.use_cases.transaction import transaction

PAGE = 50


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A listing that waits for somebody to confirm it. `agency` is empty where none answers."""

    listing: ListingKey
    name: str
    organization: str
    agency: str
    verified_on: date | None
    due_on: date
    stage: Stage
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """A page of the listings that nobody confirms, the longest overdue first."""

    lines: tuple[ReviewLine, ...]
    total: int
    page: int
    pages: int


def verify_listing(session: Session, actor: Actor, listing: ListingKey, *, now: datetime) -> bool:
    """Say that a service, an organization or a place is still true; returns False where somebody
    said so today already.

    Raises NotFound, Conflict.
    """
    require(actor, Permission.LISTING_VERIFY)
    with transaction(session):
        whose = answering_agency(session, listing)
        require(actor, Permission.LISTING_VERIFY, whose)
        return confirm_listing(session, actor, listing, now=now)


def review_intervals(session: Session, actor: Actor) -> ReviewTerms:
    """How often listings are to be confirmed, for who reads them."""
    require(actor, Permission.DIRECTORY_READ)
    return review_terms(session)


def list_due(
    session: Session, actor: Actor, agency_id: UUID, *, now: datetime
) -> tuple[ReviewLine, ...]:
    """The listings of an agency whose review is due, the longest without a word first."""
    require(actor, Permission.LISTING_READ, agency_id)
    due = due_listings(review_terms(session), now.date())
    own = select(due).where(due.c.agency_id == agency_id)
    return _lines(session, own.order_by(*_longest(due)), now)


def review_queue(session: Session, actor: Actor, *, page: int = 1, now: datetime) -> ReviewQueue:
    """The listings that the steward of the network looks after: stale ones, whoever should have
    confirmed them, and those of no agency as soon as they are due."""
    require(actor, Permission.LISTING_REVIEW)
    terms, today = review_terms(session), now.date()
    due, stale = due_listings(terms, today), due_listings(terms, today, STALE_AFTER)
    waiting = select(due).where(due.c.agency_id.is_(None) | due.c.id.in_(select(stale.c.id)))
    total = session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
    shown = waiting.order_by(*_longest(due)).limit(PAGE).offset((page - 1) * PAGE)
    return ReviewQueue(_lines(session, shown, now), total, page, max(1, -(-total // PAGE)))


def _longest(due: Subquery) -> tuple[Any, ...]:
    """The order in which nobody said anything for the longest time."""
    return due.c.verified_on.is_not(None), due.c.verified_on, due.c.id


def _lines(session: Session, due: Select[Any], now: datetime) -> tuple[ReviewLine, ...]:
    terms, today = review_terms(session), now.date()
    rows = session.execute(due).all()
    asked = select(ListingAsk.listing_id, ListingAsk.told_at).where(
        ListingAsk.listing_id.in_([row.id for row in rows]), ListingAsk.kind == AskKind.REVIEW
    )
    told = {row.listing_id: row.told_at for row in session.execute(asked)}
    answering = {row.agency_id for row in rows if row.agency_id is not None}
    agencies: dict[UUID, str] = {
        agency.id: agency.name
        for agency in session.scalars(select(Agency).where(Agency.id.in_(answering)))
    }
    lines = []
    for row in rows:
        confirmed = confirmed_day(row.verified_on, row.created_at, today)
        due_on = confirmed + terms.of(row.table_name, often=bool(row.often))
        lines.append(
            ReviewLine(
                ListingKey(row.table_name, row.id), row.name or NAMELESS, row.organization,
                agencies.get(row.agency_id, ""), row.verified_on, due_on,
                stage_on(due_on, today), told.get(row.id),
            )
        )  # fmt: skip
    return tuple(lines)
