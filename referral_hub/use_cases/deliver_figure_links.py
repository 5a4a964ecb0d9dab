"""Mailing links to views of figures when they are due: the link, and not one figure.

After a time in which nothing ran, each is mailed once and then again when it is due. Who may not
see the figures any more gets none, and their link ends.
"""

import logging
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import FigureLink, Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.errors import KeyMissing
from referral_hub.rules.improvements import Every
from referral_hub.rules.mail_schedules import MailSchedule
from referral_hub.rules.permissions import Permission, is_allowed, require
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.mail import send_mail
from referral_hub.use_cases.steps.network import network_setting
from referral_hub.use_cases.steps.people import email_of
from referral_hub.use_cases.steps.sessions import agency_and_roles
from referral_hub.use_cases.transaction import let_go, transaction

BATCH = 50
log = logging.getLogger(__name__)


def deliver_figure_links(session: Session, actor: Actor, vault: Vault, *, now: datetime) -> int:
    """Write the mails that are due; returns how many links were looked at."""
    require(actor, Permission.LINKS_SEND)
    waiting = session.scalars(_due(now).limit(1)).first() is not None
    let_go(session)
    if not waiting:
        return 0
    with transaction(session):
        zone = ZoneInfo(str(network_setting(session, "time_zone")))
        rows = session.scalars(_due(now).limit(BATCH).with_for_update(skip_locked=True)).all()
        for link in rows:
            link.due_at = _schedule(link).next_due(now, zone)
            _mail(session, actor, vault, link, now)
    return len(rows)


def _due(now: datetime) -> Select[FigureLink]:
    return (
        select(FigureLink)
        .where(FigureLink.ended_at.is_(None), FigureLink.due_at <= now)
        .order_by(FigureLink.due_at, FigureLink.id)
    )


def _schedule(link: FigureLink) -> MailSchedule:
    return MailSchedule(Every(link.every), link.day, link.hour)


def _mail(session: Session, actor: Actor, vault: Vault, link: FigureLink, now: datetime) -> None:
    person = session.get_one(Person, link.person_id)
    if not _may_follow(session, person, link.agency_id):
        _end(session, actor, link, "they may not see the figures any more", now)
        return
    try:
        address = email_of(vault, person)
    except KeyMissing as error:
        log.error("No link can be mailed to person %s: %s", person.id, error)
        _end(session, actor, link, "the address cannot be read", now)
        return
    page = f"/supervision/links/{link.id}"
    send_mail(
        session, vault, address, "figure_link", link=f"{page}/open", end_link=f"{page}/end", now=now
    )
    link.sent_at = now


def _end(session: Session, actor: Actor, link: FigureLink, why: str, now: datetime) -> None:
    link.ended_at = now
    add_audit(
        session, actor, "figure-link:end", link, agency_id=link.agency_id, detail=why, now=now
    )


def _may_follow(session: Session, person: Person, agency_id: UUID | None) -> bool:
    """Whether somebody still oversees what they did when they saved the link."""
    if person.disabled_at is not None:
        return False
    acting_for, roles = agency_and_roles(session, person.id, agency_id)
    acting = PersonActing(person.id, acting_for, roles)
    return acting_for == agency_id and is_allowed(acting, Permission.FIGURES_FOLLOW)
