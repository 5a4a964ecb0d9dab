"""What each worker carried is kept day by day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.models import CaseloadDay
from referral_hub.rules.actor import System
from referral_hub.rules.clients import CaseEnd, NeedStatus
from referral_hub.rules.errors import NotPermitted
from referral_hub.use_cases.clients import close_case, show_client
from referral_hub.use_cases.keep_caseloads import MOST_DAYS_BACK, keep_caseloads
from referral_hub.use_cases.needs import close_need
from tests.caseload_world import Team, a_team
from tests.referral_world import NOW, VAULT
from tests.threads import at_once

DAY = timedelta(days=1)


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


def kept(team: Team) -> dict[date, tuple[int, float]]:
    team.session.rollback()
    rows = team.session.scalars(select(CaseloadDay).order_by(CaseloadDay.day))
    wanted = team.ana.person_id
    return {row.day: (row.cases, row.points) for row in rows if row.worker_id == wanted}


def test_each_day_that_is_over_is_kept_once(team: Team) -> None:
    team.case(team.ana, at=NOW - 2 * DAY)
    assert keep_caseloads(team.session, System(), now=NOW) > 0
    assert kept(team) == {date(2026, 11, 28): (1, 6.0), date(2026, 11, 29): (1, 6.0)}
    assert keep_caseloads(team.session, System(), now=NOW + timedelta(hours=3)) == 0
    assert keep_caseloads(team.session, System(), now=NOW + DAY) > 0
    assert list(kept(team))[-1] == date(2026, 11, 30)


def test_a_day_ends_where_the_agency_works(team: Team) -> None:
    team.case(team.ana, at=NOW - 2 * DAY)
    just_before = NOW.replace(hour=5, minute=59)  # in Chicago the 29th is not over
    keep_caseloads(team.session, System(), now=just_before)
    assert list(kept(team)) == [date(2026, 11, 28)]


def test_days_that_nobody_kept_are_reckoned_from_who_was_responsible(team: Team) -> None:
    first = team.case(team.ana, needs=2, at=NOW - 5 * DAY)
    team.case(team.ana, needs=0, at=NOW - 3 * DAY)
    need = show_client(team.session, team.ana, first, VAULT, now=NOW).needs[0].id
    close_need(team.session, team.ana, first, need, NeedStatus.MET, now=NOW - 2 * DAY)
    close_case(team.session, team.ana, first, CaseEnd.MOVED, now=NOW - DAY)
    keep_caseloads(team.session, System(), now=NOW)
    assert list(kept(team).values()) == [(1, 6.0), (1, 6.0), (2, 11.0), (2, 10.5), (1, 5.0)]


def test_who_carries_nothing_has_a_line_too(team: Team) -> None:
    team.case(team.ike, at=NOW - 2 * DAY)
    keep_caseloads(team.session, System(), now=NOW)
    assert list(kept(team).values()) == [(0, 0.0), (0, 0.0)]


def test_it_goes_back_only_so_far(team: Team) -> None:
    team.case(team.ana, at=NOW - 200 * DAY)
    keep_caseloads(team.session, System(), now=NOW)
    assert len(kept(team)) == MOST_DAYS_BACK


def test_two_workers_at_once_keep_each_day_once(team: Team, engine: Engine) -> None:
    team.case(team.ana, at=NOW - 3 * DAY)
    team.session.rollback()

    def keep(_: int) -> int:
        with Session(engine) as own:
            return keep_caseloads(own, System(), now=NOW)

    # One keeps them all, or they take turns day by day: two rows a day, three days.
    assert sorted(at_once(2, keep)) in ([0, 6], [2, 4])
    assert len(kept(team)) == 3


def test_only_the_hub_keeps_them(team: Team) -> None:
    with pytest.raises(NotPermitted):
        keep_caseloads(team.session, team.sue, now=NOW)
