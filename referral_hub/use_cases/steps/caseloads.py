"""Caseloads inside a transaction: who carries what, now or at an earlier moment."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import Session

from referral_hub.models import CaseAssignment, CaseloadDay, Client, Need, TeamMember
from referral_hub.rules.caseload_signals import Limits, limits_of
from referral_hub.rules.caseload_weights import (
    Band,
    CaseFacts,
    Load,
    Weights,
    band_of,
    load_of,
    weights_of,
)
from referral_hub.rules.teams import belongs
from referral_hub.use_cases.steps.client_staff import workers_of
from referral_hub.use_cases.steps.network import network_settings


@dataclass(frozen=True, slots=True)
class CaseloadRules:
    """What the network says about caseloads."""

    weights: Weights
    band: Band
    limits: Limits


@dataclass(frozen=True, slots=True)
class HeldCase:
    """An open case, who has it since when, and what it weighs by."""

    client_id: UUID
    team_id: UUID
    worker_id: UUID | None
    since: datetime
    facts: CaseFacts


def caseload_rules(session: Session) -> CaseloadRules:
    """What the network says about caseloads now."""
    settings = network_settings(session)
    return CaseloadRules(weights_of(settings), band_of(settings), limits_of(settings))


def cases_at(
    session: Session, agency_id: UUID, at: datetime, *conditions: ColumnElement[bool]
) -> list[HeldCase]:
    """The cases of an agency that were open at a moment, with who had them and how many needs were
    open. How acute they were is not kept: that is as it is now."""
    needs = (
        select(func.count())
        .where(Need.client_id == Client.id, _held(Need.opened_at, Need.closed_at, at))
        .scalar_subquery()
    )
    rows = session.execute(
        select(CaseAssignment, Client, needs)
        .join(Client, Client.id == CaseAssignment.client_id)
        .where(
            CaseAssignment.agency_id == agency_id,
            _held(CaseAssignment.since, CaseAssignment.until, at),
            *conditions,
        )
        .order_by(Client.opened_at, Client.id)
    )
    return [
        HeldCase(
            client.id, held.team_id, held.worker_id, held.since,
            CaseFacts(client.acuity, client.intensity, open_needs, client.travels, client.trauma),
        )
        for held, client, open_needs in rows
    ]  # fmt: skip


def loads_of(cases: Iterable[HeldCase], weights: Weights) -> dict[UUID, Load]:
    """What each worker carries of these cases; those of nobody are left out."""
    held: dict[UUID, list[CaseFacts]] = defaultdict(list)
    for case in cases:
        if case.worker_id is not None:
            held[case.worker_id].append(case.facts)
    return {worker_id: load_of(facts, weights) for worker_id, facts in held.items()}


def team_workers(session: Session, agency_id: UUID, team_id: UUID, today: date) -> set[UUID]:
    """Who belongs to a team today and works with clients."""
    rows = session.scalars(select(TeamMember).where(TeamMember.team_id == team_id))
    here = {row.person_id for row in rows if belongs(row, today)}
    return here & workers_of(session, agency_id)


def points_on(
    session: Session, agency_id: UUID, workers: Collection[UUID], days: Collection[date]
) -> dict[tuple[UUID, date], float]:
    """What workers carried at the ends of days, as it was kept."""
    rows = session.scalars(
        select(CaseloadDay).where(
            CaseloadDay.agency_id == agency_id,
            CaseloadDay.worker_id.in_(workers),
            CaseloadDay.day.in_(days),
        )
    )
    return {(row.worker_id, row.day): row.points for row in rows}


def _held(
    since: SQLColumnExpression[datetime], until: SQLColumnExpression[datetime | None], at: datetime
) -> ColumnElement[bool]:
    return and_(since <= at, or_(until.is_(None), until > at))
