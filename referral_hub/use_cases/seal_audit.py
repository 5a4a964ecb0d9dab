"""Sealing the audit into its chain, and finding out whether somebody tampered with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.models import AuditRow
from referral_hub.rules.actor import Actor
from referral_hub.rules.audit import (
    LONGEST_UNSEALED,
    START,
    Fault,
    FaultKind,
    Head,
    check_chain,
    check_head,
    next_seal,
)
from referral_hub.rules.errors import AuditBroken
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.transaction import let_go, transaction

BATCH = 500
_LOCK = 0x41554449  # any number that nothing else in the database locks


@dataclass(frozen=True, slots=True)
class AuditVerification:
    """How many rows were checked, and what is wrong."""

    checked: int
    faults: tuple[Fault, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nobody tampered with it."""
        return not self.faults


class KeptHead(Protocol):
    """Where the end of the chain is kept, outside of the database."""

    def read(self) -> Head | None:
        """The head that was kept last."""

    def keep(self, head: Head) -> None:
        """Keep a newer one."""


def seal_audit(session: Session, actor: Actor, key: bytes, kept: KeptHead | None = None) -> int:
    """Seal the oldest batch of rows without a seal; returns how many, 0 when none waits.

    One process at a time: another one that tries meanwhile seals nothing. A row that commits late
    comes after those that were sealed before it, whatever its number. Raises AuditBroken when the
    chain has not what was kept of it: what somebody unsealed is never sealed again.
    """
    require(actor, Permission.AUDIT_SEAL)
    waiting = select(AuditRow).where(AuditRow.position.is_(None)).order_by(AuditRow.id).limit(BATCH)
    nothing_waits = session.scalars(waiting.limit(1)).first() is None
    let_go(session)
    if nothing_waits:
        return 0
    with transaction(session):
        if not _is_only_sealer(session):
            return 0
        known = kept.read() if kept else None
        if known and any(_since(session, known)):
            raise AuditBroken("The audit is not as it was sealed. See `referral-hub audit verify`.")
        head = _head(session) or Head(0, START)
        before = head.seal
        rows = session.scalars(waiting).all()
        for position, row in enumerate(rows, head.position + 1):
            before = next_seal(key, before, row, position)
            row.position, row.seal = position, before
        last = head.position + len(rows)
    if kept:
        kept.keep(Head(last, before))
    return len(rows)


def audit_head(session: Session, actor: Actor) -> Head | None:
    """The end of the chain, to be kept elsewhere; None when nothing is sealed."""
    require(actor, Permission.AUDIT_SEAL)
    return _head(session)


def verify_audit(
    session: Session, actor: Actor, key: bytes, *, head: Head | None = None, now: datetime
) -> AuditVerification:
    """Check every row. With a head that was exported before, a tail that was cut off shows too."""
    require(actor, Permission.AUDIT_SEAL)
    sealed = select(AuditRow).where(AuditRow.position.is_not(None)).order_by(AuditRow.position)
    rows = session.scalars(sealed.execution_options(yield_per=BATCH, populate_existing=True))
    faults = list(check_chain(key, rows))
    if head is not None:
        faults += _since(session, head)
    faults += _unsealed(session, now)
    checked = session.scalar(select(func.count()).select_from(AuditRow)) or 0
    session.rollback()
    return AuditVerification(checked, tuple(faults))


def _head(session: Session) -> Head | None:
    row = session.execute(
        select(AuditRow.position, AuditRow.seal)
        .where(AuditRow.position.is_not(None))
        .order_by(AuditRow.position.desc())
        .limit(1)
    ).one_or_none()
    return Head(row.position or 0, row.seal or b"") if row else None


def _since(session: Session, head: Head) -> Iterator[Fault]:
    """What is gone since a head was kept."""
    last = session.scalar(select(func.max(AuditRow.position))) or 0
    found = session.scalar(select(AuditRow.seal).where(AuditRow.position == head.position))
    return check_head(head, last, found)


def _unsealed(session: Session, now: datetime) -> Iterator[Fault]:
    numbers = select(AuditRow.id).where(
        AuditRow.position.is_(None), AuditRow.at < now - LONGEST_UNSEALED
    )
    for number in session.scalars(numbers.order_by(AuditRow.id)):
        yield Fault(FaultKind.UNSEALED, None, number)


def _is_only_sealer(session: Session) -> bool:
    """Whether this transaction may seal. SQLite has one writer anyhow."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))))
