"""Two agencies whose systems call the API, with one of everything between them."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.extensions import db
from referral_hub.models import HouseholdMember, Referral, ReferralEvent, Webhook, WebhookDelivery
from referral_hub.rules.actor import System
from referral_hub.rules.client_profile import to_json
from referral_hub.rules.referrals import Channel
from referral_hub.use_cases.appointments import make_appointment
from referral_hub.use_cases.hand_on_events import hand_on_events
from referral_hub.use_cases.steps.webhooks import seal_secrets
from referral_hub.web.hub import EXTENSION
from tests.counted_figures import count_all
from tests.http.api_caller import Caller, a_caller
from tests.referral_acts import Played, a_consent, a_draft, a_sent_one, in_status
from tests.referral_world import A_PROFILE, Staff, a_client, a_need

Ids = dict[str, list[UUID]]


@dataclass(frozen=True)
class ApiWorld:
    """Ids by the names under which the API asks for them, those of the sender first."""

    app: Flask
    played: Played
    sender: Caller
    receiver: Caller
    stranger: Caller
    ids: Ids
    database: Path
    untouched: Path

    def restore(self) -> None:
        """Undo all that was done."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for ending in ("-wal", "-shm"):
            self.database.with_name(self.database.name + ending).unlink(missing_ok=True)
        fresh = shutil.copy(self.untouched, self.database.with_name("fresh"))
        Path(fresh).replace(self.database)


def an_api_world(app: Flask, session: Session, folder: Path) -> ApiWorld:
    """A draft, a sent and an accepted referral, this one with an appointment; for both agencies a
    client with need, household, consent, and a webhook to which something went."""
    vault, at = app.extensions[EXTENSION].vault, datetime.now(UTC) - timedelta(minutes=1)
    played = a_sent_one(session, vault=vault, now=at)
    world = played.world
    draft = a_draft(session, world=world, vault=vault, now=at)
    taken = in_status(session, "accepted", world=world, vault=vault, now=at)
    appointment = make_appointment(
        session, world.receiver.intake_worker, vault, taken.referral_id, at,
        channel=Channel.PAGE, now=at,
    )  # fmt: skip
    theirs = a_client(session, world.receiver, vault=vault, now=at)
    their_need = a_need(session, theirs, now=at)
    their_consent = a_consent(session, theirs, world.sender.agency_id, vault=vault, now=at)
    _hand_on(session)
    ids: Ids = {
        "client_id": [played.client.id, draft.client.id, theirs.id],
        "need_id": [played.need.id, draft.need.id, their_need.id],
        "consent_id": [played.consent.id, draft.consent.id, their_consent.id],
        "referral_id": [played.referral_id, draft.referral_id, taken.referral_id],
        "appointment_id": [appointment],
        "service_id": [world.receiver.service_id, world.sender.service_id],
        "team_id": [world.sender.team_id, world.receiver.team_id],
        "worker_id": [world.sender.case_manager.person_id],
        "assignee_id": [world.receiver.intake_worker.person_id],
        "receiver_client_id": [theirs.id],
        "recipients": [world.receiver.agency_id, world.stranger.agency_id],
        "forwarders": [world.receiver.agency_id],
        "webhook_id": [],
        "delivery_id": [],
    }
    for client in (played.client, theirs):
        member = uuid4()
        sealed = vault.seal("household_member.profile", member, to_json(A_PROFILE))
        session.add(
            HouseholdMember(id=member, client_id=client.id, profile_sealed=sealed, since=at)
        )
    for staff in (world.sender, world.receiver):
        _add_webhook(app, session, staff, ids, at)
    session.commit()
    count_all(app, session)
    callers = [
        a_caller(app, staff.agency_id) for staff in (world.sender, world.receiver, world.stranger)
    ]
    session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database = Path(str(session.get_bind().url.database))  # type: ignore[union-attr]
    session.rollback()
    with app.app_context():
        db.engine.dispose()
    untouched = folder / "untouched.sqlite3"
    shutil.copy(database, untouched)
    return ApiWorld(app, played, *callers, ids, database, untouched)


def _hand_on(session: Session) -> None:
    """Hand on every event, as the worker does."""
    hand_on_events(session, System("worker"), now=datetime.now(UTC))


def _add_webhook(app: Flask, session: Session, staff: Staff, ids: Ids, at: datetime) -> None:
    webhook = Webhook(
        id=uuid4(), agency_id=staff.agency_id, url="https://hooks.example.org/in", kinds=["send"],
        created_at=at, created_by="system:test",
    )  # fmt: skip
    seal_secrets(app.extensions[EXTENSION].vault, webhook, [("whsec_dGVzdA==", None)])
    session.add(webhook)
    session.flush()
    ids["webhook_id"].append(webhook.id)
    sent = select(ReferralEvent).join(Referral).where(Referral.status == "sent")
    for event in session.scalars(sent):
        delivery = WebhookDelivery(
            id=uuid4(), webhook_id=webhook.id, event_id=event.id, created_at=at, due_at=at
        )
        session.add(delivery)
        ids["delivery_id"].append(delivery.id)
    session.flush()
