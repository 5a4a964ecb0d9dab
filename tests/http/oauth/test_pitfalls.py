"""Each mistake that an OAuth server on Authlib is known to make, and that this one does not."""

import base64
import json
import logging
import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from werkzeug.test import TestResponse

from referral_hub.auth.clients import Client, find_client
from referral_hub.auth.token_sources import Refresh
from referral_hub.auth.tokens import (
    Reused,
    add_token,
    end_family,
    find_token,
    redeem,
)
from referral_hub.models import Token
from referral_hub.rules.applications import TokenKind
from referral_hub.use_cases.transaction import transaction
from tests.http.oauth.world import ISSUER, App, World, basic, location, present, query

PARALLEL = 20
ROOT = Path(__file__).parents[3]


def at_once(world: World, act: Callable[[], TestResponse]) -> list[TestResponse]:
    barrier = Barrier(PARALLEL)

    def one(_: int) -> TestResponse:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(PARALLEL) as threads:
        return list(threads.map(one, range(PARALLEL)))


def check_one_winner(world: World, answers: list[TestResponse], before: int) -> None:
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [400] * (PARALLEL - 1)
    errors = {answer.get_json().get("error") for answer in answers if answer.status_code == 400}
    assert errors == {"invalid_grant"}
    with world.session() as session:
        rows = session.query(Token).all()
        assert len(rows) == before + 2
        assert all(row.revoked_at is not None for row in rows)


# 1. Double redemption.


def test_twenty_redemptions_of_one_code_have_one_winner(any_world: World) -> None:
    app = any_world.register()
    code, verifier = any_world.code(app)
    answers = at_once(any_world, lambda: any_world.trade(app, code, verifier))
    check_one_winner(any_world, answers, before=0)


def test_twenty_redemptions_of_one_refresh_token_have_one_winner(any_world: World) -> None:
    app = any_world.register()
    token = any_world.tokens(app)["refresh_token"]
    answers = at_once(any_world, lambda: any_world.refresh(app, token))
    check_one_winner(any_world, answers, before=2)


def test_a_family_that_ends_while_it_is_renewed_leaves_no_token(any_world: World) -> None:
    app = any_world.register()
    old = any_world.tokens(app)["refresh_token"]
    new = any_world.refresh(app, old).get_json()["refresh_token"]
    tokens = cycle((old, new))
    answers = at_once(any_world, lambda: any_world.refresh(app, next(tokens)))
    assert sum(answer.status_code == 200 for answer in answers) <= 1
    with any_world.session() as session:
        assert all(row.revoked_at is not None for row in session.query(Token))


def test_what_ends_a_family_waits_for_a_token_that_is_being_made(any_world: World) -> None:
    app = any_world.register()
    text = any_world.tokens(app)["refresh_token"]
    ended = Event()

    def end(reused: Reused, client: Client) -> None:
        with any_world.session() as session:
            end_family(session, reused, client, present())
        ended.set()

    with any_world.session() as session:
        client = find_client(session, app.client_id)
        assert client is not None
        with transaction(session):
            row = find_token(session, text)
            assert row is not None
            redeem(session, row, present())
            family = Refresh(row).family(present())
            other = Thread(target=end, args=(Reused(row), client))
            other.start()
            assert not ended.wait(0.5)
            add_token(session, "new", TokenKind.ACCESS, client, family, ["openid"], present())
    other.join()
    with any_world.session() as session:
        rows = session.query(Token).all()
        assert len(rows) == 3
        assert all(row.revoked_at is not None for row in rows)


# 2. Proof keys.


@pytest.mark.parametrize("kind", ["secret", "ES256", "public"])
@pytest.mark.parametrize(
    "changed",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge": None},
        {"code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
    ],
)
def test_no_application_begins_without_an_s256_challenge(
    world: World, kind: str, changed: dict[str, Any]
) -> None:
    answer, _ = world.ask(world.register(kind), **changed)
    assert answer.status_code == 302
    assert location(answer)["error"] == "invalid_request"


@pytest.mark.parametrize("kind", ["secret", "public"])
def test_no_code_is_traded_without_its_verifier(world: World, kind: str) -> None:
    app = world.register(kind)
    code, verifier = world.code(app)
    assert world.trade(app, code, "").get_json()["error"] == "invalid_request"
    assert world.trade(app, code, "w" * 50).get_json()["error"] == "invalid_grant"
    assert world.trade(app, code, verifier).status_code == 200


# 3. The issuer in errors.


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"scope": "everything"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"prompt": "none"}, "consent_required"),
        ({"request": "x"}, "request_not_supported"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
    ],
)
def test_errors_that_go_back_name_the_issuer_and_the_state(
    world: World, partner: App, changed: dict[str, Any], error: str
) -> None:
    back = location(world.ask(partner, **changed)[0])
    assert (back["error"], back["iss"], back["state"]) == (error, ISSUER, "the state")


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "unknown"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": "https://partner.example/back/"},
        {"redirect_uri": "https://partner.example/back?x=1"},
        {"redirect_uri": 'https://partner.example/"'},
        {"redirect_uri": None},
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(
    world: World, partner: App, changed: dict[str, Any]
) -> None:
    answer, _ = world.ask(partner, **changed)
    assert answer.status_code == 400
    assert "Location" not in answer.headers


# 4. Algorithms of id tokens.


def test_id_tokens_can_be_es256_and_rs256_and_nothing_else(world: World) -> None:
    stated = world.client("").get("/.well-known/openid-configuration").get_json()
    assert stated["id_token_signing_alg_values_supported"] == ["ES256", "RS256"]
    with pytest.raises(Exception, match="cannot be registered"):
        world.register(id_token_algorithm="none")


# 5. Secrets, authentication, scopes.


def test_a_wrong_a_missing_and_an_impossible_secret_are_401_and_not_500(world: World) -> None:
    partner, keyed, public = world.register(), world.register("ES256"), world.register("public")
    for headers in (
        {},
        {"Authorization": basic(partner.client_id, "wrong")},
        {"Authorization": basic(partner.client_id, "")},
        {"Authorization": basic(keyed.client_id, "anything")},
        {"Authorization": basic(public.client_id, "anything")},
        {"Authorization": "Basic ///"},
        {"Authorization": "Basic \u00ff"},
        {"Authorization": basic("\0", "x")},
        {"Authorization": basic("é", "x")},
        {"Authorization": "Basic " + "/w=="},
        {"Authorization": "Basic"},
        {"Authorization": "Bearer x"},
    ):
        answer = world.client("").post(
            "/oauth/token", data={"grant_type": "client_credentials"}, headers=headers
        )
        assert answer.status_code == 401, headers
        assert answer.get_json()["error"] == "invalid_client"
        assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_each_application_proves_itself_in_its_own_way_at_every_endpoint(world: World) -> None:
    partner, keyed = world.register(), world.register("ES256")
    token = world.tokens(partner)["access_token"]
    for path in ("/oauth/token", "/oauth/introspect", "/oauth/revoke"):
        for app in (partner, keyed):
            bare = world.client("").post(
                path,
                data={
                    "client_id": app.client_id, "token": token, "grant_type": "refresh_token",
                    "refresh_token": "x",
                },
            )  # fmt: skip
            assert bare.status_code == 401, path
    posted = world.client("").post(
        "/oauth/introspect",
        data={"client_id": partner.client_id, "client_secret": partner.secret, "token": token},
    )
    assert posted.get_json()["error"] == "invalid_request"
    assert world.is_active(partner, token)


def test_a_public_application_cannot_ask_about_tokens(world: World) -> None:
    app = world.register("public")
    token = world.tokens(app)["access_token"]
    assert world.post("/oauth/introspect", app, token=token).status_code == 401


def test_unknown_scopes_are_refused_and_not_dropped(world: World, partner: App) -> None:
    asked, _ = world.ask(partner, scope="openid everything")
    assert location(asked)["error"] == "invalid_scope"
    unregistered, _ = world.ask(partner, scope="openid clients.read")
    assert location(unregistered)["error"] == "invalid_scope"
    none, _ = world.ask(partner, scope=None)
    assert location(none)["error"] == "invalid_scope"
    by_itself = world.post(
        "/oauth/token", partner, grant_type="client_credentials", scope="directory.read everything"
    )
    assert by_itself.get_json()["error"] == "invalid_scope"


# 6. Parameters in the address.


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/introspect", "/oauth/revoke"])
def test_parameters_in_the_address_are_refused(world: World, partner: App, path: str) -> None:
    answer = world.client("").post(
        f"{path}?grant_type=client_credentials", data={"token": "x"}, headers=partner.headers()
    )
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")
    assert answer.headers["Cache-Control"] == "no-store"


def test_other_forms_of_a_body_are_refused(world: World, partner: App) -> None:
    answer = world.client("").post(
        "/oauth/token", json={"grant_type": "client_credentials"}, headers=partner.headers()
    )
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")


def test_a_parameter_that_stands_there_twice_is_refused(world: World, partner: App) -> None:
    answer = world.client("").post(
        "/oauth/token",
        data={"grant_type": ["client_credentials", "refresh_token"]},
        headers=partner.headers(),
    )
    assert answer.get_json()["error"] == "invalid_request"
    twice = f"{query(partner, 'v' * 43)}&state=other"
    assert world.client().get(f"/oauth/authorize?{twice}").status_code == 400


# 7. Refresh tokens.


def test_a_refresh_token_is_replaced_each_time(world: World, partner: App) -> None:
    first = world.tokens(partner)
    second = world.refresh(partner, first["refresh_token"]).get_json()
    assert second["refresh_token"] != first["refresh_token"]
    assert world.is_active(partner, second["access_token"])
    assert not world.is_active(partner, first["refresh_token"])


def test_a_refresh_token_that_is_used_twice_ends_the_family(world: World, partner: App) -> None:
    first = world.tokens(partner)
    second = world.refresh(partner, first["refresh_token"]).get_json()
    again = world.refresh(partner, first["refresh_token"])
    assert again.get_json()["error"] == "invalid_grant"
    for token in (first["access_token"], second["access_token"], second["refresh_token"]):
        assert not world.is_active(partner, token)
    assert world.refresh(partner, second["refresh_token"]).status_code == 400


def test_another_application_cannot_end_a_family_with_a_used_token(
    world: World, partner: App
) -> None:
    other = world.register()
    first = world.tokens(partner)
    second = world.refresh(partner, first["refresh_token"]).get_json()
    assert world.refresh(other, first["refresh_token"]).status_code == 400
    assert world.is_active(partner, second["access_token"])


def test_renewing_does_not_go_on_for_ever(world: World, partner: App) -> None:
    token = world.tokens(partner)["refresh_token"]
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
    with world.session() as session:
        ids = [row.id for row in session.query(Token)]
    for row_id in ids:
        world.change(Token, row_id, family_expires_at=soon)
    world.refresh(partner, token)
    with world.session() as session:
        new = session.query(Token).filter(Token.id.not_in(ids)).all()
        assert len(new) == 2
        assert {row.expires_at for row in new} == {soon}


# 8. Assertions.


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int(present().timestamp()) + 3600},
        {"exp": int(present().timestamp()) - 60},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 1e999},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 201},
        {"jti": 7},
        {"aud": "https://another.example"},
        {"aud": None},
        {"iss": "somebody"},
        {"sub": "somebody"},
        {"sub": None},
        {"sub": ["a"]},
        {"sub": "\0"},
        {"nbf": int(present().timestamp()) + 600},
    ],
)
def test_assertions_that_say_the_wrong_thing_are_refused(
    world: World, claims: dict[str, Any]
) -> None:
    app = world.register("ES256")
    answer = world.client("").post(
        "/oauth/token", data={"grant_type": "client_credentials"} | app.body(**claims)
    )
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("audience", [ISSUER, f"{ISSUER}/oauth/token", [ISSUER, "x"]])
def test_assertions_are_for_the_issuer_or_the_token_endpoint(world: World, audience: Any) -> None:
    app = world.register("RS256")
    answer = world.client("").post(
        "/oauth/token", data={"grant_type": "client_credentials"} | app.body(aud=audience)
    )
    assert answer.status_code == 200, answer.text


def test_an_assertion_is_good_once_also_when_the_request_fails(any_world: World) -> None:
    app = any_world.register("ES256")
    body = app.body()
    first = any_world.client("").post("/oauth/token", data={"grant_type": "nothing"} | body)
    assert first.get_json()["error"] == "unsupported_grant_type"
    again = any_world.client("").post("/oauth/token", data={"grant_type": "x"} | body)
    assert again.get_json()["error"] == "invalid_client"


def test_twenty_uses_of_one_assertion_have_one_winner(any_world: World) -> None:
    app = any_world.register("ES256")
    body = {"grant_type": "client_credentials"} | app.body()
    answers = at_once(any_world, lambda: any_world.client("").post("/oauth/token", data=body))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * (PARALLEL - 1)


def test_assertions_signed_otherwise_are_refused(world: World) -> None:
    app = world.register("ES256")
    assert app.key is not None
    claims = {
        "iss": app.client_id, "sub": app.client_id, "aud": ISSUER, "jti": secrets.token_hex(8),
        "exp": int(present().timestamp()) + 60,
    }  # fmt: skip
    forged = [
        jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("x" * 32)),
        unsigned({"alg": "none"}, claims),
        unsigned({"alg": "ES256"}, {"sub": "\ud800"}),
        unsigned({"alg": "ES256", "kid": ["x"]}, claims),
        unsigned({"alg": "ES256", "crit": ["exp"]}, claims),
        jwt.encode({"alg": "ES256"}, claims, ECKey.generate_key()),
        jwt.encode({"alg": "ES256", "kid": "another"}, claims, ECKey.generate_key()),
        "not.an.assertion",
        "e30.e30.e30",
        "x",
    ]
    for assertion in forged:
        body = app.body() | {"client_assertion": assertion, "grant_type": "client_credentials"}
        answer = world.client("").post("/oauth/token", data=body)
        assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


def unsigned(*parts: dict[str, Any]) -> str:
    written = (json.dumps(part).encode() for part in parts)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in written) + "."


# 9. Logs.


def test_no_token_reaches_a_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        partner, keyed = world.register(), world.register("ES256")
        code, verifier = world.code(partner)
        first = world.trade(partner, code, verifier).get_json()
        second = world.refresh(partner, first["refresh_token"]).get_json()
        world.refresh(partner, first["refresh_token"])
        world.post("/oauth/introspect", partner, token=second["access_token"])
        world.search(second["access_token"])
        own = world.post("/oauth/token", keyed, grant_type="client_credentials").get_json()
    assert not logging.getLogger("authlib.oauth2.rfc6749").isEnabledFor(logging.DEBUG)
    values = [code, verifier, partner.secret, own["access_token"], first["id_token"]]
    values += [one[kind] for one in (first, second) for kind in ("access_token", "refresh_token")]
    for value in values:
        assert value not in caplog.text


# 11. Plain http.


def test_nothing_switches_the_check_for_tls_off() -> None:
    assert "AUTHLIB_INSECURE_TRANSPORT" not in os.environ
    for path in (ROOT / "referral_hub").rglob("*.py"):
        assert "INSECURE_TRANSPORT" not in path.read_text(encoding="utf-8"), path
