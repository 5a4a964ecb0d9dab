"""Saying what a case weighs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.rules.actor import Actor
from referral_hub.rules.caseload_weights import check_case
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import require_open, the_client
from referral_hub.use_cases.transaction import transaction


def weigh_case(
    session: Session,
    actor: Actor,
    client_id: UUID,
    *,
    acuity: int | None,
    intensity: int | None,
    travels: bool,
    trauma: bool,
    now: datetime,
) -> None:
    """Say how acute a case is, how much work it takes, whether the worker travels to the client,
    and whether it weighs on the one who carries it. Raises InvalidInput, Conflict where it is
    closed."""
    require(actor, Permission.CLIENT_CHANGE)
    check_case(acuity, intensity)
    with transaction(session):
        client = the_client(session, actor, Permission.CLIENT_CHANGE, client_id, lock=True)
        require_open(client)
        client.acuity, client.intensity = acuity, intensity
        client.travels, client.trauma = travels, trauma
        add_audit(session, actor, "client:weigh", client, agency_id=client.agency_id, now=now)
