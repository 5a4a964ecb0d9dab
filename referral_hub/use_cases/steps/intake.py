"""What a service asks with each referral, and what was answered, as they are stored."""

from json import dumps, loads
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import IntakeQuestion, Referral
from referral_hub.rules.intake import (
    AnswerKind,
    Asked,
    Question,
    answers_in_words,
    as_json,
    from_json,
    still_asked,
)
from referral_hub.rules.referral_lifecycle import Status
from referral_hub.rules.three_way import lines_of

ANSWERS = "referral.answers"


def questions_of(session: Session, service_id: UUID) -> dict[UUID, Question]:
    """What a service asks now, in its order."""
    rows = session.scalars(
        select(IntakeQuestion)
        .where(IntakeQuestion.service_id == service_id, IntakeQuestion.retired.is_(False))
        .order_by(IntakeQuestion.position, IntakeQuestion.id)
    )
    return {
        row.id: Question(
            row.text, AnswerKind(row.answer_kind), tuple(lines_of(row.choices or "")), row.required
        )
        for row in rows
    }


def questions_open_to(session: Session, referral: Referral) -> dict[UUID, Question]:
    """What can be answered with a referral now: nothing any more once it was sent."""
    is_draft = referral.status == Status.DRAFT
    return questions_of(session, referral.service_id) if is_draft else {}


def asked_of(vault: Vault, referral: Referral) -> tuple[Asked, ...]:
    """What was asked for a referral, with the answers."""
    sealed = referral.answers_sealed
    return () if sealed is None else from_json(loads(vault.open(ANSWERS, referral.id, sealed)))


def seal_asked(vault: Vault, referral: Referral, asked: tuple[Asked, ...]) -> None:
    """Store what was asked for a referral, with the answers."""
    text = dumps(as_json(asked), ensure_ascii=False)
    referral.answers_sealed = vault.seal(ANSWERS, referral.id, text) if asked else None


def answers_that_go(session: Session, vault: Vault, referral: Referral) -> tuple[Asked, ...]:
    """Of a draft, what the service asks still; of what was sent, all that was asked then."""
    asked = asked_of(vault, referral)
    if not asked or referral.status != Status.DRAFT:
        return asked
    return still_asked(questions_of(session, referral.service_id), asked)


def answers_to_share(session: Session, vault: Vault, referral: Referral) -> dict[str, str]:
    """The answers as the receiver reads them, by the question as it was asked."""
    return answers_in_words(answers_that_go(session, vault, referral))
