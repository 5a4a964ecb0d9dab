"""What is told of a referral without a move: as what somebody tells it, and what follows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.models import Client, Referral
from referral_hub.rules.actor import Actor, acting_agency
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.rules.referral_lifecycle import Move, Part, Side, Status
from referral_hub.rules.referral_parts import SIDES, parts_on_sides
from referral_hub.rules.referrals import Channel
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.referrals import Act, locked_referral, parties_of, record_event


def referral_to_tell(
    session: Session, actor: Actor, referral_id: UUID, channel: Channel, now: datetime
) -> tuple[Referral, Act]:
    """A referral, locked, and as what the actor speaks. Raises NotFound where that is nothing."""
    referral = locked_referral(session, referral_id)
    parts = parts_on_sides(actor, parties_of(referral)) if referral else frozenset[Part]()
    if referral is not None and referral.first_sent_at is None:
        parts -= SIDES[Side.RECEIVER]
    if referral is None or not parts:
        raise NotFound(NOTHING_HERE)
    order = list(Part)
    speaking = min(parts, key=lambda part: (part not in SIDES[Side.RECEIVER], order.index(part)))
    return referral, Act(actor, speaking, channel, now)


def meant(at: datetime, accepted_at: datetime | None) -> datetime:
    """A time that was typed to the minute may be any moment of it: the one of the acceptance where
    that falls into it, since nothing is done before."""
    if accepted_at is not None and at == accepted_at.replace(second=0, microsecond=0):
        return accepted_at
    return at


def client_reached(session: Session, referral: Referral, act: Act, at: datetime) -> None:
    """What follows when the receiver has met or spoken with the client: an accepted referral
    starts, and the receiver's record knows when."""
    client = None
    if referral.receiver_client_id is not None:
        client = session.get(Client, referral.receiver_client_id)
    if client is not None:
        client.last_contact_at = max(client.last_contact_at or at, at)
    if referral.status == Status.ACCEPTED:
        data = {"contacted_at": at.isoformat()}
        record_event(
            session, referral, act, Move.START,
            to_status=Status.IN_PROGRESS, data=data, occurred_at=at,
        )  # fmt: skip


def audit_telling(session: Session, act: Act, action: str, referral: Referral) -> None:
    """Note in the audit what somebody told of a referral."""
    add_audit(session, act.actor, action, referral, agency_id=acting_agency(act.actor), now=act.now)
