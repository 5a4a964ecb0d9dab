"""The check for conflicts of interest that some receivers make before they read a story."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.models import Referral
from referral_hub.rules.actor import Actor, Person
from referral_hub.rules.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    NotPermitted,
)
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.referral_lifecycle import BEFORE_ACCEPTANCE, Part, Side, Status
from referral_hub.rules.referral_parts import SIDES
from referral_hub.rules.referrals import Channel, ConflictCheck, Fact
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.referrals import (
    Act,
    record_event,
    referral_to_move,
    require_version,
)
from referral_hub.use_cases.transaction import transaction


def record_conflict_check(
    session: Session,
    actor: Actor,
    referral_id: UUID,
    result: ConflictCheck,
    version: int,
    *,
    now: datetime,
) -> None:
    """Say whether the receiving agency found a conflict of interest. Without one all opens that was
    shared; with one nothing can be read any more, and the referral can be declined.

    Only people of the receiving agency can say so; a conflict that was found stays found. Raises
    NotFound, NotPermitted, InvalidInput, Conflict and VersionConflict.
    """
    require(actor, Permission.REFERRAL_MOVE)
    if result not in (ConflictCheck.CLEAR, ConflictCheck.CONFLICT):
        message = "Choose whether there is a conflict of interest."
        raise InvalidInput(message, {"result": message})
    with transaction(session):
        referral = _received(session, actor, referral_id)
        require_version(referral, version)
        _require_open_check(referral, result)
        act = Act(actor, Part.RECEIVER, Channel.PAGE, now)
        data = {"result": result.value}
        record_event(session, referral, act, Fact.CONFLICT_CHECKED, data=data)
        add_audit(
            session, actor, "referral:check-conflict", referral,
            agency_id=referral.to_agency_id, detail=result.value, now=now,
        )  # fmt: skip


def _received(session: Session, actor: Actor, referral_id: UUID) -> Referral:
    """A referral that came to the actor's agency, locked after its need. Raises NotFound for whom
    it does not exist, and NotPermitted for those of the agency who cannot give its word."""
    referral, parts = referral_to_move(session, actor, referral_id)
    if not parts & (SIDES[Side.SENDER] | SIDES[Side.RECEIVER]):
        raise NotFound(NOTHING_HERE)
    if Part.RECEIVER not in parts or not isinstance(actor, Person):
        raise NotPermitted("Only a worker of the receiving agency can say this.")
    return referral


def _require_open_check(referral: Referral, result: ConflictCheck) -> None:
    """Raise Conflict unless the check can have this result now."""
    found = ConflictCheck(referral.conflict_check)
    if Status(referral.status) not in BEFORE_ACCEPTANCE:
        raise Conflict("This referral is decided. The check for conflicts is over.")
    if found is ConflictCheck.NOT_NEEDED:
        raise Conflict("This referral needs no check for conflicts of interest.")
    if found is ConflictCheck.CONFLICT or found is result:
        raise Conflict("The check for conflicts was recorded already. Decline, or go on with it.")
