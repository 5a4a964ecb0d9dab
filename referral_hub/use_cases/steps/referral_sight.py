"""Which of many referrals somebody sees, on whom they wait, and which came back: rules as
conditions on rows."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from referral_hub.models import Need, Referral
from referral_hub.rules.actor import Actor, Application, Person, acting_agency
from referral_hub.rules.clients import NeedStatus
from referral_hub.rules.referral_lifecycle import CAME_BACK, OPEN, TERMINAL, WAITS_ON, Side, Status
from referral_hub.rules.referral_parts import RECEIVERS
from referral_hub.rules.referral_waiting import HOLD_WAITS_ON, Waits


def visible(actor: Actor, side: Side) -> ColumnElement[bool]:
    """The referrals that an actor sees on a side, by `rules.referral_parts.sides_seen`."""
    agency, team = (
        (Referral.from_agency_id, Referral.from_team_id)
        if side is Side.SENDER
        else (Referral.to_agency_id, Referral.to_team_id)
    )
    visible = agency == acting_agency(actor)
    person = actor.person if isinstance(actor, Application) else actor
    if isinstance(person, Person):
        visible = and_(visible, agency == person.agency_id)
    if isinstance(person, Person) and not RECEIVERS & person.roles:
        visible = and_(visible, team.in_(person.teams))
    if side is Side.RECEIVER:
        visible = and_(visible, Referral.first_sent_at.is_not(None))
    return visible


def few_visible(ids: Collection[UUID], actor: Actor, side: Side) -> Select[Referral]:
    """Those of a few referrals that an actor sees on a side. They are found by their ids first: an
    agency may have half of all there are."""
    asked = aliased(Referral)
    few = select(asked.id).where(asked.id.in_(ids)).limit(len(ids)).subquery()
    return select(Referral).join(few, few.c.id == Referral.id).where(visible(actor, side))


def is_status_only() -> ColumnElement[bool]:
    """The referrals of which the sender learns no more than the status, by
    `rules.referral_sight.is_status_only`."""
    return and_(Referral.veiled_from.is_not(None), Referral.veiled_until.is_(None))


def due_at(side: Side) -> SQLColumnExpression[datetime | None]:
    """When a referral is due, as far as a side may know."""
    return _known_to(side, Referral.due_at)


def _known_to(side: Side, column: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return column if side is Side.RECEIVER else case((~is_status_only(), column))


def waits_on_side(side: Side, now: datetime) -> ColumnElement[bool]:
    """The open referrals on which a side has the next word, by `rules.referral_waiting.waits_on`
    and as far as it may know; true or false of every row, never unknown."""
    always = [
        status
        for status, waits in WAITS_ON.items()
        if waits is side and status in OPEN and status is not Status.ON_HOLD
    ]
    reason = func.coalesce(_known_to(side, Referral.reason_code), "")
    called_for = or_(
        func.coalesce(due_at(side) < now, False), Referral.withdrawal_requested_at.is_not(None)
    )
    if side is Side.RECEIVER:
        held = or_(reason.not_in(HOLD_WAITS_ON), called_for)
    else:
        own = [code for code, waits in HOLD_WAITS_ON.items() if waits is Waits.SENDER]
        held = and_(reason.in_(own), ~called_for)
    return or_(
        Referral.status.in_(always),
        and_(Referral.status == Status.ON_HOLD, held),
    )


def came_back() -> ColumnElement[bool]:
    """The referrals that their sender has to do something about, though they ended: nobody took
    the client, the need is open, and no later or better referral of it was made."""
    other = aliased(Referral)
    return and_(
        Referral.status.in_(CAME_BACK),
        exists().where(Need.id == Referral.need_id, Need.status == NeedStatus.OPEN),
        ~exists().where(
            other.need_id == Referral.need_id,
            or_(
                other.created_at > Referral.created_at,
                other.status.not_in(TERMINAL - {Status.COMPLETED}),
            ),
        ),
    )
