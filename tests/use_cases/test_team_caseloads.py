"""How the work of a team is shared, as its supervisor sees it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import AuditRow, CaseAssignment, TeamMember
from referral_hub.models import Team as TeamRow
from referral_hub.rules.actor import System
from referral_hub.rules.caseload_weights import Load, Place
from referral_hub.rules.clients import CaseEnd
from referral_hub.rules.errors import NotFound, NotPermitted
from referral_hub.rules.projection import Week
from referral_hub.use_cases.caseload_views import TeamLoad, WorkerLine
from referral_hub.use_cases.clients import assign_client, close_case, reopen_case, show_client
from referral_hub.use_cases.keep_caseloads import keep_caseloads
from referral_hub.use_cases.tasks import add_task
from referral_hub.use_cases.team_caseloads import (
    export_team_load,
    show_team_load,
    show_worker_load,
)
from tests.caseload_world import Team, a_team
from tests.referral_world import NOW, VAULT

DAY = timedelta(days=1)


@pytest.fixture
def team(sqlite_session: Session) -> Team:
    return a_team(sqlite_session)


def shown(team: Team) -> TeamLoad:
    found = show_team_load(team.session, team.sue, VAULT, now=NOW)
    assert found is not None
    return found


def by_worker(team: Team) -> dict[UUID, WorkerLine]:
    return {line.person_id: line for line in shown(team).lines}


def spells(team: Team, client_id: UUID) -> list[tuple[UUID | None, object, object]]:
    team.session.rollback()
    rows = team.session.scalars(
        select(CaseAssignment)
        .where(CaseAssignment.client_id == client_id)
        .order_by(CaseAssignment.since)
    )
    return [(row.worker_id, row.since, row.until) for row in rows]


def test_each_worker_has_a_load_a_place_and_a_distance_from_the_median(team: Team) -> None:
    for _ in range(3):
        team.case(team.ana)
    team.case(team.ike, acuity=5, needs=0)
    found = by_worker(team)
    assert found[team.ana.person_id].load == Load(3, 18.0)
    assert found[team.ike.person_id].load == Load(1, 7.0)
    assert found[team.ana.person_id].place is Place.BELOW
    assert (found[team.ana.person_id].apart, found[team.ike.person_id].apart) == (5.5, -5.5)
    view = shown(team)
    assert view.median == 12.5
    assert view.own == Load(4, 25.0)
    assert view.equity is not None
    assert view.equity.to_move == pytest.approx(5.5 / 25)


def test_what_nobody_has_is_told_beside_the_workers(team: Team) -> None:
    team.case(None)
    view = shown(team)
    assert view.unassigned == Load(1, 6.0)
    assert [line.load for line in view.lines] == [Load(), Load()]


def test_the_whole_load_of_a_worker_counts_and_only_cases_of_own_teams_are_named(
    team: Team,
) -> None:
    night = TeamRow(id=uuid4(), agency_id=team.staff.agency_id, name="Night", created_at=NOW)
    team.session.add(night)
    team.session.commit()
    ours, theirs = team.case(team.ana), team.case(team.ana)
    assign_client(
        team.session, team.ana, theirs, team_id=night.id, worker_id=team.ana.person_id, acuity=3,
        now=NOW - DAY / 2,
    )  # fmt: skip
    assert by_worker(team)[team.ana.person_id].load == Load(2, 12.0)
    assert shown(team).own == Load(1, 6.0)
    seen = show_worker_load(team.session, team.sue, VAULT, team.ana.person_id, now=NOW)
    assert [line.client_id for line in seen.cases] == [ours]
    assert (seen.load, seen.elsewhere) == (Load(1, 6.0), Load(1, 6.0))
    with pytest.raises(NotFound):
        show_team_load(team.session, team.sue, VAULT, night.id, now=NOW)


def test_only_a_supervisor_sees_it_and_only_of_own_teams(team: Team) -> None:
    team.case(team.ana)
    for actor in (team.ana, team.staff.administrator, team.world.steward):
        with pytest.raises(NotPermitted):
            show_team_load(team.session, actor, VAULT, now=NOW)
    stranger = team.world.stranger.supervisor
    for wanted in (team.staff.team_id, uuid4()):
        with pytest.raises(NotFound):
            show_team_load(team.session, stranger, VAULT, wanted, now=NOW)
    for person_id in (team.ana.person_id, uuid4()):
        with pytest.raises(NotFound):
            show_worker_load(team.session, stranger, VAULT, person_id, now=NOW)


def test_a_supervisor_without_a_team_sees_none(team: Team) -> None:
    nobodys = type(team.sue)(team.sue.person_id, team.sue.agency_id, team.sue.roles)
    assert show_team_load(team.session, nobodys, VAULT, now=NOW) is None
    with pytest.raises(NotFound):
        export_team_load(team.session, nobodys, VAULT, now=NOW)


def test_the_heaviest_case_comes_first_with_how_its_weight_came_about(team: Team) -> None:
    light, heavy = team.case(team.ana, acuity=1), team.case(team.ana, acuity=5)
    seen = show_worker_load(team.session, team.sue, VAULT, team.ana.person_id, now=NOW)
    assert [line.client_id for line in seen.cases] == [heavy, light]
    assert seen.cases[0].in_numbers == "1 × 5 + 1 × 2 + 0.5 × 2 = 8"
    team.session.rollback()
    told = team.session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).one()
    assert told.action == "client:list"
    assert str(heavy) in (told.detail or "")


def test_overdue_tasks_count_for_whom_they_are(team: Team) -> None:
    client = team.case(team.ana)
    add_task(
        team.session, team.ana, client, "Call her", VAULT, urgency=2, importance=2,
        due_on=(NOW - 3 * DAY).date(), assignee_id=team.ike.person_id, now=NOW - 5 * DAY,
    )  # fmt: skip
    found = by_worker(team)
    assert (found[team.ana.person_id].overdue, found[team.ike.person_id].overdue) == (0, 1)


def test_who_left_the_team_with_cases_is_shown_until_they_are_moved(team: Team) -> None:
    team.case(team.ana)
    for row in team.session.scalars(
        select(TeamMember).where(TeamMember.person_id == team.ana.person_id)
    ):
        row.until = (NOW - DAY).date()
    team.session.commit()
    found = by_worker(team)
    assert not found[team.ana.person_id].in_team
    assert found[team.ike.person_id].in_team


def test_who_is_responsible_is_kept_through_every_change(team: Team) -> None:
    client = team.case(team.ana, at=NOW - 9 * DAY)
    team_id = team.staff.team_id
    for hours, worker in ((1, team.ana), (2, team.ike), (3, team.ike)):
        assign_client(
            team.session, team.ana, client, team_id=team_id, worker_id=worker.person_id, acuity=3,
            now=NOW - 8 * DAY + timedelta(hours=hours),
        )  # fmt: skip
    close_case(team.session, team.ana, client, CaseEnd.MOVED, now=NOW - 3 * DAY)
    reopen_case(team.session, team.ana, client, now=NOW - DAY)
    moved = NOW - 8 * DAY + timedelta(hours=2)
    ana, ike = team.ana.person_id, team.ike.person_id
    assert spells(team, client) == [
        (ana, NOW - 9 * DAY, moved), (ike, moved, NOW - 3 * DAY), (ike, NOW - DAY, None),
    ]  # fmt: skip
    view = show_client(team.session, team.ana, client, VAULT, now=NOW)
    assert [each.worker.split()[0] for each in view.responsible] == ["Case", "Intake", "Intake"]


def test_weeks_tell_what_came_and_went_and_four_of_them_let_one_look_ahead(team: Team) -> None:
    for weeks in range(6, 0, -1):
        client = team.case(team.ana, at=NOW - timedelta(weeks=weeks))
        if weeks == 3:
            close_case(team.session, team.ana, client, CaseEnd.MOVED, now=NOW - timedelta(weeks=2))
    flow = shown(team).flow
    told = [(week.open_at_start, week.arrivals, week.closures) for _, week in flow.weeks]
    assert told == [(1, 1, 0), (2, 1, 0), (3, 1, 0), (4, 1, 1), (4, 1, 0)]
    assert flow.projection is not None
    assert flow.projection.staying_a_week == 1
    assert flow.staffing is not None
    assert flow.staffing.fewest == 1


def test_weeks_count_from_the_first_that_the_team_had_cases_all_through(team: Team) -> None:
    team.case(team.ana, at=NOW - timedelta(days=10))
    flow = shown(team).flow
    assert [week for _, week in flow.weeks] == [Week(1, 0, 0)]
    assert (flow.projection, flow.staffing) == (None, None)


def test_without_a_full_week_there_is_none(team: Team) -> None:
    team.case(team.ana)
    flow = shown(team).flow
    assert (flow.weeks, flow.projection, flow.staffing) == ((), None, None)


def test_the_history_has_a_line_for_each_worker_and_a_day_for_each_week(team: Team) -> None:
    team.case(team.ana, at=NOW - timedelta(days=10))
    keep_caseloads(team.session, System(), now=NOW)
    history = shown(team).history
    assert [day.weekday() for day in history.days] == [6, 6]
    assert dict(history.lines)["Case Manager North Side Housing"] == (6.0, 6.0)
    assert dict(history.lines)["Intake Worker North Side Housing"] == (0.0, 0.0)


def test_an_export_says_in_the_audit_that_it_left_the_hub(team: Team) -> None:
    team.case(team.ana)
    view = export_team_load(team.session, team.sue, VAULT, now=NOW)
    assert len(view.lines) == 2
    team.session.rollback()
    row = team.session.scalars(select(AuditRow).where(AuditRow.action == "caseload:export")).one()
    assert row.detail == f"team {team.staff.team_id}, 2 workers"


def test_the_pages_ask_no_more_where_there_are_more_cases(
    session: Session, count_statements: Callable[[], int]
) -> None:
    team = a_team(session)
    asked = []
    for _ in range(2):
        for worker in (team.ana, team.ike):
            team.case(worker, at=NOW - 9 * DAY)
        session.rollback()
        session.expire_all()
        count_statements()
        show_team_load(session, team.sue, VAULT, now=NOW)
        show_worker_load(session, team.sue, VAULT, team.ana.person_id, now=NOW)
        asked.append(count_statements())
    assert asked[0] == asked[1]
    assert asked[1] <= 50
