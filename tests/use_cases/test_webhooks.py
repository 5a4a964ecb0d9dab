"""An agency's administrators say where news goes, and see what came of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from referral_hub.gateways.webhooks import Receipt
from referral_hub.models import AuditRow, Webhook, WebhookDelivery
from referral_hub.rules.actor import Application, Person
from referral_hub.rules.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    NotPermitted,
    TooManyTries,
)
from referral_hub.rules.webhooks import MOST_WEBHOOKS, ROTATION, DeliveryState, Fault
from referral_hub.use_cases.deliver_webhooks import Outlet, deliver_webhooks
from referral_hub.use_cases.replay_webhooks import replay_delivery, replay_since
from referral_hub.use_cases.webhooks import (
    TESTS,
    add_webhook,
    delete_webhook,
    disable_webhook,
    enable_webhook,
    list_webhooks,
    renew_secret,
    send_test,
    show_webhook,
)
from tests.delivery_world import (
    HUB,
    SECRET,
    FakeSender,
    Story,
    a_story,
    a_webhook,
    hand_on,
    rows,
)
from tests.referral_world import NOW, VAULT, World, a_world

START = NOW + timedelta(hours=1)
URL = "https://partner.example/in"
NOWHERE: frozenset[str] = frozenset()


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


@pytest.fixture
def admin(world: World) -> Person:
    return world.receiver.administrator


@pytest.fixture
def agency(world: World) -> UUID:
    return world.receiver.agency_id


@pytest.fixture
def webhook(session: Session, world: World) -> UUID:
    return a_webhook(session, world.receiver)


@pytest.fixture
def story(session: Session, world: World) -> Story:
    made = a_story(session, world)
    made.sent()
    made.accepted()
    return made


def deliver_all(session: Session, sender: FakeSender, now: Any = START) -> list[str]:
    outlet = Outlet(sender, "https://hub.example")
    while deliver_webhooks(session, HUB, VAULT, outlet, now=now, luck=0.5):
        pass
    return sender.types


def states(session: Session, admin: Person, agency: UUID, webhook: UUID) -> list[DeliveryState]:
    _, log = show_webhook(session, admin, agency, webhook, VAULT, now=START)
    return [each.state for each in log.deliveries]


def test_a_webhook_is_added_and_its_secret_is_shown_once_and_sealed(
    session: Session, admin: Person, agency: UUID
) -> None:
    made = add_webhook(session, admin, agency, VAULT, URL, ["accept"], NOWHERE, now=NOW)
    (view,) = list_webhooks(session, admin, agency)
    assert (view.id, view.url, view.kinds, view.waiting) == (made.webhook_id, URL, ("Accept",), 0)
    (row,) = rows(session, Webhook)
    assert made.secret.encode() not in row.secret_sealed
    assert made.secret not in repr(view)
    sender = FakeSender()
    send_test(session, admin, agency, made.webhook_id, VAULT, sender, now=NOW)
    assert sender.sent[0]["secrets"] == [made.secret]
    assert [each.action for each in rows(session, AuditRow)] == ["webhook:add", "webhook:test"]


@pytest.mark.parametrize(
    "url",
    [
        "http://partner.example/in", "ftp://partner.example", "nonsense", "https://",
        "https://partner.example:8443/in", "https://user:pw@partner.example/", "https://a b",
        "https://partner.example/" + "x" * 2000,
    ],
)  # fmt: skip
def test_an_address_that_is_not_sent_to_is_refused(
    session: Session, admin: Person, agency: UUID, url: str
) -> None:
    with pytest.raises(InvalidInput) as raised:
        add_webhook(session, admin, agency, VAULT, url, [], NOWHERE, now=NOW)
    assert set(raised.value.fields) == {"url"}
    assert rows(session, Webhook) == []


def test_there_are_not_too_many(
    session: Session, world: World, admin: Person, agency: UUID
) -> None:
    for _ in range(MOST_WEBHOOKS):
        a_webhook(session, world.receiver)
    with pytest.raises(Conflict):
        add_webhook(session, admin, agency, VAULT, URL, [], NOWHERE, now=NOW)


def test_while_the_secret_changes_both_sign_for_a_day(
    session: Session, admin: Person, agency: UUID, webhook: UUID
) -> None:
    fresh = renew_secret(session, admin, agency, webhook, VAULT, now=NOW).secret
    view, _ = show_webhook(session, admin, agency, webhook, VAULT, now=NOW)
    assert view.old_secret_until == NOW + ROTATION
    for now, secrets in (
        (NOW, [fresh, SECRET]),
        (NOW + ROTATION - timedelta(seconds=1), [fresh, SECRET]),
        (NOW + ROTATION, [fresh]),
    ):
        sender = FakeSender()
        send_test(session, admin, agency, webhook, VAULT, sender, now=now)
        assert sender.sent[0]["secrets"] == secrets
    newest = renew_secret(session, admin, agency, webhook, VAULT, now=NOW).secret
    sender = FakeSender()
    send_test(session, admin, agency, webhook, VAULT, sender, now=NOW)
    assert sender.sent[0]["secrets"] == [newest, fresh]


def test_what_is_switched_off_waits_and_goes_out_when_it_is_switched_on(
    session: Session, admin: Person, agency: UUID, webhook: UUID, story: Story
) -> None:
    hand_on(session)
    disable_webhook(session, admin, agency, webhook, now=START)
    assert deliver_all(session, FakeSender()) == []
    view, _ = show_webhook(session, admin, agency, webhook, VAULT, now=START)
    assert (view.disabled_because, view.waiting) == ("Switched off by an administrator", 2)
    enable_webhook(session, admin, agency, webhook, now=START)
    assert deliver_all(session, FakeSender()) == ["referral.send", "referral.accept"]


def test_what_happened_while_it_was_off_comes_by_replay(
    session: Session, admin: Person, agency: UUID, webhook: UUID, story: Story
) -> None:
    disable_webhook(session, admin, agency, webhook, now=NOW)
    hand_on(session)
    assert rows(session, WebhookDelivery) == []
    with pytest.raises(Conflict):
        replay_since(session, admin, agency, webhook, NOW, now=START)
    enable_webhook(session, admin, agency, webhook, now=START)
    assert replay_since(session, admin, agency, webhook, NOW, now=START) == 2
    assert deliver_all(session, FakeSender()) == ["referral.send", "referral.accept"]


def test_a_replay_keeps_ids_and_asks_for_consent_again(
    session: Session, world: World, admin: Person, agency: UUID, webhook: UUID
) -> None:
    story = a_story(session, world)
    story.sent()
    hand_on(session)
    first, second = FakeSender(), FakeSender()
    deliver_all(session, first)
    assert replay_since(session, admin, agency, webhook, NOW, now=START) == 1
    deliver_all(session, second)
    assert [each["id"] for each in first.sent] == [each["id"] for each in second.sent]
    (line,) = show_webhook(session, admin, agency, webhook, VAULT, now=START)[1].deliveries
    assert (line.tries, line.state, line.last_status) == (2, DeliveryState.DELIVERED, 200)
    story.revoke(START)
    replay_since(session, admin, agency, webhook, NOW, now=START)
    assert deliver_all(session, FakeSender()) == []
    assert states(session, admin, agency, webhook) == [DeliveryState.WITHHELD]


def test_one_message_is_sent_again_and_the_others_are_not(
    session: Session, admin: Person, agency: UUID, webhook: UUID, story: Story
) -> None:
    hand_on(session)
    deliver_all(session, FakeSender())
    _, log = show_webhook(session, admin, agency, webhook, VAULT, now=START)
    assert [each.type for each in log.deliveries] == ["referral.accept", "referral.send"]
    replay_delivery(session, admin, agency, webhook, log.deliveries[1].id, now=START)
    assert deliver_all(session, FakeSender()) == ["referral.send"]


def test_a_replay_tells_nothing_of_drafts_nor_of_others(
    session: Session, world: World, story: Story
) -> None:
    a_story(session, world)  # a draft
    webhook = a_webhook(session, world.stranger)
    mine = a_webhook(session, world.sender, kinds=["accept"])
    hand_on(session)
    stranger, sender = world.stranger, world.sender
    assert replay_since(
        session, stranger.administrator, stranger.agency_id, webhook, NOW, now=START
    ) == 0  # fmt: skip
    assert replay_since(
        session, sender.administrator, sender.agency_id, mine, NOW, now=START
    ) == 1  # fmt: skip


def test_a_replay_from_the_future_is_refused(
    session: Session, admin: Person, agency: UUID, webhook: UUID
) -> None:
    with pytest.raises(InvalidInput) as raised:
        replay_since(session, admin, agency, webhook, START + timedelta(days=1), now=START)
    assert set(raised.value.fields) == {"since"}


def test_the_log_tells_tries_states_and_the_next_try(
    session: Session, admin: Person, agency: UUID, webhook: UUID, story: Story
) -> None:
    hand_on(session)
    deliver_all(session, FakeSender([Receipt(None, Fault.SLOW, 10_000)]))
    _, log = show_webhook(session, admin, agency, webhook, VAULT, now=START)
    waiting, failed = log.deliveries
    assert (waiting.tries, waiting.state, waiting.last_at) == (0, DeliveryState.WAITING, None)
    assert (failed.tries, failed.last_fault) == (1, "No answer in time")
    assert failed.next_try == START + timedelta(seconds=5)
    with pytest.raises(NotFound):
        show_webhook(session, admin, agency, webhook, VAULT, 2, now=START)


def test_what_is_deleted_is_gone_and_its_secret_with_it(
    session: Session, admin: Person, agency: UUID, webhook: UUID, story: Story
) -> None:
    hand_on(session)
    delete_webhook(session, admin, agency, webhook, VAULT, now=START)
    assert list_webhooks(session, admin, agency) == ()
    assert deliver_all(session, FakeSender()) == []
    (row,) = rows(session, Webhook)
    assert SECRET not in VAULT.open("webhook.secret", webhook, row.secret_sealed)
    with pytest.raises(NotFound):
        show_webhook(session, admin, agency, webhook, VAULT, now=START)
    story.happens("start")
    hand_on(session)
    assert len(rows(session, WebhookDelivery)) == 2


def test_a_test_message_says_what_came_and_counts_for_nothing(
    session: Session, admin: Person, agency: UUID, webhook: UUID
) -> None:
    sender = FakeSender([Receipt(410, None, 1)])
    assert send_test(session, admin, agency, webhook, VAULT, sender, now=NOW).status == 410
    assert sender.types == ["webhook.test"]
    assert sender.sent[0]["data"] == {}
    (row,) = rows(session, Webhook)
    assert (row.failing_since, row.disabled_at) == (None, None)


def test_tests_are_limited_so_that_nobody_is_flooded(
    session: Session, admin: Person, agency: UUID, webhook: UUID
) -> None:
    sender = FakeSender()
    for _ in range(TESTS.tries):
        send_test(session, admin, agency, webhook, VAULT, sender, now=NOW)
    with pytest.raises(TooManyTries):
        send_test(session, admin, agency, webhook, VAULT, sender, now=NOW)
    assert len(sender.sent) == TESTS.tries


Act = Callable[[Session, Any, UUID, UUID], object]
ACTS: dict[str, Act] = {
    "list": lambda s, who, agency, _: list_webhooks(s, who, agency),
    "add": lambda s, who, agency, _: add_webhook(
        s, who, agency, VAULT, URL, [], NOWHERE, now=NOW
    ),
    "show": lambda s, who, agency, it: show_webhook(s, who, agency, it, VAULT, now=NOW),
    "renew": lambda s, who, agency, it: renew_secret(s, who, agency, it, VAULT, now=NOW),
    "disable": lambda s, who, agency, it: disable_webhook(s, who, agency, it, now=NOW),
    "enable": lambda s, who, agency, it: enable_webhook(s, who, agency, it, now=NOW),
    "delete": lambda s, who, agency, it: delete_webhook(s, who, agency, it, VAULT, now=NOW),
    "test": lambda s, who, agency, it: send_test(s, who, agency, it, VAULT, FakeSender(), now=NOW),
    "replay": lambda s, who, agency, it: replay_delivery(s, who, agency, it, uuid4(), now=NOW),
    "since": lambda s, who, agency, it: replay_since(s, who, agency, it, NOW, now=NOW),
}  # fmt: skip


@pytest.mark.parametrize("name", ACTS)
def test_only_administrators_of_the_agency_manage_its_webhooks(
    session: Session, world: World, agency: UUID, webhook: UUID, name: str
) -> None:
    for worker in (world.receiver.case_manager, world.receiver.supervisor, world.steward):
        with pytest.raises(NotPermitted):
            ACTS[name](session, worker, agency, webhook)
    stranger = world.stranger
    with pytest.raises(NotFound):
        ACTS[name](session, stranger.administrator, agency, webhook)
    if name not in ("list", "add"):
        with pytest.raises(NotFound):
            ACTS[name](session, stranger.administrator, stranger.agency_id, webhook)
    (row,) = rows(session, Webhook)
    assert (row.disabled_at, row.deleted_at) == (None, None)


def test_a_system_of_the_agency_with_the_scope_manages_them_too(
    session: Session, agency: UUID, webhook: UUID
) -> None:
    system = Application("sync", agency, frozenset({"webhooks.manage"}))
    assert [each.id for each in list_webhooks(session, system, agency)] == [webhook]
    with pytest.raises(NotPermitted):
        list_webhooks(session, Application("sync", agency, frozenset()), agency)


def test_a_secret_that_cannot_be_opened_can_be_made_anew(
    session: Session, admin: Person, agency: UUID, webhook: UUID
) -> None:
    session.get_one(Webhook, webhook).secret_sealed = b"damaged"
    session.commit()
    sender = FakeSender()
    receipt = send_test(session, admin, agency, webhook, VAULT, sender, now=NOW)
    assert (receipt.fault, sender.sent) == (Fault.SEALED, [])
    show_webhook(session, admin, agency, webhook, VAULT, now=NOW)
    fresh = renew_secret(session, admin, agency, webhook, VAULT, now=NOW).secret
    send_test(session, admin, agency, webhook, VAULT, sender, now=NOW)
    assert sender.sent[0]["secrets"] == [fresh]
