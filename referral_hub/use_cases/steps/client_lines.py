"""Clients as lines of a list, with what is open and overdue, in a fixed number of questions."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, Need, Task, Team
from referral_hub.rules.client_profile import Profile, full_name
from referral_hub.rules.clients import NeedStatus
from referral_hub.use_cases.client_views import ClientLine
from referral_hub.use_cases.steps.clients import profile_of
from referral_hub.use_cases.steps.people_views import names_of


def client_lines(
    session: Session,
    vault: Vault,
    clients: Sequence[Client],
    today: date,
    profiles: Mapping[UUID, Profile] | None = None,
) -> tuple[ClientLine, ...]:
    """The lines of clients, in their order; `profiles` are those that were opened already."""
    ids = [client.id for client in clients]
    opened = profiles or {client.id: profile_of(vault, client) for client in clients}
    workers = names_of(session, vault, (each.worker_id for each in clients if each.worker_id))
    teams = {
        row.id: row.name
        for row in session.execute(
            select(Team.id, Team.name).where(Team.id.in_({each.team_id for each in clients}))
        )
    }
    needs = _by_client(
        session, Need.client_id, Need.client_id.in_(ids), Need.status == NeedStatus.OPEN
    )
    overdue = _by_client(
        session, Task.client_id, Task.client_id.in_(ids), Task.done_at.is_(None),
        Task.due_on < today,
    )  # fmt: skip
    return tuple(
        ClientLine(
            id=client.id,
            name=full_name(opened[client.id]),
            birth_date=opened[client.id].birth_date,
            team=teams.get(client.team_id, ""),
            worker=workers.get(client.worker_id, "") if client.worker_id else "",
            acuity=client.acuity,
            last_contact_at=client.last_contact_at,
            closed_at=client.closed_at,
            open_needs=needs.get(client.id, 0),
            overdue_tasks=overdue.get(client.id, 0),
        )
        for client in clients
    )


def _by_client(
    session: Session, client_id: InstrumentedAttribute[UUID], *wanted: ColumnElement[bool]
) -> dict[UUID, int]:
    """How many rows there are of each client."""
    asked = select(client_id, func.count()).where(*wanted).group_by(client_id)
    return {row[0]: row[1] for row in session.execute(asked)}
