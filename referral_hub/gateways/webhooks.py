"""Signs and sends messages by the Standard Webhooks specification (signatures v1: HMAC-SHA256)."""

import os
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from hmac import digest
from time import monotonic
from uuid import UUID

from referral_hub.gateways.outgoing_http import fetch
from referral_hub.rules.errors import FetchRefused
from referral_hub.rules.webhooks import SECRET_PREFIX, Fault

_SECRET_BYTES = 32
TIMEOUT = 10.0
"""Seconds that a receiver has to answer."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a try: a status, or why there was none. `wait` is how long the receiver asked
    to be left alone."""

    status: int | None
    fault: Fault | None
    milliseconds: int
    wait: timedelta | None = None


def new_secret() -> str:
    """A fresh secret, as both sides write it."""
    return SECRET_PREFIX + b64encode(os.urandom(_SECRET_BYTES)).decode()


def signed_headers(
    secrets: Sequence[str], message_id: UUID, at: datetime, body: bytes
) -> Mapping[str, str]:
    """The headers that prove where a message comes from, with a signature for each secret."""
    seconds = int(at.timestamp())
    content = f"{message_id}.{seconds}.".encode() + body
    return {
        "webhook-id": str(message_id),
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{_signature(each, content)}" for each in secrets),
    }


class WebhookSender:
    """Sends messages, through the one door for what leaves the hub."""

    def __init__(self, allow: frozenset[str] = frozenset(), timeout: float = TIMEOUT) -> None:
        """`allow` has host:port entries as `outgoing_http.fetch` takes them."""
        self._allow = allow
        self._timeout = timeout

    def send(
        self, url: str, secrets: Sequence[str], message_id: UUID, at: datetime, body: bytes
    ) -> Receipt:
        """Send a message once. A redirect is an answer like any other, and is not followed."""
        headers = {"Content-Type": "application/json"}
        started = monotonic()
        try:
            answer = fetch(
                url,
                allow=self._allow,
                timeout=self._timeout,
                method="POST",
                body=body,
                headers={**headers, **signed_headers(secrets, message_id, at, body)},
            )
        except FetchRefused as error:
            return Receipt(None, Fault(error.reason), _since(started))
        wait = _wait(answer.headers.get("retry-after", ""), at)
        return Receipt(answer.status, None, _since(started), wait)


def _signature(secret: str, content: bytes) -> str:
    key = b64decode(secret.removeprefix(SECRET_PREFIX))
    return b64encode(digest(key, content, sha256)).decode()


def _since(started: float) -> int:
    return int((monotonic() - started) * 1000)


def _wait(text: str, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for: seconds, or a moment; None where it says neither."""
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=min(int(text[:9]), 10**8))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta())
