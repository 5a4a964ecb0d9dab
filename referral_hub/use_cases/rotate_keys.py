"""Sealing everything anew with the newest key, so that older ones can be thrown away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, bindparam, func, select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import KeyMissing
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.client_keys import remake_keys
from referral_hub.use_cases.steps.clients import PROFILE
from referral_hub.use_cases.steps.sealed_columns import SealedColumn, sealed_columns
from referral_hub.use_cases.transaction import transaction

BATCH = 200

Progress = Callable[[str, int], None]
"""Told the name of a column, and how many of its values were sealed anew."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """What was done: how many values were sealed anew, and which could not be opened.

    `unreadable` counts values by the name of their column.
    """

    sealed: int
    unreadable: dict[str, int]


def rotate_keys(
    session: Session,
    actor: Actor,
    vault: Vault,
    *,
    now: datetime,
    progress: Progress | None = None,
) -> Rotation:
    """Seal every value that is not sealed with the newest key anew, with its blind indexes.

    Batch by batch, each a transaction of its own: interrupted anywhere, the next call goes on with
    the rows that are left.
    """
    require(actor, Permission.KEYS_ROTATE)
    sealed, unreadable = 0, {}
    for column in sealed_columns():
        done = failed = 0
        last: object = None
        while True:
            with transaction(session):
                rows = _older(session, vault, column, last)
                good = [fresh for row in rows if (fresh := _fresh(vault, column, *row))]
                if good:
                    session.connection().execute(_statement(column), good)
                    _remake_keys(session, vault, column, rows, good)
            if not rows:
                break
            done, failed = done + len(good), failed + len(rows) - len(good)
            last = rows[-1][0]
            if progress is not None:
                progress(column.name, done)
        sealed += done
        if failed:
            unreadable[column.name] = failed
    with transaction(session):
        add_audit(session, actor, "keys:rotate", detail=f"{sealed} values", now=now)
    return Rotation(sealed, unreadable)


def _older(
    session: Session, vault: Vault, column: SealedColumn, last: object
) -> list[tuple[Any, bytes]]:
    """The next rows after one whose value is not sealed with the newest key, locked."""
    prefix = vault.newest_prefix
    start = func.substr(column.column, 1, len(prefix), type_=LargeBinary)
    found = select(column.row, column.column).where(column.column.is_not(None), start != prefix)
    if last is not None:
        found = found.where(column.row > last)
    rows = session.execute(found.order_by(column.row).limit(BATCH).with_for_update())
    return [(row[0], row[1]) for row in rows]


def _fresh(vault: Vault, column: SealedColumn, row: Any, old: bytes) -> dict[str, Any] | None:
    """What to write into a row; None when its value cannot be opened."""
    try:
        text = vault.open(column.name, row, old)
    except KeyMissing:
        return None
    values = {"this_row": row, "new_value": vault.seal(column.name, row, text)}
    if column.index is not None:
        values["new_index"] = vault.index(column.index.name, column.index.form(text))
    return values


def _remake_keys(
    session: Session,
    vault: Vault,
    column: SealedColumn,
    rows: list[tuple[Any, bytes]],
    good: list[dict[str, Any]],
) -> None:
    """Keys that lie in rows of their own, in the same transaction as what they were made of."""
    if column.name == PROFILE:
        readable = {values["this_row"] for values in good}
        texts = {row: vault.open(PROFILE, row, old) for row, old in rows if row in readable}
        remake_keys(session, vault, texts)


def _statement(column: SealedColumn) -> Any:
    values: dict[str, Any] = {column.column.name: bindparam("new_value")}
    if column.index is not None:
        values[column.index.column] = bindparam("new_index")
    return update(column.table).where(column.row == bindparam("this_row")).values(values)
