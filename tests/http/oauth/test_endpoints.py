"""What applications look up, who acts with a token, and signing out."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from authlib.oidc.discovery import OpenIDProviderMetadata
from joserfc.jwk import ECKey, RSAKey

from referral_hub.auth import server as server_module
from referral_hub.auth.bearer import actor_of_token
from referral_hub.auth.remote_keys import RemoteKeys
from referral_hub.auth.signing_keys import ensure_signing_keys, rotate_signing_keys
from referral_hub.models import Application, ApplicationGrant, AuditRow, SigningKey
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.actor import System
from referral_hub.rules.errors import FetchRefused, NotPermitted
from referral_hub.rules.roles import Role
from referral_hub.rules.scopes import Scope
from referral_hub.use_cases.steps.rates import Rate
from referral_hub.web.guards import application, needs_scope
from referral_hub.web.hub import EXTENSION
from tests.http.hub_browser import form_token
from tests.http.oauth.world import ISSUER, OUT, App, World, location, payload, present


def test_both_documents_say_the_same_and_hold_for_the_standard(world: World) -> None:
    first = world.client("").get("/.well-known/openid-configuration").get_json()
    assert first == world.client("").get("/.well-known/oauth-authorization-server").get_json()
    assert first["issuer"] == ISSUER
    assert first["code_challenge_methods_supported"] == ["S256"]
    assert first["grant_types_supported"] == [
        "authorization_code", "refresh_token", "client_credentials",
    ]  # fmt: skip
    secure = json.loads(json.dumps(first).replace("http://127.0.0.1:8000", "https://hub.example"))
    OpenIDProviderMetadata(secure).validate()


def test_every_endpoint_in_the_document_is_there(world: World) -> None:
    document = world.client("").get("/.well-known/openid-configuration").get_json()
    rules = {rule.rule for rule in world.app.url_map.iter_rules()}
    for name, value in document.items():
        if name.endswith(("_endpoint", "jwks_uri")):
            assert value.removeprefix(ISSUER) in rules, name


def make_keys(world: World) -> None:
    """What `referral-hub init` does."""
    vault = world.app.extensions[EXTENSION].vault
    with world.session() as session:
        ensure_signing_keys(session, System("operator"), vault, now=present())


def test_asking_for_keys_makes_none(world: World) -> None:
    assert world.client("").get("/oauth/jwks").get_json() == {"keys": []}
    hint = "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl"
    assert world.client("").get(f"/oauth/logout?id_token_hint={hint}").status_code == 200
    with world.session() as session:
        assert session.query(SigningKey).count() == 0


def test_keys_are_made_once_and_that_is_in_the_audit(world: World) -> None:
    make_keys(world)
    make_keys(world)
    with world.session() as session:
        assert session.query(SigningKey).count() == 2
    (row,) = audit_of(world, "signing-key:make")
    assert row.actor == "system:operator"
    assert row.detail is not None
    keys = world.client("").get("/oauth/jwks").get_json()["keys"]
    assert set(row.detail.split()) == {key["kid"] for key in keys}


def test_keys_that_are_missing_are_made_by_the_hub_when_it_signs(
    world: World, partner: App
) -> None:
    assert "id_token" in world.tokens(partner)
    (row,) = audit_of(world, "signing-key:make")
    assert row.actor == "system:signer"


def test_nobody_but_the_hub_makes_keys(world: World) -> None:
    person = PersonActing(world.person_id, None, frozenset({Role.NETWORK_STEWARD}))
    vault = world.app.extensions[EXTENSION].vault
    with world.session() as session, pytest.raises(NotPermitted):
        ensure_signing_keys(session, person, vault, now=present())


def test_only_public_keys_are_published(world: World) -> None:
    make_keys(world)
    keys = world.client("").get("/oauth/jwks").get_json()["keys"]
    assert sorted(key["alg"] for key in keys) == ["ES256", "RS256"]
    assert all(not {"d", "p", "q", "dp", "dq", "qi"} & set(key) for key in keys)
    assert world.client("").get("/oauth/jwks").get_json()["keys"] == keys


def test_private_keys_are_sealed(world: World) -> None:
    make_keys(world)
    with world.session() as session:
        for row in session.query(SigningKey):
            assert b'"d"' not in row.private_sealed


def test_a_new_key_signs_and_the_old_one_is_published_for_another_day(
    world: World, partner: App
) -> None:
    world.tokens(partner)
    before = {key["kid"] for key in world.client("").get("/oauth/jwks").get_json()["keys"]}
    vault = world.app.extensions[EXTENSION].vault
    with world.session() as session:
        new = rotate_signing_keys(session, System(), vault, now=present())
    after = {key["kid"] for key in world.client("").get("/oauth/jwks").get_json()["keys"]}
    assert after == before | set(new)
    token = world.tokens(partner)["id_token"]
    assert json.loads(_decoded(token.split(".")[0]))["kid"] in new
    for name in before:
        world.change(SigningKey, name, retired_at=present() - timedelta(days=1, seconds=1))
    left = {key["kid"] for key in world.client("").get("/oauth/jwks").get_json()["keys"]}
    assert left == set(new)


def test_introspection_tells_an_application_about_its_token(world: World, partner: App) -> None:
    tokens = world.tokens(partner)
    found = world.post("/oauth/introspect", partner, token=tokens["access_token"]).get_json()
    assert found["active"] is True
    assert found["client_id"] == partner.client_id
    assert found["sub"] == str(world.person_id)
    assert found["agency_id"] == str(world.agency_id)
    assert found["exp"] - found["iat"] == 900
    nothing = world.post("/oauth/introspect", partner, token="nothing")
    assert nothing.get_json() == {"active": False}
    missing = world.post("/oauth/introspect", partner)
    assert (missing.status_code, missing.get_json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("kind", ["secret", "ES256", "RS256"])
def test_an_application_acts_by_itself_for_its_agency(world: World, kind: str) -> None:
    app = world.register(kind)
    answer = world.post("/oauth/token", app, grant_type="client_credentials").get_json()
    assert set(answer) == {"access_token", "token_type", "expires_in", "scope"}
    assert answer["scope"] == "directory.read referrals.read"
    with world.session() as session:
        acting = actor_of_token(session, f"Bearer {answer['access_token']}", present())
    assert (acting.client_id, acting.agency_id) == (app.client_id, world.agency_id)
    assert acting.person is None
    assert acting.scopes == {"directory.read", "referrals.read"}


def test_an_application_by_itself_cannot_have_what_needs_a_person(
    world: World, partner: App
) -> None:
    for scope in ("openid", "profile directory.read", "offline_access"):
        answer = world.post("/oauth/token", partner, grant_type="client_credentials", scope=scope)
        assert answer.get_json()["error"] == "invalid_scope"
    public = world.register("public")
    answer = world.post("/oauth/token", public, grant_type="client_credentials")
    assert answer.get_json()["error"] == "unauthorized_client"


def test_an_application_uses_only_the_ways_it_was_registered_for(world: World) -> None:
    app = world.register(
        grants=frozenset({"client_credentials"}), scopes="directory.read", redirect_uris=()
    )
    answer = world.refresh(app, "x")
    assert answer.get_json()["error"] == "unauthorized_client"
    only = world.register(grants=frozenset({"authorization_code"}))
    assert "refresh_token" not in world.tokens(only)


def test_who_acts_with_a_token_is_the_application_with_its_person(
    world: World, partner: App
) -> None:
    token = world.tokens(partner)["access_token"]
    with world.session() as session:
        acting = actor_of_token(session, f"bearer {token}", present())
    assert acting.agency_id == world.agency_id
    assert acting.person is not None
    assert acting.person.person_id == world.person_id
    assert acting.person.roles == {"case_manager"}


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer nothing", "Basic eDp5", "nonsense", "Bearer " + "x" * 999],
)
def test_a_bad_token_is_401_and_a_missing_one_is_nobody(world: World, header: str) -> None:
    answer = world.client("").get("/api/v1/search?q=x", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].endswith('error="invalid_token"')
    assert world.client("").get("/api/v1/search?q=x").status_code != 401


def test_refresh_tokens_and_cookies_open_no_api(world: World, partner: App) -> None:
    tokens = world.tokens(partner)
    assert world.search(tokens["refresh_token"]).status_code == 401
    assert world.search(tokens["access_token"]).status_code != 401
    assert world.search(world.cookie).status_code == 401


def test_a_route_may_ask_for_a_scope(world: World, partner: App) -> None:
    view = application(needs_scope(Scope.REFERRALS_READ)(lambda: "done"))
    world.app.add_url_rule("/api/v1/tried", "tried", view)
    for scope, status in (("openid", 403), ("openid referrals.read", 200)):
        token = world.tokens(partner, scope=scope)["access_token"]
        answer = world.client("").get("/api/v1/tried", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status
    lacking = world.client().get("/api/v1/tried")
    assert lacking.status_code == 401


@pytest.mark.parametrize("path", ["/api/v1/search?q=food", "/api/v1/complete?q=food"])
def test_the_directory_is_open_but_a_token_that_comes_along_needs_the_scope(
    world: World, partner: App, path: str
) -> None:
    def ask(token: str | None) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return world.client("").get(path, headers=headers)

    open_to_all = ask(None).status_code
    assert open_to_all not in (401, 403)
    assert ask(world.tokens(partner)["access_token"]).status_code == open_to_all
    assert ask("nothing").get_json()["code"] == "token-invalid"
    lacking = ask(world.tokens(partner, scope="openid")["access_token"])
    assert (lacking.status_code, lacking.get_json()["code"]) == (403, "scope-missing")
    assert 'scope="directory.read"' in lacking.headers["WWW-Authenticate"]


def test_userinfo_tells_what_the_scopes_open(world: World, partner: App) -> None:
    def who(**changed: Any) -> Any:
        token = world.tokens(partner, **changed)["access_token"]
        return world.client("").get("/oauth/userinfo", headers={"Authorization": f"Bearer {token}"})

    assert who(scope="openid").get_json() == {"sub": str(world.person_id)}
    assert who().get_json() == {
        "sub": str(world.person_id), "name": "Casey Manager", "roles": ["case_manager"],
        "agency": "Fair Homes Legal Aid", "agency_id": str(world.agency_id),
    }  # fmt: skip
    lacking = who(scope="directory.read")
    assert lacking.status_code == 403
    assert 'error="insufficient_scope", scope="openid"' in lacking.headers["WWW-Authenticate"]
    own = world.post("/oauth/token", partner, grant_type="client_credentials").get_json()
    headers = {"Authorization": f"Bearer {own['access_token']}"}
    assert world.client("").post("/oauth/userinfo", headers=headers).status_code == 403


def test_userinfo_without_a_good_token_is_401(world: World) -> None:
    missing = world.client().get("/oauth/userinfo")
    assert missing.status_code == 401
    assert missing.headers["WWW-Authenticate"] == 'Bearer realm="referral-hub"'
    bad = world.client().get("/oauth/userinfo", headers={"Authorization": "Bearer x"})
    assert bad.status_code == 401
    assert bad.get_json()["error"] == "invalid_token"


def test_too_many_requests_of_one_application_wait_and_others_do_not(
    world: World, partner: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Rate("oauth:token", 2, timedelta(days=1))
    monkeypatch.setattr(server_module, "TOKEN_RATE", few)
    for _ in range(2):
        world.post("/oauth/token", partner, grant_type="client_credentials")
    answer = world.post("/oauth/token", partner, grant_type="client_credentials")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 86_401
    assert answer.get_json()["error"] == "temporarily_unavailable"
    other = world.register()
    assert world.post("/oauth/token", other, grant_type="client_credentials").status_code == 200


def test_wrong_secrets_from_one_address_wait_too(
    world: World, partner: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "ADDRESS_RATE", Rate("oauth:few", 2, timedelta(days=1)))
    wrong = replace(partner, secret="wrong")
    for path, status in (("token", 401), ("introspect", 401), ("revoke", 429)):
        answer = world.post(f"/oauth/{path}", wrong, grant_type="client_credentials", token="x")
        assert answer.status_code == status


def test_what_happened_is_in_the_audit_without_tokens(world: World, partner: App) -> None:
    first = world.tokens(partner)
    world.refresh(partner, first["refresh_token"])
    world.refresh(partner, first["refresh_token"])
    with world.session() as session:
        rows = session.query(AuditRow).filter(AuditRow.record_id.is_not(None)).all()[1:]
        grant = session.query(ApplicationGrant).one()
        person = f"person:{world.person_id}"
        both = f"application:{partner.client_id} for {person}"
        assert [(row.action, row.outcome, row.actor) for row in rows] == [
            ("grant:allow", "done", person), ("code:issue", "done", person),
            ("token:issue", "done", both), ("token:issue", "done", both),
            ("token:reuse", "refused", both),
        ]  # fmt: skip
        assert {row.record_id for row in rows} == {grant.id}
        assert all(row.agency_id == world.agency_id for row in rows)
        assert first["refresh_token"] not in str([row.detail for row in rows])


def audit_of(world: World, action: str) -> list[AuditRow]:
    with world.session() as session:
        rows = session.query(AuditRow).filter_by(action=action).order_by(AuditRow.id).all()
        session.expunge_all()
        return rows


def test_a_code_that_nobody_was_asked_for_is_in_the_audit(world: World, partner: App) -> None:
    world.code(partner)
    assert "code" in location(world.ask(partner, prompt="none", scope="openid")[0])
    first, silent = audit_of(world, "code:issue")
    assert silent.actor == f"person:{world.person_id}"
    assert silent.record_id == first.record_id
    assert silent.detail == "openid"
    assert len(audit_of(world, "grant:allow")) == 1


def test_an_application_by_itself_is_in_the_audit_without_a_person(
    world: World, partner: App
) -> None:
    world.post("/oauth/token", partner, grant_type="client_credentials")
    (row,) = audit_of(world, "token:issue")
    assert (row.actor, row.record_id) == (f"application:{partner.client_id}", None)


def test_who_ends_a_token_is_told_with_the_person(world: World, partner: App) -> None:
    world.post("/oauth/revoke", partner, token=world.tokens(partner)["access_token"])
    (row,) = audit_of(world, "token:revoke")
    assert row.actor == f"application:{partner.client_id} for person:{world.person_id}"


def test_a_scope_that_is_missing_is_in_the_audit(world: World, partner: App) -> None:
    token = world.tokens(partner, scope="openid")["access_token"]
    world.search(token)
    other = world.tokens(partner, scope="directory.read")["access_token"]
    world.client("").get("/oauth/userinfo", headers={"Authorization": f"Bearer {other}"})
    rows = audit_of(world, "refused")
    assert [(row.detail, row.outcome) for row in rows] == [
        ("GET search.search without directory.read", "refused"),
        ("GET oauth_tokens.userinfo without openid", "refused"),
    ]
    both = f"application:{partner.client_id} for person:{world.person_id}"
    assert {row.actor for row in rows} == {both}


@pytest.mark.parametrize("path", ["token", "introspect", "revoke"])
@pytest.mark.parametrize("kind", ["secret", "RS256"])
def test_an_application_that_does_not_prove_itself_is_in_the_audit_once_in_a_while(
    world: World, kind: str, path: str
) -> None:
    app = world.register(kind)
    wrong = (
        replace(app, secret="wr0ng", key=None)
        if app.secret
        else replace(app, key=RSAKey.generate_key())
    )
    for _ in range(3):
        answer = world.post(f"/oauth/{path}", wrong, grant_type="client_credentials", token="t0ken")
        assert answer.status_code == 401
    (row,) = audit_of(world, "client:authenticate")
    assert (row.outcome, row.actor) == ("refused", "anonymous")
    assert (row.table_name, row.record_id) == ("application", app.id)
    assert row.agency_id == world.agency_id
    assert row.detail is not None
    assert row.detail.startswith(f"/oauth/{path}: The ")
    assert "wr0ng" not in row.detail
    other = world.register()
    world.post("/oauth/token", replace(other, secret="wr0ng"), grant_type="client_credentials")
    assert len(audit_of(world, "client:authenticate")) == 2


def test_an_application_that_has_ended_is_named_in_the_audit_when_it_comes_back(
    world: World, partner: App
) -> None:
    world.change(Application, partner.id, status="revoked")
    world.post("/oauth/token", partner, grant_type="client_credentials")
    assert [row.record_id for row in audit_of(world, "client:authenticate")] == [partner.id]


def test_made_up_applications_share_a_row_in_the_audit(world: World, partner: App) -> None:
    for name in ("made-up", "s3cret", "x" * 300):
        made_up = replace(partner, client_id=name, secret="s3cret")
        world.post("/oauth/token", made_up, grant_type="client_credentials")
    for header in ("Basic %%%", "Bearer x"):
        world.client("").post("/oauth/token", headers={"Authorization": header}, data={"code": "x"})
    (row,) = audit_of(world, "client:authenticate")
    assert (row.record_id, row.agency_id) == (None, None)
    assert "s3cret" not in f"{row.actor} {row.detail}"


def test_an_application_without_a_secret_may_not_ask_about_tokens_and_that_is_told(
    world: World,
) -> None:
    public = world.register("public")
    assert world.post("/oauth/introspect", public, token="x").status_code == 401
    assert [row.record_id for row in audit_of(world, "client:authenticate")] == [public.id]


# Keys that an application publishes itself.


class Site:
    """An address with keys."""

    def __init__(self, *keys: ECKey) -> None:
        self.keys = list(keys)
        self.asked = 0
        self.down = False

    def __call__(self, url: str, *, most_bytes: int = 0) -> Any:
        self.asked += 1
        if self.down:
            raise FetchRefused("down")
        body = json.dumps({"keys": [key.as_dict(private=False) for key in self.keys]})
        return SimpleNamespace(status=200, body=body.encode())


def test_keys_are_fetched_once_and_again_for_a_new_key() -> None:
    site = Site(ECKey.generate_key(parameters={"kid": "one"}))
    keys = RemoteKeys(site)
    now = present()
    address = "https://partner.example/jwks"
    assert [key["kid"] for key in keys.keys_at(address, "one", now)] == ["one"]
    keys.keys_at(address, "one", now + timedelta(minutes=9))
    assert site.asked == 1
    site.keys = [ECKey.generate_key(parameters={"kid": "two"})]
    keys.keys_at(address, "two", now + timedelta(seconds=5))
    assert site.asked == 1
    found = keys.keys_at(address, "two", now + timedelta(seconds=40))
    assert [key["kid"] for key in found] == ["two"]
    site.down = True
    assert keys.keys_at(address, "two", now + timedelta(hours=1)) == []


def test_an_application_with_an_address_of_keys_proves_itself(world: World) -> None:
    app = world.register("ES256", jwks=None, jwks_uri="https://partner.example/jwks")
    answer = world.post("/oauth/token", app, grant_type="client_credentials")
    assert answer.status_code == 401
    site = Site(app.key)  # type: ignore[arg-type]
    hub = world.app.extensions[EXTENSION]
    world.app.extensions[EXTENSION] = replace(hub, remote_keys=RemoteKeys(site))
    answer = world.post("/oauth/token", app, grant_type="client_credentials")
    assert answer.status_code == 200, answer.text


# Signing out.


def test_signing_out_asks_first_then_goes_back_to_the_application(
    world: World, partner: App
) -> None:
    hint = world.tokens(partner)["id_token"]
    address = f"/oauth/logout?id_token_hint={hint}&post_logout_redirect_uri={OUT}&state=here"
    browser = world.client()
    page = browser.get(address)
    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"].endswith("form-action 'self' https:")
    assert browser.get("/account/applications").status_code == 200
    done = browser.post(address, data={"form_token": form_token(page.text)})
    assert done.status_code == 303
    assert done.headers["Location"] == f"{OUT}?state=here"
    assert browser.get("/account/applications").status_code == 302
    copied = world.client(world.cookie)
    assert copied.get("/account/applications").status_code == 302


@pytest.mark.parametrize("wrong", ["https://evil.example/", f"{OUT}/x", f"{OUT}?x=1"])
def test_signing_out_leads_nowhere_else(world: World, partner: App, wrong: str) -> None:
    hint = world.tokens(partner)["id_token"]
    answer = world.client("").get(
        "/oauth/logout", query_string={"id_token_hint": hint, "post_logout_redirect_uri": wrong}
    )
    assert answer.status_code == 200
    assert "You are signed out" in answer.text


def test_without_a_token_that_the_hub_signed_signing_out_ends_on_its_own_page(
    world: World, partner: App
) -> None:
    forged = world.tokens(partner)["id_token"][:-6] + "AAAAAA"
    for hint in ("", forged, "nonsense"):
        answer = world.client("").get(
            "/oauth/logout",
            query_string={
                "id_token_hint": hint, "post_logout_redirect_uri": OUT,
                "client_id": partner.client_id,
            },
        )  # fmt: skip
        assert "You are signed out" in answer.text
    other = world.register()
    mixed = world.client("").get(
        "/oauth/logout",
        query_string={
            "id_token_hint": world.tokens(partner)["id_token"], "post_logout_redirect_uri": OUT,
            "client_id": other.client_id,
        },
    )  # fmt: skip
    assert "You are signed out" in mixed.text


def test_an_old_id_token_is_good_enough_to_sign_out(world: World, partner: App) -> None:
    hint = world.tokens(partner)["id_token"]
    assert payload(hint)["exp"] > present().timestamp()
    answer = world.client("").get(
        "/oauth/logout", query_string={"id_token_hint": hint, "post_logout_redirect_uri": OUT}
    )
    assert answer.headers["Location"] == OUT


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "==")
