"""Views of figures that people have a link to mailed to themselves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import FigureLink
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import InvalidInput, NotFound
from referral_hub.rules.figure_links import MOST_LINKS, clean_name, view_path
from referral_hub.rules.improvements import Every
from referral_hub.rules.mail_schedules import MailSchedule
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import author_of
from referral_hub.use_cases.steps.improvements import overseen_agency
from referral_hub.use_cases.steps.network import network_setting
from referral_hub.use_cases.transaction import look, transaction

NAME = "figure_link.name"


@dataclass(frozen=True, slots=True)
class LinkView:
    """A view with when its link is mailed: to whoever saved it, and nobody else sees it."""

    id: UUID
    name: str
    path: str
    schedule: MailSchedule
    due_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None


def save_link(
    session: Session,
    actor: Actor,
    vault: Vault,
    name: str,
    path: str,
    schedule: MailSchedule,
    *,
    latest: bool = True,
    now: datetime,
) -> UUID:
    """Have a link to a view mailed to oneself, and return its id. With `latest` it always leads to
    the time that the page shows by itself. Raises InvalidInput."""
    require(actor, Permission.FIGURES_FOLLOW)
    person_id = author_of(actor)
    name, path = clean_name(name), view_path(path, latest=latest)
    with transaction(session):
        if _number(session, person_id) >= MOST_LINKS:
            message = f"You have {MOST_LINKS} links already. End one of them first."
            raise InvalidInput(message, {"name": message})
        zone = ZoneInfo(str(network_setting(session, "time_zone")))
        link = FigureLink(
            id=uuid4(), person_id=person_id, agency_id=overseen_agency(actor), path=path,
            every=schedule.every, day=schedule.day, hour=schedule.hour, created_at=now,
            due_at=schedule.next_due(now, zone),
        )  # fmt: skip
        link.name_sealed = vault.seal(NAME, link.id, name)
        session.add(link)
        add_audit(session, actor, "figure-link:save", link, agency_id=link.agency_id, now=now)
        return link.id


def list_links(session: Session, actor: Actor, vault: Vault) -> tuple[LinkView, ...]:
    """One's own links that are still mailed, the next one first."""
    require(actor, Permission.FIGURES_FOLLOW)
    with look(session):
        rows = session.scalars(
            select(FigureLink)
            .where(
                FigureLink.person_id == author_of(actor),
                FigureLink.ended_at.is_(None),
            )
            .order_by(FigureLink.due_at, FigureLink.id)
        )
        return tuple(_view(vault, link) for link in rows)


def show_link(session: Session, actor: Actor, vault: Vault, link_id: UUID) -> LinkView:
    """A link of one's own, also one that has ended. Raises NotFound."""
    require(actor, Permission.FIGURES_FOLLOW)
    with look(session):
        return _view(vault, _own(session, actor, link_id))


def end_link(session: Session, actor: Actor, link_id: UUID, *, now: datetime) -> None:
    """Have a link mailed no more. Said twice, it stays as it was said first. Raises NotFound."""
    require(actor, Permission.FIGURES_FOLLOW)
    with transaction(session):
        link = _own(session, actor, link_id, lock=True)
        if link.ended_at is None:
            link.ended_at = now
            add_audit(session, actor, "figure-link:end", link, agency_id=link.agency_id, now=now)


def _own(session: Session, actor: Actor, link_id: UUID, *, lock: bool = False) -> FigureLink:
    link = session.get(FigureLink, link_id, with_for_update=True if lock else None)
    if link is None or link.person_id != author_of(actor):
        raise NotFound(NOTHING_HERE)
    return link


def _number(session: Session, person_id: UUID) -> int:
    own = FigureLink.person_id == person_id, FigureLink.ended_at.is_(None)
    return session.scalar(select(func.count()).select_from(FigureLink).where(*own)) or 0


def _view(vault: Vault, link: FigureLink) -> LinkView:
    return LinkView(
        id=link.id,
        name=vault.open(NAME, link.id, link.name_sealed),
        path=link.path,
        schedule=MailSchedule(Every(link.every), link.day, link.hour),
        due_at=link.due_at,
        sent_at=link.sent_at,
        ended_at=link.ended_at,
    )
