"""What a team can expect: against small cases that are known, and against chance played out."""

from random import Random

import pytest

from referral_hub.rules.caseload_weights import Band
from referral_hub.rules.projection import Staffing, Week, project, staffing_for

BAND = Band(90, 150)


def steady(count: int, open_at_start: int, arrivals: int, closures: int) -> list[Week]:
    return [Week(open_at_start, arrivals, closures)] * count


def test_too_few_weeks_project_nothing() -> None:
    assert project(steady(3, 40, 4, 4), 40) is None
    assert project(steady(4, 40, 4, 4), 40) is not None


def test_it_rests_on_the_last_twelve_weeks() -> None:
    found = project([*steady(30, 40, 90, 0), *steady(12, 40, 4, 4)], 40)
    assert found is not None
    assert (found.staying_a_week, found.closing_share, found.from_weeks) == (4, 0.1, 12)


def test_what_comes_and_goes_alike_stays_about_as_it_is() -> None:
    found = project(steady(12, 40, 4, 4), 40)
    assert found is not None
    assert all(39 < each.mean < 42 for each in found.ahead)
    widths = [each.high - each.low for each in found.ahead]
    assert widths == sorted(widths)
    assert all(each.low <= each.mean <= each.high for each in found.ahead)


def test_what_comes_and_ends_within_a_week_changes_nothing_of_what_to_expect() -> None:
    quiet = project([Week(2, 1, 1)] * 12, 2)
    busy = project([Week(2, 10, 10, 9)] * 12, 2)
    assert quiet == busy


def test_without_arrivals_cases_go_by_their_share() -> None:
    found = project(steady(12, 1000, 0, 200), 1000)
    assert found is not None
    for each in found.ahead:
        assert each.mean == pytest.approx(1000 * 0.8**each.weeks, rel=0.02)


def test_without_closures_arrivals_add_up() -> None:
    found = project(steady(12, 5000, 30, 0), 5000)
    assert found is not None
    assert found.last.mean == pytest.approx(5000 + 8 * 30, abs=2)


def test_a_team_that_had_nothing_may_get_something() -> None:
    found = project(steady(6, 0, 0, 0), 0)
    assert found is not None
    assert (found.closing_share, found.last.low) == (0, 0)
    assert 0 < found.last.mean < 1
    assert found.last.high >= 1


def test_a_large_team_is_projected_as_sharply_as_a_small_one() -> None:
    """Shares of closures that are known well lie in a narrow range: none of it may be lost."""
    found = project(steady(12, 20_000, 400, 400), 20_000)
    assert found is not None
    assert found.last.mean == pytest.approx(20_000, abs=10)
    assert found.last.high - found.last.low < 1000


@pytest.mark.parametrize(
    ("open_now", "arrivals", "share"), [(40, 4.0, 0.1), (8, 1.0, 0.15), (120, 3.0, 0.02)]
)
def test_nine_of_ten_futures_lie_in_the_interval(
    open_now: int, arrivals: float, share: float
) -> None:
    """Both the past, from which the rates are read, and the future are played out by chance."""
    chance, inside, rounds = Random(7), 0, 400
    for _ in range(rounds):
        weeks, number = [], open_now
        for _ in range(12):
            week = a_week(chance, number, arrivals, share)
            weeks.append(week)
            number += week.arrivals - week.closures
        found = project(weeks, number)
        assert found is not None
        for _ in range(8):
            week = a_week(chance, number, arrivals, share)
            number += week.arrivals - week.closures
        inside += found.last.low <= number <= found.last.high
    assert 0.87 <= inside / rounds <= 0.97


def a_week(chance: Random, open_now: int, arrivals: float, share: float) -> Week:
    closures = sum(chance.random() < share for _ in range(open_now))
    came, waited = 0, chance.expovariate(arrivals)
    while waited < 1:
        came, waited = came + 1, waited + chance.expovariate(arrivals)
    passing = chance.randrange(9)
    return Week(open_now, came + passing, closures + passing, passing)


@pytest.mark.parametrize(
    ("cases", "points_a_case", "expected"),
    [
        (50, 6, Staffing(300, 2, 3)),
        (25, 6, Staffing(150, 1, 1)),
        (26, 6, Staffing(156, 2, 1)),
        (10, 6, Staffing(60, 1, 0)),
        (0, 6, Staffing(0, 0, 0)),
    ],
)
def test_how_many_workers_keep_the_band(
    cases: int, points_a_case: float, expected: Staffing
) -> None:
    assert staffing_for(cases, points_a_case, BAND) == expected
