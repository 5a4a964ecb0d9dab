"""What comes to a team and leaves it, and what to expect."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from referral_hub.models import CaseAssignment
from referral_hub.rules.case_flow import Stay, day_begins, flow, full_weeks
from referral_hub.rules.caseload_weights import Band, Load
from referral_hub.rules.projection import (
    WEEKS_AHEAD,
    WEEKS_USED,
    Projection,
    Staffing,
    project,
    staffing_for,
)
from referral_hub.use_cases.caseload_views import TeamFlow
from referral_hub.use_cases.steps.agencies import zone_of


def team_flow(
    session: Session,
    agency_id: UUID,
    team_id: UUID,
    load: Load,
    band: Band,
    today: date,
    now: datetime,
) -> TeamFlow:
    """The last full weeks of a team since its first case, and the weeks ahead; `load` is what it
    has now. The week in which the first case came is no full one of the team."""
    zone = zone_of(session, agency_id)
    of_team = (CaseAssignment.agency_id == agency_id, CaseAssignment.team_id == team_id)
    begun = session.scalar(select(func.min(CaseAssignment.since)).where(*of_team))
    mondays = [
        monday
        for monday in full_weeks(today, WEEKS_USED)
        if begun is not None and begun <= day_begins(monday, zone)
    ]
    first = day_begins(mondays[0], zone) if mondays else now
    rows = session.execute(
        select(CaseAssignment.client_id, CaseAssignment.since, CaseAssignment.until).where(
            *of_team, or_(CaseAssignment.until.is_(None), CaseAssignment.until >= first)
        )
    )
    weeks = flow([Stay(*row) for row in rows], mondays, zone)
    projection = project(weeks, load.cases)
    ahead = tuple(today + timedelta(weeks=number) for number in range(1, WEEKS_AHEAD + 1))
    return TeamFlow(
        tuple(zip(mondays, weeks, strict=True)),
        projection,
        ahead,
        _staffing(projection, load, band),
        _staffing(projection, load, band, high=True),
    )


def _staffing(
    projection: Projection | None, load: Load, band: Band, *, high: bool = False
) -> Staffing | None:
    if projection is None or not load.cases:
        return None
    cases = projection.last.high if high else projection.last.mean
    return staffing_for(cases, load.points / load.cases, band)
