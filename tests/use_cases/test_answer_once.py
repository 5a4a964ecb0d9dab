"""A request that is sent again is answered alike, and done once."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from referral_hub.models import Agency, IdempotentAnswer
from referral_hub.rules.actor import Application, Person
from referral_hub.rules.errors import Conflict, InvalidInput, KeyReused, NotPermitted
from referral_hub.use_cases.answer_once import Answer, answer_once
from referral_hub.use_cases.transaction import transaction
from tests.referral_world import VAULT
from tests.threads import at_once

NOW = datetime(2026, 11, 30, tzinfo=UTC)
ONE = Application("one", UUID(int=1), frozenset())
OTHER = Application("other", UUID(int=2), frozenset())


def adding(session: Session, name: str | None = None) -> Callable[[], Answer]:
    """A use case that adds an agency, and what is answered to it."""

    def act() -> Answer:
        agency = Agency(
            id=uuid4(), name=name or str(uuid4()), status="partner", created_at=NOW,
            status_since=NOW,
        )  # fmt: skip
        with transaction(session):
            session.add(agency)
        return Answer(201, {"id": str(agency.id)}, {"ETag": '"1"'})

    return act


def ask(session: Session, act: Callable[[], Answer], **changed: object) -> Answer:
    """Ask as the first application, with the key "k"."""
    values = {"actor": ONE, "key": "k", "request": b"POST /x {}", **changed}
    return answer_once(
        session, values["actor"], VAULT, values["key"], values["request"], act, now=NOW
    )  # type: ignore[arg-type]


def agencies(session: Session) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(Agency)) or 0


def test_asked_again_it_answers_alike_and_does_nothing(session: Session) -> None:
    first = ask(session, adding(session))
    assert ask(session, adding(session)) == first
    assert agencies(session) == 1


def test_another_key_or_another_caller_is_another_request(session: Session) -> None:
    ask(session, adding(session))
    ask(session, adding(session), key="k2")
    ask(session, adding(session), actor=OTHER)
    assert agencies(session) == 3


def test_a_key_that_came_with_another_request_is_refused(session: Session) -> None:
    ask(session, adding(session))
    with pytest.raises(KeyReused):
        ask(session, adding(session), request=b"POST /y {}")
    assert agencies(session) == 1


def test_what_failed_can_be_tried_again_with_the_same_key(session: Session) -> None:
    def fail() -> Answer:
        adding(session)()
        raise Conflict("Not now.")

    with pytest.raises(Conflict):
        ask(session, fail)
    assert agencies(session) == 0
    ask(session, adding(session))
    assert agencies(session) == 1


def test_a_crash_before_the_end_leaves_neither_change_nor_answer(session: Session) -> None:
    def die() -> Answer:
        adding(session)()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(session, die)
    assert agencies(session) == 0
    assert session.scalars(select(IdempotentAnswer)).all() == []


def test_twenty_at_once_act_once_and_hear_the_same(engine: Engine) -> None:
    def once(_number: int) -> Answer:
        with Session(engine) as session:
            return ask(session, adding(session, "Only one"))

    answers = at_once(20, once)
    assert len({str(answer) for answer in answers}) == 1
    with Session(engine) as session:
        assert agencies(session) == 1


@pytest.mark.parametrize("key", ["", "k" * 256, "k\n", "ключ"])
def test_a_key_that_cannot_be_used_is_refused(session: Session, key: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask(session, adding(session), key=key)
    assert "Idempotency-Key" in refused.value.fields


def test_the_answer_is_sealed(session: Session) -> None:
    ask(session, lambda: Answer(200, {"name": "Rosa Quintero"}, {}))
    row = session.scalars(select(IdempotentAnswer)).one()
    assert b"Quintero" not in row.answer_sealed


def test_only_applications_repeat_themselves(session: Session) -> None:
    with pytest.raises(NotPermitted):
        ask(session, adding(session), actor=Person(uuid4(), None, frozenset()))
