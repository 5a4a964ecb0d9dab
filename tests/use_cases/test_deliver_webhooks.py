"""Every event reaches a webhook at least once, signed and in order; what may not leave does not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Lock, Thread
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.webhooks import Receipt, WebhookSender
from referral_hub.models import (
    Agency,
    AuditRow,
    Consent,
    Referral,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
)
from referral_hub.rules.errors import NotPermitted
from referral_hub.rules.referral_lifecycle import Move, Part, Status
from referral_hub.rules.referrals import Fact
from referral_hub.rules.webhooks import LEASE, PATIENCE, WAITS, Fault
from referral_hub.use_cases.deliver_webhooks import Outlet, Sender, _due, deliver_webhooks
from referral_hub.use_cases.webhooks import delete_webhook
from tests.delivery_world import (
    HUB,
    SECRET,
    FakeSender,
    Story,
    a_story,
    a_webhook,
    hand_on,
    mails,
    rows,
)
from tests.receiver import receiving
from tests.referral_world import NOW, VAULT, World, a_world

START = NOW + timedelta(hours=1)
BROKEN = Receipt(500, None, 3)


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


@pytest.fixture
def story(session: Session, world: World) -> Story:
    return a_story(session, world)


@pytest.fixture
def webhook(session: Session, world: World) -> UUID:
    """A webhook of the receiving agency."""
    return a_webhook(session, world.receiver)


def deliver(
    session: Session, sender: Sender, now: datetime = START,
    vault: Vault = VAULT,
) -> bool:  # fmt: skip
    outlet = Outlet(sender, "https://hub.example/")
    return deliver_webhooks(session, HUB, vault, outlet, now=now, luck=0.5)


def deliver_all(session: Session, sender: Sender, now: datetime = START) -> None:
    while deliver(session, sender, now):
        pass


def the_delivery(session: Session) -> WebhookDelivery:
    (found,) = rows(session, WebhookDelivery)
    return found  # type: ignore[no-any-return]


def test_an_event_is_delivered_once_with_ids_and_a_status(
    session: Session, story: Story, webhook: UUID
) -> None:
    event = story.sent()
    hand_on(session)
    sender = FakeSender()
    deliver_all(session, sender)
    assert not deliver(session, sender, START + timedelta(days=9))
    (message,) = sender.sent
    assert message["url"] == "https://partner.example/in"
    assert message["secrets"] == [SECRET]
    assert message["type"] == "referral.send"
    assert message["timestamp"] == event.recorded_at.isoformat()
    assert message["data"] == {
        "referral_id": str(story.referral.id), "seq": 2, "status": "sent",
        "link": f"https://hub.example/referrals/{story.referral.id}",
    }  # fmt: skip
    delivery = the_delivery(session)
    assert (delivery.id, delivery.delivered_at, delivery.due_at) == (message["id"], START, None)
    (attempt,) = rows(session, WebhookAttempt)
    assert (attempt.status, attempt.fault, attempt.milliseconds) == (200, None, 5)


def test_what_fails_is_tried_again_under_the_same_id_and_then_given_up(
    session: Session, story: Story, webhook: UUID
) -> None:
    story.sent()
    hand_on(session)
    sender = FakeSender([BROKEN] * 10)
    at = START
    for wait in WAITS:
        assert deliver(session, sender, at)
        assert not deliver(session, sender, at + wait - timedelta(seconds=1))
        at += wait
    assert deliver(session, sender, at)
    assert not deliver(session, sender, at + timedelta(days=9))
    assert len({each["id"] for each in sender.sent}) == 1
    assert [each["at"] for each in sender.sent][-1] == at
    assert len(rows(session, WebhookAttempt)) == len(WAITS) + 1 == 10
    delivery = the_delivery(session)
    assert (delivery.due_at, delivery.delivered_at) == (None, None)
    assert [each.action for each in rows(session, AuditRow)][1:] == ["webhook:give-up"]


def test_a_receiver_that_asks_for_time_gets_it(
    session: Session, story: Story, webhook: UUID
) -> None:
    story.sent()
    hand_on(session)
    deliver(session, FakeSender([Receipt(429, None, 1, timedelta(hours=3))]))
    assert the_delivery(session).due_at == START + timedelta(hours=3)


def test_a_later_event_of_a_referral_waits_for_the_earlier_one_and_no_other_does(
    session: Session, world: World, story: Story, webhook: UUID
) -> None:
    other = a_story(session, world)
    story.sent()
    story.accepted()
    other.sent(at=NOW + timedelta(minutes=50))
    hand_on(session)
    sender = FakeSender([BROKEN])
    deliver_all(session, sender)
    told = [each["data"]["referral_id"] for each in sender.sent]
    assert told == [str(story.referral.id), str(other.referral.id)]
    deliver_all(session, sender, START + WAITS[0])
    assert [each["data"]["seq"] for each in sender.sent] == [2, 2, 2, 3]


def test_after_one_was_given_up_the_next_ones_go(
    session: Session, story: Story, webhook: UUID
) -> None:
    story.sent()
    story.accepted()
    hand_on(session)
    sender = FakeSender([BROKEN] * 10)
    at = START
    for wait in (*WAITS, timedelta()):
        deliver(session, sender, at)
        at += wait
    deliver_all(session, sender, at)
    assert [each["data"]["seq"] for each in sender.sent] == [2] * 10 + [3]


def test_a_worker_that_dies_before_the_mark_sends_again_under_the_same_id(
    session: Session, story: Story, webhook: UUID
) -> None:
    story.sent()
    hand_on(session)
    sender = FakeSender([SystemExit()])
    with pytest.raises(SystemExit):
        deliver(session, sender)
    session.close()
    assert not deliver(session, sender, START + LEASE - timedelta(seconds=1))
    assert deliver(session, sender, START + LEASE)
    assert not deliver(session, sender, START + timedelta(days=9))
    assert len(sender.sent) == 2
    assert len({each["id"] for each in sender.sent}) == 1
    assert the_delivery(session).delivered_at == START + LEASE


class Meanwhile(FakeSender):
    """Something else happens while the message is on its way; then the receiver fails."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__([BROKEN])
        self.act = act

    def send(self, *arguments: object) -> Receipt:
        self.act()
        return super().send(*arguments)  # type: ignore[arg-type]


def test_a_worker_that_is_late_does_not_undo_what_another_one_did(
    engine: Engine, session: Session, story: Story, webhook: UUID
) -> None:
    story.sent()
    hand_on(session)

    def deliver_too() -> None:
        with Session(engine) as other:
            assert deliver(other, FakeSender(), START + LEASE)

    assert deliver(session, Meanwhile(deliver_too))
    delivery = the_delivery(session)
    assert (delivery.delivered_at, delivery.due_at) == (START + LEASE, None)
    assert len(rows(session, WebhookAttempt)) == 2


def test_what_was_deleted_while_a_message_was_on_its_way_stays_deleted(
    engine: Engine, session: Session, world: World, story: Story, webhook: UUID
) -> None:
    story.sent()
    hand_on(session)
    admin = world.receiver.administrator

    def delete() -> None:
        with Session(engine) as other:
            agency_id = world.receiver.agency_id
            delete_webhook(other, admin, agency_id, webhook, VAULT, now=START)

    assert deliver(session, Meanwhile(delete))
    assert the_delivery(session).due_at is None


def test_a_database_that_fails_at_the_mark_loses_nothing(
    session: Session, story: Story, webhook: UUID
) -> None:
    story.sent()
    hand_on(session)

    class Cutting(FakeSender):
        """Ends the connection while the message is on its way."""

        def send(self, *arguments: object) -> Receipt:
            receipt = super().send(*arguments)  # type: ignore[arg-type]
            session.connection().invalidate()
            session.get_one = broken  # type: ignore[method-assign]
            return receipt

    def broken(*_: object, **__: object) -> object:
        raise OSError("the database is away")

    sender = Cutting()
    with pytest.raises(OSError, match="away"):
        deliver(session, sender)
    del session.get_one  # type: ignore[attr-defined]
    session.close()
    again = FakeSender()
    assert deliver(session, again, START + LEASE)
    assert again.sent[0]["id"] == sender.sent[0]["id"]


def test_five_days_of_failure_switch_it_off_and_tell_the_administrators(
    session: Session, world: World, story: Story, webhook: UUID
) -> None:
    story.sent()
    hand_on(session)
    deliver(session, FakeSender([BROKEN]))
    at = START + PATIENCE
    deliver(session, FakeSender([Receipt(None, Fault.SLOW, 9)]), at)
    row = session.get_one(Webhook, webhook)
    assert (row.disabled_at, row.disabled_because) == (at, "failing")
    assert mails(session) == [
        {
            "to": "agency_administrator@lawndale.example.org", "template": "webhook_disabled",
            "reason": "Switched off: nothing could be delivered for five days",
            "link": f"/agency/webhooks/{webhook}",
        }
    ]  # fmt: skip
    assert not deliver(session, FakeSender(), at + timedelta(days=9))
    assert the_delivery(session).due_at is not None


def test_one_success_in_between_starts_the_five_days_anew(
    session: Session, world: World, story: Story, webhook: UUID
) -> None:
    story.sent()
    other = a_story(session, world)
    other.sent()
    hand_on(session)
    sender = FakeSender([BROKEN])
    deliver_all(session, sender)
    assert session.get_one(Webhook, webhook).failing_since is None
    deliver(session, FakeSender([BROKEN]), START + PATIENCE)
    row = session.get_one(Webhook, webhook)
    assert (row.failing_since, row.disabled_at) == (START + PATIENCE, None)


def test_a_receiver_that_is_gone_is_switched_off_at_once(
    session: Session, story: Story, webhook: UUID
) -> None:
    story.sent()
    story.accepted()
    hand_on(session)
    sender = FakeSender([Receipt(410, None, 1)])
    deliver_all(session, sender, START)
    assert len(sender.sent) == 1
    assert session.get_one(Webhook, webhook).disabled_because == "gone"


def test_nothing_leaves_once_the_consent_is_revoked_but_that_it_was_withdrawn(
    session: Session, world: World, story: Story, webhook: UUID
) -> None:
    mine = a_webhook(session, world.sender, "https://sender.example/in")
    story.sent()
    hand_on(session)
    story.revoke(START)
    story.withdrawn()
    hand_on(session)
    sender = FakeSender()
    deliver_all(session, sender)
    told = {(each["url"], each["type"]) for each in sender.sent}
    assert told == {
        ("https://sender.example/in", "referral.send"),
        ("https://sender.example/in", "referral.withdraw"),
        ("https://partner.example/in", "referral.withdraw"),
    }
    withheld = [each for each in rows(session, WebhookDelivery) if each.withheld_at is not None]
    assert [each.webhook_id for each in withheld] == [webhook]
    assert withheld[0].due_at is None
    assert "webhook:withhold" in [each.action for each in rows(session, AuditRow)]
    assert mine != webhook


def change_consent(field: str, value: object) -> Callable[[Session, Story], None]:
    """Change the consent of a referral, past what keeps its terms as they were given."""

    def change(session: Session, story: Story) -> None:
        consent_id = session.get_one(Referral, story.referral.id).consent_id
        session.connection().execute(
            Consent.__table__.update().where(Consent.id == consent_id).values({field: value})
        )

    return change


def suspend(session: Session, story: Story) -> None:
    session.get_one(Agency, story.referral.to_agency_id).status = "suspended"


def send_elsewhere(session: Session, story: Story) -> None:
    stranger = story.world.stranger.agency_id
    session.get_one(Referral, story.referral.id).to_agency_id = stranger


@pytest.mark.parametrize(
    "change",
    [
        change_consent("revoked_at", NOW), change_consent("expires_at", START), suspend,
        send_elsewhere,
    ],
)  # fmt: skip
def test_what_changed_between_sending_and_delivery_withholds(
    session: Session, story: Story, webhook: UUID, change: Callable[[Session, Story], None]
) -> None:
    story.sent()
    hand_on(session)
    session.rollback()
    change(session, story)
    session.commit()
    sender = FakeSender()
    deliver_all(session, sender)
    assert sender.sent == []
    assert the_delivery(session).withheld_at == START


def test_after_acceptance_only_news_of_more_that_was_shared_needs_the_consent(
    session: Session, story: Story, webhook: UUID
) -> None:
    story.sent()
    story.accepted()
    hand_on(session)
    deliver_all(session, FakeSender())
    number = story.shared(story.world.sender.case_manager)
    story.happens(Fact.DISCLOSED, numbers=[number])
    story.happens(Move.START, Status.IN_PROGRESS, Part.RECEIVER)
    story.revoke(START)
    hand_on(session)
    sender = FakeSender()
    deliver_all(session, sender)
    assert sender.types == ["referral.start"]


def test_after_consent_was_taken_back_the_sender_hears_of_a_new_status_only(
    session: Session, story: Story
) -> None:
    a_webhook(session, story.world.sender)
    story.sent()
    story.accepted()
    hand_on(session)
    deliver_all(session, FakeSender())
    story.revoke(START)
    story.happens(Fact.CONSENT_REVOKED, part=Part.SYSTEM, at=START)
    for kind, status in ((Fact.CONTACTED, None), (Move.START, Status.IN_PROGRESS)):
        story.happens(kind, status, Part.RECEIVER, at=START)
    hand_on(session)
    sender = FakeSender()
    deliver_all(session, sender)
    assert sender.types == ["referral.consent_revoked", "referral.start"]


def test_a_secret_that_cannot_be_opened_is_a_failure_of_that_webhook_alone(
    session: Session, story: Story, webhook: UUID
) -> None:
    story.sent()
    hand_on(session)
    deliver(session, FakeSender(), vault=Vault({"other": b"o" * 32}))
    (attempt,) = rows(session, WebhookAttempt)
    assert attempt.fault == Fault.SEALED
    deliver(session, FakeSender(), START + WAITS[0])
    assert the_delivery(session).delivered_at is not None


def test_several_workers_deliver_each_event_once_and_in_order(engine: Engine, world: World) -> None:
    count, sent, lock, faulty = 8, [], Lock(), []
    with Session(engine) as session:
        a_webhook(session, world.receiver)
        for _ in range(count):
            story = a_story(session, world)
            story.sent()
            story.accepted()
        hand_on(session)
    ready = Barrier(3)

    class Shared(FakeSender):
        def send(self, *arguments: object) -> Receipt:
            receipt = super().send(*arguments)  # type: ignore[arg-type]
            with lock:
                sent.append(self.sent[-1])
            return receipt

    def work() -> None:
        try:
            with Session(engine) as own:
                ready.wait()
                waits = select(WebhookDelivery.id).where(WebhookDelivery.due_at.is_not(None))
                while own.scalars(waits).first() is not None:
                    own.rollback()
                    deliver(own, Shared())
        except Exception as error:  # the thread's own failure must fail the test
            faulty.append(error)

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faulty == []
    assert len(sent) == len({each["id"] for each in sent}) == count * 2
    for referral in {each["data"]["referral_id"] for each in sent}:
        seqs = [each["data"]["seq"] for each in sent if each["data"]["referral_id"] == referral]
        assert seqs == [2, 3]


@pytest.mark.parametrize(
    ("behaviour", "status", "fault"),
    [
        ("broken", 500, None), ("gone", 410, None), ("moved", 307, None),
        ("closes", None, "failed"), ("slow", None, "slow"), ("drips", None, "slow"),
    ],
)  # fmt: skip
def test_a_real_receiver_that_misbehaves_leaves_the_delivery_waiting(
    sqlite_session: Session, behaviour: str, status: int | None, fault: str | None
) -> None:
    session = sqlite_session
    world = a_world(session)
    with receiving() as receiver:
        a_webhook(session, world.receiver, receiver.url(behaviour))
        a_story(session, world).sent()
        hand_on(session)
        sender = WebhookSender(frozenset({receiver.host}), 0.3)
        assert deliver(session, sender)
        assert len(receiver.got) == 1
    (attempt,) = rows(session, WebhookAttempt)
    assert (attempt.status, attempt.fault) == (status, fault)
    delivery = the_delivery(session)
    assert delivery.due_at == START + WAITS[0]
    assert delivery.leased_until is None


def test_nobody_but_the_hub_itself_delivers(session: Session, world: World) -> None:
    outlet = Outlet(FakeSender(), "https://hub.example")
    with pytest.raises(NotPermitted):
        deliver_webhooks(session, world.steward, VAULT, outlet, now=NOW, luck=0.5)


def test_the_next_delivery_is_found_without_a_look_at_all_others(sqlite_session: Session) -> None:
    query = _due(NOW).compile(dialect=sqlite_session.get_bind().dialect)
    values = [1 if name.startswith("param") else str(NOW) for name in query.positiontup or ()]
    plan = sqlite_session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", tuple(values))
    found = [step for *_, step in plan if "webhook_delivery" in step]
    assert len(found) == 2
    assert "(due_at<?)" in found[0]
    assert "(webhook_id=? AND event_id=?)" in found[1]
