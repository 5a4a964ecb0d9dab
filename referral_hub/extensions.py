"""The unbound database extensions, and what every connection is told."""

import sqlite3
from typing import Any

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

SQLITE_SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what is sealed or deleted must not linger in the file
    "PRAGMA busy_timeout=15000",
    "PRAGMA cache_size=-32768",  # 32 MiB: random ids touch pages all over the file
)


class Base(DeclarativeBase):
    """What all tables share: one metadata with named constraints."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)
migrate = Migrate()


@event.listens_for(Engine, "connect")
def _configure_sqlite(connection: Any, _record: object) -> None:
    """Durable, checked and patient SQLite; the driver's own transaction handling is off."""
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        for setting in SQLITE_SETTINGS:
            connection.execute(setting)


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """Writers take the lock at once (IMMEDIATE), so that two never meet halfway.

    To begin reading asks for nothing, so that it cannot fail: the driver does it at less cost.
    """
    if connection.dialect.name != "sqlite":
        return
    if connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.connection.cursor().execute("BEGIN")
