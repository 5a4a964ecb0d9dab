"""Public keys by which an application signs: which the hub takes (JSON Web Keys, RFC 7517)."""

import re
from collections.abc import Mapping
from typing import Any

PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
MOST_KEYS = 10
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
_LEAST_MODULUS, _MOST_MODULUS = 342, 1366  # letters of 2048 and 8192 bits


def fault_of_keys(jwks: object) -> str | None:
    """Why a set of keys cannot be registered, in a sentence; None when it can."""
    keys = jwks.get("keys") if isinstance(jwks, Mapping) else None
    if not isinstance(keys, list) or not keys or len(keys) > MOST_KEYS:
        return f'Send {{"keys": […]}} with 1 to {MOST_KEYS} public keys.'
    if any(isinstance(key, Mapping) and PRIVATE & set(key) for key in keys):
        return "This holds a private key. Keep it to yourself and make a new pair."
    if not all(is_usable(key) for key in keys):
        return "Use EC keys on P-256, or RSA keys of 2048 bits or more."
    names = [key.get("kid") for key in keys]
    if len(keys) > 1 and (None in names or len(set(names)) < len(names)):
        return "Several keys need a kid each."
    return None


def is_usable(key: object) -> bool:
    """Whether a key is a public one with which ES256 or RS256 can be checked."""
    if not isinstance(key, Mapping) or PRIVATE & set(key):
        return False
    if key.get("use", "sig") != "sig" or not isinstance(key.get("kid", ""), str):
        return False
    if key.get("kty") == "EC":
        return key.get("crv") == "P-256" and all(_is_number(key, name, 43, 43) for name in "xy")
    return (
        key.get("kty") == "RSA"
        and _is_number(key, "n", _LEAST_MODULUS, _MOST_MODULUS)
        and _is_number(key, "e", 2, 6)
    )


def _is_number(key: Mapping[str, Any], name: str, least: int, most: int) -> bool:
    value = key.get(name)
    return (
        isinstance(value, str)
        and least <= len(value) <= most
        and _BASE64URL.fullmatch(value) is not None
    )
