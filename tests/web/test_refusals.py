"""Who is refused something is found in the audit, and cannot fill it."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from referral_hub.extensions import db
from referral_hub.models import AuditRow
from referral_hub.rules.errors import Conflict, HubError, NotFound, NotPermitted
from referral_hub.rules.roles import Role
from referral_hub.use_cases.note_refusal import NOTED
from referral_hub.web.guards import public, signed_in
from tests.callers import sign_in


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """A client of a hub with routes that refuse."""

    def refusing(error: HubError) -> Callable[[], str]:
        def view() -> str:
            raise error

        return view

    for name, error, access in (
        ("closed", NotPermitted("You may not."), signed_in),
        ("not-yours", NotFound("Nothing."), signed_in),
        ("taken", Conflict("Taken."), signed_in),
        ("nothing", NotFound("Nothing."), public),
    ):
        app.add_url_rule(f"/{name}", name, access(refusing(error)))
    with app.test_client() as opened:
        yield opened


def noted(app: Flask) -> list[tuple[str, str, str | None]]:
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.action == "refused")).all()
        assert all(row.record_id is None for row in rows)
        return [(row.actor, row.outcome, row.detail) for row in rows]


@pytest.mark.parametrize(("path", "status"), [("closed", 403), ("not-yours", 404)])
def test_a_refusal_of_somebody_signed_in_is_noted_with_the_route(
    app: Flask, client: FlaskClient, path: str, status: int
) -> None:
    caller = sign_in(app, client, Role.CASE_MANAGER)
    assert client.get(f"/{path}?name=secret").status_code == status
    assert noted(app) == [(f"person:{caller.person_id}", "refused", f"GET {path}")]
    with app.app_context():
        row = db.session.scalars(select(AuditRow).where(AuditRow.action == "refused")).one()
        assert row.agency_id == caller.agency_id


@pytest.mark.parametrize("path", ["taken", "nothing", "no-such-page"])
def test_what_is_no_refusal_is_not_noted(app: Flask, client: FlaskClient, path: str) -> None:
    sign_in(app, client, Role.CASE_MANAGER)
    client.get(f"/{path}")
    assert noted(app) == []


def test_nobody_is_not_noted(app: Flask, client: FlaskClient) -> None:
    client.get("/closed")
    client.get("/nothing")
    assert noted(app) == []


def test_a_flood_of_refusals_does_not_fill_the_audit(app: Flask, client: FlaskClient) -> None:
    sign_in(app, client, Role.CASE_MANAGER)
    for _ in range(NOTED.tries + 5):
        assert client.get("/closed").status_code == 403
    assert len(noted(app)) == NOTED.tries


def test_a_refusal_that_cannot_be_noted_stays_a_refusal(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("locked"))

    sign_in(app, client, Role.CASE_MANAGER)
    monkeypatch.setattr("referral_hub.web.refusals.note_refusal", fail)
    assert client.get("/closed").status_code == 403
