"""A check-in with something agreed, and a decline that waits, where there is one of everything."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, CheckIn, CheckInAction, Referral, ReferralEvent


def one_supervision(
    session: Session, vault: Vault, agency: UUID, supervisor: UUID, worker: UUID, referral: UUID,
    now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """Ids by the names under which routes ask for them. `referral` is one that the agency got."""
    session.get_one(Agency, agency).review_declines = True
    check_in = CheckIn(
        id=uuid4(), agency_id=agency, supervisor_id=supervisor, worker_id=worker,
        planned_at=datetime.now(UTC) + timedelta(days=30), weeks=2, status="planned",
        created_at=now,
    )  # fmt: skip
    action = CheckInAction(
        id=uuid4(), check_in_id=check_in.id, person_id=worker, agreed_at=now, due_on=None
    )
    action.text_sealed = vault.seal("check_in_action.text", action.id, "Call")
    first = session.get_one(Referral, referral)
    proposed = Referral(
        **{
            column.name: getattr(first, column.name)
            for column in Referral.__table__.columns
            if column.name not in ("id", "decline_proposed_at", "seq")
        },
        id=uuid4(), decline_proposed_at=now, seq=1,
    )  # fmt: skip
    event = ReferralEvent(
        id=uuid4(), referral_id=proposed.id, seq=1, kind="decline_proposed", from_status="sent",
        to_status="sent", actor="test", actor_person_id=worker, actor_agency_id=agency,
        actor_part="receiver", channel="page", occurred_at=now, recorded_at=now,
        reason_code="no_capacity", data={"proposer_id": str(worker)}, position=2,
    )  # fmt: skip
    for row in (check_in, action, proposed, event):
        session.add(row)
        session.flush()
    session.commit()
    return {
        "check_in_id": check_in.id, "action_id": action.id,
        "/supervision/declines/referral_id": proposed.id,
    }  # fmt: skip
