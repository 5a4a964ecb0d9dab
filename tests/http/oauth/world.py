"""A hub with an agency, a person who is signed in, and applications: what the flows need."""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from referral_hub.extensions import db
from referral_hub.models import Agency, Membership, Person, SignInSession
from referral_hub.rules.actor import System
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.registration import Registration
from referral_hub.rules.roles import Role
from referral_hub.rules.scopes import scopes_of
from referral_hub.rules.sign_in import Method
from referral_hub.use_cases.applications import register_application
from referral_hub.use_cases.steps.people import seal_person
from referral_hub.use_cases.steps.sessions import add_session
from referral_hub.use_cases.transaction import transaction
from referral_hub.web.hub import EXTENSION
from tests.http.hub_browser import form_token

ISSUER = "http://127.0.0.1:8000"
BACK = "https://partner.example/back"
OUT = "https://partner.example/out"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCOPES = "openid profile offline_access directory.read referrals.read"


def present() -> datetime:
    return datetime.now(UTC)


@dataclass
class App:
    """An application with what it keeps to itself."""

    id: UUID
    client_id: str
    secret: str | None
    key: ECKey | RSAKey | None

    def headers(self) -> dict[str, str]:
        if self.secret is None:
            return {}
        return {"Authorization": basic(self.client_id, self.secret)}

    def body(self, **claims: Any) -> dict[str, str]:
        """What it adds to the body to say who it is."""
        if self.key is not None:
            return {
                "client_assertion_type": ASSERTION,
                "client_assertion": self.assertion(**claims),
            }
        return {} if self.secret else {"client_id": self.client_id}

    def assertion(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        assert self.key is not None
        algorithm = "ES256" if isinstance(self.key, ECKey) else "RS256"
        now = int(present().timestamp())
        whole = {
            "iss": self.client_id, "sub": self.client_id, "aud": ISSUER,
            "exp": now + 60, "iat": now, "jti": secrets.token_hex(8),
        } | claims  # fmt: skip
        whole = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode(header or {"alg": algorithm}, whole, self.key)


@dataclass
class World:
    """The hub under test."""

    app: Flask
    agency_id: UUID = field(default_factory=uuid4)
    person_id: UUID = field(default_factory=uuid4)
    cookie: str = ""

    @contextmanager
    def session(self) -> Iterator[Session]:
        with self.app.app_context():
            yield db.session()
            db.session.remove()

    def change(self, model: type[Any], row_id: Any, **values: Any) -> None:
        with self.session() as session, transaction(session):
            row = session.get_one(model, row_id)
            for name, value in values.items():
                setattr(row, name, value)

    def add_agency(self, name: str, agency_id: UUID | None = None) -> UUID:
        made = agency_id or uuid4()
        with self.session() as session, transaction(session):
            session.add(
                Agency(
                    id=made, name=name, status=AgencyStatus.PARTNER,
                    created_at=present(), status_since=present(),
                )
            )  # fmt: skip
        return made

    def add_person(self, person_id: UUID | None = None, name: str = "Casey Manager") -> UUID:
        person = Person(id=person_id or uuid4(), created_at=present())
        seal_person(self.app.extensions[EXTENSION].vault, person, name, f"{person.id}@demo.example")
        made = person.id
        with self.session() as session, transaction(session):
            session.add(person)
        return made

    def join(self, person_id: UUID, agency_id: UUID | None, role: Role) -> UUID:
        made = uuid4()
        with self.session() as session, transaction(session):
            session.add(
                Membership(
                    id=made, person_id=person_id, agency_id=agency_id, role=role, since=present()
                )
            )
        return made

    def sign_in(self, person_id: UUID, *methods: Method, ago: timedelta = timedelta()) -> str:
        """A session's token; `ago` is how long the proof of who they are lies back.

        Without methods it is a password and a code.
        """
        with self.session() as session, transaction(session):
            person = session.get_one(Person, person_id)
            token, held = add_session(
                session,
                person,
                methods or (Method.PASSWORD, Method.AUTHENTICATOR_APP),
                "Firefox on Linux",
                now=present(),
            )
            held.proved_at = present() - ago
        return token

    def register(self, kind: str = "secret", **wanted: Any) -> App:
        key: ECKey | RSAKey | None = None
        if kind in ("ES256", "RS256"):
            key = ECKey.generate_key() if kind == "ES256" else RSAKey.generate_key()
        agency_id = wanted.pop("agency_id", self.agency_id)
        scopes = scopes_of(wanted.pop("scopes", SCOPES))
        fields: dict[str, Any] = {
            "name": "Case Tracker",
            "purpose": "It keeps cases in step.",
            "authentication": {"secret": "client_secret_basic", "public": "none"}.get(
                kind, "private_key_jwt"
            ),
            "grants": frozenset({"authorization_code", "refresh_token", "client_credentials"})
            - ({"client_credentials"} if kind == "public" else frozenset()),
            "redirect_uris": (BACK,),
            "logout_uris": (OUT,),
            "jwks": {"keys": [key.as_dict(private=False)]} if key else None,
        } | wanted
        with self.session() as session:
            done = register_application(
                session, System(), agency_id, Registration(scopes=scopes, **fields), now=present()
            )
        return App(done.application.id, done.application.client_id, done.secret, key)

    def client(self, cookie: str | None = None) -> FlaskClient:
        """A browser; signed in, unless the cookie is an empty one."""
        made = self.app.test_client()
        token = self.cookie if cookie is None else cookie
        if token:
            made.set_cookie("hub_session", token)
        return made

    def ask(self, app: App, cookie: str | None = None, **changed: Any) -> tuple[TestResponse, str]:
        """Send the person to the hub; the answer and the verifier that belongs to it."""
        verifier = secrets.token_urlsafe(48)
        return self.client(cookie).get(f"/oauth/authorize?{query(app, verifier, **changed)}"), (
            verifier
        )

    def code(self, app: App, **changed: Any) -> tuple[str, str]:
        """A code that the person agreed to, and its verifier."""
        verifier = secrets.token_urlsafe(48)
        answer = self.agree(app, verifier, **changed)
        assert answer.status_code in (302, 303), answer.text
        return location(answer)["code"], verifier

    def agree(
        self, app: App, verifier: str, decision: str = "allow", cookie: str | None = None,
        **changed: Any,
    ) -> TestResponse:  # fmt: skip
        browser = self.client(cookie)
        address = f"/oauth/authorize?{query(app, verifier, **changed)}"
        page = browser.get(address)
        if page.status_code != 200:
            return page
        return browser.post(
            address, data={"form_token": form_token(page.text), "decision": decision}
        )

    def post(self, path: str, app: App, **data: str) -> TestResponse:
        return self.client("").post(path, data=app.body() | data, headers=app.headers())

    def trade(self, app: App, code: str, verifier: str, **data: str) -> TestResponse:
        fields = {
            "grant_type": "authorization_code", "code": code, "code_verifier": verifier,
            "redirect_uri": BACK,
        } | data  # fmt: skip
        return self.post("/oauth/token", app, **fields)

    def tokens(self, app: App, **changed: Any) -> dict[str, Any]:
        answer = self.trade(app, *self.code(app, **changed))
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())

    def refresh(self, app: App, token: str, **data: str) -> TestResponse:
        return self.post(
            "/oauth/token", app, grant_type="refresh_token", refresh_token=token, **data
        )

    def is_active(self, app: App, token: str) -> bool:
        answer = self.post("/oauth/introspect", app, token=token)
        assert answer.status_code == 200, answer.text
        return bool(answer.get_json()["active"])

    def search(self, token: str) -> TestResponse:
        return self.client("").get(
            "/api/v1/search?q=food", headers={"Authorization": f"Bearer {token}"}
        )

    def session_id(self) -> UUID:
        with self.session() as session:
            row = session.query(SignInSession).filter_by(person_id=self.person_id).first()
            assert row is not None
            return row.id


def make_world(app: Flask) -> World:
    world = World(app)
    world.add_agency("Fair Homes Legal Aid", world.agency_id)
    world.add_person(world.person_id)
    world.join(world.person_id, world.agency_id, Role.CASE_MANAGER)
    world.cookie = world.sign_in(world.person_id)
    return world


def query(app: App, verifier: str, **changed: Any) -> str:
    """The request of an application as it stands in the address; None leaves one out."""
    digest = hashlib.sha256(verifier.encode()).digest()
    fields = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": BACK,
        "scope": SCOPES,
        "state": "the state",
        "nonce": "the nonce",
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    } | changed
    return urlencode({name: value for name, value in fields.items() if value is not None})


def location(answer: TestResponse) -> dict[str, str]:
    """The parameters with which somebody is sent on."""
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def basic(name: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def payload(token: str) -> dict[str, Any]:
    """The claims of a signed token, unchecked."""
    middle = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(middle + "==")))
