"""Declines that an agency wants a supervisor to decide: proposed, approved, or sent back.

Until a supervisor answers, the referral stays undecided and its clocks run on. A proposal lapses
with whatever else is done to the referral (`rules.referral_state`).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Referral
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound, NotPermitted
from referral_hub.rules.news import PROPOSER
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.reason_codes import check_reason
from referral_hub.rules.referral_details import MOST_TEXT, MoveDetails, check_details
from referral_hub.rules.referral_lifecycle import Move, Part, Status, find_rule
from referral_hub.rules.referrals import Channel, Fact
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import author_of
from referral_hub.use_cases.steps.declines import (
    LISTING_FIELD,
    details_of,
    proposer_of,
    require_proposal,
)
from referral_hub.use_cases.steps.moving import Moved, make_move
from referral_hub.use_cases.steps.referral_situation import reviews_declines
from referral_hub.use_cases.steps.referrals import (
    Act,
    Words,
    record_event,
    referral_to_move,
    require_version,
)
from referral_hub.use_cases.transaction import transaction


def propose_decline(
    session: Session,
    actor: Actor,
    vault: Vault,
    referral_id: UUID,
    details: MoveDetails,
    *,
    version: int | None,
    channel: Channel,
    now: datetime,
) -> None:
    """Propose to decline a received referral. Raises NotFound, VersionConflict, IllegalMove,
    InvalidInput, and Conflict where nobody reviews declines or one is proposed already."""
    require(actor, Permission.REFERRAL_MOVE)
    with transaction(session):
        referral, parts = referral_to_move(session, actor, referral_id)
        require_version(referral, version)
        if Part.RECEIVER not in parts:
            raise NotPermitted("Only whoever works on the referral proposes to decline it.")
        _require_room(session, referral)
        _check(referral, details, now)
        record_event(
            session, referral, Act(actor, Part.RECEIVER, channel, now), Fact.DECLINE_PROPOSED,
            reason_code=details.reason, words=Words(vault, details.note.strip()),
            data={PROPOSER: str(author_of(actor))} | _listing_field(details),
        )  # fmt: skip
        _audit(session, actor, "decline:propose", referral, now)


def approve_decline(
    session: Session,
    actor: Actor,
    vault: Vault,
    referral_id: UUID,
    *,
    version: int | None,
    channel: Channel,
    now: datetime,
) -> Moved:
    """Decline a referral as it was proposed, in the supervisor's part. Raises NotFound,
    VersionConflict, and Conflict where no proposal waits any more."""
    require(actor, Permission.DECLINE_REVIEW)
    with transaction(session):
        referral = _to_review(session, actor, referral_id, version)
        details = details_of(vault, require_proposal(session, referral))
        lead = frozenset({Part.RECEIVER_SUPERVISOR})
        make_move(session, vault, referral, actor, lead, Move.DECLINE, details, channel, now)
        return Moved(referral.id, Status(referral.status), referral.version)


def return_decline(
    session: Session,
    actor: Actor,
    vault: Vault,
    referral_id: UUID,
    note: str,
    *,
    version: int | None,
    channel: Channel,
    now: datetime,
) -> None:
    """Send a proposed decline back, with a note for the worker. Raises NotFound, VersionConflict,
    InvalidInput, and Conflict where no proposal waits any more."""
    require(actor, Permission.DECLINE_REVIEW)
    note = note.strip()
    if not 1 <= len(note) <= MOST_TEXT:
        message = f"Write why, in at most {MOST_TEXT} characters."
        raise InvalidInput(message, {"note": message})
    with transaction(session):
        referral = _to_review(session, actor, referral_id, version)
        proposal = require_proposal(session, referral)
        record_event(
            session, referral, Act(actor, Part.RECEIVER_SUPERVISOR, channel, now),
            Fact.DECLINE_RETURNED, words=Words(vault, note),
            data={PROPOSER: str(proposer_of(proposal))},
        )  # fmt: skip
        _audit(session, actor, "decline:return", referral, now)


def _to_review(session: Session, actor: Actor, referral_id: UUID, version: int | None) -> Referral:
    """A referral, locked, of a team that the actor supervises. Raises NotFound."""
    referral, parts = referral_to_move(session, actor, referral_id)
    if Part.RECEIVER_SUPERVISOR not in parts:
        raise NotFound(NOTHING_HERE)
    require_version(referral, version)
    return referral


def _require_room(session: Session, referral: Referral) -> None:
    if not reviews_declines(session, referral):
        raise Conflict("Your agency wants no review of declines. Decline it yourself.")
    if referral.decline_proposed_at is not None:
        raise Conflict("A decline is proposed already. A supervisor will answer.")


def _check(referral: Referral, details: MoveDetails, now: datetime) -> None:
    """Everything that the decline itself would ask for. Raises."""
    rule = find_rule(Status(referral.status), Move.DECLINE, Part.RECEIVER)
    check_details(rule, Part.RECEIVER, details, now=now, sent_at=referral.sent_at)
    check_reason(Move.DECLINE, details.reason or "", details.note)


def _listing_field(details: MoveDetails) -> dict[str, str]:
    return {LISTING_FIELD: details.listing_field} if details.listing_field else {}


def _audit(session: Session, actor: Actor, action: str, referral: Referral, now: datetime) -> None:
    add_audit(session, actor, action, referral, agency_id=referral.to_agency_id, now=now)
