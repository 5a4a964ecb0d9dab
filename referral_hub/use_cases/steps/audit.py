"""Telling the audit what is done, in the transaction that does it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.models import AuditRow, Base
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.audit import Outcome


def add_audit(
    session: Session,
    actor: Actor,
    action: str,
    record: Base | None = None,
    *,
    agency_id: UUID | None = None,
    detail: str | None = None,
    shown: Iterable[UUID] = (),
    outcome: Outcome = Outcome.DONE,
    now: datetime,
) -> None:
    """Note an act on a record. `detail` names fields or counts, never values that people gave.
    `shown` are the records of a page of a list: that somebody saw them is found by their ids.

    The record's id must be known: one that is new gets its id here.
    """
    record_id = None
    if record is not None:
        if getattr(record, "id", None) is None:
            session.add(record)
            session.flush()
        record_id = getattr(record, "id", None)
    ids = " ".join(dict.fromkeys(map(str, shown)))
    session.add(
        AuditRow(
            at=now,
            actor=actor_label(actor),
            agency_id=agency_id,
            action=action,
            outcome=outcome,
            table_name=record.__tablename__ if record is not None else None,
            record_id=record_id if isinstance(record_id, UUID) else None,
            detail=f"{detail}: {ids}" if ids else detail,
        )
    )
