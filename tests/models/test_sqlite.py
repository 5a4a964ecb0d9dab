"""The embedded database is durable, checked and patient."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session


@pytest.mark.parametrize(
    ("setting", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 15000)],
)
def test_every_connection_has_the_settings(sqlite_url: str, setting: str, value: object) -> None:
    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {setting}").scalar() == value
    engine.dispose()


def test_a_key_to_nothing_is_refused(sqlite_session: Session) -> None:
    orphan = "INSERT INTO service_need (service_id, need_code, basis) VALUES ('x','y','stated')"
    with pytest.raises(IntegrityError):
        sqlite_session.execute(text(orphan))
