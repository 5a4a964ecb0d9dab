"""What a move brings with it, beside its own event: in the same transaction."""

from dataclasses import replace

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Referral
from referral_hub.rules.errors import IllegalMove
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import Guard, Move, Status, find_rule
from referral_hub.rules.referrals import ConflictCheck
from referral_hub.use_cases.steps.client_staff import require_worker
from referral_hub.use_cases.steps.consents import NOTHING_MORE_SHARED, require_standing_consent
from referral_hub.use_cases.steps.received_clients import give_back, receive_client
from referral_hub.use_cases.steps.referrals import Act
from referral_hub.use_cases.steps.sending import send

TAKING_ON = frozenset({Move.ACCEPT, Move.WAITLIST, Move.ASK})
"""What nobody does who may have a conflict of interest."""
OPENING_AGAIN = frozenset({Move.UNDECLINE, Move.UNACCEPT, Move.REOPEN})
RESTING_ON_CONSENT = frozenset({Move.ACCEPT, Move.WAITLIST, Move.ANSWER}) | OPENING_AGAIN
"""What lets the receiver keep or learn something of the client, or go on with it."""
NO_NEW_LIFE = "It cannot be opened again. Ask the sending agency for a new referral."
CONTACT_NAME = "referral.contact_name"


def before_move(
    session: Session,
    vault: Vault,
    referral: Referral,
    act: Act,
    move: Move,
    details: MoveDetails,
) -> MoveDetails:
    """What must hold or happen first; returns the details with what came of that. Raises
    InvalidInput, ConsentMissing."""
    if Guard.MAY_SEND in find_rule(Status(referral.status), move, act.part).guards:
        send(session, vault, referral, act, details)
    if move in TAKING_ON:
        _require_no_conflict(referral, move)
    if move in RESTING_ON_CONSENT:
        then = NO_NEW_LIFE if move in OPENING_AGAIN else NOTHING_MORE_SHARED
        require_standing_consent(session, referral, act.now, then)
    if move in (Move.UNACCEPT, Move.VOID):
        give_back(session, referral, act, in_error=move is Move.VOID)
    if move is Move.ACCEPT:
        if details.assignee_id is not None:
            require_worker(session, referral.to_agency_id, details.assignee_id, "assignee_id")
        client = receive_client(session, vault, referral, act, details)
        details = replace(details, receiver_client_id=client.id)
    if move in (Move.ACCEPT, Move.UNACCEPT):
        name = details.contact_name.strip() if move is Move.ACCEPT else ""
        sealed = vault.seal(CONTACT_NAME, referral.id, name) if name else None
        referral.contact_name_sealed = sealed
    return details


def _require_no_conflict(referral: Referral, move: Move) -> None:
    if referral.conflict_check == ConflictCheck.PENDING:
        message = "First record whether there is a conflict of interest."
        raise IllegalMove(message, referral.status, move)
    if referral.conflict_check == ConflictCheck.CONFLICT:
        message = "There is a conflict of interest. Decline with that reason."
        raise IllegalMove(message, referral.status, move)
