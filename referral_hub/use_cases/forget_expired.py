"""Deleting what has expired and is of no use to anybody."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from referral_hub.models import (
    AuthorizationCode,
    Base,
    IdempotentAnswer,
    Invitation,
    LinkedListing,
    ListingImport,
    ListingImportPage,
    ListingLink,
    OneTimeLink,
    OutboxMessage,
    RateCount,
    SignInAttempt,
    Token,
    UsedAssertion,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.applications import FAMILY_LENGTH
from referral_hub.rules.idempotency import KEPT as ANSWERS_KEPT
from referral_hub.rules.listing_imports import KEPT as FILES_KEPT
from referral_hub.rules.listing_imports import WORKING, ImportState
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.transaction import transaction

ATTEMPTS_KEPT = timedelta(days=1)
ASSERTIONS_KEPT = timedelta(days=1)
"""Far longer than any clock is wrong: an assertion that is forgotten could be used again."""
TOKENS_KEPT = timedelta(days=1)
"""Counted from the end of all that came from one consent: so long a second use is seen."""
LINKS_KEPT = timedelta(days=30)
"""So long a link that was used or came too late is still told from one that never was."""
MESSAGES_KEPT = timedelta(days=30)
"""Counted from when a message was written: it says only that there was one, and when."""


def forget_expired(session: Session, actor: Actor, *, now: datetime) -> int:
    """Delete counts of tries, codes, tokens and ids of assertions that are over, old sign-in
    attempts, links and invitations, delivered messages, answers to requests that may be sent
    again, and files of imports with what they would change; returns how many rows."""
    require(actor, Permission.EXPIRED_FORGET)
    done = OutboxMessage.due_at.is_(None), OutboxMessage.created_at < now - MESSAGES_KEPT
    links = select(ListingLink.id).where(ListingLink.expires_at < now)
    old = select(ListingImport.id).where(
        ListingImport.created_at < now - FILES_KEPT, ListingImport.state.not_in(WORKING)
    )
    expired: tuple[tuple[type[Base], tuple[ColumnElement[bool], ...]], ...] = (
        (RateCount, (RateCount.expires_at < now,)),
        (Token, (Token.family_expires_at < now - TOKENS_KEPT,)),
        (AuthorizationCode, (AuthorizationCode.expires_at < now - FAMILY_LENGTH - TOKENS_KEPT,)),
        (UsedAssertion, (UsedAssertion.expires_at < now - ASSERTIONS_KEPT,)),
        (SignInAttempt, (SignInAttempt.expires_at < now - ATTEMPTS_KEPT,)),
        (Invitation, (Invitation.expires_at < now - LINKS_KEPT,)),
        (OneTimeLink, (OneTimeLink.expires_at < now - LINKS_KEPT,)),
        (LinkedListing, (LinkedListing.link_id.in_(links),)),
        (ListingLink, (ListingLink.expires_at < now,)),
        (OutboxMessage, done),
        (IdempotentAnswer, (IdempotentAnswer.created_at < now - ANSWERS_KEPT,)),
        (ListingImportPage, (ListingImportPage.import_id.in_(old),)),
    )
    count = 0
    for model, conditions in expired:
        with transaction(session):
            gone = session.execute(
                delete(model).where(*conditions),
                execution_options={"synchronize_session": False},
            )
            count += gone.rowcount  # type: ignore[attr-defined]
    with transaction(session):
        _wipe_files(session, now)
    return count


def _wipe_files(session: Session, now: datetime) -> None:
    """The import stays as a line of what was done; its file goes."""
    old = ListingImport.created_at < now - FILES_KEPT, ListingImport.content_sealed.is_not(None)
    session.execute(
        update(ListingImport)
        .where(*old, ListingImport.state.not_in(WORKING))
        .values(content_sealed=None),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        update(ListingImport)
        .where(
            ListingImport.created_at < now - FILES_KEPT,
            ListingImport.state.in_((ImportState.COLUMNS, ImportState.CHECKED)),
        )
        .values(state=ImportState.FORGOTTEN, changed_at=now),
        execution_options={"synchronize_session": False},
    )
