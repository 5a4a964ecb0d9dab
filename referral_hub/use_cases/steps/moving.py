"""Moving a referral inside a transaction: what the table asks for, the event, and what follows."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Referral
from referral_hub.rules.actor import Actor
from referral_hub.rules.reason_codes import REASONS_OF, check_reason
from referral_hub.rules.referral_details import (
    MoveDetails,
    check_details,
    code_of,
    data_of,
    words_of,
)
from referral_hub.rules.referral_guards import require_guards
from referral_hub.rules.referral_lifecycle import Move, Part, Rule, Status, find_rule, next_status
from referral_hub.rules.referral_parts import part_for
from referral_hub.rules.referrals import Channel
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.listing_feedback import heed_decline
from referral_hub.use_cases.steps.referral_clocks import Clocks
from referral_hub.use_cases.steps.referral_effects import before_move
from referral_hub.use_cases.steps.referral_situation import reviews_declines, situation_of
from referral_hub.use_cases.steps.referrals import Act, Words, reason_asked, record_event


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a referral is after a move."""

    referral_id: UUID
    status: Status
    version: int


def make_move(
    session: Session,
    vault: Vault,
    referral: Referral,
    actor: Actor,
    parts: frozenset[Part],
    move: Move,
    details: MoveDetails,
    channel: Channel,
    now: datetime,
) -> None:
    """Make a move on a referral, which is locked after its need, with all that it brings.

    Raises IllegalMove, InvalidInput, Conflict, ConsentMissing.
    """
    part = part_for(Status(referral.status), move, _deciding(session, referral, move, parts))
    act = Act(actor, part, channel, now)
    rule = find_rule(Status(referral.status), move, act.part)
    _check(session, referral, act, rule, details)
    if move is Move.COMPLETE and referral.started_at is None:
        _start_first(session, referral, act, details)
    details = before_move(session, vault, referral, act, move, details)
    _write(session, vault, referral, act, move, details)
    if move is Move.DECLINE:
        heed_decline(session, referral, actor, details, now)
    add_audit(
        session, actor, f"referral:{move.replace('_', '-')}", referral,
        agency_id=_agency_of(referral, part), detail=channel, now=now,
    )  # fmt: skip


def _deciding(
    session: Session, referral: Referral, move: Move, parts: frozenset[Part]
) -> frozenset[Part]:
    """Of all that somebody is, what counts for a move: where declines are reviewed, a supervisor
    who works on referrals as well declines as supervisor."""
    lead = Part.RECEIVER_SUPERVISOR
    if move is Move.DECLINE and lead in parts and reviews_declines(session, referral):
        return frozenset({lead})
    return parts


def _start_first(session: Session, referral: Referral, act: Act, details: MoveDetails) -> None:
    """Write down that work began, where nobody did so before it was over. Each event is a move of
    the table, so what is on hold is resumed for it; and whoever completes it is heard. The event
    comes after what happened last; when work began it tells as it was said."""
    over = details.occurred_at or act.now
    details = replace(details, contacted_at=details.contacted_at or referral.first_contact_at)
    began = details.began_at or details.contacted_at or over
    at = min(max(began, referral.status_since), over)
    if referral.status == Status.ON_HOLD:
        record_event(session, referral, act, Move.RESUME, to_status=Status.ACCEPTED, occurred_at=at)
    record_event(
        session, referral, act, Move.START,
        to_status=Status.IN_PROGRESS, data=data_of(Move.START, details), occurred_at=at,
    )  # fmt: skip


def _check(
    session: Session, referral: Referral, act: Act, rule: Rule, details: MoveDetails
) -> None:
    """Everything that the table asks for. Raises."""
    check_details(
        rule, act.part, details, now=act.now, sent_at=referral.sent_at,
        since=referral.status_since, zone=Clocks(session).calendar_of(referral, act.now).zone,
    )  # fmt: skip
    code = code_of(rule, details)
    if code is not None and rule.move in REASONS_OF:
        check_reason(rule.move, code, details.note, by_hub=act.part is Part.SYSTEM)
    situation = situation_of(session, referral, rule, details, act.now)
    require_guards(rule.move, rule.guards, situation)


def _write(
    session: Session, vault: Vault, referral: Referral, act: Act, move: Move, details: MoveDetails
) -> None:
    status = Status(referral.status)
    rule = find_rule(status, move, act.part)
    record_event(
        session,
        referral,
        act,
        move,
        to_status=next_status(
            status, move, act.part, _status(referral.held_from), _status(referral.closed_from)
        ),
        reason_code=_reason(session, referral, rule, details),
        words=Words(vault, words_of(details)),
        data=data_of(move, details),
        occurred_at=details.occurred_at,
    )


def _reason(session: Session, referral: Referral, rule: Rule, details: MoveDetails) -> str | None:
    """The coded reason of a move. Who confirms a withdrawal says yes to the sender's reason."""
    if rule.move is Move.CONFIRM_WITHDRAWAL:
        return reason_asked(session, referral)
    return code_of(rule, details) if rule.move in REASONS_OF else None


def _status(value: str | None) -> Status | None:
    return None if value is None else Status(value)


def _agency_of(referral: Referral, part: Part) -> UUID:
    """The agency that an act on a referral concerns in the audit."""
    sending = {Part.SENDER, Part.SENDER_SUPERVISOR, Part.SENDER_APPLICATION, Part.CLIENT_LINK}
    return referral.from_agency_id if part in sending else referral.to_agency_id
