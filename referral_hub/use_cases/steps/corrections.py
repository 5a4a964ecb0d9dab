"""Corrections inside a transaction."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.models import Correction


def propose(
    session: Session,
    *,
    table: str,
    record_id: UUID,
    field: str,
    current: str | None,
    proposed: str | None,
    origin: str,
    proposed_by: str,
    note: str | None,
    now: datetime,
) -> None:
    """Propose that a field of a record should read otherwise. `origin` says which way it came."""
    session.add(
        Correction(
            table_name=table,
            record_id=record_id,
            field=field,
            current_value=current,
            proposed_value=proposed,
            note=note or f"By {origin}",
            proposed_by=proposed_by,
            proposed_at=now,
        )
    )
