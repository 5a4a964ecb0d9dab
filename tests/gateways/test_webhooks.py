"""Messages are signed so that an independent library accepts them, and only sent where allowed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from referral_hub.gateways.webhooks import WebhookSender, new_secret, signed_headers
from referral_hub.rules.webhooks import Fault
from tests.receiver import Receiver, receiving

ID = UUID("5e0b8a4c-6f1d-4c7e-9d53-7a2f4f1f2c11")
BODY = b'{"type":"referral.accept"}'
PATIENCE = 0.4


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def now() -> datetime:
    """The verifier compares with its own clock."""
    return datetime.now(UTC)


def sender(receiver: Receiver) -> WebhookSender:
    return WebhookSender(frozenset({receiver.host}), PATIENCE)


def test_a_message_verifies_with_an_independent_library(receiver: Receiver) -> None:
    secret = new_secret()
    receipt = sender(receiver).send(receiver.url(), [secret], ID, now(), BODY)
    assert (receipt.status, receipt.fault, receipt.wait) == (204, None, None)
    ((headers, body),) = receiver.got
    assert body == BODY
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == str(ID)
    assert Webhook(secret).verify(body, headers) == {"type": "referral.accept"}


@pytest.mark.parametrize("change", ["body", "id", "timestamp", "secret"])
def test_what_was_changed_on_its_way_does_not_verify(change: str) -> None:
    secret = new_secret()
    headers = dict(signed_headers([secret], ID, now(), BODY))
    body = BODY.replace(b"accept", b"decline") if change == "body" else BODY
    if change == "id":
        headers["webhook-id"] = str(UUID(int=1))
    if change == "timestamp":
        headers["webhook-timestamp"] = str(int(headers["webhook-timestamp"]) - 1)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret() if change == "secret" else secret).verify(body, headers)


def test_while_a_secret_changes_both_verify() -> None:
    new, old = new_secret(), new_secret()
    headers = dict(signed_headers([new, old], ID, now(), BODY))
    for secret in (new, old):
        assert Webhook(secret).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(BODY, headers)


def test_a_message_that_is_too_old_is_refused_by_the_receiver() -> None:
    secret = new_secret()
    headers = dict(signed_headers([secret], ID, now() - timedelta(minutes=10), BODY))
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY, headers)


def test_secrets_are_of_32_random_bytes_each_another() -> None:
    secrets = {new_secret() for _ in range(20)}
    assert len(secrets) == 20
    assert {len(secret) for secret in secrets} == {len("whsec_") + 44}


@pytest.mark.parametrize(
    ("behaviour", "status", "wait"),
    [
        ("broken", 500, None),
        ("gone", 410, None),
        ("busy", 429, timedelta(minutes=15)),
        ("later", 503, timedelta(hours=1)),
        ("whenever", 503, None),
        ("never", 503, None),
        ("moved", 307, None),
    ],
)
def test_an_answer_is_told_as_it_is(
    receiver: Receiver, behaviour: str, status: int, wait: timedelta | None
) -> None:
    at = datetime(2026, 11, 30, 16, tzinfo=UTC)
    receipt = sender(receiver).send(receiver.url(behaviour), [new_secret()], ID, at, BODY)
    assert (receipt.status, receipt.fault, receipt.wait) == (status, None, wait)


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    sender(receiver).send(receiver.url("moved-here"), [new_secret()], ID, now(), BODY)
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    ("behaviour", "fault"),
    [("closes", Fault.FAILED), ("slow", Fault.SLOW), ("drips", Fault.SLOW)],
)
def test_no_answer_is_told_by_its_kind(receiver: Receiver, behaviour: str, fault: Fault) -> None:
    receipt = sender(receiver).send(receiver.url(behaviour), [new_secret()], ID, now(), BODY)
    assert (receipt.status, receipt.fault) == (None, fault)


@pytest.mark.parametrize(
    "url", ["https://localhost/in", "https://10.0.0.1/in", "http://partner.example/in"]
)
def test_nothing_is_sent_to_private_networks_or_in_clear(url: str) -> None:
    receipt = WebhookSender().send(url, [new_secret()], ID, now(), BODY)
    assert (receipt.status, receipt.fault) == (None, Fault.REFUSED)
