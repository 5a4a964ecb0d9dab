"""Delivering mail that waits in the outbox: lease it, hand it over, mark it.

A worker that dies in between loses nothing: when its lease has run out, the mail is sent again.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from json import loads
from typing import Protocol
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.mail_message import Mail, MailNotSent
from referral_hub.gateways.mailer import Mailer
from referral_hub.models import OutboxMessage
from referral_hub.rules.actor import Actor
from referral_hub.rules.audit import Outcome
from referral_hub.rules.errors import KeyMissing
from referral_hub.rules.mail import LEASE, next_try
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.mail import MAIL, SEALED
from referral_hub.use_cases.transaction import let_go, transaction

log = logging.getLogger(__name__)


class Templates(Protocol):
    """What fills in the texts of mail."""

    def render(self, template: str, values: Mapping[str, str]) -> tuple[str, str]:
        """(subject, text). Raises MailNotSent."""


@dataclass(frozen=True, slots=True)
class MailState:
    """How delivery goes: what waits, since when, and what was given up."""

    waiting: int
    oldest: datetime | None
    given_up: int


@dataclass(frozen=True, slots=True)
class _Leased:
    id: UUID
    template: str
    sealed: bytes
    written_at: datetime


def deliver_mail(
    session: Session,
    actor: Actor,
    vault: Vault,
    templates: Templates,
    mailer: Mailer,
    *,
    now: datetime,
    luck: float,
) -> bool:
    """Try the mail that is due longest; returns whether there was one.

    What fails is tried again over a day, later each time, and spread by `luck` (0 to 1); then it
    is given up, which the audit tells.
    """
    require(actor, Permission.MAIL_DELIVER)
    leased = _lease(session, now)
    if leased is None:
        return False
    failure = _hand_over(leased, vault, templates, mailer)
    with transaction(session):
        message = session.get_one(OutboxMessage, leased.id)
        message.leased_until = None
        if message.delivered_at is not None:
            return True
        if failure is None:
            message.delivered_at = now
            message.due_at = message.payload_sealed = None
            return True
        message.due_at = None if failure.for_good else next_try(message.attempts, now, luck)
        log.warning("Mail %s was not sent: %s", message.id, failure)
        if message.due_at is None:
            message.payload_sealed = None
            add_audit(
                session, actor, "mail:give-up", message,
                detail=f"{leased.template}: {failure}", outcome=Outcome.REFUSED, now=now,
            )  # fmt: skip
    return True


def mail_state(session: Session, actor: Actor) -> MailState:
    """How delivery goes."""
    require(actor, Permission.MAIL_DELIVER)
    mail = OutboxMessage.kind == MAIL
    waiting, oldest = session.execute(
        select(func.count(), func.min(OutboxMessage.created_at)).where(
            mail, OutboxMessage.due_at.is_not(None)
        )
    ).one()
    given_up = session.scalar(
        select(func.count()).where(
            mail, OutboxMessage.due_at.is_(None), OutboxMessage.delivered_at.is_(None)
        )
    )
    return MailState(waiting, oldest, given_up or 0)


def _lease(session: Session, now: datetime) -> _Leased | None:
    """The next mail, held by this worker for a while."""
    nothing_is_due = session.scalars(_due(now)).first() is None
    let_go(session)
    if nothing_is_due:
        return None
    with transaction(session):
        message = session.scalars(_due(now).with_for_update(skip_locked=True)).first()
        if message is None:
            return None
        message.leased_until = now + LEASE
        message.attempts += 1
        template = str(message.payload["template"])
        return _Leased(message.id, template, message.payload_sealed or b"", message.created_at)


def _due(now: datetime) -> Select[OutboxMessage]:
    return (
        select(OutboxMessage)
        .where(
            OutboxMessage.kind == MAIL,
            OutboxMessage.due_at <= now,
            or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= now),
        )
        .order_by(OutboxMessage.due_at)
        .limit(1)
    )


def _hand_over(
    leased: _Leased, vault: Vault, templates: Templates, mailer: Mailer
) -> MailNotSent | None:
    """Send a mail; what went wrong, or None."""
    try:
        content = loads(vault.open(SEALED, leased.id, leased.sealed))
        subject, text = templates.render(leased.template, content["values"])
        mailer.send(Mail(leased.id, content["to"], subject, text, leased.written_at))
    except MailNotSent as error:
        return error
    except (KeyMissing, OSError) as error:
        return MailNotSent(type(error).__name__)
    return None
