"""An agency administrator registers, a network steward decides."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc.jwk import ECKey

from referral_hub.models import Application
from referral_hub.rules.roles import Role
from tests.http.hub_browser import form_token
from tests.http.oauth.world import BACK, World, location

FORM = {
    "name": "Case Tracker",
    "purpose": "It keeps cases in step.",
    "authentication": "client_secret_basic",
    "grants": ["authorization_code", "refresh_token"],
    "scopes": ["openid", "referrals.read"],
    "redirect_uris": f"{BACK}\n",
    "id_token_algorithm": "RS256",
}


@pytest.fixture
def administrator(world: World) -> FlaskClient:
    person = world.add_person(name="Ada Administrator")
    world.join(person, world.agency_id, Role.AGENCY_ADMINISTRATOR)
    return world.client(world.sign_in(person))


@pytest.fixture
def steward(world: World) -> FlaskClient:
    person = world.add_person(name="Sam Steward")
    world.join(person, None, Role.NETWORK_STEWARD)
    return world.client(world.sign_in(person))


def send(browser: FlaskClient, path: str, **fields: Any) -> Any:
    token = form_token(browser.get("/oauth/logout").text)
    return browser.post(path, data={"form_token": token, **fields})


def registered(world: World) -> Application:
    with world.session() as session:
        return session.query(Application).one()


def test_registered_then_approved_then_let_in(
    world: World, administrator: FlaskClient, steward: FlaskClient
) -> None:
    assert administrator.get("/agency/applications/new").status_code == 200
    done = send(administrator, "/agency/applications/new", **FORM)
    assert done.status_code == 200, done.text
    assert done.headers["Cache-Control"] == "no-store"
    row = registered(world)
    assert row.status == "waiting"
    assert row.client_id in done.text
    secret = done.text.partition("<dt>Secret</dt><dd><code>")[2].partition("</code>")[0]
    assert len(secret) == 43
    shown = administrator.get(f"/agency/applications/{row.id}").text
    assert "Waits for the network steward" in shown
    assert secret not in shown
    query = {"client_id": row.client_id, "redirect_uri": BACK, "response_type": "code"}
    assert world.client().get("/oauth/authorize", query_string=query).status_code == 400

    assert "Case Tracker" in steward.get("/network/applications").text
    assert "Approve" in steward.get(f"/network/applications/{row.id}").text
    assert send(steward, f"/network/applications/{row.id}", decision="approve").status_code == 303
    again = send(steward, f"/network/applications/{row.id}", decision="refuse")
    assert again.status_code == 409
    back = world.client().get("/oauth/authorize", query_string=query)
    assert location(back)["error"] == "invalid_scope"

    assert "End Case Tracker?" in administrator.get(f"/agency/applications/{row.id}/revoke").text
    assert send(administrator, f"/agency/applications/{row.id}/revoke").status_code == 303
    assert registered(world).status == "revoked"
    assert world.client().get("/oauth/authorize", query_string=query).status_code == 400


def test_a_steward_refuses(world: World, administrator: FlaskClient, steward: FlaskClient) -> None:
    send(administrator, "/agency/applications/new", **FORM)
    row = registered(world)
    send(steward, f"/network/applications/{row.id}", decision="refuse")
    assert registered(world).status == "refused"
    assert send(steward, f"/network/applications/{row.id}", decision="x").status_code == 422


def test_faults_are_named_and_what_was_typed_stays(
    world: World, administrator: FlaskClient
) -> None:
    wrong = FORM | {"redirect_uris": "http://partner.example/back", "name": ""}
    answer = send(administrator, "/agency/applications/new", **wrong)
    assert answer.status_code == 422
    assert "Use https." in answer.text
    assert "Give a name" in answer.text
    assert "http://partner.example/back" in answer.text
    for field, value in (("jwks", "no json"), ("scopes", "everything"), ("jwks", "[]")):
        answer = send(administrator, "/agency/applications/new", **FORM | {field: value})
        assert answer.status_code == 422
        assert "usa-error-message" in answer.text
    assert (
        "There is no scope everything."
        in send(
            administrator, "/agency/applications/new", **FORM | {"scopes": "everything"}
        ).text.partition("usa-error-message")[2]
    )


def test_private_keys_are_not_taken(world: World, administrator: FlaskClient) -> None:
    key = ECKey.generate_key()
    private = FORM | {
        "authentication": "private_key_jwt",
        "jwks": '{"keys": [' + json.dumps(key.as_dict(private=True)) + "]}",
    }
    answer = send(administrator, "/agency/applications/new", **private)
    assert answer.status_code == 422
    assert "This holds a private key." in answer.text


def test_who_is_no_administrator_registers_nothing(world: World, steward: FlaskClient) -> None:
    case_manager = world.client()
    assert case_manager.get("/agency/applications").status_code == 403
    assert send(case_manager, "/agency/applications/new", **FORM).status_code == 403
    assert case_manager.get("/network/applications").status_code == 403
    assert send(steward, "/agency/applications/new", **FORM).status_code == 403


def test_applications_of_other_agencies_are_not_there(
    world: World, administrator: FlaskClient
) -> None:
    app = world.register(agency_id=world.add_agency("Night Shelter"))
    assert "Night Shelter" not in administrator.get("/agency/applications").text
    for path in (f"/agency/applications/{app.id}", f"/agency/applications/{app.id}/revoke"):
        assert administrator.get(path).status_code == 404
    assert send(administrator, f"/agency/applications/{app.id}/revoke").status_code == 404
    approved = send(administrator, f"/network/applications/{app.id}", decision="approve")
    assert approved.status_code == 403
    assert registered(world).status == "approved"
