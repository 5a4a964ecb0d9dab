"""What an operator does with audit, keys and mail at the command line."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from referral_hub.cli import main
from referral_hub.config import DEVELOPMENT_KEY, DEVELOPMENT_RING
from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import System
from referral_hub.use_cases.rotate_keys import BATCH
from referral_hub.use_cases.seal_audit import seal_audit
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.mail import send_mail
from referral_hub.use_cases.transaction import transaction
from tests.conftest import NOW
from tests.use_cases.test_rotate_keys import add_people

DEVELOPMENT = Vault({DEVELOPMENT_RING: DEVELOPMENT_KEY})


@pytest.fixture
def database(
    tmp_path: Path, sqlite_url: str, gazetteer_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The address of a clean database that the command line uses."""
    (tmp_path / "gazetteer").symlink_to(gazetteer_folder)
    monkeypatch.setenv("REFERRAL_HUB_MODE", "test")
    monkeypatch.setenv("REFERRAL_HUB_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("REFERRAL_HUB_DATABASE_URL", sqlite_url)
    return sqlite_url


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def write_rows(database: str, count: int) -> None:
    engine = create_engine(database)
    with Session(engine) as session, transaction(session):
        for number in range(count):
            add_audit(session, System("seed"), f"act:{number}", now=NOW)
    engine.dispose()


def change(database: str, statement: str) -> None:
    connection = sqlite3.connect(database.removeprefix("sqlite:///"))
    with connection:
        connection.execute(statement)
    connection.close()


@pytest.fixture
def sealed(database: str) -> str:
    """A database with five rows in the audit, which are sealed."""
    write_rows(database, 5)
    engine = create_engine(database)
    with Session(engine) as session:
        seal_audit(session, System("worker"), DEVELOPMENT_KEY)
    engine.dispose()
    return database


def test_a_whole_audit_verifies(sealed: str) -> None:
    verified = run("audit", "verify")
    assert verified.exit_code == 0, verified.output
    assert "5 rows checked, 0 faults." in verified.output


def test_what_was_done_to_the_audit_is_named(sealed: str, tmp_path: Path) -> None:
    change(sealed, "UPDATE audit SET actor = 'person:other' WHERE position = 2")
    change(sealed, "DELETE FROM audit WHERE position = 4")
    verified = run("audit", "verify")
    assert verified.exit_code == 1
    assert "edited: position 2" in verified.output
    assert "missing: position 4" in verified.output
    assert "3 faults" in verified.output


def test_a_cut_tail_is_named_with_the_head(sealed: str, tmp_path: Path) -> None:
    head = tmp_path / "head.json"
    head.write_text(run("audit", "head").output)
    assert run("audit", "verify", "--head", head).exit_code == 0
    change(sealed, "DELETE FROM audit WHERE position > 3")
    assert run("audit", "verify").exit_code == 0
    verified = run("audit", "verify", "--head", head)
    assert verified.exit_code == 1
    assert "cut: position 4" in verified.output
    assert "cut: position 5" in verified.output


@pytest.mark.parametrize("content", ["", "[]", '{"position": 1}', '{"position": 1, "seal": "x"}'])
def test_a_head_that_is_none_is_told_in_one_line(sealed: str, tmp_path: Path, content: str) -> None:
    head = tmp_path / "head.json"
    head.write_text(content)
    failed = run("audit", "verify", "--head", head)
    assert failed.exit_code == 1
    assert failed.output.startswith("Error: ")


def test_rows_that_wait_for_a_worker_are_named(database: str) -> None:
    write_rows(database, 1)
    verified = run("audit", "verify")
    assert verified.exit_code == 1
    assert "unsealed: row 1" in verified.output
    assert run("audit", "head").output.startswith("Error: Nothing is sealed yet")


def test_the_audit_is_exported_and_that_is_audited(sealed: str, tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    assert run("audit", "export", path).exit_code == 0
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [row["action"] for row in rows] == [*(f"act:{n}" for n in range(5)), "audit:export"]
    assert rows[0]["actor"] == "system:seed"
    assert len(rows[0]["seal"]) == 64
    run("audit", "export", path, "--since", "2026-11-18", "--until", "2026-11-18")
    assert len(path.read_text().splitlines()) == 5
    assert run("audit", "export", path, "--since", "yesterday").exit_code == 2


def test_a_new_key_is_a_random_one_with_an_id(database: str) -> None:
    first, second = (run("keys", "new").output.strip() for _ in range(2))
    assert first != second
    name, _, key = first.partition(":")
    assert name
    assert len(b64decode(key, validate=True)) == 32


def test_keys_are_rotated_and_the_old_one_is_then_not_needed(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = create_engine(database)
    with Session(engine) as session:
        add_people(session, 3, NOW, DEVELOPMENT)
    engine.dispose()
    new = run("keys", "new").output.strip()
    monkeypatch.setenv("REFERRAL_HUB_FIELD_KEYS", new)
    failed = run("keys", "rotate")
    assert failed.exit_code == 1
    assert "person.name: 3 values cannot be opened" in failed.output
    old = f"{DEVELOPMENT_RING}:{_base64(DEVELOPMENT_KEY)}"
    monkeypatch.setenv("REFERRAL_HUB_FIELD_KEYS", f"{new},{old}")
    rotated = run("keys", "rotate")
    assert rotated.exit_code == 0, rotated.output
    assert "6 values sealed with the newest key." in rotated.output
    monkeypatch.setenv("REFERRAL_HUB_FIELD_KEYS", new)
    assert "0 values sealed" in run("keys", "rotate").output


def test_a_rotation_that_was_killed_is_finished_by_the_next(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = create_engine(database)
    with Session(engine) as session:
        add_people(session, 20 * BATCH, NOW, DEVELOPMENT)
    engine.dispose()
    new = run("keys", "new").output.strip()
    old = f"{DEVELOPMENT_RING}:{_base64(DEVELOPMENT_KEY)}"
    monkeypatch.setenv("REFERRAL_HUB_FIELD_KEYS", f"{new},{old}")
    started = subprocess.Popen(
        [sys.executable, "-m", "referral_hub.cli", "keys", "rotate"],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    prefix = new.partition(":")[0].encode()
    deadline = time.monotonic() + 60
    while not 0 < _sealed_with(database, prefix) < 20 * BATCH and time.monotonic() < deadline:
        time.sleep(0.001)
    started.send_signal(signal.SIGKILL)
    started.wait()
    half = _sealed_with(database, prefix)
    assert half % BATCH == 0
    assert run("keys", "rotate").exit_code == 0
    assert _sealed_with(database, prefix) == 20 * BATCH
    assert "0 values sealed" in run("keys", "rotate").output


def test_mail_that_waits_is_told(database: str) -> None:
    assert run("mail").output == "0 mails wait; 0 were given up.\n"
    engine = create_engine(database)
    with Session(engine) as session, transaction(session):
        send_mail(session, DEVELOPMENT, "a@b.example", "reset_password", now=NOW, link="/x")
    engine.dispose()
    assert "1 mails wait, the oldest since 2026-11-18 15:00 UTC" in run("mail").output
    change(database, "UPDATE outbox SET due_at = NULL")
    given_up = run("mail")
    assert (given_up.exit_code, given_up.output) == (1, "0 mails wait; 1 were given up.\n")


def _base64(key: bytes) -> str:
    return b64encode(key).decode()


def _sealed_with(database: str, prefix: bytes) -> int:
    connection = sqlite3.connect(database.removeprefix("sqlite:///"), timeout=15)
    (count,) = connection.execute(
        "SELECT count(*) FROM person WHERE substr(name_sealed, 3, ?) = ?", (len(prefix), prefix)
    ).fetchone()
    connection.close()
    return int(count)


def test_figures_are_counted_anew(database: str, tmp_path: Path) -> None:
    said = run("figures", "recount")
    assert said.exit_code == 0
    assert "0 referrals counted." in said.output
