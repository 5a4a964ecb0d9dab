"""What migrations do with rows that are there already, on the way up and back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import JSON, column, create_engine, inspect, literal, table, text
from sqlalchemy.exc import IntegrityError

from referral_hub.extensions import db, migrate
from tests.conftest import MIGRATIONS, POSTGRES_URL
from tests.postgres import INSTALL_HINT

THEN = datetime(2026, 11, 2, 15, tzinfo=UTC)
LATER = datetime(2026, 11, 9, 15, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgres"])
def hub(request: pytest.FixtureRequest, tmp_path: Path, worker_name: str) -> Iterator[Flask]:
    """A hub over a database of this test without any table."""
    if request.param == "sqlite":
        with _hub(f"sqlite:///{tmp_path / 'steps.sqlite3'}") as app:
            yield app
        return
    server = os.environ.get(POSTGRES_URL)
    if server is None:
        pytest.skip(INSTALL_HINT)
    name = f"steps_{worker_name}"
    admin = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
        with _hub(f"{server}/{name}") as app:
            yield app
        connection.execute(text(f"DROP DATABASE {name}"))
    admin.dispose()


@contextmanager
def _hub(url: str) -> Iterator[Flask]:
    app = Flask("migration")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS))
    with app.app_context():
        yield app
        db.engine.dispose()


def add(name: str, /, **values: object) -> None:
    """A row of a table as it is now."""
    columns = [
        column(each, JSON() if isinstance(value, dict) else literal(value).type)
        for each, value in values.items()
    ]
    with db.engine.begin() as connection:
        connection.execute(table(name, *columns).insert().values(values))


def rows_of(name: str) -> list[dict[str, Any]]:
    with db.engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()]


def columns_of(name: str) -> set[str]:
    return {column["name"] for column in inspect(db.engine).get_columns(name)}


def an_agency() -> tuple[UUID, UUID, UUID]:
    """An agency with a team and a person."""
    agency, team, person = uuid4(), uuid4(), uuid4()
    add(
        "agency", id=agency, name="Harbor", status="partner", victim_services=False,
        status_since=THEN, created_at=THEN,
    )  # fmt: skip
    add("team", id=team, agency_id=agency, name="Day", created_at=THEN)
    sealed = {"name_sealed": b"x", "email_sealed": b"x", "email_index": b"x"}
    add("person", id=person, **sealed, created_at=THEN)
    return agency, team, person


def a_client(agency: UUID, team: UUID, **more: object) -> UUID:
    made = uuid4()
    add(
        "client", id=made, agency_id=agency, team_id=team, profile_sealed=b"x", version=1,
        opened_at=THEN, changed_at=THEN, **more,
    )  # fmt: skip
    return made


def _id(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def test_who_has_a_case_had_it_from_its_start(hub: Flask) -> None:
    upgrade(revision="0019")
    agency, team, person = an_agency()
    open_one = a_client(agency, team, worker_id=person)
    closed = a_client(agency, team, closed_at=LATER, closed_reason="moved")
    upgrade(revision="0020")
    found = {_id(row["client_id"]): row for row in rows_of("case_assignment")}
    assert set(found) == {open_one, closed}
    assert {_id(row["team_id"]) for row in found.values()} == {team}
    assert _id(found[open_one]["worker_id"]) == person
    assert found[open_one]["until"] is None
    assert (found[closed]["worker_id"], found[closed]["until"] is None) == (None, False)
    assert found[closed]["since"] < found[closed]["until"]


def test_signals_begin_anew_where_each_waits_for_itself_and_days_stay(hub: Flask) -> None:
    upgrade(revision="0021")
    agency, _, person = an_agency()
    key = {"agency_id": agency, "worker_id": person}
    add("caseload_signal", **key, shown_at=THEN)
    add("caseload_day", **key, day=date(2026, 11, 2), cases=3, points=19.5, trauma=2)
    upgrade()
    assert rows_of("caseload_signal") == []
    assert [(row["cases"], row["points"]) for row in rows_of("caseload_day")] == [(3, 19.5)]
    assert "trauma" not in columns_of("caseload_day")
    for reason in ("load", "trauma"):
        add("caseload_signal", **key, reason=reason, shown_at=THEN)
    downgrade(revision="0021")
    assert rows_of("caseload_signal") == []
    assert "reason" not in columns_of("caseload_signal")
    assert [row["trauma"] for row in rows_of("caseload_day")] == [0]
    upgrade()
    assert len(rows_of("caseload_day")) == 1


def a_cycle(person: UUID, measured: str) -> UUID:
    """An improvement with a mark and a line in its log."""
    made = uuid4()
    add(
        "improvement_cycle", id=made, author_id=person, stage="do", title_sealed=b"x",
        aim_sealed=b"x", change_sealed=b"x", measured=measured, conditions={}, every="week",
        drawn="control", baseline_on=date(2026, 11, 2), version=1, opened_at=THEN,
        changed_at=THEN,
    )  # fmt: skip
    of = {"id": made, "cycle_id": made, "author_id": person, "recorded_at": THEN}
    add("improvement_mark", **of, day=date(2026, 11, 2), words_sealed=b"x")
    add("improvement_note", **of, stage="do", text_sealed=b"x")
    return made


def test_improvements_keep_their_marks_and_logs_when_they_learn_a_measure(hub: Flask) -> None:
    tables = ("improvement_cycle", "improvement_mark", "improvement_note")
    upgrade(revision="0023")
    _, _, person = an_agency()
    kept = a_cycle(person, "completion")
    with pytest.raises(IntegrityError):
        a_cycle(person, "client_confirmed")
    upgrade(revision="0024")
    a_cycle(person, "client_confirmed")
    with pytest.raises(IntegrityError):
        a_cycle(person, "luck")
    assert [len(rows_of(name)) for name in tables] == [2, 2, 2]
    downgrade(revision="0023")
    assert [[_id(row["id"]) for row in rows_of(name)] for name in tables] == [[kept]] * 3
