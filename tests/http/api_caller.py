"""A partner system that calls the API with a token of its own."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.http.oauth.world import World as OAuthWorld

ALL = (
    "clients.read clients.write consents.read consents.write referrals.read referrals.send "
    "referrals.answer messages.write webhooks.manage directory.read directory.write "
    "reports.read"
)


@dataclass
class Caller:
    """A system with a token."""

    client: FlaskClient
    token: str

    def get(self, path: str, **query: object) -> TestResponse:
        """Read something."""
        return self.client.get(f"/api/v1{path}", query_string=query, headers=self._headers())

    def read(self, path: str, status: int = 200, **query: object) -> Any:
        """What is answered, which must have this status."""
        answer = self.get(path, **query)
        assert answer.status_code == status, (path, answer.status_code, answer.text)
        return answer.get_json()

    def post(
        self, path: str, body: Any, version: int | None = None, key: str | None = None
    ) -> TestResponse:
        """Change something."""
        return self._send("POST", path, body, version, key)

    def patch(self, path: str, body: Any, version: int | None = None) -> TestResponse:
        """Change part of something."""
        return self._send("PATCH", path, body, version, None)

    def put(self, path: str, body: Any, version: int | None = None) -> TestResponse:
        """Put something in the place of what was there."""
        return self._send("PUT", path, body, version, None)

    def made(
        self, path: str, body: Any, version: int | None = None, status: int = 201
    ) -> dict[str, Any]:
        """What is answered to a change that worked."""
        answer = self.post(path, body, version)
        assert answer.status_code == status, (path, answer.status_code, answer.text)
        return dict(answer.get_json())

    def _send(
        self, method: str, path: str, body: Any, version: int | None, key: str | None
    ) -> TestResponse:
        headers = self._headers()
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=headers)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def a_caller(app: Flask, agency_id: UUID, scopes: str = ALL) -> Caller:
    """A system of an agency that acts by itself."""
    world = OAuthWorld(app, agency_id=agency_id)
    registered = world.register(scopes=scopes)
    answer = world.post("/oauth/token", registered, grant_type="client_credentials", scope=scopes)
    assert answer.status_code == 200, answer.text
    return Caller(app.test_client(), answer.get_json()["access_token"])
