"""Whatever is killed, and whenever: what was answered is there once, and everybody hears of it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event, Thread
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from referral_hub.app import create_app
from referral_hub.config import read_settings
from referral_hub.extensions import db
from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Webhook
from referral_hub.use_cases.steps.webhooks import seal_secrets
from referral_hub.web.hub import EXTENSION
from tests.conftest import dispose
from tests.crash.findings import audit_findings, come_to_rest, findings
from tests.crash.listener import Listener, listening
from tests.crash.partners import PATIENCE, Case, Door
from tests.crash.processes import VICTIMS, Hub, running
from tests.crash.variants import VARIANTS
from tests.http.api_caller import ALL
from tests.http.oauth.world import World as OAuthWorld
from tests.referral_acts import SHARED, a_consent
from tests.referral_world import Staff, World, a_client, a_need, a_world
from tests.running_hub import free_port

SOAK_SECONDS = float(os.environ.get("REFERRAL_HUB_TEST_SOAK_SECONDS", "0"))


@dataclass(frozen=True)
class Trial:
    """For how long and how many act, about how often what is killed, and by which luck."""

    seconds: float
    pause: float = 2.0
    cases: int = 6
    victims: tuple[str, ...] = VICTIMS
    seed: int = 20_261_130
    variant: str | None = None


@dataclass
class Outcome:
    """What came of a trial."""

    faults: list[str]
    hub: Hub
    door: Door
    listener: Listener

    def __str__(self) -> str:
        listed = "\n".join(self.faults[:20])
        return (
            f"{len(self.door.journal.done)} changes, {self.door.journal.lost} answers lost, "
            f"{len(self.listener.heard)} messages, kills: {self.hub.kills}, "
            f"{len(self.faults)} faults:\n{listed}"
        )


def tried(folder: Path, gazetteer: Path, database_url: str, trial: Trial) -> Outcome:
    """Let clients act while processes are killed; then see what is there."""
    (folder / "gazetteer").symlink_to(gazetteer)
    port = free_port()
    with listening() as listener:
        environment = {
            "REFERRAL_HUB_MODE": "test",
            "REFERRAL_HUB_DATABASE_URL": database_url,
            "REFERRAL_HUB_DATA_DIR": str(folder),
            "REFERRAL_HUB_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "REFERRAL_HUB_OUTGOING_ALLOW": listener.host,
        }
        app = create_app(environment)
        try:
            with app.app_context():
                orders, world = prepared(db.session(), vault_of(app), listener, trial.cases)
            door = Door(f"http://127.0.0.1:{port}", credentials(app, world))
            with running(folder, environment, port, trial.variant) as hub:
                act_and_kill(hub, door, orders, trial)
                with app.app_context():
                    faults = come_to_rest(db.session(), hub.worker.started_at)
            with app.app_context():
                session = db.session()
                faults += findings(session, vault_of(app), door.journal, listener)
                faults += audit_findings(session, read_settings(environment))
        finally:
            dispose(app)
    return Outcome(faults, hub, door, listener)


def vault_of(app: Flask) -> Vault:
    found: Vault = app.extensions[EXTENSION].vault
    return found


def credentials(app: Flask, world: World) -> Mapping[str, str]:
    """With what the system of each side asks for tokens."""
    return {
        side: OAuthWorld(app, agency_id=agency.agency_id)
        .register(scopes=ALL)
        .headers()["Authorization"]
        for side, agency in (("sender", world.sender), ("receiver", world.receiver))
    }


def prepared(
    session: Session, vault: Vault, listener: Listener, cases: int
) -> tuple[list[Mapping[str, Any]], World]:
    """Two agencies whose systems listen, and what each client's referral asks for."""
    now = datetime.now(UTC) - timedelta(hours=1)
    world = a_world(session, vault, now)
    for side, agency in (("sender", world.sender), ("receiver", world.receiver)):
        add_webhook(session, vault, agency, listener.url(side), listener.secrets[side], now)
    orders = []
    for _ in range(cases):
        client = a_client(session, world.sender, vault=vault, now=now)
        need = a_need(session, client, now=now)
        consent = a_consent(session, client, world.receiver.agency_id, vault=vault, now=now)
        orders.append(
            {
                "client_id": str(client.id), "need_id": str(need.id),
                "service_id": str(world.receiver.service_id), "consent_id": str(consent.id),
                "categories": [category.value for category in SHARED], "send": True,
            }
        )  # fmt: skip
    return orders, world


def add_webhook(
    session: Session, vault: Vault, agency: Staff, url: str, secret: str, now: datetime
) -> None:
    webhook = Webhook(
        id=uuid4(), agency_id=agency.agency_id, url=url, kinds=[], created_at=now,
        created_by="test",
    )  # fmt: skip
    seal_secrets(vault, webhook, [(secret, None)])
    session.add(webhook)
    session.commit()


def act_and_kill(hub: Hub, door: Door, orders: list[Mapping[str, Any]], trial: Trial) -> None:
    """Act and kill for so long; then let everybody finish what they began."""
    over, luck = Event(), Random(trial.seed)
    how = (over, Random(trial.seed), trial.pause, trial.victims)
    killer = Thread(target=hub.kill_until, args=how)
    acting = [
        Thread(target=Case(door, number, Random(luck.random()), order).work, args=(over,))
        for number, order in enumerate(orders)
    ]
    for thread in (killer, *acting):
        thread.start()
    deadline = monotonic() + trial.seconds + PATIENCE
    over.wait(trial.seconds)
    while set(hub.kills) != set(trial.victims) and monotonic() < deadline:
        over.wait(0.1)  # on a busy machine it takes longer until each was killed once
    over.set()
    for thread in (killer, *acting):
        thread.join()


def test_three_kills_lose_and_double_nothing(
    sqlite_url: str, tmp_path: Path, gazetteer_folder: Path
) -> None:
    outcome = tried(tmp_path, gazetteer_folder, sqlite_url, Trial(6, pause=0.8, cases=3))
    assert not outcome.faults, str(outcome)
    assert set(outcome.hub.kills) == set(VICTIMS), str(outcome)
    assert outcome.door.journal.done, str(outcome)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_many_kills_lose_and_double_nothing(
    database_url: str, tmp_path: Path, gazetteer_folder: Path
) -> None:
    outcome = tried(tmp_path, gazetteer_folder, database_url, Trial(25))
    assert not outcome.faults, str(outcome)
    assert set(outcome.hub.kills) == set(VICTIMS), str(outcome)
    assert outcome.door.journal.lost, str(outcome)


@pytest.mark.slow
@pytest.mark.timeout(SOAK_SECONDS + 900)
@pytest.mark.skipif(not SOAK_SECONDS, reason="the longest form; see `make soak`")
def test_kills_for_a_long_time_lose_and_double_nothing(
    database_url: str, tmp_path: Path, gazetteer_folder: Path
) -> None:
    seed = Random().randrange(10**9)
    outcome = tried(tmp_path, gazetteer_folder, database_url, Trial(SOAK_SECONDS, seed=seed))
    assert not outcome.faults, f"seed {seed}: {outcome}"


BROKEN = {
    "answers-kept-afterwards": (("web process",), "answered as done"),
    "handed-on-before-written": (("worker",), "a delivery to the"),
    "marked-before-sent": (("worker",), "not heard by the"),
}
"""variant: what is killed, and a word of what is found."""


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("variant", BROKEN)
def test_a_hub_that_does_in_two_steps_what_must_be_one_is_found_out(
    variant: str, sqlite_url: str, tmp_path: Path, gazetteer_folder: Path
) -> None:
    victims, found = BROKEN[variant]
    trial = Trial(36, pause=6.0, cases=2, victims=victims, variant=variant)
    outcome = tried(tmp_path, gazetteer_folder, sqlite_url, trial)
    assert any(found in fault for fault in outcome.faults), str(outcome)


def test_every_broken_hub_is_tried() -> None:
    assert set(BROKEN) == set(VARIANTS)
