"""The check for conflicts of interest that some receivers make before they read a story."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Need, Referral
from referral_hub.rules.actor import Actor, Person
from referral_hub.rules.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    NotPermitted,
    VersionConflict,
)
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.referral_lifecycle import BEFORE_ACCEPTANCE, Part, Side, Status
from referral_hub.rules.referral_parts import SIDES, Parties, parts_of
from referral_hub.rules.referrals import ConflictCheck, Fact
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.consent_events import add_event
from referral_hub.use_cases.steps.snapshots import close_snapshots
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
        if referral.version != version:
            message = "Somebody else changed this referral. Look at it again, then decide."
            raise VersionConflict(message, referral.version)
        _require_open_check(referral, result)
        referral.conflict_check = result
        add_event(
            session, referral, Fact.CONFLICT_CHECKED, actor, Part.RECEIVER,
            data={"result": result.value}, now=now,
        )  # fmt: skip
        if result is ConflictCheck.CONFLICT:
            close_snapshots(session, referral.id, now)
        add_audit(
            session, actor, "referral:check-conflict", referral,
            agency_id=referral.to_agency_id, detail=result.value, now=now,
        )  # fmt: skip


def _received(session: Session, actor: Actor, referral_id: UUID) -> Referral:
    """A referral that came to the actor's agency, locked after its need. Raises NotFound for whom
    it does not exist, and NotPermitted for those of the agency who cannot give its word."""
    need_id = session.scalar(select(Referral.need_id).where(Referral.id == referral_id))
    if need_id is not None:
        session.get(Need, need_id, with_for_update=True)
    referral = session.get(Referral, referral_id, with_for_update=True, populate_existing=True)
    if referral is None or referral.status == Status.DRAFT:
        raise NotFound(NOTHING_HERE)
    parts = parts_of(
        actor,
        Parties(
            referral.from_agency_id,
            referral.from_team_id,
            referral.to_agency_id,
            referral.to_team_id,
        ),
    )
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
