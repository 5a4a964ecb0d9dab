"""Lists of referrals: the inbox of what was received, and what was sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Referral
from referral_hub.rules.actor import Actor, Person, acting_agency
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_lifecycle import OPEN, TERMINAL, Side, Status
from referral_hub.rules.referrals import Waiting
from referral_hub.use_cases.referral_views import ReferralLine, ReferralPage
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.referral_lines import referral_lines
from referral_hub.use_cases.steps.referral_sight import came_back, due_at, visible, waits_on_side
from referral_hub.use_cases.transaction import transaction

PAGE = 50


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What to list. `mine` narrows to what the caller sent, or works on. `in_order` lists by when
    a referral was begun; `after`, this time of one and its id, goes on behind it."""

    side: Side
    waiting: Waiting = Waiting.OPEN
    statuses: frozenset[Status] = frozenset()
    overdue: bool = False
    mine: bool = False
    client_id: UUID | None = None
    page: int = 1
    size: int = PAGE
    after: tuple[datetime, UUID] | None = None
    in_order: bool = False


def list_referrals(
    session: Session, actor: Actor, vault: Vault, query: ListQuery, *, now: datetime
) -> ReferralPage:
    """A page of the referrals that the actor sees on one side: what is due first on top, or, of
    those that have ended, what ended last. Nothing is counted, so a page costs the same whatever
    the length of the list.

    Raises InvalidInput for a page that there cannot be.
    """
    require(actor, Permission.REFERRAL_READ)
    if query.page < 1 or not 1 <= query.size <= 200:
        raise InvalidInput("There is no such page.", {"page": "Use 1 or more."})
    with transaction(session):
        ordered = _found(actor, query, now).order_by(*_order(query))
        behind = ordered.offset((query.page - 1) * query.size)
        rows = session.scalars(behind.limit(query.size + 1)).all()
        more, rows = len(rows) > query.size, rows[: query.size]
        lines = referral_lines(session, vault, [(row, query.side) for row in rows], now)
        add_audit(
            session, actor, "referral:list", agency_id=acting_agency(actor),
            detail=f"{query.side}, {len(lines)} referrals", shown=(line.id for line in lines),
            now=now,
        )  # fmt: skip
    return ReferralPage(lines, query.page, more)


def referrals_of_client(
    session: Session, actor: Actor, vault: Vault, client_id: UUID, *, now: datetime
) -> tuple[ReferralLine, ...]:
    """All referrals of a client of the actor's agency that the actor sees, the newest first: those
    that were sent for the client, and the one by which the client came."""
    require(actor, Permission.REFERRAL_READ)
    seen = []
    with transaction(session):
        for side in Side:
            own = Referral.client_id if side is Side.SENDER else Referral.receiver_client_id
            rows = session.scalars(
                select(Referral).where(visible(actor, side), own == client_id)
            ).all()
            seen += [(row, side) for row in rows]
        seen.sort(key=lambda found: (found[0].created_at, found[0].id), reverse=True)
        lines = referral_lines(session, vault, seen, now)
        add_audit(
            session, actor, "referral:list", agency_id=acting_agency(actor),
            detail=f"{len(lines)} referrals of client {client_id}",
            shown=(line.id for line in lines), now=now,
        )  # fmt: skip
    return lines


def _found(actor: Actor, query: ListQuery, now: datetime) -> Select[Referral]:
    conditions = [visible(actor, query.side), _part(query, now)]
    if query.statuses:
        conditions.append(Referral.status.in_(query.statuses))
    if query.overdue:
        conditions.append(due_at(query.side) < now)
    if query.client_id is not None:
        own = Referral.client_id if query.side is Side.SENDER else Referral.receiver_client_id
        conditions.append(own == query.client_id)
    if query.after is not None:
        conditions.append(tuple_(Referral.created_at, Referral.id) > tuple_(*query.after))
    if query.mine and isinstance(actor, Person):
        own = Referral.sender_id if query.side is Side.SENDER else Referral.assignee_id
        conditions.append(own == actor.person_id)
    return select(Referral).where(and_(*conditions))


def _order(query: ListQuery) -> tuple[ColumnElement[Any], ...]:
    if query.in_order:
        return Referral.created_at.asc(), Referral.id.asc()
    if query.waiting is Waiting.ENDED:
        return Referral.closed_at.desc(), Referral.id.desc()
    due = due_at(query.side)
    return (
        due.is_(None), due.asc(),
        Referral.created_at.asc(), Referral.id.asc(),
    )  # fmt: skip


def _part(query: ListQuery, now: datetime) -> ColumnElement[bool]:
    match query.waiting:
        case Waiting.US:
            ours = waits_on_side(query.side, now)
            return ours if query.side is Side.RECEIVER else or_(ours, came_back())
        case Waiting.THEM:
            return and_(Referral.status.in_(OPEN), ~waits_on_side(query.side, now))
        case Waiting.OPEN:
            return Referral.status.in_(OPEN)
        case Waiting.ENDED:
            return Referral.status.in_(TERMINAL)
        case Waiting.DRAFTS:
            return Referral.status == Status.DRAFT
