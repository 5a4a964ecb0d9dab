"""Events that consent and disclosure write: the row, and the referral as the fold of it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from referral_hub.models import Referral, ReferralEvent
from referral_hub.rules.actor import Actor, Application, Person, System, actor_label
from referral_hub.rules.referral_lifecycle import Move, Part, Status
from referral_hub.rules.referral_state import STATE_FIELDS, Happening, ReferralState, apply
from referral_hub.rules.referrals import Channel, Fact


def add_event(
    session: Session,
    referral: Referral,
    kind: Move | Fact,
    actor: Actor,
    part: Part,
    *,
    to_status: Status | None = None,
    reason_code: str | None = None,
    data: dict[str, Any] | None = None,
    now: datetime,
) -> ReferralEvent:
    """Write an event and bring the referral, which is locked, to where it leads."""
    person = actor.person if isinstance(actor, Application) else actor
    event = ReferralEvent(
        referral_id=referral.id,
        seq=referral.version + 1,
        kind=kind,
        from_status=referral.status,
        to_status=to_status or referral.status,
        actor=actor_label(actor),
        actor_person_id=person.person_id if isinstance(person, Person) else None,
        actor_agency_id=actor.agency_id if isinstance(actor, Person | Application) else None,
        actor_part=part,
        channel=_channel(actor),
        occurred_at=now,
        recorded_at=now,
        reason_code=reason_code,
        data=data or {},
    )
    session.add(event)
    before = ReferralState(**{name: getattr(referral, name) for name in STATE_FIELDS})
    after = apply(before, _happening(event))
    for name in STATE_FIELDS:
        setattr(referral, name, getattr(after, name))
    return event


def _happening(event: ReferralEvent) -> Happening:
    return Happening(
        event.seq,
        event.kind,
        event.from_status,
        event.to_status,
        event.occurred_at,
        event.recorded_at,
        event.reason_code,
        event.data,
    )


def _channel(actor: Actor) -> Channel:
    match actor:
        case Application():
            return Channel.API
        case System():
            return Channel.SYSTEM
    return Channel.PAGE
