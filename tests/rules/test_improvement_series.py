"""A series leaves out what is too young, begins phases where something changed, and is told so."""

from datetime import date, timedelta

import pytest

from referral_hub.rules.control_charts import Cause, Signal
from referral_hub.rules.improvement_series import (
    Centres,
    Measurement,
    Series,
    Shares,
    chart_of,
    compare,
    places,
    series,
)
from referral_hub.rules.improvement_words import (
    caution,
    comparison_words,
    left_out_words,
    signal_words,
    value_words,
    warnings,
)
from referral_hub.rules.improvements import Drawn, Every, Measured, Quantity
from referral_hub.rules.measures import Measure, Part, rate_of
from referral_hub.rules.proportions import Share

MONDAY = date(2026, 3, 2)
RATE, COUNT = Measure.COMPLETION, Quantity.SENT


def shares(*met: tuple[int, int]) -> list[Measurement]:
    return [
        Measurement.of_rate(
            MONDAY + timedelta(weeks=n), rate_of({Part.MET: each, Part.MISSED: of - each})
        )
        for n, (each, of) in enumerate(met)
    ]


def counts(*values: float) -> list[Measurement]:
    return [
        Measurement(MONDAY + timedelta(weeks=n), int(value), value=value)
        for n, value in enumerate(values)
    ]


def young(begins: date, maturing: int = 3, missed: int = 0) -> Measurement:
    return Measurement.of_rate(begins, rate_of({Part.MATURING: maturing, Part.MISSED: missed}))


def a_series(found: list[Measurement], measured: Measured = RATE) -> Series:
    return series(measured, Every.WEEK, found)


def test_the_last_points_are_left_out_as_long_as_any_of_their_referrals_is_too_young() -> None:
    later = [MONDAY + timedelta(weeks=week) for week in (2, 3)]
    found = a_series([*shares((1, 2), (2, 2)), young(later[0], missed=4), young(later[1])])
    assert (len(found.points), found.left_out, found.too_young) == (2, 2, 2)


def test_a_point_in_the_middle_stays_where_one_of_its_referrals_stands_still() -> None:
    found = a_series([young(MONDAY, 1, 4), *shares((0, 1))[:1]])
    assert (len(found.points), found.left_out) == (2, 0)


def test_weeks_without_referrals_at_the_end_tell_nothing_and_those_between_stay_empty() -> None:
    found = a_series(shares((1, 2), (0, 0), (1, 2), (0, 0)))
    assert [point.value for point in found.points] == [0.5, None, 0.5]
    assert (found.left_out, found.too_young) == (1, 0)


@pytest.mark.parametrize(
    ("left_out", "too_young", "words"),
    [
        (0, 0, ""),
        (1, 1, "The last week is left out: its referrals are too young to tell."),
        (3, 3, "The last 3 weeks are left out: their referrals are too young to tell."),
        (1, 0, "The last week is left out: none of its referrals counts."),
        (3, 1, "The last 3 weeks are left out: the referrals of 1 week are too young to tell, and"
               " of the others none counts."),
    ],
)  # fmt: skip
def test_why_the_last_weeks_are_left_out_is_told(left_out: int, too_young: int, words: str) -> None:
    assert left_out_words(Series(RATE, Every.WEEK, (), left_out, too_young)) == words


def test_a_phase_begins_with_the_first_week_that_begins_on_or_after_the_change() -> None:
    found = a_series(counts(*range(5)), COUNT)
    assert places(found, [MONDAY + timedelta(weeks=2)]) == (2,)
    assert places(found, [MONDAY + timedelta(weeks=2, days=1)]) == (3,)
    assert places(found, [MONDAY, MONDAY + timedelta(weeks=9)]) == ()


def test_shares_before_and_after_are_all_their_referrals_together_with_newcombes_interval() -> None:
    found = a_series(shares((20, 40), (28, 40), (28, 35), (28, 35)))
    compared = compare(found, chart_of(found, Drawn.CONTROL, [2]))
    assert isinstance(compared, Shares)
    assert (compared.before, compared.after) == (Share(48, 80), Share(56, 70))
    interval = compared.difference.interval  # as he gives it for 56 of 70 and 48 of 80
    assert (interval.low, interval.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_with_several_changes_the_first_one_is_compared_up_to_the_second() -> None:
    found = a_series(shares((1, 2), (2, 2), (0, 2)))
    compared = compare(found, chart_of(found, Drawn.RUN, [1, 2]))
    assert isinstance(compared, Shares)
    assert compared.after == Share(2, 2)


def test_of_numbers_the_middles_are_told_and_no_interval() -> None:
    found = a_series(counts(2, 4, 9, 1, 2), COUNT)
    assert compare(found, chart_of(found, Drawn.CONTROL, [3])) == Centres(5, 1.5)
    assert compare(found, chart_of(found, Drawn.RUN, [3])) == Centres(4, 1.5)
    assert compare(found, chart_of(found, Drawn.CONTROL, [])) is None


def test_before_and_after_is_a_sentence_with_numbers_rates_and_the_interval() -> None:
    found = a_series(shares((48, 80), (56, 70)))
    compared = compare(found, chart_of(found, Drawn.CONTROL, [1]))
    assert compared is not None
    assert comparison_words(found, compared, Drawn.CONTROL) == (
        "Before the first change 48 of 80 (60.0%), after it 56 of 70 (80.0%): +20.0 points, with "
        "95% confidence between +5.2 and +33.4."
    )
    assert comparison_words(a_series([], COUNT), Centres(5, 1.5), Drawn.RUN) == (
        "Before the first change the median of a week was 5.0 referrals, after it 1.5 referrals."
    )


def test_a_difference_that_chance_can_make_is_called_so_and_none_is_called_a_proof() -> None:
    unsure, sure = (
        compare(found, chart_of(found, Drawn.CONTROL, [1]))
        for found in (a_series(shares((56, 80), (48, 80))), a_series(shares((10, 80), (70, 80))))
    )
    assert unsure is not None
    assert sure is not None
    assert caution(unsure).startswith("So much can be chance alone. ")
    assert caution(sure).startswith("This does not prove that the change was the cause")


def test_a_row_on_one_side_is_told_with_its_number_side_and_weeks() -> None:
    found = a_series(counts(*[5.0] * 8, *[1.0] * 8), COUNT)
    chart = chart_of(found, Drawn.CONTROL, [])
    told = [signal_words(found, chart, each) for each in chart.signals if each.cause is Cause.SHIFT]
    assert told == [
        "8 points in a row above the centre, from the week of March 2, 2026 to the week of "
        "April 20, 2026",
        "8 points in a row below the centre, from the week of April 27, 2026 to the week of "
        "June 15, 2026",
    ]


def test_each_cause_is_told_in_words() -> None:
    found = series(COUNT, Every.MONTH, counts(1, 2, 3, 4, 5, 6, 90, 6, 6))
    chart = chart_of(found, Drawn.CONTROL, [])
    say = lambda cause, *at: signal_words(found, chart, Signal(cause, at))  # noqa: E731
    assert say(Cause.BEYOND_LIMIT, 6) == "April 2026 lies above the upper limit"
    assert say(Cause.BEYOND_LIMIT, 0) == "March 2026 lies below the lower limit"
    assert say(Cause.TREND, 0, 1, 2, 3, 4, 5).startswith("6 points in a row that rise, from March")
    assert say(Cause.TREND, 6, 7).startswith("2 points in a row that fall")
    assert say(Cause.NEAR_LIMIT, 0, 1).startswith("2 of 3 points close to the lower limit")


def test_points_of_few_referrals_and_phases_of_few_points_are_warned_of() -> None:
    found = a_series(shares(*[(4, 8)] * 9, (1, 4), (0, 1)))
    told = warnings(found, chart_of(found, Drawn.CONTROL, [9]))
    assert told == (
        "2 of 11 points are of fewer than 5 referrals, and jump by chance alone. Months are "
        "steadier than weeks.",
        "The time before the first change has 9 points: its limits are a first guess until there "
        "are 12.",
        "The time after change 1 has 2 points: of fewer than 8 one sees little.",
    )


def test_a_long_series_of_large_points_needs_no_warning_and_numbers_may_be_small() -> None:
    large = a_series(shares(*[(4, 8)] * 12))
    assert warnings(large, chart_of(large, Drawn.CONTROL, [])) == ()
    small = a_series(counts(*[1.0] * 12), COUNT)
    assert warnings(small, chart_of(small, Drawn.CONTROL, [])) == ()
    empty = a_series([])
    assert warnings(empty, chart_of(empty, Drawn.CONTROL, [])) == (
        "No whole week can be told of yet.",
    )


def test_a_value_reads_with_its_unit() -> None:
    assert value_words(Measure.RESPONSE, 0.505) == "50.5%"
    assert value_words(Quantity.DAYS_TO_DECISION, 2.04) == "2.0 days"
