"""Telling people of news by mail: at once, or with one mail a day, as each of them chose.

The mail itself goes through the outbox. What changed since the news was written is asked again:
who has no part in a referral any more hears nothing of it.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Notice, Person, Referral, ReferralEvent
from referral_hub.rules.actor import Actor
from referral_hub.rules.audit import Outcome
from referral_hub.rules.errors import KeyMissing
from referral_hub.rules.notices import Frequency, last_digest
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.check_ins import may_read_check_in
from referral_hub.use_cases.steps.delivery import may_leave
from referral_hub.use_cases.steps.mail import send_mail
from referral_hub.use_cases.steps.network import network_settings
from referral_hub.use_cases.steps.people import email_of
from referral_hub.use_cases.steps.rosters import may_see
from referral_hub.use_cases.transaction import let_go, transaction

BATCH = 50
log = logging.getLogger(__name__)


def deliver_notices(session: Session, actor: Actor, vault: Vault, *, now: datetime) -> int:
    """Write the mails that people wanted at once; returns how many notices were looked at."""
    require(actor, Permission.EVENTS_HAND_ON)
    if not _some_wait(session, _at_once()):
        return 0
    with transaction(session):
        rows = session.scalars(_at_once().limit(BATCH).with_for_update(skip_locked=True)).all()
        for notice in rows:
            try:
                with session.begin_nested():
                    _write_at_once(session, actor, vault, notice, now)
            except Exception:  # whatever it is, it must be told, and holds up nobody else
                log.exception("Notice %s met a fault and waits for the daily mail", notice.id)
                notice.mail = Frequency.DAILY
    return len(rows)


def _write_at_once(
    session: Session, actor: Actor, vault: Vault, notice: Notice, now: datetime
) -> None:
    if not _still_concerns(session, notice, now):
        return
    if notice.check_in_id is not None:
        values = {"link": f"/supervision/check-ins/{notice.check_in_id}"}
        _write(session, actor, vault, [notice], "notice_check_in", values, now)
    else:
        values = {"link": f"/referrals/{notice.referral_id}"}
        _write(session, actor, vault, [notice], "notice", values, now)


def deliver_digests(session: Session, actor: Actor, vault: Vault, *, now: datetime) -> int:
    """Write the daily mail of those who have news from before its hour; returns how many people
    were looked at. Nobody gets two in a day; one whose mail meets a fault holds up nobody else,
    and is tried again."""
    require(actor, Permission.EVENTS_HAND_ON)
    moment = _moment(session, now)
    people = session.scalars(_people_waiting(moment)).all()
    let_go(session)
    done = 0
    for person_id in people:
        try:
            with transaction(session):
                _write_digest(session, actor, vault, person_id, moment, now)
            done += 1
        except Exception:  # whatever it is, it must be told, and tried again
            log.exception("The daily mail of person %s met a fault and is tried again", person_id)
        if done == BATCH:
            break
    return done


def _write_digest(
    session: Session,
    actor: Actor,
    vault: Vault,
    person_id: UUID,
    moment: datetime,
    now: datetime,
) -> None:
    # The person is locked, so that another worker waits, and then finds that nothing is left.
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    still_waits = _people_waiting(moment).where(Notice.person_id == person_id)
    if session.scalars(still_waits).first() is None:
        return
    rows = session.scalars(
        _unread().where(
            Notice.person_id == person_id,
            Notice.mail == Frequency.DAILY,
            Notice.created_at < moment,
        )
    ).all()
    told = [each for each in rows if _still_concerns(session, each, now)]
    if told:
        referrals = len({each.referral_id for each in told} - {None})
        values = {"notices": str(len(told)), "referrals": str(referrals), "link": "/notices"}
        _write(session, actor, vault, told, "notice_digest", values, now)


def _still_concerns(session: Session, notice: Notice, now: datetime) -> bool:
    """Whether a person may still hear of it; else no mail will tell them."""
    if notice.check_in_id is not None:
        holds = may_read_check_in(session, notice.person_id, notice.check_in_id, now.date())
    else:
        holds = _referral_still_concerns(session, notice, now)
    if not holds:
        notice.mail = Frequency.NEVER
    return holds


def _referral_still_concerns(session: Session, notice: Notice, now: datetime) -> bool:
    referral = session.get_one(Referral, notice.referral_id)
    event = session.get(ReferralEvent, notice.event_id)
    return (
        event is not None
        and may_see(session, notice.person_id, notice.agency_id, referral, now.date())
        and may_leave(session, notice.agency_id, referral, event, now)
    )


def _write(
    session: Session,
    actor: Actor,
    vault: Vault,
    notices: Sequence[Notice],
    template: str,
    values: Mapping[str, str],
    now: datetime,
) -> None:
    """One mail that tells of all these. An address that cannot be read holds up nobody else."""
    person = session.get_one(Person, notices[0].person_id)
    try:
        address = email_of(vault, person)
    except KeyMissing as error:
        log.error("Nobody can be told of news at the address of person %s: %s", person.id, error)
        for notice in notices:
            notice.mail = Frequency.NEVER
        add_audit(
            session, actor, "notice:give-up", person, detail="the address cannot be read",
            outcome=Outcome.REFUSED, now=now,
        )  # fmt: skip
        return
    send_mail(session, vault, address, template, now=now, **values)
    for notice in notices:
        notice.mailed_at = now


def _moment(session: Session, now: datetime) -> datetime:
    settings = network_settings(session)
    zone = ZoneInfo(str(settings["time_zone"]))
    return last_digest(now, int(str(settings["digest_hour"])), zone)


def _some_wait(session: Session, waiting: Select[Notice]) -> bool:
    found = session.scalars(waiting.limit(1)).first() is not None
    let_go(session)
    return found


def _at_once() -> Select[Notice]:
    return _unread().where(Notice.mail == Frequency.AT_ONCE).order_by(Notice.created_at, Notice.id)


def _unread() -> Select[Notice]:
    return select(Notice).where(Notice.mailed_at.is_(None), Notice.read_at.is_(None))


def _people_waiting(moment: datetime) -> Select[UUID]:
    """Who has news from before the moment, and no daily mail since."""
    earlier = aliased(Notice)
    had_one = exists().where(
        earlier.person_id == Notice.person_id,
        earlier.mail == Frequency.DAILY,
        earlier.mailed_at >= moment,
    )
    return (
        select(Notice.person_id)
        .where(
            Notice.mail == Frequency.DAILY,
            Notice.mailed_at.is_(None),
            Notice.read_at.is_(None),
            Notice.created_at < moment,
            ~had_one,
        )
        .distinct()
        .order_by(Notice.person_id)
    )
