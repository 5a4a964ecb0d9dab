"""Charts over time: their limits, and what points at a special cause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.control_charts import (
    CAUSE_LABEL,
    Cause,
    Chart,
    Signal,
    p_chart,
    run_chart,
    xmr_chart,
)
from referral_hub.rules.proportions import Share

# Fifteen batches of a primer, from Montgomery's chapter on single values.
VISCOSITY = [33.75, 33.05, 34.00, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.20, 33.62, 33.00,
             33.54, 33.12, 33.84]  # fmt: skip


def causes(chart: Chart) -> dict[Cause, list[tuple[int, ...]]]:
    found: dict[Cause, list[tuple[int, ...]]] = {}
    for signal in chart.signals:
        found.setdefault(signal.cause, []).append(signal.points)
    return found


def around_five(*offsets: float) -> list[float]:
    """Values around 5 whose neighbours lie about 1.128 apart: one standard deviation is near 1."""
    steady = [0.564, -0.564] * 40
    return [5 + offset for offset in [*steady, *offsets, *steady]]


def test_limits_of_single_values_come_of_the_ranges_between_them() -> None:
    chart = xmr_chart(VISCOSITY)
    point = chart.points[0]
    assert point.centre == pytest.approx(33.52, abs=0.005)
    assert point.low == pytest.approx(32.24, abs=0.02)
    assert point.high == pytest.approx(34.80, abs=0.02)
    assert chart.most_range == pytest.approx((1.57,), abs=0.01)
    assert not chart.signals


def test_limits_of_a_share_are_wider_where_few_were_counted() -> None:
    chart = p_chart([Share(8, 20), Share(40, 80), Share(2, 4), Share(0, 0)])
    assert chart.phases[0].centre == pytest.approx(50 / 104)
    many, few = chart.points[1], chart.points[2]
    assert (many.low, many.high) == pytest.approx((0.3132, 0.6484), abs=1e-4)
    assert (few.low, few.high) == (0, 1)
    assert chart.points[3].value is chart.points[3].low is None


def test_a_point_beyond_a_limit_is_a_signal() -> None:
    assert causes(xmr_chart(around_five(4.5))) == {Cause.BEYOND_LIMIT: [(80,)]}
    assert causes(xmr_chart(around_five(-4.5))) == {Cause.BEYOND_LIMIT: [(80,)]}
    shares = [Share(50, 100)] * 20 + [Share(80, 100)] + [Share(50, 100)] * 20
    assert (20,) in causes(p_chart(shares))[Cause.BEYOND_LIMIT]


@pytest.mark.parametrize("sign", [1, -1])
def test_eight_on_one_side_are_a_signal_and_seven_are_not(sign: int) -> None:
    def shifts(number: int) -> dict[Cause, list[tuple[int, ...]]]:
        values = [*[1, -1] * 20, *[0.5] * number, *[-1, 1] * 20]
        return causes(xmr_chart([sign * value for value in values]))

    assert shifts(8) == {Cause.SHIFT: [tuple(range(40, 48))]}
    assert shifts(7) == {}


def test_a_point_on_the_centre_neither_counts_nor_ends_a_shift() -> None:
    chart = run_chart([1, 1, 1, 5, 1, 1, 1, 9, 9, 9, 9, 9, 9, 5])
    assert causes(chart) == {Cause.SHIFT: [(0, 1, 2, 4, 5, 6), (7, 8, 9, 10, 11, 12)]}


@pytest.mark.parametrize("sign", [1, -1])
def test_six_that_rise_or_fall_are_a_signal_and_five_are_not(sign: int) -> None:
    def trends(*middle: float) -> dict[Cause, list[tuple[int, ...]]]:
        values = [*[0.9, -0.9] * 20, *middle, *[-0.9, 0.9] * 20]
        return causes(xmr_chart([sign * value for value in values]))

    assert trends(-0.6, -0.3, 0, 0.3, 0.6) == {Cause.TREND: [(39, 40, 41, 42, 43, 44)]}
    assert trends(-0.6, -0.3, 0.3, 0.6) == {}


def test_a_repeated_value_neither_counts_nor_ends_a_trend() -> None:
    assert causes(run_chart([3, 1, 2, 2, 3, 4, 5, 1]))[Cause.TREND] == [(1, 2, 4, 5, 6)]


def test_two_of_three_close_to_one_limit_are_a_signal() -> None:
    near = xmr_chart(around_five(2.5, 0.1, 2.6))
    assert causes(near)[Cause.NEAR_LIMIT] == [(80, 82)]
    assert Cause.NEAR_LIMIT not in causes(xmr_chart(around_five(2.5, 0.1, -2.6)))
    assert Cause.NEAR_LIMIT not in causes(xmr_chart(around_five(2.5, 0.1, -0.1, 2.6)))


def test_each_change_begins_limits_of_its_own() -> None:
    chart = p_chart([Share(30, 100)] * 12 + [Share(60, 100)] * 3, changes=[12])
    assert [(phase.first, phase.end, phase.centre) for phase in chart.phases] == [
        (0, 12, pytest.approx(0.3)),
        (12, 15, pytest.approx(0.6)),
    ]
    assert [phase.provisional for phase in chart.phases] == [False, True]
    assert not chart.signals
    assert p_chart([Share(30, 100)] * 12 + [Share(60, 100)] * 3).signals
    assert chart.points[11].high == p_chart([Share(30, 100)] * 12).points[0].high


def test_a_change_outside_of_the_points_changes_nothing() -> None:
    assert xmr_chart(VISCOSITY, changes=[0, 15, 99]) == xmr_chart(VISCOSITY)


def test_six_on_one_side_of_the_median_are_a_shift_of_a_run_chart() -> None:
    chart = run_chart([1, 2, 1, 3, 2, 1, 9, 8, 9, 7, 9, 8])
    assert chart.phases[0].centre == 5
    assert causes(chart) == {Cause.SHIFT: [(0, 1, 2, 3, 4, 5), (6, 7, 8, 9, 10, 11)]}
    assert chart.points[0].low is None


def test_missing_values_are_passed_over() -> None:
    with_gaps = [value for each in VISCOSITY for value in (each, None)]
    assert xmr_chart(with_gaps).phases[0].centre == xmr_chart(VISCOSITY).phases[0].centre
    assert xmr_chart(with_gaps).most_range == xmr_chart(VISCOSITY).most_range


def test_a_chart_of_nothing_or_of_the_same_says_nothing() -> None:
    assert xmr_chart([]) == run_chart([]) == p_chart([]) == Chart((), (), ())
    for chart in (xmr_chart([0.1] * 30), p_chart([Share(0, 9)] * 30), run_chart([0.1] * 30)):
        assert chart.signals == ()
    assert xmr_chart([3.0]).points[0].low is None
    assert p_chart([Share(0, 0)]).phases[0].centre is None


def test_each_cause_has_words() -> None:
    assert set(CAUSE_LABEL) == set(Cause)


@given(st.lists(st.integers(-20, 20), min_size=2, max_size=40), st.integers(1, 5))
def test_signals_do_not_hang_on_unit_zero_or_sign(values: list[int], factor: int) -> None:
    plain = xmr_chart(values).signals
    assert xmr_chart([value * factor + 7 for value in values]).signals == plain
    assert xmr_chart([-value for value in values]).signals == plain


@given(st.lists(st.integers(0, 9), min_size=4, max_size=40), st.integers(1, 39))
def test_phases_are_charts_of_their_own(values: list[int], change: int) -> None:
    if change >= len(values):
        return
    whole = xmr_chart(values, [change])
    first, second = xmr_chart(values[:change]), xmr_chart(values[change:])
    assert whole.points == first.points + second.points
    moved = [Signal(s.cause, tuple(p + change for p in s.points)) for s in second.signals]
    assert sorted(whole.signals, key=str) == sorted([*first.signals, *moved], key=str)
