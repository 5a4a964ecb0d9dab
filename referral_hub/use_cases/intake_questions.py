"""What a service asks with each referral, for who refers to it."""

from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import NotFound
from referral_hub.rules.intake import Question
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.use_cases.steps.intake import questions_of
from referral_hub.use_cases.steps.partners import is_listed
from referral_hub.use_cases.transaction import transaction


def intake_questions(session: Session, actor: Actor, service_id: UUID) -> dict[UUID, Question]:
    """The questions by their ids, in their order. Raises NotFound for a service that nobody is
    shown, NotPermitted for who refers nobody."""
    require(actor, Permission.REFERRAL_PREPARE)
    with transaction(session):
        if not is_listed(session, service_id):
            raise NotFound(NOTHING_HERE)
        return questions_of(session, service_id)
