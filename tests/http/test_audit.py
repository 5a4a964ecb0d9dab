"""The page on which stewards search the audit."""

import csv
from datetime import datetime
from io import StringIO
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from referral_hub.extensions import db
from referral_hub.rules.actor import Application, Person, System
from referral_hub.rules.roles import Role
from referral_hub.use_cases.search_audit import PAGE_SIZE
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.transaction import transaction
from tests.callers import sign_in


@pytest.fixture
def steward(app: Flask, client: FlaskClient, now: datetime) -> FlaskClient:
    """A client of a steward, on an audit of some rows."""
    with app.app_context(), transaction(db.session()):
        for number in range(PAGE_SIZE + 1):
            add_audit(db.session(), System("seed"), f"act:{number}", detail="<b>", now=now)
    sign_in(app, client, Role.NETWORK_STEWARD)
    return client


def test_rows_are_shown_page_by_page(steward: FlaskClient) -> None:
    page = steward.get("/network/audit?action=act:").text
    assert "act:50" in page
    assert "act:0<" not in page
    assert "&lt;b&gt;" in page
    older = page.partition("?action=act%3A&amp;before=")[2].partition('"')[0]
    assert "act:0<" in steward.get(f"/network/audit?action=act:&before={older}").text


def test_an_application_and_the_person_for_whom_it_acts_lead_each_to_their_rows(
    app: Flask, steward: FlaskClient, now: datetime
) -> None:
    client_id, person_id = str(UUID(int=1)), UUID(int=2)
    acting = Application(client_id, UUID(int=3), frozenset(), Person(person_id, None, frozenset()))
    with app.app_context(), transaction(db.session()):
        add_audit(db.session(), acting, "token:issue", now=now)
    page = steward.get("/network/audit?action=token:").text
    assert f'href="/network/audit?actor=application:{client_id}"' in page
    assert f'href="/network/audit?actor=person:{person_id}"' in page


def test_wrong_conditions_are_told_beside_their_fields_and_kept(steward: FlaskClient) -> None:
    answer = steward.get("/network/audit?since=yesterday&record_id=7&actor=person:")
    assert answer.status_code == 422
    assert "Write a day as 2026-11-03." in answer.text
    assert 'value="yesterday"' in answer.text
    assert 'value="person:"' in answer.text
    assert steward.get("/network/audit?since=&record_id=&before=").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        "before=0", "before=99999999999", "until=9999-12-31", "since=0001-01-01", "agency_id=x",
        f"actor={'x' * 201}",
    ],
)  # fmt: skip
def test_no_condition_breaks_the_page(steward: FlaskClient, wrong: str) -> None:
    assert steward.get(f"/network/audit?{wrong}").status_code == 422
    assert steward.get(f"/network/audit.csv?{wrong}").status_code == 422


def test_the_export_is_a_file_that_nobody_keeps(steward: FlaskClient) -> None:
    answer = steward.get("/network/audit.csv?action=act:4")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(StringIO(answer.text, newline="")))
    assert [row["action"] for row in rows] == ["act:4", *(f"act:{n}" for n in range(40, 50))]


@pytest.mark.parametrize("path", ["/network/audit", "/network/audit.csv"])
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.NETWORK_STEWARD}))
def test_others_may_not_look(app: Flask, client: FlaskClient, path: str, role: Role) -> None:
    assert client.get(path).headers["Location"].startswith("/sign-in?")
    sign_in(app, client, role)
    assert client.get(path).status_code == 403
