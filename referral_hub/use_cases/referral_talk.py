"""What agencies say about a referral beside moving it: messages, attempts to reach the client,
who works on it, that it goes on."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import ContactAttempt, Message, Referral
from referral_hub.rules.actor import Actor, acting_agency, actor_label
from referral_hub.rules.errors import ConsentMissing, IllegalMove, InvalidInput
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_details import MOST_TEXT
from referral_hub.rules.referral_lifecycle import OPEN, UNDER_WAY, Side
from referral_hub.rules.referral_parts import side_of
from referral_hub.rules.referral_sight import is_status_only
from referral_hub.rules.referrals import Channel, ContactMethod, Fact
from referral_hub.use_cases.steps.client_staff import require_worker
from referral_hub.use_cases.steps.consents import require_standing_consent
from referral_hub.use_cases.steps.referrals import (
    Act,
    Words,
    person_of,
    record_event,
    require_version,
)
from referral_hub.use_cases.steps.telling import (
    audit_telling,
    client_reached,
    meant,
    referral_to_tell,
)
from referral_hub.use_cases.transaction import transaction

MESSAGE = "message.text"
ATTEMPT = "contact_attempt.note"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try to reach a client. `occurred_at` is aware."""

    method: ContactMethod
    reached: bool
    occurred_at: datetime
    note: str = ""


def write_message(
    session: Session,
    actor: Actor,
    vault: Vault,
    referral_id: UUID,
    text: str,
    *,
    channel: Channel,
    now: datetime,
) -> UUID:
    """Write to the other agency of a referral. Raises NotFound, InvalidInput, ConsentMissing."""
    require(actor, Permission.MESSAGE_WRITE)
    _require_text(text, "text")
    with transaction(session):
        referral, act = referral_to_tell(session, actor, referral_id, channel, now)
        if referral.first_sent_at is None:
            raise _too_early(referral)
        _require_consent(session, referral, act)
        message = Message(
            id=uuid4(), referral_id=referral.id, agency_id=acting_agency(actor),
            author_id=person_of(actor), author=actor_label(actor), sent_at=now,
        )  # fmt: skip
        message.text_sealed = vault.seal(MESSAGE, message.id, text.strip())
        session.add(message)
        data = {"message_id": str(message.id)}
        record_event(session, referral, act, Fact.MESSAGE, data=data)
        audit_telling(session, act, "message:write", referral)
        return message.id


def record_contact(
    session: Session,
    actor: Actor,
    vault: Vault,
    referral_id: UUID,
    attempt: Attempt,
    *,
    channel: Channel,
    now: datetime,
) -> UUID:
    """Record a try of the receiver to reach the client; reaching them starts an accepted referral.

    Raises NotFound, InvalidInput, and IllegalMove before the referral is accepted.
    """
    require(actor, Permission.CONTACT_RECORD)
    with transaction(session):
        referral, act = referral_to_tell(session, actor, referral_id, channel, now)
        if side_of(act.part) is not Side.RECEIVER or referral.status not in UNDER_WAY:
            message = "Tries to reach the client are recorded by the agency that accepted it."
            raise IllegalMove(message, referral.status, Fact.CONTACTED)
        attempt = replace(attempt, occurred_at=meant(attempt.occurred_at, referral.accepted_at))
        _check_attempt(attempt, referral, now)
        row = ContactAttempt(
            id=uuid4(), referral_id=referral.id, author_id=person_of(actor),
            author=actor_label(actor), method=attempt.method, reached=attempt.reached,
            occurred_at=attempt.occurred_at, recorded_at=now,
        )  # fmt: skip
        if attempt.note.strip():
            row.note_sealed = vault.seal(ATTEMPT, row.id, attempt.note.strip())
        session.add(row)
        data = {"reached": attempt.reached, "method": attempt.method.value}
        at = attempt.occurred_at
        record_event(session, referral, act, Fact.CONTACTED, data=data, occurred_at=at)
        if attempt.reached:
            client_reached(session, referral, act, at)
        audit_telling(session, act, "contact:record", referral)
        return row.id


def assign_referral(
    session: Session,
    actor: Actor,
    vault: Vault,
    referral_id: UUID,
    assignee_id: UUID,
    *,
    version: int | None,
    channel: Channel,
    now: datetime,
) -> None:
    """Say who works on a received referral: `version` is the one that the caller saw. Raises
    NotFound, VersionConflict, InvalidInput, IllegalMove."""
    require(actor, Permission.REFERRAL_MOVE)
    with transaction(session):
        referral, act = referral_to_tell(session, actor, referral_id, channel, now)
        require_version(referral, version)
        if side_of(act.part) is not Side.RECEIVER or referral.status not in OPEN:
            message = "Only the receiving agency says who works on an open referral."
            raise IllegalMove(message, referral.status, Fact.ASSIGNED)
        require_worker(session, referral.to_agency_id, assignee_id, "assignee_id")
        data = {"assignee_id": str(assignee_id)}
        record_event(session, referral, act, Fact.ASSIGNED, data=data)
        audit_telling(session, act, "referral:assign", referral)


def check_in(
    session: Session,
    actor: Actor,
    vault: Vault,
    referral_id: UUID,
    note: str,
    *,
    channel: Channel,
    now: datetime,
) -> None:
    """Say that work goes on, with a word on how. Raises NotFound, InvalidInput, IllegalMove,
    ConsentMissing."""
    require(actor, Permission.REFERRAL_MOVE)
    _require_text(note, "note")
    with transaction(session):
        referral, act = referral_to_tell(session, actor, referral_id, channel, now)
        if referral.status not in OPEN:
            message = "This referral has ended; there is nothing to check in on."
            raise IllegalMove(message, referral.status, Fact.CHECKED_IN)
        _require_consent(session, referral, act)
        record_event(session, referral, act, Fact.CHECKED_IN, words=Words(vault, note.strip()))
        audit_telling(session, act, "referral:check-in", referral)


def _require_consent(session: Session, referral: Referral, act: Act) -> None:
    """Raise ConsentMissing where the sender would tell more than the client agrees to, or either
    side would write what the other one may not read."""
    if is_status_only(referral.veiled_from, referral.veiled_until):
        message = (
            "The client took back consent, so the two agencies no longer write to each other here. "
            "If the client agrees again, the sending agency can record that and share more."
        )
        raise ConsentMissing(message, {"consent": message})
    if side_of(act.part) is Side.SENDER:
        require_standing_consent(session, referral, act.now)


def _check_attempt(attempt: Attempt, referral: Referral, now: datetime) -> None:
    faults = {}
    accepted_at = referral.accepted_at
    if attempt.occurred_at > now or (accepted_at and attempt.occurred_at < accepted_at):
        faults["occurred_at"] = "Use a time between the acceptance of the referral and now."
    if len(attempt.note) > MOST_TEXT:
        faults["note"] = f"Use at most {MOST_TEXT} characters."
    if faults:
        raise InvalidInput("This cannot be recorded as it is.", faults)


def _require_text(text: str, field: str) -> None:
    message = ""
    if not text.strip():
        message = "Write something."
    elif len(text) > MOST_TEXT:
        message = f"Use at most {MOST_TEXT} characters."
    if message:
        raise InvalidInput(message, {field: message})


def _too_early(referral: Referral) -> IllegalMove:
    message = "Nobody has received this referral yet. Send it first."
    return IllegalMove(message, referral.status, Fact.MESSAGE)
