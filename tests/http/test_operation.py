"""What load balancers and start-up scripts ask."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from referral_hub.models import OutboxMessage
from referral_hub.web.hub import EXTENSION, now
from tests.accounts import rows


@pytest.fixture(autouse=True)
def an_index(app: Flask) -> None:
    app.extensions[EXTENSION].searcher.rebuild([])


def wait(app: Flask, minutes: int) -> None:
    with app.app_context():
        at = now() - timedelta(minutes=minutes)
        rows(app).add(OutboxMessage(kind="mail", payload={}, created_at=at, due_at=at))
        rows(app).commit()


def test_a_hub_is_ready_with_database_and_index_and_tells_the_workers_lag(
    app: Flask, client: FlaskClient
) -> None:
    assert client.get("/readyz").json == {
        "status": "ready", "documents": 0, "worker_lag_seconds": 0,
    }  # fmt: skip
    wait(app, 10)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert 600 <= answer.json["worker_lag_seconds"] < 660


def test_a_hub_whose_worker_does_not_run_is_not_ready_but_alive(
    app: Flask, client: FlaskClient
) -> None:
    wait(app, 31)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["code"] == "worker-behind"
    assert "31 minutes" in answer.json["detail"]
    assert client.get("/healthz").status_code == 200
