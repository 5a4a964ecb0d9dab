"""Clients as partner systems read and change them: page by page, and field by field."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client
from referral_hub.rules.actor import Actor
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.client_change import keep_profile, require_version
from referral_hub.use_cases.steps.clients import (
    agency_of,
    name_of,
    profile_of,
    seen_by,
    the_client,
)
from referral_hub.use_cases.transaction import transaction

Place = tuple[datetime, UUID]
"""Where in the order a client stands, which never changes: when the case began, and the id."""


@dataclass(frozen=True, slots=True)
class ClientEntry:
    """A client in a list that a system goes through."""

    id: UUID
    name: str
    version: int
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClientEntries:
    """Some of the clients; with `more` there are others behind the last one."""

    clients: tuple[ClientEntry, ...]
    more: bool


def go_through_clients(
    session: Session,
    actor: Actor,
    vault: Vault,
    cases: str,
    limit: int,
    after: Place | None = None,
    *,
    now: datetime,
) -> ClientEntries:
    """The clients that one may see, in the order in which their cases began, after a place.

    `cases` is `open`, `closed` or `all`.
    """
    require(actor, Permission.CLIENT_READ)
    agency_id = agency_of(actor)
    wanted = [seen_by(actor)]
    if cases != "all":
        closed = Client.closed_at.is_not(None)
        wanted.append(closed if cases == "closed" else ~closed)
    if after is not None:
        at, client_id = after
        wanted.append(
            or_(Client.opened_at > at, and_(Client.opened_at == at, Client.id > client_id))
        )
    asked = select(Client).where(*wanted).order_by(Client.opened_at, Client.id).limit(limit + 1)
    with transaction(session):
        rows = session.scalars(asked).all()
        entries = tuple(_entry(vault, row) for row in rows[:limit])
        add_audit(
            session, actor, "client:list", agency_id=agency_id, detail=f"{len(entries)} listed",
            shown=(entry.id for entry in entries), now=now,
        )  # fmt: skip
    return ClientEntries(entries, len(rows) > limit)


def amend_client(
    session: Session,
    actor: Actor,
    client_id: UUID,
    values: Mapping[str, Any],
    version: int,
    vault: Vault,
    *,
    now: datetime,
) -> int:
    """Change some fields of a client's profile and return the new version; the rest stays.

    Raises NotFound, InvalidInput, and VersionConflict where somebody else changed it since
    `version`.
    """
    require(actor, Permission.CLIENT_CHANGE)
    with transaction(session):
        client = the_client(session, actor, Permission.CLIENT_CHANGE, client_id, lock=True)
        require_version(client, version)
        profile = replace(profile_of(vault, client), **values)
        return keep_profile(session, actor, vault, client, profile, now=now)


def _entry(vault: Vault, row: Client) -> ClientEntry:
    return ClientEntry(
        row.id, name_of(vault, row), row.version, row.opened_at, row.changed_at, row.closed_at
    )
