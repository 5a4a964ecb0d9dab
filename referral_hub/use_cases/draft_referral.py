"""Preparing a referral: a draft that only its own agency sees, until it is sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import Conflict
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import Move, Status
from referral_hub.rules.referral_parts import parts_of
from referral_hub.rules.referrals import Channel, Fact
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.drafting import Preparation, add_draft, prepare, sender_part
from referral_hub.use_cases.steps.moving import Moved, make_move
from referral_hub.use_cases.steps.referrals import (
    Act,
    channel_of,
    locked_referral,
    parties_of,
    record_event,
    referral_to_move,
    require_version,
)
from referral_hub.use_cases.transaction import transaction

__all__ = ["Preparation", "change_draft", "draft_referral", "make_referral"]


def draft_referral(
    session: Session,
    actor: Actor,
    vault: Vault,
    client_id: UUID,
    need_id: UUID,
    service_id: UUID,
    preparation: Preparation,
    *,
    channel: Channel,
    now: datetime,
) -> UUID:
    """Begin a referral of a client to a service and return its id; nothing is shared yet.

    Raises NotFound for a client that is not the agency's, InvalidInput for a need, service or
    consent that does not fit, Conflict where the service belongs to no partner.
    """
    require(actor, Permission.REFERRAL_PREPARE)
    with transaction(session):
        return add_draft(
            session, actor, vault, client_id, need_id, service_id, preparation, channel, now
        ).id


def make_referral(
    session: Session,
    actor: Actor,
    vault: Vault,
    client_id: UUID,
    need_id: UUID,
    service_id: UUID,
    preparation: Preparation,
    *,
    send: bool,
    note: str,
    channel: Channel,
    now: datetime,
) -> Moved:
    """Make a referral in one go, as partner systems do: with `send` it is sent, or not made.

    Raises what drafting and sending raise.
    """
    require(actor, Permission.REFERRAL_PREPARE)
    with transaction(session):
        referral = add_draft(
            session, actor, vault, client_id, need_id, service_id, preparation, channel, now
        )
        if send:
            locked_referral(session, referral.id)
            parts = parts_of(actor, parties_of(referral))
            details = MoveDetails(note=note)
            make_move(session, vault, referral, actor, parts, Move.SEND, details, channel, now)
        return Moved(referral.id, Status(referral.status), referral.version)


def change_draft(
    session: Session,
    actor: Actor,
    vault: Vault,
    referral_id: UUID,
    preparation: Preparation,
    *,
    version: int,
    now: datetime,
) -> None:
    """Say anew what a draft holds. Raises NotFound, VersionConflict, InvalidInput, and Conflict
    for a referral that was sent already."""
    require(actor, Permission.REFERRAL_PREPARE)
    with transaction(session):
        referral, _ = referral_to_move(session, actor, referral_id)
        require(actor, Permission.REFERRAL_PREPARE, referral.from_agency_id)
        require_version(referral, version)
        if referral.status != Status.DRAFT:
            raise Conflict("This referral was sent already. What was sent does not change.")
        prepare(session, vault, referral, preparation)
        act = Act(actor, sender_part(actor), channel_of(actor), now)
        data = {"priority": preparation.priority.value}
        record_event(session, referral, act, Fact.CHANGED, data=data)
        add_audit(
            session, actor, "referral:change-draft", referral,
            agency_id=referral.from_agency_id, now=now,
        )  # fmt: skip
