"""A wait is told by the end that is waited for, whatever else it ended with."""

import pytest

from referral_hub.rules.measured_times import End, Wait
from referral_hub.rules.time_to_event import Spell
from referral_hub.use_cases.steps.figure_curves import curve_view


def test_who_was_declined_was_not_accepted_quickly() -> None:
    found = curve_view(Wait.ACCEPTANCE, [Spell(1, End.DECLINED, 3)])
    assert found.median is None
    assert found.by_day[End.ACCEPTED][0].value == 0
    assert found.by_day[End.DECLINED][0].value == pytest.approx(1)


def test_half_is_reached_by_the_goal_alone() -> None:
    found = curve_view(Wait.ACCEPTANCE, [Spell(1, End.DECLINED), Spell(2, End.ACCEPTED, 2)])
    assert found.median == 2
    assert found.median_of_ended == 2
