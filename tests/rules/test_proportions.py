"""Shares and their intervals."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.proportions import Interval, Share, deviations, difference

shares = st.integers(1, 500).flatmap(lambda of: st.builds(Share, st.integers(0, of), st.just(of)))


@pytest.mark.parametrize(
    ("met", "of", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(met: int, of: int, low: float, high: float) -> None:
    interval = Share(met, of).interval()
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@given(shares, st.sampled_from([0.8, 0.95, 0.998]))
def test_at_both_limits_the_observed_share_is_just_so_far_off(share: Share, level: float) -> None:
    interval, z = share.interval(level), deviations(level)
    assert share.rate is not None
    for limit in (interval.low, interval.high):
        if 0 < limit < 1:
            off = abs(share.rate - limit) / sqrt(limit * (1 - limit) / share.of)
            assert off == pytest.approx(z, rel=1e-6)


@given(shares)
def test_the_interval_holds_the_rate_and_mirrors(share: Share) -> None:
    interval, mirror = share.interval(), Share(share.of - share.met, share.of).interval()
    assert share.rate is not None
    assert 0 <= interval.low <= share.rate <= interval.high <= 1
    assert mirror.low == pytest.approx(1 - interval.high, abs=1e-12)
    assert mirror.high == pytest.approx(1 - interval.low, abs=1e-12)


@given(shares)
def test_a_higher_level_is_wider_and_more_people_are_narrower(share: Share) -> None:
    usual, wide = share.interval(0.95), share.interval(0.998)
    assert wide.low <= usual.low <= usual.high <= wide.high
    many = Share(share.met * 10, share.of * 10).interval()
    assert many.high - many.low < usual.high - usual.low


def test_of_nothing_nothing_is_known() -> None:
    assert Share(0, 0).rate is None
    assert Share(0, 0).interval() == Interval(0, 1)
    assert difference(Share(0, 0), Share(1, 2)) is None
    assert difference(Share(1, 2), Share(0, 0)) is None


@pytest.mark.parametrize(("met", "of"), [(3, 2), (-1, 2)])
def test_a_share_is_from_none_to_all(met: int, of: int) -> None:
    with pytest.raises(ValueError, match="from none to all"):
        Share(met, of)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_lies_between_nothing_and_everything(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Share(1, 2).interval(level)


@pytest.mark.parametrize(
    ("before", "after", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), 873-890, table II, method 10
        (Share(48, 80), Share(56, 70), 0.0524, 0.3339),
        (Share(3, 10), Share(9, 10), 0.1705, 0.8090),
        (Share(2, 7), Share(6, 7), 0.0582, 0.8062),
        (Share(0, 10), Share(10, 10), 0.6075, 1),
    ],
)
def test_the_interval_of_a_difference_is_the_published_one(
    before: Share, after: Share, low: float, high: float
) -> None:
    found = difference(before, after)
    assert found is not None
    assert (round(found.interval.low, 4), round(found.interval.high, 4)) == (low, high)


@given(shares, shares)
def test_a_difference_taken_the_other_way_is_its_negative(one: Share, other: Share) -> None:
    there, back = difference(one, other), difference(other, one)
    assert there is not None
    assert back is not None
    assert there.value == pytest.approx(-back.value)
    assert there.interval.low == pytest.approx(-back.interval.high)
    assert -1 <= there.interval.low <= there.value <= there.interval.high <= 1
