"""Random tokens, and what of them is stored."""

from hashlib import sha256
from secrets import token_urlsafe

_BYTES = 32


def new_token() -> str:
    """Return 256 random bits as text for addresses, forms and cookies."""
    return token_urlsafe(_BYTES)


def token_hash(token: str) -> bytes:
    """Return what is stored of a token: enough to know it again, not to make it."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
