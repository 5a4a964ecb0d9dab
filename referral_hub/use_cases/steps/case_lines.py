"""Open cases as lines of a list, with what they weigh, in a fixed number of questions."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, Referral, Team
from referral_hub.rules.caseload_weights import Weights, in_numbers, weight_of
from referral_hub.rules.referral_lifecycle import OPEN
from referral_hub.use_cases.caseload_views import CaseLine, History
from referral_hub.use_cases.steps.caseloads import HeldCase, points_on
from referral_hub.use_cases.steps.client_lines import client_lines

WEEKS_BACK = 12


def case_lines(
    session: Session, vault: Vault, cases: Sequence[HeldCase], weights: Weights, today: date
) -> tuple[CaseLine, ...]:
    """The lines of cases, the heaviest first, then by name."""
    ids = [case.client_id for case in cases]
    clients = session.scalars(select(Client).where(Client.id.in_(ids))).all()
    lines = {line.id: line for line in client_lines(session, vault, clients, today)}
    received = _received(session, ids)
    found = [
        CaseLine(
            client_id=case.client_id,
            name=lines[case.client_id].name,
            team=lines[case.client_id].team,
            points=weight_of(case.facts, weights),
            in_numbers=in_numbers(case.facts, weights),
            is_weighed=case.facts.is_weighed,
            since=case.since,
            last_contact_at=lines[case.client_id].last_contact_at,
            overdue_tasks=lines[case.client_id].overdue_tasks,
            received=received.get(case.client_id, 0),
        )
        for case in cases
    ]
    return tuple(sorted(found, key=lambda line: (-line.points, line.name.casefold())))


def history_of(
    session: Session, agency_id: UUID, people: Sequence[tuple[UUID, str]], today: date
) -> History:
    """What people carried at the ends of the last weeks, and yesterday."""
    sunday = today - timedelta(days=today.weekday() + 1)
    days = [sunday - timedelta(weeks=number) for number in range(WEEKS_BACK, -1, -1)]
    yesterday = today - timedelta(days=1)
    days += [yesterday] if yesterday > sunday else []
    points = points_on(session, agency_id, [person_id for person_id, _ in people], days)
    kept = tuple(day for day in days if any((each, day) in points for each, _ in people))
    lines = tuple(
        (name, tuple(points.get((person_id, day)) for day in kept)) for person_id, name in people
    )
    return History(kept, lines)


def team_names_of(session: Session, teams: Iterable[UUID]) -> dict[UUID, str]:
    """The names of teams by id."""
    rows = session.execute(select(Team.id, Team.name).where(Team.id.in_(set(teams))))
    return {row.id: row.name for row in rows}


def _received(session: Session, clients: Sequence[UUID]) -> dict[UUID, int]:
    """How many open received referrals belong to each client."""
    rows = session.execute(
        select(Referral.receiver_client_id, func.count())
        .where(Referral.receiver_client_id.in_(clients), Referral.status.in_(OPEN))
        .group_by(Referral.receiver_client_id)
    )
    return {client_id: count for client_id, count in rows if client_id is not None}
