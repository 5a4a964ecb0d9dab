"""Seals fields of the database: AES-256-GCM under a ring of keys, and blind indexes to find them.

A sealed value is: version (1 byte), length of the key's id, the id, nonce (12 bytes), ciphertext
with its tag. Each column has a key of its own (HKDF-SHA256 of the ring's key), and column and row
id are authenticated with it: a value that is moved to another row or column does not open.
"""

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from hmac import digest
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from referral_hub.rules.errors import KeyMissing

_VERSION = 1
_NONCE = 12
_KEY = 32


class Vault:
    """Seals and opens fields. The first key of the ring seals; all of them open."""

    def __init__(self, ring: Mapping[str, bytes]) -> None:
        """`ring` has keys of 32 bytes by id (1 to 255 bytes of UTF-8), the newest first.

        Raises ValueError for a ring without keys, or with unusable ones.
        """
        if not ring:
            raise ValueError("there is no key")
        for name, key in ring.items():
            if len(key) != _KEY or not 0 < len(name.encode()) < 256:
                raise ValueError(f"the key {name[:20]} is not one of {_KEY} bytes with a short id")
        self._ring = dict(ring)
        self._newest = next(iter(ring))
        self._derived = lru_cache(maxsize=None)(self._derive)

    def seal(self, column: str, row: UUID | str, text: str) -> bytes:
        """Return the text sealed for a column ("person.email") of a row."""
        nonce = os.urandom(_NONCE)
        sealed = self._cipher(self._newest, column).encrypt(
            nonce, text.encode("utf-8", "surrogatepass"), _context(column, row)
        )
        return self.newest_prefix + nonce + sealed

    def open(self, column: str, row: UUID | str, sealed: bytes) -> str:
        """Return the text. Raises KeyMissing where no key opens it, or it was tampered with."""
        name, start = _key_of(sealed)
        if name not in self._ring:
            raise KeyMissing(f"The key {name!r} that sealed {column} is not among FIELD_KEYS.")
        nonce, rest = sealed[start : start + _NONCE], sealed[start + _NONCE :]
        try:
            plain = self._cipher(name, column).decrypt(nonce, rest, _context(column, row))
        except (InvalidTag, ValueError) as error:
            raise KeyMissing(f"A value of {column} is not as it was sealed.") from error
        return plain.decode("utf-8", "surrogatepass")

    def index(self, column: str, text: str) -> bytes:
        """Return the blind index of a text under the newest key: equal texts, equal indexes."""
        return self._index(self._newest, column, text)

    def indexes(self, column: str, text: str) -> Sequence[bytes]:
        """Return the blind indexes under every key: while keys change, a row has one of them."""
        return [self._index(name, column, text) for name in self._ring]

    @property
    def newest_prefix(self) -> bytes:
        """What every value begins with that was sealed with the newest key, and no other one."""
        name = self._newest.encode()
        return bytes((_VERSION, len(name))) + name

    def _index(self, name: str, column: str, text: str) -> bytes:
        key = self._derived(name, f"index:{column}")
        return digest(key, text.encode("utf-8", "surrogatepass"), sha256)

    def _cipher(self, name: str, column: str) -> AESGCM:
        return AESGCM(self._derived(name, f"seal:{column}"))

    def _derive(self, name: str, purpose: str) -> bytes:
        derivation = HKDF(SHA256(), _KEY, salt=None, info=f"referral-hub:{purpose}".encode())
        return derivation.derive(self._ring[name])


def _key_of(sealed: bytes) -> tuple[str, int]:
    """The id of the key of a sealed value, and where its nonce begins. Raises KeyMissing."""
    if len(sealed) < 2 or sealed[0] != _VERSION:
        raise KeyMissing("A value is not a sealed one.")
    end = 2 + sealed[1]
    try:
        return sealed[2:end].decode(), end
    except UnicodeDecodeError as error:
        raise KeyMissing("A value is not a sealed one.") from error


def _context(column: str, row: UUID | str) -> bytes:
    return f"{column}:{row}".encode()
