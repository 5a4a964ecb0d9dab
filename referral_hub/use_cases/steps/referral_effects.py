"""What a move brings with it, beside its own event: in the same transaction."""

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Referral
from referral_hub.rules.errors import IllegalMove
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referrals import ConflictCheck
from referral_hub.use_cases.steps.client_staff import require_worker
from referral_hub.use_cases.steps.consents import require_standing_consent
from referral_hub.use_cases.steps.received_clients import give_back, receive_client
from referral_hub.use_cases.steps.referrals import Act
from referral_hub.use_cases.steps.sending import send

TAKING_ON = frozenset({Move.ACCEPT, Move.WAITLIST, Move.ASK})
"""What nobody does who may have a conflict of interest."""
RESTING_ON_CONSENT = frozenset({Move.ACCEPT, Move.WAITLIST, Move.ANSWER, Move.UNDECLINE})
"""What lets the receiver keep or learn something of the client."""
CONTACT_NAME = "referral.contact_name"


def before_move(
    session: Session,
    vault: Vault,
    referral: Referral,
    act: Act,
    move: Move,
    details: MoveDetails,
) -> None:
    """What must hold or happen first. Raises InvalidInput, ConsentMissing."""
    if move in (Move.SEND, Move.RESEND):
        send(session, vault, referral, act, details)
    if move in TAKING_ON:
        _require_no_conflict(referral, move)
    if move in RESTING_ON_CONSENT:
        require_standing_consent(session, referral, act.now)
    if move is Move.ACCEPT:
        if details.assignee_id is not None:
            require_worker(session, referral.to_agency_id, details.assignee_id, "assignee_id")
        if details.contact_name.strip():
            referral.contact_name_sealed = vault.seal(
                CONTACT_NAME, referral.id, details.contact_name.strip()
            )


def after_move(
    session: Session,
    vault: Vault,
    referral: Referral,
    act: Act,
    move: Move,
    details: MoveDetails,
) -> None:
    """What follows from it."""
    if move is Move.ACCEPT:
        receive_client(session, vault, referral, act, details.receiver_client_id)
    if move is Move.UNACCEPT:
        give_back(session, referral, act)


def _require_no_conflict(referral: Referral, move: Move) -> None:
    if referral.conflict_check == ConflictCheck.PENDING:
        message = "First record whether there is a conflict of interest."
        raise IllegalMove(message, referral.status, move)
    if referral.conflict_check == ConflictCheck.CONFLICT:
        message = "There is a conflict of interest. Decline with that reason."
        raise IllegalMove(message, referral.status, move)
