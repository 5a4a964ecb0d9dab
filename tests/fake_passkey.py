"""An authenticator in software: makes one passkey and signs with it, as WebAuthn says."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps, loads
from os import urandom

from cbor2 import dumps as cbor
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from referral_hub.gateways.passkeys import Site

USER_PRESENT, USER_VERIFIED, HAS_KEY = 1, 4, 64


@dataclass
class FakePasskey:
    """One passkey. `verifies` is whether it asks its user for a PIN or a finger; `counts` is
    whether it counts its signatures, as those that are synchronised do not."""

    site: Site
    verifies: bool = True
    counts: bool = True
    count: int = 0
    id: bytes = field(default_factory=lambda: urandom(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: str) -> str:
        """Answer to options for a new passkey."""
        point = self.key.public_key().public_numbers()
        public = cbor({
            1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big"),
        })  # fmt: skip
        data = self._data(HAS_KEY) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        return self._answer(
            {
                "clientDataJSON": self._client("webauthn.create", options),
                "attestationObject": cbor({"fmt": "none", "attStmt": {}, "authData": data}),
            }
        )

    def sign(self, options: str) -> str:
        """Answer to options for a sign-in."""
        self.count += self.counts
        client, data = self._client("webauthn.get", options), self._data()
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        )

    def _data(self, flags: int = 0) -> bytes:
        flags |= USER_PRESENT | (USER_VERIFIED if self.verifies else 0)
        return (
            sha256(self.site.host.encode()).digest()
            + bytes([flags])
            + self.count.to_bytes(4, "big")
        )

    def _client(self, kind: str, options: str) -> bytes:
        challenge = loads(options)["challenge"]
        return dumps({"type": kind, "challenge": challenge, "origin": self.site.origin}).encode()

    def _answer(self, response: dict[str, bytes]) -> str:
        texts = {name: text_of(value) for name, value in response.items()}
        own = text_of(self.id)
        return dumps({"id": own, "rawId": own, "type": "public-key", "response": texts})


def text_of(value: bytes) -> str:
    """Bytes in base64url, without padding."""
    return urlsafe_b64encode(value).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    """The bytes of a base64url text."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
