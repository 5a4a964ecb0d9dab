"""What a transaction remembers, and what a look inside of one leaves alone."""

from sqlalchemy import Engine, select
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


def test_a_look_inside_of_a_transaction_sees_what_that_has_written(session: Session) -> None:
    with transaction(session):
        session.add(a_setting("a"))
        session.flush()
        with look(session):
            assert names(session) == ["a"]
