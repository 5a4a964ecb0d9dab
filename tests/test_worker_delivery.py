"""A running hub hands an event on to people and to a partner system, also after a failure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session
from standardwebhooks import Webhook as Verifier

from referral_hub.gateways.webhooks import WebhookSender
from referral_hub.models import Consent, Disclosure, Person, Webhook, WebhookDelivery
from referral_hub.rules.referral_lifecycle import Move, Status
from referral_hub.rules.referrals import Priority
from referral_hub.use_cases.steps.people import email_of
from referral_hub.use_cases.steps.webhooks import seal_secrets
from referral_hub.web.hub import EXTENSION
from referral_hub.worker import Worker
from tests.delivery_world import SECRET, Story, a_story, a_webhook, rows
from tests.fakes import FakeGazetteer
from tests.receiver import Receiver, receiving
from tests.referral_acts import a_sent_one
from tests.referral_world import A_PROFILE, a_world

PRIVATE = (A_PROFILE.given_name, A_PROFILE.family_name, "North Side", "Lawndale", "food")


def an_emergency(app: Flask, session: Session, receiver: Receiver) -> Story:
    """Sent an hour ago to an agency whose system answers with errors."""
    hub = app.extensions[EXTENSION]
    sender = WebhookSender(frozenset({receiver.host}), 2.0)
    app.extensions[EXTENSION] = replace(hub, webhook_sender=sender)
    now = datetime.now(UTC) - timedelta(hours=1)
    world = a_world(session, hub.vault, now)
    story = a_story(session, world, Priority.EMERGENCY, now)
    webhook = session.get_one(Webhook, a_webhook(session, world.receiver, receiver.url("broken")))
    seal_secrets(hub.vault, webhook, [(SECRET, None)])
    session.commit()
    story.shared(world.sender.case_manager)
    story.happens(Move.SEND, Status.SENT, at=now)
    return story


def rounds(app: Flask) -> None:
    """All that a worker does until nothing waits, but for the index."""
    worker = Worker(app, app.extensions[EXTENSION].searcher, FakeGazetteer())  # type: ignore[arg-type]
    jobs = [job for job in worker.jobs if job.name != "index"]
    while sum(job.once(app) for job in jobs):
        pass


def test_an_emergency_reaches_the_receivers_system_and_people_without_client_data(
    app: Flask, sqlite_session: Session, tmp_path: Path
) -> None:
    with receiving() as receiver:
        story = an_emergency(app, sqlite_session, receiver)
        rounds(app)
        assert len(receiver.got) == 1
        (delivery,) = rows(sqlite_session, WebhookDelivery)
        delivery.due_at = datetime.now(UTC)
        sqlite_session.get_one(Webhook, delivery.webhook_id).url = receiver.url()
        sqlite_session.commit()
        rounds(app)
    (first, _), (headers, body) = receiver.got
    assert first["webhook-id"] == headers["webhook-id"]
    assert Verifier(SECRET).verify(body, headers)["data"]["referral_id"] == str(story.referral.id)
    mails = [path.read_text() for path in (tmp_path / "mail").glob("*.eml")]
    assert len(mails) == 3
    for text in mails:
        assert f"/referrals/{story.referral.id}" in text
        content = text.partition("\n\n")[2]
        assert not [word for word in PRIVATE if word in content]
    assert not [word for word in PRIVATE if word in body.decode()]


def test_nothing_leaves_whose_consent_ended_between_sending_and_delivery(
    app: Flask, sqlite_session: Session, tmp_path: Path
) -> None:
    hub = app.extensions[EXTENSION]
    ago = datetime.now(UTC) - timedelta(hours=1)
    with receiving() as receiver:
        sender = WebhookSender(frozenset({receiver.host}), 2.0)
        app.extensions[EXTENSION] = replace(hub, webhook_sender=sender)
        played = a_sent_one(sqlite_session, priority=Priority.EMERGENCY, vault=hub.vault, now=ago)
        made = a_webhook(sqlite_session, played.world.receiver, receiver.url())
        seal_secrets(hub.vault, sqlite_session.get_one(Webhook, made), [(SECRET, None)])
        sqlite_session.execute(
            update(Consent)
            .where(Consent.id == played.consent.id)
            .values(expires_at=ago + timedelta(minutes=1))
        )
        sqlite_session.commit()
        rounds(app)
        assert receiver.got == []
    (delivery,) = rows(sqlite_session, WebhookDelivery)
    assert delivery.withheld_at is not None
    assert [row.closed_at is None for row in rows(sqlite_session, Disclosure)] == [False]
    told = "".join(path.read_text() for path in (tmp_path / "mail").glob("*.eml"))
    receiver_staff = (played.world.receiver.intake_worker, played.world.receiver.supervisor)
    for acting in receiver_staff:
        person = sqlite_session.get_one(Person, acting.person_id)
        assert email_of(hub.vault, person) not in told
