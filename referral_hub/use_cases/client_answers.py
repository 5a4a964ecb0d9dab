"""What clients say of a referral: asked by the agency that sent it, and known to it alone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Actor
from referral_hub.rules.client_answers import check_answer
from referral_hub.rules.errors import IllegalMove
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.rules.referral_parts import side_of
from referral_hub.rules.referral_state import is_taken_on
from referral_hub.rules.referrals import Channel, ClientAnswer, Fact
from referral_hub.use_cases.steps.referrals import Words, record_event
from referral_hub.use_cases.steps.telling import audit_telling, meant, referral_to_tell
from referral_hub.use_cases.transaction import transaction


def record_client_answer(
    session: Session,
    actor: Actor,
    vault: Vault,
    referral_id: UUID,
    answer: ClientAnswer,
    *,
    asked_at: datetime | None = None,
    note: str = "",
    channel: Channel,
    now: datetime,
) -> UUID:
    """Record that the sender asked the client whether they got help, and what they said; returns
    the id of the event. `asked_at` is when, if not now.

    Raises NotFound, InvalidInput, and IllegalMove where nobody has taken the referral on.
    """
    require(actor, Permission.CLIENT_ANSWER_RECORD)
    with transaction(session):
        referral, act = referral_to_tell(session, actor, referral_id, channel, now)
        accepted_at = referral.accepted_at
        if (
            side_of(act.part) is not Side.SENDER
            or accepted_at is None
            or not is_taken_on(referral.status, accepted_at)
        ):
            message = (
                "What the client says is recorded by the agency that sent the referral, once "
                "another agency has accepted it."
            )
            raise IllegalMove(message, referral.status, Fact.CLIENT_CONFIRMED)
        at = meant(asked_at or now, accepted_at)
        check_answer(at, note, accepted_at, now)
        event = record_event(
            session, referral, act, Fact.CLIENT_CONFIRMED,
            data={"answer": answer.value}, occurred_at=at, words=Words(vault, note.strip()),
        )  # fmt: skip
        audit_telling(session, act, "client-answer:record", referral)
        return event.id
