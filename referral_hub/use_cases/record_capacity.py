"""What an agency says about taking referrals."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.models import Service, ServiceState
from referral_hub.models.service_state import CAPACITY_STATES
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.errors import InvalidInput, NotFound
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.directory.pending import put_on_list
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.transaction import transaction


def record_capacity(
    session: Session,
    actor: Actor,
    service_id: UUID,
    capacity: str,
    *,
    note: str = "",
    until: date | None = None,
    now: datetime,
) -> None:
    """Set whether a service takes referrals: open, limited, waiting_list or closed."""
    require(actor, Permission.CAPACITY_RECORD)
    if capacity not in CAPACITY_STATES:
        raise InvalidInput(
            f"Capacity must be one of: {', '.join(CAPACITY_STATES)}.", {"capacity": "unknown"}
        )
    with transaction(session):
        service = session.get(Service, service_id)
        if service is None:
            raise NotFound("There is no such service.")
        state = session.get(ServiceState, service_id) or ServiceState(service_id=service_id)
        state.capacity = capacity
        state.note = note or None
        state.until = until
        state.stated_by = actor_label(actor)
        state.stated_at = now
        session.add(state)
        put_on_list(session, [service_id], now)
        add_audit(session, actor, "capacity:record", service, now=now)
