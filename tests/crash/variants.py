"""Hubs that are broken on purpose: `python -m tests.crash.variants NAME serve …`.

Each does in two steps what the product does in one, with a moment in between in which it may die.
They show that the checks of this folder find what they look for.
"""

import sys
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from json import dumps
from time import sleep
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub import cli, worker
from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import IdempotentAnswer, ReferralEvent
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.event_order import in_order
from referral_hub.use_cases import answer_once, deliver_webhooks, hand_on_events
from referral_hub.use_cases.transaction import transaction
from referral_hub.web import api

MOMENT = 0.2


def keep_answers_afterwards() -> None:
    """The answer is kept in a transaction of its own, after the one that did it."""

    def answer(
        session: Session, actor: Actor, vault: Vault, key: str, request: bytes,
        act: Callable[[], answer_once.Answer], *, now: datetime,
    ) -> answer_once.Answer:  # fmt: skip
        key_hash = sha256(f"{actor_label(actor)}\n{key}".encode()).digest()
        if answer_once._known(session, key_hash) is not None:
            return answer_once.answer_once(session, actor, vault, key, request, act, now=now)
        given = act()
        sleep(MOMENT)
        with transaction(session):
            row = IdempotentAnswer(
                key_hash=key_hash, request_hash=sha256(request).digest(), status=given.status,
                answer_sealed=b"", created_at=now,
            )  # fmt: skip
            session.add(row)
            session.flush()
            text = dumps({"body": given.body, "headers": given.headers})
            row.answer_sealed = vault.seal(answer_once.SEALED, str(row.id), text)
        return given

    api.answer_once = answer


def hand_on_before_writing() -> None:
    """An event has its place, and so is handed on, before its deliveries are written."""

    def hand_on(session: Session, actor: Actor, *, now: datetime) -> int:
        with transaction(session):
            events = in_order(hand_on_events._batch(session, now))
            position = session.scalar(select(func.max(ReferralEvent.position))) or 0
            for number, event in enumerate(events, position + 1):
                event.position = number
            ids = [event.id for event in events]
        if ids:
            sleep(5 * MOMENT)  # many at once, and rarely: the moment must be hit all the same
        with transaction(session):
            for event_id in ids:
                hand_on_events._hand_on(session, session.get_one(ReferralEvent, event_id), now)
        return len(ids)

    worker.hand_on_events = hand_on


def mark_before_sending() -> None:
    """A delivery counts as delivered before it is sent."""
    lease, send = deliver_webhooks._lease, deliver_webhooks._send

    def marked(session: Session, actor: Actor, delivery: Any, *others: Any) -> Any:
        leased = lease(session, actor, delivery, *others)
        if leased is not None:
            delivery.delivered_at, delivery.due_at = delivery.created_at, None
        return leased

    def later(*arguments: Any) -> Any:
        sleep(MOMENT)
        return send(*arguments)

    deliver_webhooks._lease, deliver_webhooks._send = marked, later


VARIANTS = {
    "answers-kept-afterwards": keep_answers_afterwards,
    "handed-on-before-written": hand_on_before_writing,
    "marked-before-sent": mark_before_sending,
}

if __name__ == "__main__":
    VARIANTS[sys.argv.pop(1)]()
    cli.main()
