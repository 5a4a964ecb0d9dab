"""Signals of caseloads inside a transaction: shown first to whom they are about."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import CaseloadSignal, Person
from referral_hub.rules.caseload_signals import Limits, Reason, supervisor_sees


def note_shown(
    session: Session,
    agency_id: UUID,
    worker_id: UUID,
    reasons: Collection[Reason],
    *,
    now: datetime,
) -> Mapping[Reason, CaseloadSignal]:
    """Note that a worker is shown what their caseload asks for, each reason for itself; the time of
    its first showing stays. Of a reason that is no more, nothing is left."""
    held = _held(session, agency_id, worker_id)
    for reason in held.keys() - set(reasons):
        session.delete(held.pop(reason))
    if set(reasons) - held.keys():
        session.get_one(Person, worker_id, with_for_update={"key_share": True})
        held = _held(session, agency_id, worker_id)
    for reason in reasons:
        if reason not in held:
            held[reason] = CaseloadSignal(
                agency_id=agency_id, worker_id=worker_id, reason=reason, shown_at=now
            )
            session.add(held[reason])
    return held


def seen_by_supervisor(
    session: Session, agency_id: UUID, workers: Collection[UUID], limits: Limits, now: datetime
) -> Mapping[UUID, Collection[Reason]]:
    """Of each worker the signals that their supervisors may see now; nobody without one."""
    rows = session.scalars(
        select(CaseloadSignal).where(
            CaseloadSignal.agency_id == agency_id, CaseloadSignal.worker_id.in_(workers)
        )
    )
    seen: dict[UUID, set[Reason]] = defaultdict(set)
    for row in rows:
        if supervisor_sees(row.shown_at, row.shared_at, limits, now):
            seen[row.worker_id].add(Reason(row.reason))
    return seen


def _held(session: Session, agency_id: UUID, worker_id: UUID) -> dict[Reason, CaseloadSignal]:
    rows = session.scalars(
        select(CaseloadSignal)
        .where(CaseloadSignal.agency_id == agency_id, CaseloadSignal.worker_id == worker_id)
        .execution_options(populate_existing=True)
    )
    return {Reason(row.reason): row for row in rows}
