"""The news of a person, and how they hear of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Notice, NoticePreference
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.errors import NotFound
from referral_hub.rules.notices import KIND_LABEL, Frequency, NoticeKind, default_frequency
from referral_hub.rules.permissions import NOTHING_HERE, Permission, is_allowed, require
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.use_cases.referral_views import ReferralLine
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.notices import frequencies_of, mark_notices_read
from referral_hub.use_cases.steps.own_session import person_of
from referral_hub.use_cases.steps.referral_lines import referral_lines
from referral_hub.use_cases.steps.referral_sight import few_visible
from referral_hub.use_cases.transaction import transaction

SHOWN = 50
"""How many notices a page shows."""


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice on the page: what kind of news, on which referral or check-in, when. `referral` is
    None where the reader does not see it any more."""

    id: UUID
    label: str
    referral_id: UUID | None
    check_in_id: UUID | None
    referral: ReferralLine | None
    created_at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Some of somebody's notices, the unread ones first; how many there are, and unread."""

    notices: tuple[NoticeLine, ...]
    page: int
    pages: int
    unread: int


def list_notices(
    session: Session, actor: Actor, vault: Vault, page: int = 1, *, now: datetime
) -> NoticePage:
    """The actor's news in the agency for which they act, with the referrals that they may see.

    Raises NotFound for a page too far.
    """
    require(actor, Permission.NOTICE_READ)
    mine = _mine(person_of(actor))
    total = session.scalar(select(func.count()).select_from(Notice).where(*mine)) or 0
    pages = max(1, -(-total // SHOWN))
    if not 1 <= page <= pages:
        raise NotFound(NOTHING_HERE)
    rows = session.scalars(
        select(Notice)
        .where(*mine)
        .order_by(Notice.read_at.is_not(None), Notice.created_at.desc(), Notice.id)
        .limit(SHOWN)
        .offset((page - 1) * SHOWN)
    ).all()
    ids = {row.referral_id for row in rows if row.referral_id is not None}
    seen = _referrals(session, actor, vault, ids, now)
    lines = tuple(
        NoticeLine(
            row.id, KIND_LABEL[NoticeKind(row.kind)], row.referral_id, row.check_in_id,
            seen.get(row.referral_id) if row.referral_id else None, row.created_at,
            row.read_at is not None,
        )
        for row in rows
    )  # fmt: skip
    return NoticePage(lines, page, pages, _unread(session, mine))


def count_unread(session: Session, actor: Actor) -> int:
    """How many notices the actor has not read: one look at an index."""
    require(actor, Permission.NOTICE_READ)
    acting = person_of(actor)
    return _unread(session, _mine(acting)) if acting.agency_id and acting.roles else 0


def read_notice(session: Session, actor: Actor, notice_id: UUID, *, now: datetime) -> None:
    """Note that the actor has read a notice. Raises NotFound for one that is not theirs."""
    require(actor, Permission.NOTICE_READ)
    mine = _mine(person_of(actor))
    with transaction(session):
        if session.scalars(select(Notice.id).where(Notice.id == notice_id, *mine)).first() is None:
            raise NotFound(NOTHING_HERE)
        mark_notices_read(session, Notice.id == notice_id, now=now)


def read_all_notices(session: Session, actor: Actor, *, now: datetime) -> int:
    """Note that the actor has read everything; returns how many were unread."""
    require(actor, Permission.NOTICE_READ)
    mine = _mine(person_of(actor))
    with transaction(session):
        return mark_notices_read(session, *mine, Notice.created_at <= now, now=now)


def notice_preferences(session: Session, actor: Actor) -> dict[NoticeKind, Frequency]:
    """How the actor hears of each kind of news."""
    require(actor, Permission.NOTICE_READ)
    return frequencies_of(session, person_of(actor).person_id)


def choose_notices(session: Session, actor: Actor, wanted: Mapping[NoticeKind, Frequency]) -> None:
    """Say how the actor wants to hear of kinds of news from now on. What is the default is not
    stored, so that it can change."""
    require(actor, Permission.NOTICE_READ)
    person_id = person_of(actor).person_id
    with transaction(session):
        for kind, frequency in wanted.items():
            row = session.get(NoticePreference, (person_id, kind))
            if row is not None and frequency is default_frequency(kind):
                session.delete(row)
            elif row is not None:
                row.frequency = frequency
            elif frequency is not default_frequency(kind):
                session.add(NoticePreference(person_id=person_id, kind=kind, frequency=frequency))


def read_notices_of(session: Session, actor: Actor, referral_id: UUID, *, now: datetime) -> None:
    """Note that the actor has read all that there is to hear of a referral."""
    require(actor, Permission.NOTICE_READ)
    mine = _mine(person_of(actor))
    with transaction(session):
        mark_notices_read(session, Notice.referral_id == referral_id, *mine, now=now)


def read_notices_of_check_in(
    session: Session, actor: Actor, check_in_id: UUID, *, now: datetime
) -> None:
    """Note that the actor has read all that there is to hear of a check-in."""
    require(actor, Permission.NOTICE_READ)
    mine = _mine(person_of(actor))
    with transaction(session):
        mark_notices_read(session, Notice.check_in_id == check_in_id, *mine, now=now)


def _referrals(
    session: Session, actor: Actor, vault: Vault, ids: set[UUID], now: datetime
) -> dict[UUID, ReferralLine]:
    """Those of the referrals that the actor sees, as lines."""
    if not ids or not is_allowed(actor, Permission.REFERRAL_READ):
        return {}
    with transaction(session):
        seen = [
            (row, side) for side in Side for row in session.scalars(few_visible(ids, actor, side))
        ]
        lines = referral_lines(session, vault, seen, now)
        add_audit(
            session, actor, "referral:list", agency_id=person_of(actor).agency_id, detail="news",
            shown=(line.id for line in lines), now=now,
        )  # fmt: skip
    return {line.id: line for line in lines}


def _mine(acting: PersonActing) -> tuple[ColumnElement[bool], ...]:
    return Notice.person_id == acting.person_id, Notice.agency_id == acting.agency_id


def _unread(session: Session, mine: tuple[ColumnElement[bool], ...]) -> int:
    found = select(func.count()).select_from(Notice).where(*mine, Notice.read_at.is_(None))
    return session.scalar(found) or 0
