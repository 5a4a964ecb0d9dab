"""Funnels: by chance no more lie outside than the levels say, whatever the denominator."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from referral_hub.rules.funnel import Position, funnel_limits, position
from referral_hub.rules.proportions import Interval, Share

percents = st.integers(1, 99)
sizes = st.integers(1, 120)


def chance(count: int, of: int, rate: Fraction) -> Fraction:
    return comb(of, count) * rate**count * (1 - rate) ** (of - count)


@settings(max_examples=40)
@given(percents, sizes)
def test_by_chance_at_most_the_rest_lies_outside(percent: int, of: int) -> None:
    rate = Fraction(percent, 100)
    limits = funnel_limits(percent / 100, of)
    chances = [chance(count, of, rate) for count in range(of + 1)]
    for interval, rest in ((limits.warning, Fraction("0.025")), (limits.alarm, Fraction("0.001"))):
        low = [count for count in range(of + 1) if count / of < interval.low - 1e-12]
        high = [count for count in range(of + 1) if count / of > interval.high + 1e-12]
        for outside, one_more in ((low, len(low)), (high, of - len(high))):
            assert sum(chances[count] for count in outside) <= rest
            if one_more in range(of + 1):  # and not one count more could be called outside
                assert sum(chances[count] for count in {*outside, one_more}) >= rest


@given(percents, sizes)
def test_the_funnel_mirrors(percent: int, of: int) -> None:
    here, there = funnel_limits(percent / 100, of), funnel_limits(1 - percent / 100, of)
    assert here.warning.low == pytest.approx(1 - there.warning.high, abs=1e-9)
    assert here.alarm.high == pytest.approx(1 - there.alarm.low, abs=1e-9)


@given(percents, sizes)
def test_the_alarm_lies_beyond_the_warning(percent: int, of: int) -> None:
    limits, rate = funnel_limits(percent / 100, of), percent / 100
    assert 0 <= limits.alarm.low <= limits.warning.low <= rate + 1 / of
    assert rate - 1 / of <= limits.warning.high <= limits.alarm.high <= 1


@pytest.mark.parametrize("of", [10, 1_000, 1_000_000])
def test_limits_lie_between_the_counts_that_scipy_finds(of: int) -> None:
    limits = funnel_limits(0.3, of)
    for interval, tail in ((limits.warning, 0.025), (limits.alarm, 0.001)):
        assert 0 <= binom.ppf(tail, of, 0.3) - interval.low * of <= 1
        assert 0 <= interval.high * of - binom.isf(tail, of, 0.3) <= 1


def test_more_referrals_are_closer_to_the_rate() -> None:
    widths = [
        limits.high - limits.low for limits in (funnel_limits(0.4, n).alarm for n in (10, 100, 900))
    ]
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize(
    ("met", "of", "found"),
    [
        (50, 100, Position.INSIDE),
        (38, 100, Position.UNUSUAL),
        (62, 100, Position.UNUSUAL),
        (30, 100, Position.FAR_OUTSIDE),
        (70, 100, Position.FAR_OUTSIDE),
        (0, 4, Position.INSIDE),  # of four nothing can be told
        (4, 4, Position.INSIDE),
    ],
)
def test_where_an_agency_lies(met: int, of: int, found: Position) -> None:
    assert position(Share(met, of), 0.5) is found


def test_an_agency_without_referrals_lies_nowhere() -> None:
    assert position(Share(0, 0), 0.5) is None


@pytest.mark.parametrize("rate", [0, 1])
def test_where_all_do_the_same_whoever_does_not_is_outside(rate: int) -> None:
    assert funnel_limits(rate, 20).alarm == Interval(rate, rate)
    assert position(Share(20 * rate, 20), rate) is Position.INSIDE
    assert position(Share(19, 20), rate) is Position.FAR_OUTSIDE


@pytest.mark.parametrize(("rate", "of"), [(1.1, 5), (-0.1, 5), (0.5, 0)])
def test_what_no_rate_or_denominator_can_be_is_refused(rate: float, of: int) -> None:
    with pytest.raises(ValueError, match="denominator from 1 on"):
        funnel_limits(rate, of)
