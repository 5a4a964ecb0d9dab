"""Accounts and agencies at the command line, and the accounts of the demo."""

import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from referral_hub import cli
from referral_hub.config import DEVELOPMENT_KEY, DEVELOPMENT_RING
from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.tokens import token_hash
from referral_hub.models import OneTimeLink, Person, Referral
from referral_hub.use_cases.steps.people import person_with_email
from seed.demo_network import demo_documents
from seed.demo_people import PASSWORD, demo_agencies, demo_stewards
from tests.accounts import an_app
from tests.test_cli import hub, run

__all__ = ["hub"]
CREATE = ("user", "create", "--email", "bo@harbor.example", "--name", "Bo Boss")


@pytest.fixture
def ready(hub: Path) -> Path:
    """A database made ready, with an agency."""
    assert run("init").exit_code == 0
    assert run("agency", "add", "Harbor House").exit_code == 0
    return hub


def test_an_account_is_made_with_a_link_that_sets_its_password(
    ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFERRAL_HUB_PUBLIC_URL", "http://localhost:8123/")
    done = run(*CREATE, "--agency", "harbor house", "--role", "agency_administrator")
    assert done.exit_code == 0, done.output
    token = re.search(r"^http://localhost:8123/set-password#(\S{43})$", done.output, re.M)
    assert token is not None
    with Session(create_engine(f"sqlite:///{ready / 'referral_hub.sqlite3'}")) as session:
        link = session.scalars(select(OneTimeLink)).one()
        assert link.token_hash == token_hash(token[1])
        assert link.purpose == "reset_password"
        person = session.get_one(Person, link.person_id)
        assert person.password_hash is None
    assert "Harbor House  (invited, no agreement, 1 people)" in run("agency", "list").output


def test_the_first_steward_is_made_at_the_command_line(ready: Path) -> None:
    assert run(*CREATE, "--steward").exit_code == 0
    assert "last network steward" in run("user", "disable", "bo@harbor.example").output
    other = ("user", "create", "--email", "al@harbor.example", "--name", "Al", "--steward")
    assert run(*other).exit_code == 0
    assert "is closed" in run("user", "disable", "BO@harbor.example").output


def test_a_lost_second_factor_is_reset_with_a_reason(ready: Path) -> None:
    assert run(*CREATE, "--steward").exit_code == 0
    reset = ("user", "reset-second-factor", "bo@harbor.example")
    assert run(*reset).exit_code == 2
    assert run(*reset, "--reason", "boredom").exit_code == 2
    assert "no second step" in run(*reset, "--reason", "lost").output
    vault = Vault({DEVELOPMENT_RING: DEVELOPMENT_KEY})
    with Session(create_engine(f"sqlite:///{ready / 'referral_hub.sqlite3'}")) as session:
        person = person_with_email(session, vault, "bo@harbor.example")
        assert person is not None
        an_app(session, person, vault=vault)
    done = run(*reset, "--reason", "lost")
    assert done.exit_code == 0
    assert "is reset" in done.output
    assert (
        "no such account"
        in run("user", "reset-second-factor", "x@harbor.example", "--reason", "lost").output
    )


def test_an_address_is_given_back(ready: Path) -> None:
    assert run(*CREATE, "--steward").exit_code == 0
    change = ("user", "change-email", "BO@harbor.example")
    assert "Use an e-mail address" in run(*change, "bo").output
    done = run(*change, "bo@new.example")
    assert done.exit_code == 0
    assert "bo@new.example now" in done.output
    assert "no such account" in run(*change, "bo@other.example").output
    assert run("user", "change-email", "bo@new.example", "bo@harbor.example").exit_code == 0


def test_no_account_is_made_with_an_address_that_cannot_be_mailed(ready: Path) -> None:
    wrong = run("user", "create", "--email", "bo..b@x.example", "--name", "Bo", "--steward")
    assert wrong.exit_code == 1
    assert "check name and e-mail address" in wrong.output


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--role", "case_manager"),
        ("--agency", "Harbor House"),
        ("--steward", "--agency", "Harbor House", "--role", "case_manager"),
        ("--agency", "Harbor House", "--role", "network_steward"),
    ],
)
def test_an_account_has_roles_in_an_agency_or_is_a_stewards(
    ready: Path, options: tuple[str, ...]
) -> None:
    assert run(*CREATE, *options).exit_code == 2


def test_what_is_not_there_is_told_in_one_line(ready: Path) -> None:
    for arguments in (
        (*CREATE, "--agency", "Nowhere", "--role", "case_manager"),
        ("user", "disable", "nobody@harbor.example"),
        ("agency", "add", "Harbor House"),
    ):
        failed = run(*arguments)
        assert failed.exit_code == 1
        assert failed.output.startswith("Error: ")
    assert run("agency", "add", "New", "--admin-name", "Bo").exit_code == 2


@pytest.fixture
def small_demo(hub: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hub whose demo directory holds the partner agencies alone."""
    partners = {str(agency.organization_id) for agency in demo_agencies()}
    monkeypatch.setattr(
        cli,
        "demo_documents",
        lambda today: [each for each in demo_documents(today) if each["id"] in partners],
    )
    monkeypatch.setattr(cli, "demo_capacities", tuple)
    monkeypatch.setattr(cli, "demo_corrections", tuple)
    monkeypatch.setattr(cli, "demo_confidential_locations", tuple)
    return hub


def test_the_demo_prints_its_accounts_each_time_and_makes_them_once(small_demo: Path) -> None:
    for _ in range(2):
        done = run("seed", "--if-empty", "--referrals", "12")
        assert done.exit_code == 0, done.output
        assert PASSWORD in done.output
        assert "casemanager@demo.example" in done.output
    database = create_engine(f"sqlite:///{small_demo / 'referral_hub.sqlite3'}")
    vault = Vault({DEVELOPMENT_RING: DEVELOPMENT_KEY})
    with Session(database) as session:
        person = person_with_email(session, vault, "casemanager@demo.example")
        assert person is not None
        assert str(person.password_hash).startswith("$argon2id$")
        named = sum(len(agency.people) for agency in demo_agencies()) + len(demo_stewards())
        assert len(session.scalars(select(Person)).all()) == named
        assert len(session.scalars(select(Referral)).all()) == 12


def test_accounts_that_everybody_knows_are_for_the_demo_only(
    small_demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFERRAL_HUB_MODE", "test")
    for _ in range(2):
        done = run("seed", "--if-empty")
        assert done.exit_code == 0, done.output
        assert PASSWORD not in done.output
    with Session(create_engine(f"sqlite:///{small_demo / 'referral_hub.sqlite3'}")) as session:
        assert session.scalars(select(Person)).all() == []
