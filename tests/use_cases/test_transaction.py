"""What a transaction remembers, and what a look inside of one leaves alone."""

import pytest
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import Session

from referral_hub.models import NetworkSetting
from referral_hub.use_cases.transaction import found_once, let_go, look, transaction
from tests.conftest import NOW


def a_setting(name: str) -> NetworkSetting:
    return NetworkSetting(name=name, value=1, changed_by="test", changed_at=NOW)


def names(session: Session) -> list[str]:
    return list(session.scalars(select(NetworkSetting.name).order_by(NetworkSetting.name)))


def test_what_was_found_is_not_asked_again_before_the_transaction_ends(session: Session) -> None:
    asked = []

    def find() -> int:
        asked.append(1)
        return len(asked)

    for expected in (1, 2):
        with transaction(session):
            assert found_once(session, "this", find) == expected
            with transaction(session):
                assert found_once(session, "this", find) == expected
    assert [found_once(session, "this", find) for _ in range(2)] == [3, 4]


def test_a_transaction_that_failed_remembers_nothing(session: Session) -> None:
    try:
        with transaction(session):
            found_once(session, "this", lambda: "old")
            raise RuntimeError
    except RuntimeError:
        pass
    with transaction(session):
        assert found_once(session, "this", lambda: "new") == "new"


def test_a_look_inside_of_a_transaction_ends_nothing(session: Session) -> None:
    with transaction(session):
        session.add(a_setting("a"))
        session.flush()
        let_go(session)
        session.add(a_setting("b"))
    assert names(session) == ["a", "b"]


def test_a_look_by_itself_lets_go(session: Session) -> None:
    assert names(session) == []
    assert session.in_transaction()
    let_go(session)
    assert not session.in_transaction()


def test_a_look_sees_one_moment_whatever_others_write(session: Session, engine: Engine) -> None:
    with look(session):
        assert names(session) == []
        with Session(engine) as other, transaction(other):
            other.add(a_setting("late"))
        assert names(session) == []
    assert names(session) == ["late"]


def test_what_comes_after_a_look_has_the_usual_isolation(session: Session, engine: Engine) -> None:
    """Also whoever gets the connection next from the pool."""
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one isolation")
    with look(session):
        assert isolation(session.connection()) == "repeatable read"
        looked_by = process(session.connection())
    with transaction(session):
        assert isolation(session.connection()) == "read committed"
        assert process(session.connection()) == looked_by
    with look(session):
        pass
    session.close()
    with engine.connect() as connection:
        assert isolation(connection) == "read committed"
        assert process(connection) == looked_by


def isolation(connection: Connection) -> str:
    return str(connection.scalar(text("SHOW transaction_isolation")))


def process(connection: Connection) -> object:
    """Which connection it is, by the server."""
    return connection.scalar(text("SELECT pg_backend_pid()"))


def test_a_look_inside_of_a_transaction_sees_what_that_has_written(session: Session) -> None:
    with transaction(session):
        session.add(a_setting("a"))
        session.flush()
        with look(session):
            assert names(session) == ["a"]
