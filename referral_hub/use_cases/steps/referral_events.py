"""Writing what happened to a referral: the event, the row that follows it, and its clocks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from referral_hub.models import Referral, ReferralEvent
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.referral_lifecycle import Move, Part, Status, next_status
from referral_hub.rules.referral_state import STATE_FIELDS, Happening, ReferralState, apply
from referral_hub.rules.referrals import Channel, Fact
from referral_hub.use_cases.steps.referral_clocks import Clocks


@dataclass(frozen=True, slots=True)
class HubEvent:
    """Something that the hub itself does to a referral."""

    kind: Move | Fact
    reason_code: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def write_event(
    session: Session,
    referral: Referral,
    actor: Actor,
    what: HubEvent,
    clocks: Clocks,
    *,
    now: datetime,
) -> ReferralEvent:
    """Write an event of the hub. Whoever calls holds the lock of the referral.

    Raises IllegalMove where the table of moves does not have it.
    """
    status = Status(referral.status)
    target = status
    if isinstance(what.kind, Move):
        target = next_status(status, what.kind, Part.SYSTEM)
    event = ReferralEvent(
        referral_id=referral.id, seq=referral.version + 1, kind=what.kind,
        from_status=status, to_status=target, actor=actor_label(actor),
        actor_part=Part.SYSTEM, channel=Channel.SYSTEM, occurred_at=now, recorded_at=now,
        reason_code=what.reason_code, data=dict(what.data),
    )  # fmt: skip
    session.add(event)
    before = ReferralState(**{name: getattr(referral, name) for name in STATE_FIELDS})
    after = apply(before, _happening(event))
    for name in STATE_FIELDS:
        setattr(referral, name, getattr(after, name))
    clocks.advance(referral, event)
    return event


def _happening(event: ReferralEvent) -> Happening:
    return Happening(
        event.seq, event.kind, event.from_status, event.to_status, event.occurred_at,
        event.recorded_at, event.reason_code, event.data,
    )  # fmt: skip
