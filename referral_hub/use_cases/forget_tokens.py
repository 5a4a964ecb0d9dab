"""Rows of tokens that ended long ago go away; until then a second use of them is seen."""

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session

from referral_hub.models import AuthorizationCode, Token
from referral_hub.rules.actor import Actor
from referral_hub.rules.applications import FAMILY_LENGTH
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.transaction import transaction

KEPT = timedelta(days=1)


def forget_tokens(session: Session, actor: Actor, *, now: datetime) -> int:
    """Delete codes and tokens whose family is over, and return how many."""
    require(actor, Permission.TOKENS_FORGET)
    over = now - KEPT
    with transaction(session):
        done = [
            session.execute(statement.execution_options(synchronize_session=False))
            for statement in (
                delete(Token).where(Token.family_expires_at < over),
                delete(AuthorizationCode).where(
                    AuthorizationCode.expires_at < over - FAMILY_LENGTH
                ),
            )
        ]
    return sum(result.rowcount for result in done if isinstance(result, CursorResult))
