"""Single sign-on as a browser sees it: through the pages, to a provider on loopback, and back."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from referral_hub.auth.relying_party import OpenIdRelyingParty
from referral_hub.extensions import db
from referral_hub.gateways.outgoing_http import fetch
from referral_hub.models import Identity, IdentityProvider, Person, SignInSession
from referral_hub.rules.roles import Role
from referral_hub.rules.sign_in import Method
from referral_hub.use_cases.steps.sessions import add_session
from referral_hub.web.cookies import SESSION_COOKIE
from referral_hub.web.hub import EXTENSION
from tests import fake_provider
from tests.fake_provider import FakeProvider, query, running_provider, without_none
from tests.http.hub_browser import Browser
from tests.network_data import a_person, a_provider, an_agency, an_identity

CHOICE, ADMIN = "/sign-in/sso", "/agency/single-sign-on"
LINKS = "/account/security/agency-accounts"


@pytest.fixture
def honest() -> Iterator[FakeProvider]:
    """The provider of an agency."""
    with running_provider() as provider:
        yield provider


@pytest.fixture
def attacker() -> Iterator[FakeProvider]:
    """The provider of another agency, which is up to no good."""
    with running_provider() as provider:
        yield provider


@pytest.fixture
def hub(app: Flask, honest: FakeProvider, attacker: FakeProvider) -> Flask:
    """A hub with two agencies, each with a provider, and Ana, who is linked at the honest one."""
    allow = frozenset({honest.address, attacker.address})
    party = OpenIdRelyingParty(fetch, allow)
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], relying_party=party)
    vault = app.extensions[EXTENSION].vault
    now = datetime.now(UTC)
    with app.app_context():
        session = db.session()
        homes, other = an_agency(session, now), an_agency(session, now, "Attacker Aid")
        for agency, provider in ((homes, honest), (other, attacker)):
            made = a_provider(
                session, vault, now, agency, provider.issuer, provider.client_id,
                fake_provider.CLIENT_SECRET,
            )  # fmt: skip
            provider.hub_id = made.id
        person = a_person(session, vault, now, homes, role=Role.AGENCY_ADMINISTRATOR)
        at_honest = session.get_one(IdentityProvider, honest.hub_id)
        an_identity(session, now, at_honest, person, "ana")
    return app


def send(client: FlaskClient, page: str, path: str, **fields: str) -> TestResponse:
    return Browser(client).send(path, page, **fields)


def led_to(answer: TestResponse) -> str:
    """Where a page leads by itself; its link says the same."""
    assert answer.status_code == 200
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)
    assert found is not None
    assert f'href="{found[1]}"' in answer.text
    return unescape(found[1])


def begin(client: FlaskClient, provider: FakeProvider, aim: str = "/account") -> str:
    """Choose the agency of a provider; the address at the provider."""
    return led_to(send(client, CHOICE, CHOICE, provider=str(provider.hub_id), next=aim))


def answer_to(provider: FakeProvider, parameters: dict[str, str]) -> str:
    return f"/sign-in/sso/{provider.hub_id}/answer?{query(parameters)}"


def session_cookie(client: FlaskClient) -> str | None:
    held = client.get_cookie(SESSION_COOKIE)
    return held.value if held else None


def is_refused(answer: TestResponse, client: FlaskClient, status: int = 400) -> str:
    """The answer is a page in plain words, and nobody is signed in; its text."""
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert "Traceback" not in answer.text
    assert session_cookie(client) is None
    assert client.get("/account").status_code == 302
    return unescape(answer.text)


def test_somebody_signs_in_with_their_agency(hub: Flask, honest: FakeProvider) -> None:
    client = hub.test_client()
    assert f'href="{CHOICE}?next=' in client.get("/sign-in?next=/find").text
    page = client.get(f"{CHOICE}?next=/account/security")
    assert "Fair Homes Legal Aid" in page.text
    assert "ana@" not in page.text
    address = begin(client, honest, "/account/security")
    assert address.startswith(f"{honest.issuer}/authorize?")
    done = client.get(answer_to(honest, honest.sign_in(address, "ana")))
    assert (done.status_code, done.location) == (303, "/account/security")
    assert done.headers["Cache-Control"] == "no-store"
    assert client.get("/account").status_code == 200
    assert "Ana Ruiz" in client.get("/account").text


def test_a_session_that_was_there_before_is_replaced(hub: Flask, honest: FakeProvider) -> None:
    client = hub.test_client()
    client.get(answer_to(honest, honest.sign_in(begin(client, honest), "ana")))
    first = session_cookie(client)
    client.get(answer_to(honest, honest.sign_in(begin(client, honest), "ana")))
    second = session_cookie(client)
    assert first
    assert second
    assert first != second
    thief = hub.test_client()
    thief.set_cookie(SESSION_COOKIE, first)
    assert thief.get("/account").status_code == 302


def test_people_go_on_to_pages_of_the_hub_alone(hub: Flask, honest: FakeProvider) -> None:
    client = hub.test_client()
    address = begin(client, honest, "//evil.example/")
    done = client.get(answer_to(honest, honest.sign_in(address, "ana")))
    assert done.location == "/"


def test_beginning_needs_a_form_of_the_hub(hub: Flask, honest: FakeProvider) -> None:
    client = hub.test_client()
    done = client.post(CHOICE, data={"provider": str(honest.hub_id)})
    is_refused(done, client)
    assert honest.seen == []


def test_choosing_nothing_is_told_beside_the_field(hub: Flask) -> None:
    done = send(hub.test_client(), CHOICE, CHOICE, provider="")
    assert done.status_code == 422
    assert "Choose your agency." in done.text


def test_an_unknown_account_is_told_to_ask_for_an_invitation(
    hub: Flask, honest: FakeProvider
) -> None:
    client = hub.test_client()
    done = client.get(answer_to(honest, honest.sign_in(begin(client, honest), "stranger")))
    text = is_refused(done, client, 403)
    assert "This account is not known here yet" in text
    assert "invitation" in text


MISBEHAVIOUR: list[dict[str, dict[str, object]]] = [
    {"claim_changes": {"iss": "https://other.example"}},
    {"claim_changes": {"aud": "another"}},
    {"claim_changes": {"nonce": "another"}},
    {"claim_changes": {"exp": 1}},
    {"answer_changes": {"iss": None}},
    {"answer_changes": {"iss": "https://other.example"}},
    {"answer_changes": {"error": "access_denied", "code": None}},
    {"answer_changes": {"error": "<script>alert(1)</script>", "code": None}},
    {"document_changes": {"issuer": "https://other.example"}},
    {"broken": {"/token": (302, b"https://other.example/")}},
    {"broken": {"/keys": (500, b"")}},
    {"token_changes": {"id_token": None}},
]


@pytest.mark.parametrize("changes", MISBEHAVIOUR)
def test_a_provider_that_misbehaves_gets_nobody_in(
    hub: Flask, honest: FakeProvider, changes: dict[str, dict[str, object]]
) -> None:
    client = hub.test_client()
    address = begin(client, honest)
    for name, values in changes.items():
        setattr(honest, name, values)
    done = client.get(answer_to(honest, honest.sign_in(address, "ana")))
    text = is_refused(done, client)
    assert "You were not signed in" in text
    assert "alert(1)" not in text


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_nobody_signed_gets_nobody_in(
    hub: Flask, honest: FakeProvider, algorithm: str
) -> None:
    client = hub.test_client()
    honest.algorithm = algorithm
    done = client.get(answer_to(honest, honest.sign_in(begin(client, honest), "ana")))
    assert "in a way that is not allowed" in is_refused(done, client)


def test_a_provider_that_is_gone_is_told_before_anybody_leaves(
    hub: Flask, honest: FakeProvider
) -> None:
    client = hub.test_client()
    honest.broken["/.well-known/openid-configuration"] = (503, b"")
    done = send(client, CHOICE, CHOICE, provider=str(honest.hub_id))
    assert "status 503" in is_refused(done, client)


def test_an_answer_that_nobody_waits_for_is_a_page_not_an_error(
    hub: Flask, honest: FakeProvider
) -> None:
    client = hub.test_client()
    for parameters in ({}, {"state": "x"}, {"state": "x", "code": "y"}, {"error": "server_error"}):
        done = client.get(answer_to(honest, parameters))
        assert "was not begun in this browser" in is_refused(done, client)


def test_an_answer_with_two_of_a_kind_is_refused(hub: Flask, honest: FakeProvider) -> None:
    client = hub.test_client()
    sent = honest.sign_in(begin(client, honest), "ana")
    done = client.get(answer_to(honest, sent) + f"&{query({'iss': 'https://other.example'})}")
    is_refused(done, client)


def test_an_answer_is_good_once_and_in_its_own_browser(hub: Flask, honest: FakeProvider) -> None:
    client, other = hub.test_client(), hub.test_client()
    address = answer_to(honest, honest.sign_in(begin(client, honest), "ana"))
    other.get("/sign-in")
    is_refused(other.get(address), other)
    assert client.get(address).status_code == 303
    assert client.get(address).status_code == 400


def test_mix_up_the_code_of_the_honest_provider_never_reaches_the_attacker(
    hub: Flask, honest: FakeProvider, attacker: FakeProvider
) -> None:
    """The victim chose the attacker's agency, whose provider sends them on to the honest one with
    the hub's own parameters there. The code comes back to the honest redirect URI."""
    client = hub.test_client()
    asked = dict(parse_qsl(urlsplit(begin(client, attacker)).query))
    asked |= {"client_id": honest.client_id, "redirect_uri": f"http://hub/{honest.hub_id}"}
    sent = honest.sign_in(f"{honest.issuer}/authorize?{query(asked)}", "ana")
    is_refused(client.get(answer_to(honest, sent)), client)
    assert (honest.stolen, attacker.stolen) == ([], [])


@pytest.mark.parametrize("claims_to_be", ["honest", "attacker", "nobody"])
def test_mix_up_at_the_attackers_redirect_uri_is_refused(
    hub: Flask, honest: FakeProvider, attacker: FakeProvider, claims_to_be: str
) -> None:
    """As above, but the honest provider was made to send the code to the attacker's address."""
    client = hub.test_client()
    asked = dict(parse_qsl(urlsplit(begin(client, attacker)).query))
    sent = honest.sign_in(f"{honest.issuer}/authorize?{query(asked)}", "ana")
    issuers = {"honest": honest.issuer, "attacker": attacker.issuer, "nobody": None}
    sent = without_none({**sent, "iss": issuers[claims_to_be]})
    is_refused(client.get(answer_to(attacker, sent)), client)
    if claims_to_be != "attacker":
        assert attacker.stolen == []
    assert honest.stolen == []


def test_an_attacker_cannot_sign_in_as_somebody_by_using_their_subject_or_issuer(
    hub: Flask, attacker: FakeProvider, honest: FakeProvider
) -> None:
    client = hub.test_client()
    done = client.get(answer_to(attacker, attacker.sign_in(begin(client, attacker), "ana")))
    is_refused(done, client, 403)
    attacker.claim_changes = {"iss": honest.issuer, "email": "ana@fairhomes.example.org"}
    done = client.get(answer_to(attacker, attacker.sign_in(begin(client, attacker), "ana")))
    is_refused(done, client)


@pytest.fixture
def ana(hub: Flask) -> FlaskClient:
    """Ana, administrator of the agency, signed in with password and app just now."""
    with hub.app_context():
        person = db.session().get_one(Person, db.session.scalars(select(Identity.person_id)).one())
        person.password_hash = "kept"
        return a_client_of(hub, person)


def a_client_of(hub: Flask, person: Person) -> FlaskClient:
    methods = (Method.PASSWORD, Method.AUTHENTICATOR_APP)
    token, _ = add_session(db.session(), person, methods, "Firefox", now=datetime.now(UTC))
    db.session.commit()
    client = hub.test_client()
    client.set_cookie(SESSION_COOKIE, token)
    return client


def test_an_administrator_disables_it_and_sets_it_up_anew(
    hub: Flask, ana: FlaskClient, honest: FakeProvider
) -> None:
    through = hub.test_client()
    through.get(answer_to(honest, honest.sign_in(begin(through, honest), "ana")))
    assert through.get("/account").status_code == 200
    page = ana.get(ADMIN)
    assert honest.issuer in page.text
    assert fake_provider.CLIENT_SECRET not in page.text
    assert send(ana, ADMIN, f"{ADMIN}/disable").location == ADMIN
    assert through.get("/account").status_code == 302
    page = ana.get(ADMIN)
    shown = re.search(r"<code>http://[^<]+/sign-in/sso/([0-9a-f-]+)/answer</code>", page.text)
    assert shown is not None
    fields = {
        "name": "Login", "issuer": honest.issuer, "client_id": honest.client_id,
        "client_secret": fake_provider.CLIENT_SECRET,
    }  # fmt: skip
    wrong = send(ana, ADMIN, ADMIN, **{**fields, "issuer": f"{honest.issuer}/"})
    assert wrong.status_code == 422
    assert "names another issuer" in wrong.text
    assert fake_provider.CLIENT_SECRET not in wrong.text
    assert send(ana, ADMIN, ADMIN, **fields).location == ADMIN
    assert shown[1] in ana.get(ADMIN).text
    assert send(ana, ADMIN, f"{ADMIN}/secret", client_secret="new").location == ADMIN


def test_the_set_up_page_is_for_administrators_alone(hub: Flask) -> None:
    client = hub.test_client()
    assert client.get(ADMIN).location.startswith("/sign-in?")
    with hub.app_context():
        vault = hub.extensions[EXTENSION].vault
        person = a_person(db.session(), vault, datetime.now(UTC), email="bo@example.org")
        client = a_client_of(hub, person)
    assert client.get(ADMIN).status_code == 403


def test_an_account_is_unlinked_and_linked_again(
    hub: Flask, ana: FlaskClient, honest: FakeProvider
) -> None:
    page = ana.get(LINKS)
    remove = re.search(rf'action="({LINKS}/[0-9a-f-]+/remove)"', page.text)
    assert remove is not None
    assert send(ana, LINKS, remove[1]).location == LINKS
    address = led_to(send(ana, LINKS, LINKS, provider=str(honest.hub_id)))
    done = ana.get(answer_to(honest, honest.sign_in(address, "ana at another name")))
    assert (done.status_code, done.location) == (303, LINKS)
    assert "is linked" in ana.get(LINKS).text
    client = hub.test_client()
    sent = honest.sign_in(begin(client, honest), "ana at another name")
    assert client.get(answer_to(honest, sent)).status_code == 303


def test_linking_and_setting_up_need_a_fresh_proof(
    hub: Flask, ana: FlaskClient, honest: FakeProvider
) -> None:
    old = datetime.now(UTC) - timedelta(minutes=11)
    with hub.app_context():
        for held in db.session.scalars(select(SignInSession)):
            held.proved_at = old
        db.session.commit()
    for page, path in ((LINKS, LINKS), (ADMIN, ADMIN), (ADMIN, f"{ADMIN}/disable")):
        done = send(ana, page, path, provider=str(honest.hub_id))
        assert done.status_code == 401
    assert "/sign-in/confirm?next=" in ana.get(ADMIN).text
    assert "/sign-in/confirm?next=" in ana.get(LINKS).text
