"""The command line, from an empty folder to a directory that can be searched."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from referral_hub.app import create_app
from referral_hub.cli import main
from referral_hub.extensions import db
from referral_hub.models import SigningKey
from tests.factories import a_directory, a_service, an_organization


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gazetteer_folder: Path) -> Path:
    """An empty data folder in demo mode."""
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "gazetteer").symlink_to(gazetteer_folder)
    monkeypatch.setenv("REFERRAL_HUB_MODE", "demo")
    monkeypatch.setenv("REFERRAL_HUB_DATA_DIR", str(folder))
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def a_file(folder: Path, content: object) -> Path:
    path = folder / "feed.json"
    path.write_text(json.dumps(content))
    return path


def test_from_nothing_to_a_verified_index(hub: Path, tmp_path: Path) -> None:
    assert run("init").exit_code == 0
    done = run("import", a_file(tmp_path, a_directory()))
    assert done.exit_code == 0, done.output
    assert "1 added" in done.output
    verified = run("index", "verify")
    assert verified.exit_code == 0, verified.output
    assert "1 documents: 0 missing" in verified.output


@pytest.mark.parametrize("command", ["catch-up", "import"])
def test_where_the_index_is_lost_it_is_built_whole_again(
    hub: Path, tmp_path: Path, command: str
) -> None:
    run("init")
    run("import", a_file(tmp_path, a_directory()))
    shutil.rmtree(hub / "index")
    second = an_organization("other", services=[a_service("second")])
    other = a_file(tmp_path, [*a_directory(), second])
    done = run("index", "catch-up") if command == "catch-up" else run("import", other)
    assert "The search index is built anew" in done.output
    verified = run("index", "verify")
    assert verified.exit_code == 0, verified.output
    assert f"{1 if command == 'catch-up' else 2} documents: 0 missing" in verified.output


def test_a_hub_begins_with_signing_keys_and_keeps_them(hub: Path) -> None:
    run("init")
    run("init")
    with create_app().app_context():
        keys = db.session.scalars(select(SigningKey.algorithm)).all()
        assert sorted(keys) == ["ES256", "RS256"]


def test_a_dry_run_prints_the_changes_and_makes_none(hub: Path, tmp_path: Path) -> None:
    run("init")
    path = a_file(tmp_path, a_directory())
    rehearsed = run("import", path, "--dry-run")
    assert "added: service Eviction Defense" in rehearsed.output
    assert "added: service Eviction Defense" in run("import", path, "--dry-run").output


def test_problems_go_to_the_report_as_csv(hub: Path, tmp_path: Path) -> None:
    run("init")
    bad = an_organization(services=[a_service("good"), a_service("bad", name="")])
    report = tmp_path / "problems.csv"
    run("import", a_file(tmp_path, [bad]), "--report", report)
    rows = list(csv.DictReader(report.read_text().splitlines()))
    (row,) = [row for row in rows if row["severity"] == "error"]
    assert (row["file"], row["table"], row["field"]) == ("feed.json", "service", "name")


def test_an_unknown_file_is_an_error_in_one_line(hub: Path, tmp_path: Path) -> None:
    run("init")
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    failed = run("import", path)
    assert failed.exit_code == 1
    assert failed.output.startswith("Error: ")


def test_wrong_use_has_status_two(hub: Path) -> None:
    assert run("import").exit_code == 2
    assert run("seed", "--size", "many").exit_code == 2


def test_fictional_data_does_not_enter_a_production_hub(
    hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFERRAL_HUB_MODE", "production")
    monkeypatch.setenv("REFERRAL_HUB_SECRET_KEY", "a-long-random-secret-of-32-characters!")
    monkeypatch.setenv("REFERRAL_HUB_PUBLIC_URL", "https://hub.example.org")
    assert run("seed").exit_code == 1


def test_the_permissions_are_printed_for_people(hub: Path) -> None:
    assert "Import a directory file: the hub itself" in run("permissions").output


def test_export_and_import_go_round(hub: Path, tmp_path: Path) -> None:
    run("init")
    run("import", a_file(tmp_path, a_directory()), "--source", "mine")
    out = tmp_path / "out.json"
    assert run("export", out).exit_code == 0
    again = run("import", out, "--source", "mine", "--dry-run")
    assert "added" not in again.output
    assert "changed" not in again.output.replace("unchanged", "")


def test_sample_data_stays_out_of_a_directory_that_is_in_use(hub: Path, tmp_path: Path) -> None:
    run("init")
    run("import", a_file(tmp_path, a_directory()))
    assert "has services already" in run("seed", "--if-empty").output


def test_an_interrupted_seed_is_finished_the_next_time(hub: Path, tmp_path: Path) -> None:
    run("init")
    run("import", a_file(tmp_path, a_directory()))
    (hub / "seeding").touch()
    assert "added" in run("seed", "--size", "5", "--if-empty").output
    assert not (hub / "seeding").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "/nowhere/deeper/out.json"),
        ("index", "verify"),
        ("import", "/dev/null"),
    ],
)
def test_failures_are_told_in_one_line(hub: Path, arguments: tuple[str, ...]) -> None:
    failed = run(*arguments)
    assert failed.exit_code == 1
    assert failed.output.startswith("Error: ")
    assert "Traceback" not in failed.output


@pytest.mark.parametrize("mode", ["demo", "test"])
def test_outside_production_the_hub_serves_this_machine_only(
    mode: str, hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFERRAL_HUB_MODE", mode)
    result = CliRunner().invoke(main, ["serve", "--host", "192.0.2.1"])
    assert result.exit_code != 0
    assert "this machine only" in str(result.exception) + result.output
