"""Requests that may be sent again: their keys, and for how long an answer is kept."""

from datetime import timedelta

from referral_hub.rules.errors import InvalidInput

KEPT = timedelta(days=2)
MOST_KEY = 255


def check_key(key: str) -> None:
    """Raise InvalidInput for a key that cannot be used."""
    if not 1 <= len(key) <= MOST_KEY or not key.isascii() or not key.isprintable():
        message = f"Use an Idempotency-Key of 1 to {MOST_KEY} printable ASCII characters."
        raise InvalidInput(message, {"Idempotency-Key": message})
