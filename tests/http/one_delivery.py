"""A notice, and a webhook with something that went to it, for the hub with one of everything."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    AgencyEvent,
    Client,
    Need,
    Notice,
    Referral,
    ReferralEvent,
    Webhook,
    WebhookDelivery,
)
from referral_hub.rules.client_profile import Profile
from referral_hub.use_cases.steps.clients import seal_profile
from referral_hub.use_cases.steps.webhooks import seal_secrets
from tests.delivery_world import SECRET


def one_delivery(
    session: Session, vault: Vault, agency: UUID, team: UUID, owner: UUID, service: UUID,
    now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """Ids by the names under which routes ask for them. `owner` is whose notice it is."""
    client = Client(
        id=uuid4(), agency_id=agency, team_id=team, worker_id=owner, opened_at=now, changed_at=now,
    )  # fmt: skip
    seal_profile(vault, client, Profile(given_name="Nia", family_name="Brooks"))
    need = Need(
        id=uuid4(), client_id=client.id, need_code="food", urgency=1, importance=1, acuity=1,
        opened_at=now,
    )  # fmt: skip
    referral = Referral(
        id=uuid4(), client_id=client.id, need_id=need.id, need_code="food", service_id=service,
        from_agency_id=agency, from_team_id=team, to_agency_id=agency, to_team_id=team,
        categories=[], created_at=now, status="sent", version=1, seq=1,
        first_sent_at=now, sent_at=now, sends=1, status_since=now,
        priority="routine", last_event_at=now,
    )  # fmt: skip
    event = ReferralEvent(
        id=uuid4(), referral_id=referral.id, seq=1, kind="send", from_status="draft",
        to_status="sent", actor="test", actor_part="sender", channel="page", occurred_at=now,
        recorded_at=now, data={}, position=1,
    )  # fmt: skip
    notice = Notice(
        id=uuid4(), person_id=owner, agency_id=agency, kind="arrived", referral_id=referral.id,
        event_id=event.id, created_at=now, mail="never",
    )  # fmt: skip
    webhook = Webhook(
        id=uuid4(), agency_id=agency, url="https://10.0.0.1/in", kinds=[], created_at=now,
        created_by="system:test",
    )  # fmt: skip
    seal_secrets(vault, webhook, [(SECRET, None)])
    delivery = WebhookDelivery(
        id=uuid4(), webhook_id=webhook.id, event_id=event.id, created_at=now, due_at=None,
        delivered_at=now,
    )  # fmt: skip
    heard = AgencyEvent(agency_id=agency, number=1, event_id=event.id)
    for row in (client, need, referral, event, heard, notice, webhook, delivery):
        session.add(row)
        session.flush()
    session.commit()
    return {
        "referral_id": referral.id, "notice_id": notice.id, "webhook_id": webhook.id,
        "delivery_id": delivery.id, "/referrals/name": "void",
    }  # fmt: skip
