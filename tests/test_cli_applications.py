"""Applications and signing keys from the command line."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from joserfc.jwk import ECKey

from referral_hub.app import create_app
from referral_hub.cli import main
from referral_hub.extensions import db
from referral_hub.models import Agency
from referral_hub.use_cases.transaction import transaction
from referral_hub.web.hub import EXTENSION


@pytest.fixture
def hub(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gazetteer_folder: Path
) -> Path:
    """A hub with one partner agency and one that is only listed."""
    (tmp_path / "gazetteer").symlink_to(gazetteer_folder)
    monkeypatch.setenv("REFERRAL_HUB_MODE", "test")
    monkeypatch.setenv("REFERRAL_HUB_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("REFERRAL_HUB_DATA_DIR", str(tmp_path))
    now = datetime.now(UTC)
    app = create_app()
    with app.app_context():
        session = db.session()
        with transaction(session):
            for name, status in (("Fair Homes", "partner"), ("Food Shelf", "listed_only")):
                session.add(Agency(name=name, status=status, created_at=now, status_since=now))
        db.session.remove()
        db.engine.dispose()
    app.extensions[EXTENSION].tally.close()
    app.extensions[EXTENSION].searcher.close()
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


CREATE = ("app", "create", "--agency", "Fair Homes", "--name", "Tracker")


def test_a_secret_is_printed_once_and_the_application_is_approved(hub: Path) -> None:
    done = run(
        *CREATE, "--auth", "client_secret_basic", "--scope", "openid profile", "--scope",
        "referrals.read", "--redirect-uri", "https://partner.example/back", "--json",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    facts = json.loads(done.output)
    assert set(facts) == {"client_id", "client_secret"}
    listed = run("app", "list", "--json")
    (row,) = json.loads(listed.output)
    assert row == {
        "client_id": facts["client_id"], "name": "Tracker", "agency": "Fair Homes",
        "status": "approved", "scopes": ["openid", "profile", "referrals.read"],
    }  # fmt: skip
    assert facts["client_secret"] not in listed.output


def test_keys_come_from_a_file(hub: Path, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"keys": [ECKey.generate_key().as_dict(private=False)]}))
    done = run(*CREATE, "--scope", "directory.read", "--jwks", keys)
    assert done.exit_code == 0, done.output
    assert done.output.startswith("client_id: ")
    assert "secret" not in done.output


def test_an_application_is_ended(hub: Path) -> None:
    done = run(*CREATE, "--auth", "client_secret_basic", "--scope", "directory.read", "--json")
    client_id = json.loads(done.output)["client_id"]
    assert run("app", "revoke", client_id).exit_code == 0
    assert "revoked" in run("app", "list").output
    assert run("app", "revoke", client_id).exit_code == 1
    assert run("app", "revoke", "unknown").exit_code == 1


def test_faults_are_told_in_a_line(hub: Path) -> None:
    common = ("--auth", "client_secret_basic", "--scope", "directory.read")
    wrong = run(*CREATE, *common, "--redirect-uri", "http://partner.example/")
    assert wrong.exit_code == 1
    assert "redirect_uris: Use https." in wrong.output
    nobody = run("app", "create", "--agency", "Nobody", "--name", "x", *common)
    assert nobody.exit_code == 1
    listed = run("app", "create", "--agency", "Food Shelf", "--name", "x", *common)
    assert "does not take part" in listed.output
    assert run("app", "create", "--agency", "Fair Homes").exit_code == 2


def test_signing_keys_are_rotated(hub: Path) -> None:
    first, second = run("signing-keys", "rotate"), run("signing-keys", "rotate")
    assert first.exit_code == second.exit_code == 0
    assert first.output.count("New key: ") == 2
    assert first.output != second.output
