"""Saying that a listing is still true, and which listings nobody has confirmed for long."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from referral_hub.models import (
    Agency,
    AgencyOrganization,
    ListingAsk,
    Service,
    ServiceNeed,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.listing_asks import AskKind
from referral_hub.rules.listing_freshness import (
    STALE_AFTER,
    ReviewTerms,
    Stage,
    review_on,
    stage_on,
)
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.steps.listing_rights import answering_agency
from referral_hub.use_cases.steps.reviews import confirmed_day, due_services, is_due
from referral_hub.use_cases.steps.verification import confirm_listing, review_terms
from referral_hub.use_cases.transaction import transaction

PAGE = 50


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A listing that waits for somebody to confirm it. `agency` is empty where none answers."""

    service_id: UUID
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


def verify_listing(session: Session, actor: Actor, service_id: UUID, *, now: datetime) -> bool:
    """Say that a service is still true; returns False where somebody said so today already.

    Raises NotFound, Conflict.
    """
    require(actor, Permission.LISTING_VERIFY)
    with transaction(session):
        whose = answering_agency(session, ListingKey("service", service_id))
        require(actor, Permission.LISTING_VERIFY, whose)
        return confirm_listing(session, actor, service_id, now=now)


def review_intervals(session: Session, actor: Actor) -> ReviewTerms:
    """How often listings are to be confirmed, for who reads them."""
    require(actor, Permission.DIRECTORY_READ)
    return review_terms(session)


def list_due(
    session: Session, actor: Actor, agency_id: UUID, *, now: datetime
) -> tuple[ReviewLine, ...]:
    """The listings of an agency whose review is due, the longest without a word first."""
    require(actor, Permission.LISTING_READ, agency_id)
    terms, today = review_terms(session), now.date()
    due = due_services().where(AgencyOrganization.agency_id == agency_id, is_due(terms, today))
    return tuple(_lines(session, due, terms, today))


def review_queue(session: Session, actor: Actor, *, page: int = 1, now: datetime) -> ReviewQueue:
    """The listings that the steward of the network looks after: stale ones, whoever should have
    confirmed them, and those of no agency as soon as they are due."""
    require(actor, Permission.LISTING_REVIEW)
    terms, today = review_terms(session), now.date()
    due = due_services().where(
        is_due(terms, today, STALE_AFTER)
        | (AgencyOrganization.agency_id.is_(None) & is_due(terms, today))
    )
    total = session.scalar(select(func.count()).select_from(due.order_by(None).subquery())) or 0
    lines = _lines(session, due.limit(PAGE).offset((page - 1) * PAGE), terms, today)
    return ReviewQueue(tuple(lines), total, page, max(1, -(-total // PAGE)))


def _lines(
    session: Session, due: Select[Service, str, UUID], terms: ReviewTerms, today: date
) -> Iterator[ReviewLine]:
    rows = session.execute(due).all()
    ids = [service.id for service, _, _ in rows]
    codes: dict[UUID, list[str]] = {}
    for need in session.scalars(select(ServiceNeed).where(ServiceNeed.service_id.in_(ids))):
        codes.setdefault(need.service_id, []).append(need.need_code)
    told = {
        ask.service_id: ask.told_at
        for ask in session.scalars(
            select(ListingAsk).where(
                ListingAsk.service_id.in_(ids), ListingAsk.kind == AskKind.REVIEW
            )
        )
    }
    answering = {agency_id for _, _, agency_id in rows if agency_id is not None}
    agencies: dict[UUID, str] = {
        agency.id: agency.name
        for agency in session.scalars(select(Agency).where(Agency.id.in_(answering)))
    }
    for service, organization, agency_id in rows:
        due_on = review_on(confirmed_day(service), codes.get(service.id, ()), terms)
        yield ReviewLine(
            service.id, service.name, organization,
            agencies[agency_id] if agency_id is not None else "",
            service.verified_on, due_on, stage_on(due_on, today), told.get(service.id),
        )  # fmt: skip
