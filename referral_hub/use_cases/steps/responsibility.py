"""Who is responsible for a client, kept as times that follow each other."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import CaseAssignment, Client, Team
from referral_hub.use_cases.caseload_views import ResponsibleView
from referral_hub.use_cases.steps.people_views import names_of


def note_responsible(session: Session, client: Client, *, now: datetime) -> None:
    """Note who is responsible for a client from now on, where that is new: after a case was opened,
    closed, or given to another team or worker. Said twice it stays as it was said first."""
    session.flush()
    held = session.scalars(
        select(CaseAssignment).where(
            CaseAssignment.client_id == client.id, CaseAssignment.until.is_(None)
        )
    ).one_or_none()
    wanted = None if client.closed_at else (client.team_id, client.worker_id)
    if held is not None and (held.team_id, held.worker_id) != wanted:
        held.until = now
        held = None
    if held is None and wanted is not None:
        session.add(
            CaseAssignment(
                agency_id=client.agency_id, client_id=client.id, team_id=client.team_id,
                worker_id=client.worker_id, since=now,
            )
        )  # fmt: skip


def note_added(session: Session, client: Client) -> None:
    """Note who is responsible for a client who is new."""
    session.flush()
    session.add(
        CaseAssignment(
            agency_id=client.agency_id, client_id=client.id, team_id=client.team_id,
            worker_id=client.worker_id, since=client.opened_at,
        )
    )  # fmt: skip


def responsible_views(
    session: Session, vault: Vault, client_id: UUID
) -> tuple[ResponsibleView, ...]:
    """Who was responsible for a client, the first one first."""
    rows = session.execute(
        select(CaseAssignment, Team.name)
        .join(Team, Team.id == CaseAssignment.team_id)
        .where(CaseAssignment.client_id == client_id)
        .order_by(CaseAssignment.since, CaseAssignment.id)
    ).all()
    names = names_of(session, vault, (held.worker_id for held, _ in rows if held.worker_id))
    return tuple(
        ResponsibleView(
            names.get(held.worker_id, "") if held.worker_id else "", team, held.since, held.until
        )
        for held, team in rows
    )
