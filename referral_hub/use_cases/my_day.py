"""What waits on somebody today: the first thing they see."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Referral
from referral_hub.rules.actor import Actor
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_lifecycle import OPEN, Side, Status
from referral_hub.use_cases.referral_views import ReferralLine
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import agency_of, author_of
from referral_hub.use_cases.steps.referral_lines import referral_lines
from referral_hub.use_cases.steps.referral_sight import came_back, visible, waits_on_side
from referral_hub.use_cases.transaction import transaction

SHOWN = 8
_NEW = (Status.SENT, Status.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class MyDay:
    """Lists that begin with what is due first. `new` was received and nobody works on it;
    `mine` was received and the viewer works on it; `questions` wait for the viewer's word;
    `came_back` were declined or expired and the need is still open; `others` were sent by the
    viewer and wait on another agency, or on the client."""

    new: tuple[ReferralLine, ...]
    mine: tuple[ReferralLine, ...]
    questions: tuple[ReferralLine, ...]
    came_back: tuple[ReferralLine, ...]
    others: tuple[ReferralLine, ...]
    drafts: tuple[ReferralLine, ...]


def my_day(session: Session, actor: Actor, vault: Vault, *, now: datetime) -> MyDay:
    """What waits on a worker, and on whom their own referrals wait."""
    require(actor, Permission.REFERRAL_READ)
    person_id, agency_id = author_of(actor), agency_of(actor)
    received = visible(actor, Side.RECEIVER)
    sent = and_(visible(actor, Side.SENDER), Referral.sender_id == person_id)
    with transaction(session):
        lists = [
            _lines(session, vault, found, side, now)
            for found, side in (
                (_some(and_(received, Referral.status.in_(_NEW), _nobody())), Side.RECEIVER),
                (_some(_works_on(received, person_id, now)), Side.RECEIVER),
                (_some(and_(sent, waits_on_side(Side.SENDER, now))), Side.SENDER),
                (_some(and_(sent, came_back())), Side.SENDER),
                (_some(and_(sent, _waits_on_others(now))), Side.SENDER),
                (_some(and_(sent, Referral.status == Status.DRAFT)), Side.SENDER),
            )
        ]
        add_audit(session, actor, "referral:list", agency_id=agency_id, detail="my day", now=now)
    return MyDay(*lists)


def _waits_on_others(now: datetime) -> ColumnElement[bool]:
    return and_(Referral.status.in_(OPEN), ~waits_on_side(Side.SENDER, now))


def _works_on(received: ColumnElement[bool], person_id: UUID, now: datetime) -> ColumnElement[bool]:
    mine = Referral.assignee_id == person_id
    return and_(received, mine, waits_on_side(Side.RECEIVER, now))


def _nobody() -> ColumnElement[bool]:
    return Referral.assignee_id.is_(None)


def _some(condition: ColumnElement[bool]) -> Select[Referral]:
    return (
        select(Referral)
        .where(condition)
        .order_by(Referral.due_at.is_(None), Referral.due_at, Referral.id)
        .limit(SHOWN)
    )


def _lines(
    session: Session, vault: Vault, found: Select[Referral], side: Side, now: datetime
) -> tuple[ReferralLine, ...]:
    rows = session.scalars(found).all()
    return referral_lines(session, vault, [(row, side) for row in rows], now)
