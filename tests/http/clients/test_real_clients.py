"""Clients that others wrote, against a hub that runs."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from idpyoidc.client.rp_handler import RPHandler
from oauthlib.oauth2 import BackendApplicationClient
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError
from requests_oauthlib import OAuth2Session

from tests.http.oauth.world import OUT, App, basic
from tests.node import run_node
from tests.running_hub import RunningWorld

SCRIPT = Path(__file__).parent / "openid_client.mjs"
BACK = "http://127.0.0.1:5005/back"
SCOPE = "openid profile offline_access directory.read"


def register(running: RunningWorld, kind: str, **wanted: Any) -> App:
    return running.world.register(
        kind, redirect_uris=(BACK,), logout_uris=(BACK, OUT), scopes=SCOPE, **wanted
    )


def run_openid_client(running: RunningWorld, app: App, algorithm: str) -> dict[str, Any]:
    task = {
        "issuer": running.address, "client_id": app.client_id, "secret": app.secret,
        "key": app.key.as_dict(private=True) if app.key else None, "cookie": running.world.cookie,
        "redirect_uri": BACK, "scope": SCOPE, "algorithm": algorithm,
    }  # fmt: skip
    done = run_node(SCRIPT, given=json.dumps(task))
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("kind", "algorithm"),
    [("ES256", "ES256"), ("RS256", "RS256"), ("secret", "RS256"), ("public", "ES256")],
)
def test_openid_client(running: RunningWorld, kind: str, algorithm: str) -> None:
    app = register(running, kind, id_token_algorithm=algorithm)
    found = run_openid_client(running, app, algorithm)
    assert found["issuer"] == found["iss"] == running.address
    assert found["sub"] == str(running.world.person_id)
    assert found["userinfo"]["name"] == "Casey Manager"
    assert found["rotated"] is True
    assert found["logout"].startswith(f"{running.address}/oauth/logout?")
    if kind != "public":
        assert found["before"]["active"] is True
        assert found["after"] == {"active": False}
        assert found["own"]["client_id"] == app.client_id
        assert found["own"]["scope"] == "directory.read"


def test_requests_oauthlib_by_way_of_a_person(
    running: RunningWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the client's own switch for loopback
    app = register(running, "secret")
    token_url = f"{running.address}/oauth/token"
    with OAuth2Session(
        app.client_id, redirect_uri=BACK, scope=SCOPE.split(), pkce="S256"
    ) as client:
        url, _ = client.authorization_url(f"{running.address}/oauth/authorize")
        token = client.fetch_token(
            token_url, authorization_response=running.agree(url), auth=(app.client_id, app.secret)
        )
        who = client.get(f"{running.address}/oauth/userinfo").json()
        assert who["sub"] == str(running.world.person_id)
        assert client.get(f"{running.address}/api/v1/search?q=food").status_code != 401
        old = token["refresh_token"]
        client.refresh_token(token_url, auth=(app.client_id, app.secret))
        assert client.token["refresh_token"] != old
        with pytest.raises(InvalidGrantError):
            client.refresh_token(token_url, refresh_token=old, auth=(app.client_id, app.secret))
        assert client.get(f"{running.address}/oauth/userinfo").status_code == 401


def test_requests_oauthlib_by_itself(
    running: RunningWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    app = register(running, "secret")
    with OAuth2Session(
        client=BackendApplicationClient(app.client_id, scope=["directory.read"])
    ) as client:
        token = client.fetch_token(
            f"{running.address}/oauth/token", auth=(app.client_id, app.secret)
        )
        assert token["scope"] == ["directory.read"]
        assert client.get(f"{running.address}/api/v1/search?q=food").status_code != 401
        answer = client.post(
            f"{running.address}/oauth/introspect",
            data={"token": token["access_token"]},
            headers={"Authorization": basic(app.client_id, app.secret or "")},
            withhold_token=True,
        )
        assert answer.json()["active"] is True


def test_idpyoidc(running: RunningWorld, tmp_path: Path) -> None:
    app = register(running, "secret")
    handler = RPHandler(
        base_url="http://127.0.0.1:5005",
        key_conf={
            "key_defs": [{"type": "EC", "crv": "P-256", "use": ["sig"]}],
            "private_path": str(tmp_path / "private.json"),
            "public_path": str(tmp_path / "public.json"),
            "read_only": False,
        },
        client_configs={
            running.address: {
                "issuer": running.address,
                "client_id": app.client_id,
                "client_secret": app.secret,
                "redirect_uris": [BACK],
                "client_type": "oidc",
                "client_authn_methods": ["client_secret_basic", "bearer_header"],
                "response_types_supported": ["code"],
                "scopes_supported": SCOPE.split(),
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "add_ons": {
                    "pkce": {
                        "function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
                        "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"},
                    }
                },
            }
        },
    )
    url = handler.begin(issuer_id=running.address)
    back = running.agree(url)
    answer = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    found = handler.finalize(running.address, answer)
    assert found["userinfo"]["sub"] == str(running.world.person_id)
    assert found["userinfo"]["name"] == "Casey Manager"
    assert found["id_token"]["aud"] == [app.client_id]
    renewed = handler.refresh_access_token(found["state"])
    assert renewed["access_token"] != found["token"]
