"""A wait is told by the end that is waited for, whatever else it ended with."""

import numpy as np
import pytest

from referral_hub.gateways.figures.times import ENDS, Waited
from referral_hub.rules.measured_times import End, Wait
from referral_hub.rules.proportions import Share
from referral_hub.rules.time_to_event import Spell
from referral_hub.use_cases.figure_views import FollowedByDay
from referral_hub.use_cases.steps.figure_curves import curve_view, wait_view

DAY = 86_400


def test_who_was_declined_was_not_accepted_quickly() -> None:
    found = curve_view(Wait.ACCEPTANCE, [Spell(1, End.DECLINED, 3)])
    assert found.median is None
    assert found.by_day[End.ACCEPTED][0].value == 0
    assert found.by_day[End.DECLINED][0].value == pytest.approx(1)


def test_half_is_reached_by_the_goal_alone() -> None:
    found = curve_view(Wait.ACCEPTANCE, [Spell(1, End.DECLINED), Spell(2, End.ACCEPTED, 2)])
    assert found.median == 2
    assert found.median_of_ended == 2


def test_a_referral_is_closed_by_any_end_and_each_has_its_share() -> None:
    found = curve_view(
        Wait.CLOSURE, [Spell(1, End.DECLINED), Spell(6, End.COMPLETED, 2), Spell(95, None)]
    )
    day_2, day_7, *_ = found.by_day[End.CLOSED]
    assert (day_2.value, day_7.value) == (pytest.approx(1 / 4), pytest.approx(3 / 4))
    assert found.by_day[End.COMPLETED][1].value == pytest.approx(1 / 2)
    assert (found.median, found.median_of_ended) == (6, 6)
    assert [shares[End.CLOSED] for _, shares in found.points] == pytest.approx([0.25, 0.75])


@pytest.mark.parametrize("wait", Wait)
def test_each_share_that_is_told_has_its_interval(wait: Wait) -> None:
    spells = [Spell(1, None), Spell(3, End.COMPLETED, 2), Spell(40, End.UNMET), Spell(50, None)]
    for end, days in curve_view(wait, spells).by_day.items():
        assert [each.day for each in days] == [2, 7, 30, 90], end
        for each in days:
            assert (each.value is None) == (each.interval is None)
            if each.value is not None and each.interval is not None:
                assert each.interval.low <= each.value <= each.interval.high
                assert each.interval.low < each.interval.high
        assert days[-1].value is None


def test_beside_the_curve_stand_plain_shares_and_the_time_without_standing_still() -> None:
    accepted = ENDS.index(End.ACCEPTED)
    view = wait_view(
        Waited(
            Wait.ACCEPTANCE,
            rows=np.arange(3),
            took=np.array([10, 1, 40]) * DAY,
            ended=np.array([accepted, accepted, 0]),
            is_reached=np.array([True, True, False]),
            age=np.array([30, 1, 40]) * DAY,
            still=np.array([9, 0, 38]) * DAY,
        )
    )
    assert view.followed == (
        FollowedByDay(2, Share(0, 2)), FollowedByDay(7, Share(0, 2)),
        FollowedByDay(30, Share(1, 2)), FollowedByDay(90, Share(0, 0)),
    )  # fmt: skip
    assert view.median == 10
    assert view.moving is not None
    assert view.moving.median == 1
    assert view.moving.by_day[0].value == pytest.approx(2 / 3)
    assert view.by_day[End.ACCEPTED][0].value == pytest.approx(1 / 3)
