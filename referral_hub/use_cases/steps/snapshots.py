"""Snapshots of what was shared, as they are stored: written once, and closed at most."""

from collections.abc import Iterable
from datetime import datetime
from json import dumps, loads
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Disclosure, Referral, ReferralEvent
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.disclosures import Snapshot, merge
from referral_hub.rules.referral_lifecycle import Status
from referral_hub.rules.referral_sight import is_readable
from referral_hub.rules.referrals import ConflictCheck, Fact
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.consents import in_force


def add_snapshot(
    session: Session,
    vault: Vault,
    referral: Referral,
    consent_id: UUID | None,
    content: Snapshot,
    only_identity: bool,
    override_reason: str | None,
    actor: Actor,
    now: datetime,
) -> Disclosure:
    """Seal a snapshot and note it in the audit."""
    highest = select(func.max(Disclosure.number)).where(Disclosure.referral_id == referral.id)
    row = Disclosure(
        id=uuid4(),
        referral_id=referral.id,
        number=(session.scalar(highest) or 0) + 1,
        client_id=referral.client_id,
        consent_id=None if override_reason else consent_id,
        from_agency_id=referral.from_agency_id,
        to_agency_id=referral.to_agency_id,
        categories=list(content),
        identity_only=only_identity,
        made_at=now,
        made_by=actor_label(actor),
    )
    row.values_sealed = vault.seal("disclosure.values", row.id, dumps(content, ensure_ascii=False))
    if override_reason:
        reason = override_reason.strip()
        row.override_sealed = vault.seal("disclosure.override", row.id, reason)
    session.add(row)
    session.flush()
    kind = "disclosure:override" if override_reason else "disclosure:make"
    detail = f"referral {referral.id} number {row.number}: {' '.join(content)}"
    add_audit(session, actor, kind, row, agency_id=row.from_agency_id, detail=detail, now=now)
    return row


def open_snapshots(session: Session, referral_id: UUID) -> list[Disclosure]:
    """What was shared for a referral and is not closed, in the order in which it was."""
    rows = select(Disclosure).where(
        Disclosure.referral_id == referral_id, Disclosure.closed_at.is_(None)
    )
    return list(session.scalars(rows.order_by(Disclosure.number)))


def readable_snapshots(
    session: Session, referral: Referral, now: datetime, check: ConflictCheck | None = None
) -> list[Disclosure]:
    """What the receiver reads now; with `check`, what it would read after that result."""
    check = check or ConflictCheck(referral.conflict_check)
    if check is ConflictCheck.CONFLICT:
        return []
    if not is_readable(Status(referral.status), accepted=is_accepted(referral)):
        return []
    only_identity = check is ConflictCheck.PENDING
    rows = open_snapshots(session, referral.id)
    lapsed = lapsed_snapshots(session, referral, rows, now)
    return [row for row in rows if row not in lapsed and row.identity_only == only_identity]


def check_told_to_sender(session: Session, referral: Referral) -> ConflictCheck:
    """How far the check for conflicts is, as the sender sees it: a conflict changes nothing there,
    since whom the receiver serves is not for the sender to learn."""
    check = ConflictCheck(referral.conflict_check)
    if check is not ConflictCheck.CONFLICT:
        return check
    recorded = session.scalars(
        select(ReferralEvent.data).where(
            ReferralEvent.referral_id == referral.id, ReferralEvent.kind == Fact.CONFLICT_CHECKED
        )
    )
    cleared = any(data["result"] == ConflictCheck.CLEAR for data in recorded)
    return ConflictCheck.CLEAR if cleared else ConflictCheck.PENDING


def readable_by_receivers(
    session: Session, vault: Vault, referrals: Iterable[Referral], now: datetime
) -> dict[UUID, Snapshot]:
    """What the receivers of referrals that nobody has accepted read now, by referral."""
    wanted = {
        each.id: each.conflict_check == ConflictCheck.PENDING
        for each in referrals
        if each.conflict_check != ConflictCheck.CONFLICT
        and is_readable(Status(each.status), accepted=is_accepted(each))
    }
    if not wanted:
        return {}
    rows = session.scalars(
        select(Disclosure)
        .where(Disclosure.referral_id.in_(wanted), Disclosure.closed_at.is_(None))
        .order_by(Disclosure.number)
    ).all()
    counting = {None, *in_force(session, (row.consent_id for row in rows), now)}
    found: dict[UUID, list[Snapshot]] = {}
    for row in rows:
        if row.consent_id in counting and row.identity_only == wanted[row.referral_id]:
            found.setdefault(row.referral_id, []).append(content_of(vault, row))
    return {referral_id: merge(snapshots) for referral_id, snapshots in found.items()}


def lapsed_snapshots(
    session: Session, referral: Referral, rows: list[Disclosure], now: datetime
) -> list[Disclosure]:
    """Those whose consent counts no more, but for what has reached a receiver who accepted."""
    counting = {None, *in_force(session, (row.consent_id for row in rows), now)}
    over = [row for row in rows if row.consent_id not in counting]
    if not over or referral.accepted_at is None:
        return over
    waiting = _waiting(session, referral.id)
    accepted_at = referral.accepted_at
    return [row for row in over if row.made_at > accepted_at and row.number in waiting]


def resting_on_lapsed(session: Session, referrals: Iterable[UUID], now: datetime) -> set[UUID]:
    """Those of the referrals for which something open was shared under a consent that counts no
    more."""
    rows = session.execute(
        select(Disclosure.referral_id, Disclosure.consent_id).where(
            Disclosure.referral_id.in_(set(referrals)),
            Disclosure.closed_at.is_(None),
            Disclosure.consent_id.is_not(None),
        )
    ).all()
    counting = in_force(session, (row.consent_id for row in rows), now)
    return {row.referral_id for row in rows if row.consent_id not in counting}


def close_snapshots(
    session: Session, referral_id: UUID, now: datetime, *, consent_id: UUID | None = None
) -> None:
    """From now on the receiver of a referral reads nothing of what was shared, or nothing that
    rests on one consent."""
    for row in open_snapshots(session, referral_id):
        if consent_id is None or row.consent_id == consent_id:
            row.closed_at = now


def content_of(vault: Vault, row: Disclosure) -> Snapshot:
    """What a snapshot holds."""
    content: Snapshot = loads(vault.open("disclosure.values", row.id, row.values_sealed))
    return content


def is_accepted(referral: Referral) -> bool:
    """Whether the receiver has accepted and so keeps what they got."""
    return referral.accepted_at is not None


def _waiting(session: Session, referral_id: UUID) -> set[int]:
    """The numbers of disclosures that the worker has not handed on."""
    told = select(ReferralEvent.data).where(
        ReferralEvent.referral_id == referral_id,
        ReferralEvent.kind == Fact.DISCLOSED,
        ReferralEvent.position.is_(None),
    )
    return {number for data in session.scalars(told) for number in data["numbers"]}
