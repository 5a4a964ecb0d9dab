"""Runs migrations on the hub's own engine and metadata."""

from typing import Any, Literal

from alembic import context
from flask import current_app

from referral_hub import models
from referral_hub.models.base import UtcDateTime

target = models.Base.metadata


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration names no class of the hub: it must run when that class is gone."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Apply migrations in one transaction; SQLite rebuilds tables where it must (batch mode)."""
    if context.is_offline_mode():
        raise SystemExit("Migrations run on a database, not as a script.")
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(writes=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=target,
            render_as_batch=connection.dialect.name == "sqlite",
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
