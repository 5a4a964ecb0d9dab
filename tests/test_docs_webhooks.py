"""The example for partners verifies what the hub signs, and refuses everything else."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from referral_hub.gateways.webhooks import new_secret, signed_headers

DOCUMENT = Path(__file__).parent.parent / "docs" / "webhooks.md"
BODY = b'{"type":"webhook.test"}'


@pytest.fixture
def verify() -> Callable[..., bool]:
    """The function that stands in the document."""
    example = re.search(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert example is not None
    names: dict[str, Any] = {}
    exec(example[1], names)
    return names["verify"]  # type: ignore[no-any-return]


def test_it_accepts_what_the_hub_signs_with_either_secret(verify: Callable[..., bool]) -> None:
    new, old = new_secret(), new_secret()
    headers = dict(signed_headers([new, old], uuid4(), datetime.now(UTC), BODY))
    assert verify(new, headers, BODY)
    assert verify(old, headers, BODY)


def test_it_refuses_what_is_forged_changed_or_old(verify: Callable[..., bool]) -> None:
    secret, now = new_secret(), datetime.now(UTC)
    headers = dict(signed_headers([secret], uuid4(), now, BODY))
    assert not verify(new_secret(), headers, BODY)
    assert not verify(secret, headers, BODY + b" ")
    assert not verify(secret, headers | {"webhook-id": str(uuid4())}, BODY)
    old = dict(signed_headers([secret], uuid4(), now - timedelta(minutes=6), BODY))
    assert not verify(secret, old, BODY)
