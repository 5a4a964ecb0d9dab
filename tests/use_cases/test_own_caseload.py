"""One's own caseload: who sees a signal first, and when the supervisor does."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import CaseloadSignal
from referral_hub.rules.actor import System
from referral_hub.rules.caseload_signals import Reason
from referral_hub.rules.clients import CaseEnd
from referral_hub.rules.errors import Conflict, NotPermitted
from referral_hub.use_cases.clients import close_case, show_client
from referral_hub.use_cases.keep_caseloads import keep_caseloads
from referral_hub.use_cases.own_caseload import share_signal, show_own_line, show_own_load
from referral_hub.use_cases.team_caseloads import show_team_load, show_worker_load
from referral_hub.use_cases.weigh_case import weigh_case
from tests.caseload_world import Team, a_team
from tests.referral_world import NOW, VAULT

DAY = timedelta(days=1)
HARD = "Carries many cases that weigh on the one who has them."
MUCH = "Carries more than the band."


@pytest.fixture
def team(sqlite_session: Session) -> Team:
    """Ana has three hard cases of four, Ike none."""
    made = a_team(sqlite_session)
    for hard in (True, True, True, False):
        made.case(made.ana, trauma=hard)
    return made


def signals_seen(team: Team, after: timedelta) -> list[tuple[str, ...]]:
    found = show_team_load(team.session, team.sue, VAULT, now=NOW + after)
    assert found is not None
    return [line.signals for line in found.lines if line.signals]


def test_the_worker_sees_the_share_and_what_it_asks_for(team: Team) -> None:
    own = show_own_load(team.session, team.ana, VAULT, now=NOW)
    assert own.line.load.trauma_share == 0.75
    (signal,) = own.line.signals
    assert signal.words == "Many of your cases weigh on the one who carries them."
    assert (signal.supervisor_from, signal.is_seen) == (NOW + 3 * DAY, False)
    assert len(own.cases) == 4
    other = show_own_load(team.session, team.ike, VAULT, now=NOW)
    assert (other.line.signals, other.cases) == ((), ())


def test_the_supervisor_sees_nothing_before_the_worker_did(team: Team) -> None:
    assert signals_seen(team, 90 * DAY) == []


def test_the_supervisor_sees_it_some_days_after_the_worker_first_did(team: Team) -> None:
    show_own_line(team.session, team.ana, now=NOW)
    show_own_line(team.session, team.ana, now=NOW + 2 * DAY)
    assert signals_seen(team, 3 * DAY - timedelta(seconds=1)) == []
    (words,) = signals_seen(team, 3 * DAY)
    assert words == (HARD,)


def test_the_worker_can_share_it_at_once(team: Team) -> None:
    show_own_line(team.session, team.ana, now=NOW)
    share_signal(team.session, team.ana, Reason.TRAUMA, now=NOW)
    assert show_own_line(team.session, team.ana, now=NOW).signals[0].is_seen
    assert len(signals_seen(team, timedelta())) == 1


def test_each_reason_is_the_workers_own_for_its_own_time(team: Team) -> None:
    show_own_line(team.session, team.ana, now=NOW)
    comes_above_the_band(team, 4 * DAY)
    assert signals_seen(team, 90 * DAY) == [(HARD,)]
    first, second = show_own_line(team.session, team.ana, now=NOW + 5 * DAY).signals
    assert (first.is_seen, second.is_seen) == (True, False)
    assert second.supervisor_from == NOW + 8 * DAY
    assert signals_seen(team, 8 * DAY - timedelta(seconds=1)) == [(HARD,)]
    assert signals_seen(team, 8 * DAY) == [(HARD, MUCH)]


def test_one_signal_can_be_shared_without_the_other(team: Team) -> None:
    comes_above_the_band(team, timedelta())
    show_own_line(team.session, team.ana, now=NOW)
    share_signal(team.session, team.ana, Reason.LOAD, now=NOW)
    assert signals_seen(team, DAY) == [(MUCH,)]
    first, second = show_own_line(team.session, team.ana, now=NOW + DAY).signals
    assert (first.shared_at, second.shared_at) == (None, NOW)


def test_a_reason_that_is_no_more_goes_and_the_other_stays(team: Team) -> None:
    made = comes_above_the_band(team, timedelta())
    show_own_line(team.session, team.ana, now=NOW)
    for client in made:
        close_case(team.session, team.ana, client, CaseEnd.MOVED, now=NOW)
    keep_caseloads(team.session, System(), now=NOW + DAY)
    team.session.rollback()
    assert [row.reason for row in team.session.scalars(select(CaseloadSignal))] == ["trauma"]
    again = comes_above_the_band(team, 2 * DAY)
    show_own_line(team.session, team.ana, now=NOW + 2 * DAY)
    for client in again:
        close_case(team.session, team.ana, client, CaseEnd.MOVED, now=NOW + 2 * DAY)
    show_own_line(team.session, team.ana, now=NOW + 2 * DAY)
    team.session.rollback()
    (left,) = team.session.scalars(select(CaseloadSignal))
    assert (left.reason, left.shown_at) == ("trauma", NOW)


def comes_above_the_band(team: Team, after: timedelta) -> list[UUID]:
    """Ana carries 24 points; twelve hard cases of 11 points come to her."""
    return [
        team.case(team.ana, acuity=5, intensity=3, needs=6, trauma=True, at=NOW + after)
        for _ in range(12)
    ]


def test_there_is_nothing_to_share_without_a_signal(team: Team) -> None:
    for worker in (team.ana, team.ike):
        with pytest.raises(Conflict):
            share_signal(team.session, worker, Reason.TRAUMA, now=NOW)


def test_no_number_of_hard_cases_reaches_the_supervisor(team: Team) -> None:
    show_own_line(team.session, team.ana, now=NOW)
    later = NOW + 9 * DAY
    found = show_team_load(team.session, team.sue, VAULT, now=later)
    assert found is not None
    assert {line.load.trauma for line in found.lines} | {found.own.trauma} == {0}
    seen = show_worker_load(team.session, team.sue, VAULT, team.ana.person_id, now=later)
    assert (seen.load.trauma, seen.elsewhere.trauma) == (0, 0)
    client = seen.cases[0].client_id
    assert show_client(team.session, team.sue, client, VAULT, now=later).trauma is None


def test_a_signal_goes_when_the_caseload_asks_for_it_no_longer(team: Team) -> None:
    own = show_own_load(team.session, team.ana, VAULT, now=NOW)
    for case in own.cases:
        weigh_case(
            team.session, team.ana, case.client_id, acuity=3, intensity=2, travels=False,
            trauma=False, now=NOW,
        )  # fmt: skip
    assert signals_seen(team, 4 * DAY) == []
    keep_caseloads(team.session, System(), now=NOW + DAY)
    team.session.rollback()
    assert team.session.scalars(select(CaseloadSignal)).all() == []


def test_a_signal_that_comes_back_is_the_workers_own_again(team: Team) -> None:
    show_own_line(team.session, team.ana, now=NOW)
    (client, *_) = [
        case.client_id
        for case in show_own_load(team.session, team.ana, VAULT, now=NOW).cases
        if show_client(team.session, team.ana, case.client_id, VAULT, now=NOW).trauma
    ]
    for hard, after in ((False, 4 * DAY), (True, 5 * DAY)):
        weigh_case(
            team.session, team.ana, client, acuity=3, intensity=2, travels=False, trauma=hard,
            now=NOW + after,
        )  # fmt: skip
        show_own_line(team.session, team.ana, now=NOW + after)
    assert signals_seen(team, 6 * DAY) == []
    assert len(signals_seen(team, 8 * DAY)) == 1


def test_only_who_works_with_clients_has_a_caseload(team: Team) -> None:
    for actor in (team.sue, team.staff.administrator):
        with pytest.raises(NotPermitted):
            show_own_load(team.session, actor, VAULT, now=NOW)
