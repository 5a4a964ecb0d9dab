"""Moving a referral: every move of the table, by page, API and command alike."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Actor
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_details import NOTHING_MORE, MoveDetails
from referral_hub.rules.referral_lifecycle import Move, Status
from referral_hub.rules.referrals import Channel
from referral_hub.use_cases.steps.moving import Moved, make_move
from referral_hub.use_cases.steps.referrals import referral_to_move, require_version
from referral_hub.use_cases.transaction import transaction

__all__ = ["Moved", "move_referral"]


def move_referral(
    session: Session,
    actor: Actor,
    vault: Vault,
    referral_id: UUID,
    move: Move,
    details: MoveDetails = NOTHING_MORE,
    *,
    version: int | None,
    channel: Channel,
    now: datetime,
) -> Moved:
    """Make a move on a referral, once: `version` is the one that the caller saw.

    Raises NotFound where the referral is not the actor's to move; VersionConflict where somebody
    was quicker; IllegalMove where the table or the situation does not allow it; InvalidInput where
    something must be supplied; ConsentMissing where the client's consent does not cover it.
    """
    require(actor, Permission.REFERRAL_MOVE)
    with transaction(session):
        referral, parts = referral_to_move(session, actor, referral_id)
        require_version(referral, version)
        make_move(session, vault, referral, actor, parts, move, details, channel, now)
        return Moved(referral.id, Status(referral.status), referral.version)
