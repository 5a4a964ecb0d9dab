"""An OpenID provider on a loopback port, made for tests: honest, unless it is told to misbehave."""

import json
import threading
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit
from uuid import UUID

from joserfc import jwk, jws
from joserfc.registry import HeaderParameter

Json = dict[str, Any]
CLIENT_ID, CLIENT_SECRET = "hub at provider", "s3cret: with/signs"


def a_key(kind: str = "EC", kid: str = "one") -> jwk.ECKey | jwk.RSAKey:
    """A new key pair."""
    if kind == "EC":
        return jwk.ECKey.generate_key("P-256", {"kid": kid})
    return jwk.RSAKey.generate_key(2048, {"kid": kid})


def public(key: jwk.ECKey | jwk.RSAKey) -> Json:
    """The part of a key that is published."""
    return dict(key.as_dict(private=False))


@dataclass
class Code:
    """What a code was given for."""

    asked: dict[str, str]
    subject: str


@dataclass
class FakeProvider:
    """The provider: what it says is `document`, `claims` and `header` with the changes below."""

    address: str
    key: jwk.ECKey | jwk.RSAKey = field(default_factory=a_key)
    algorithm: str = "ES256"
    published: list[Json] | None = None
    client_id: str = CLIENT_ID
    document_changes: Json = field(default_factory=dict)
    claim_changes: Json = field(default_factory=dict)
    header_changes: Json = field(default_factory=dict)
    answer_changes: dict[str, str | None] = field(default_factory=dict)
    token_changes: Json = field(default_factory=dict)
    broken: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    now: datetime | None = None
    codes: dict[str, Code] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    stolen: list[dict[str, str]] = field(default_factory=list)
    hub_id: UUID | None = None

    @property
    def issuer(self) -> str:
        """The issuer."""
        return f"http://{self.address}"

    def document(self) -> Json:
        """The discovery document."""
        return without_none(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
                "id_token_signing_alg_values_supported": ["RS256", "ES256"],
                "authorization_response_iss_parameter_supported": True,
                **self.document_changes,
            }
        )

    def sign_in(self, address: str, subject: str = "subject-1") -> dict[str, str]:
        """Somebody signs in at the address to which the hub sent them: the parameters that go
        back. Their name at the provider is `subject`."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = token_urlsafe()
        self.codes[code] = Code(asked, subject)
        sent = {"code": code, "state": asked["state"], "iss": self.issuer, **self.answer_changes}
        return without_none(sent)

    def id_token(self, code: Code, access_token: str) -> str:
        """The signed id token for a code."""
        at = (self.now or datetime.now(UTC)).timestamp()
        claims = without_none(
            {
                "iss": self.issuer,
                "sub": code.subject,
                "aud": code.asked["client_id"],
                "iat": int(at),
                "exp": int(at) + 300,
                "nonce": code.asked["nonce"],
                "at_hash": half_hash(access_token),
                **self.claim_changes,
            }
        )
        header = without_none({"alg": self.algorithm, "kid": self.key.kid, **self.header_changes})
        text = json.dumps(claims)
        if self.algorithm == "none":
            return f"{encoded(header)}.{encoded(claims)}."
        if self.algorithm == "HS256":  # signed with what everybody may know: the public key
            signed = f"{encoded(header)}.{encoded(claims)}"
            mac = digest(self.key.as_pem(private=False), signed.encode(), sha256)
            return f"{signed}.{urlsafe_b64encode(mac).decode().rstrip('=')}"
        own = {"own": HeaderParameter("One of its own", "str")}
        registry = jws.JWSRegistry(own, [self.algorithm], strict_check_header=False)
        return jws.serialize_compact(header, text, self.key, registry=registry)

    def get(self, path: str) -> tuple[int, bytes]:
        """What a GET is answered with."""
        if path == "/.well-known/openid-configuration":
            return 200, json.dumps(self.document()).encode()
        if path == "/keys":
            keys = [public(self.key)] if self.published is None else self.published
            return 200, json.dumps({"keys": keys}).encode()
        return 404, b""

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, bytes]:
        """What the token endpoint gives; an attacker's keeps what it gets."""
        self.stolen.append(form)
        name, secret = form.get("client_id", ""), form.get("client_secret", "")
        if authorization.startswith("Basic "):
            pair = b64decode(authorization[6:]).decode()
            name, secret = map(unquote_plus, pair.split(":"))
        code = self.codes.pop(form.get("code", ""), None)
        if (name, secret) != (self.client_id, CLIENT_SECRET) or code is None:
            return 401, b'{"error": "invalid_client"}'
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest())
        if challenge.decode().rstrip("=") != code.asked["code_challenge"]:
            return 400, b'{"error": "invalid_grant"}'
        if form["redirect_uri"] != code.asked["redirect_uri"]:
            return 400, b'{"error": "invalid_grant"}'
        access_token = token_urlsafe()
        given = {
            "access_token": access_token,
            "token_type": "Bearer",
            "id_token": self.id_token(code, access_token),
            **self.token_changes,
        }
        return 200, json.dumps(without_none(given)).encode()


@contextmanager
def running_provider() -> Iterator[FakeProvider]:
    """A provider that answers at its address, until the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.seen.append(self.path)
            self.answer(*provider.broken.get(self.path, provider.get(self.path)))

        def do_POST(self) -> None:
            provider.seen.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            done = provider.token(form, self.headers.get("Authorization", ""))
            self.answer(*provider.broken.get(self.path, done))

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", body.decode())
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = FakeProvider(f"127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield provider
    server.shutdown()
    server.server_close()
    thread.join()


def query(parameters: dict[str, str]) -> str:
    """Parameters as they stand in an address."""
    return urlencode(parameters)


def without_none(values: dict[str, Any]) -> dict[str, Any]:
    """Without what was taken away."""
    return {name: value for name, value in values.items() if value is not None}


def half_hash(text: str) -> str:
    """The `at_hash` of an access token."""
    return urlsafe_b64encode(sha256(text.encode()).digest()[:16]).decode().rstrip("=")


def encoded(part: Json) -> str:
    """A part of a token."""
    return urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
