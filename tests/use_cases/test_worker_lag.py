"""How long work has waited for the worker."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from referral_hub.models import OutboxMessage, PendingIndex
from referral_hub.rules.actor import Anonymous
from referral_hub.use_cases.worker_lag import worker_lag
from tests.conftest import NOW

NONE = timedelta()


def ago(**time: int) -> datetime:
    return NOW - timedelta(**time)


def lag(session: Session) -> timedelta:
    return worker_lag(session, Anonymous(), now=NOW)


def a_message(session: Session, **values: Any) -> None:
    session.add(OutboxMessage(kind="mail", payload={}, created_at=ago(days=9), **values))
    session.commit()


def test_without_work_there_is_no_lag(session: Session) -> None:
    assert lag(session) == NONE


def test_the_oldest_message_that_is_due_counts_from_when_it_was_due(session: Session) -> None:
    a_message(session, due_at=ago(minutes=7))
    a_message(session, due_at=ago(minutes=2))
    assert lag(session) == timedelta(minutes=7)


def test_what_is_delivered_given_up_or_tried_again_later_waits_for_nobody(session: Session) -> None:
    a_message(session, due_at=None, delivered_at=ago(days=1))
    a_message(session, due_at=None)
    a_message(session, due_at=NOW + timedelta(hours=1))
    assert lag(session) == NONE


def test_what_a_worker_holds_counts_only_from_when_it_let_go(session: Session) -> None:
    a_message(session, due_at=ago(minutes=40), leased_until=NOW + timedelta(minutes=1))
    assert lag(session) == NONE
    a_message(session, due_at=ago(minutes=40), leased_until=ago(minutes=3))
    assert lag(session) == timedelta(minutes=3)


def test_a_service_that_waits_to_be_indexed_counts(session: Session) -> None:
    a_message(session, due_at=ago(minutes=2))
    session.add(PendingIndex(service_id=uuid4(), created_at=ago(hours=1)))
    session.add(PendingIndex(service_id=uuid4(), created_at=NOW + timedelta(hours=1)))
    session.commit()
    assert lag(session) == timedelta(hours=1)
