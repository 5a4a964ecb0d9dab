"""Signals of caseloads inside a transaction: shown first to whom they are about."""

from collections.abc import Collection
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
) -> CaseloadSignal | None:
    """Note that a worker is shown what their caseload asks for; the time of the first showing
    stays. Where it asks for nothing any more, nothing is left of it."""
    key = (agency_id, worker_id)
    held = session.get(CaseloadSignal, key)
    if held is not None and not reasons:
        session.delete(held)
        return None
    if held is None and reasons:
        session.get_one(Person, worker_id, with_for_update={"key_share": True})
        held = session.get(CaseloadSignal, key, populate_existing=True)
        if held is None:
            held = CaseloadSignal(agency_id=agency_id, worker_id=worker_id, shown_at=now)
            session.add(held)
    return held


def seen_by_supervisor(
    session: Session, agency_id: UUID, workers: Collection[UUID], limits: Limits, now: datetime
) -> frozenset[UUID]:
    """Whose signals their supervisors may see now."""
    rows = session.scalars(
        select(CaseloadSignal).where(
            CaseloadSignal.agency_id == agency_id, CaseloadSignal.worker_id.in_(workers)
        )
    )
    return frozenset(
        row.worker_id for row in rows if supervisor_sees(row.shown_at, row.shared_at, limits, now)
    )
