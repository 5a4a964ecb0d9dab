"""Measures, checked against what was worked out by hand."""

import math

import pytest

from benchmarks.metrics import mean, ndcg, overlap, percentile, recall, reciprocal_rank

GRADES = {"a": 3, "b": 2, "c": 1, "d": 0}
BEST = 7 + 3 / math.log2(3) + 1 / 2


def test_the_best_order_has_full_gain() -> None:
    assert ndcg(["a", "b", "c", "d"], GRADES) == pytest.approx(1)


def test_gain_is_smaller_further_down() -> None:
    assert ndcg(["x", "b", "a"], GRADES) == pytest.approx((3 / math.log2(3) + 7 / 2) / BEST)


def test_what_stands_below_the_depth_gives_nothing() -> None:
    assert ndcg(["x", "a"], GRADES, depth=1) == 0


def test_only_as_many_as_fit_are_expected() -> None:
    assert ndcg(["a"], GRADES, depth=1) == 1


def test_recall_counts_the_good_ones_of_the_first_twenty() -> None:
    assert recall(["c", "a"], GRADES) == 0.5
    assert recall(["x"] * 20 + ["a", "b"], GRADES) == 0


def test_reciprocal_rank_is_that_of_the_first_good_one() -> None:
    assert reciprocal_rank(["c", "d", "b", "a"], GRADES) == pytest.approx(1 / 3)
    assert reciprocal_rank(["c"], GRADES) == 0


@pytest.mark.parametrize("measure", [ndcg, recall, reciprocal_rank])
def test_without_anything_relevant_there_is_no_figure(measure: object) -> None:
    assert callable(measure)
    assert measure(["a"], {"a": 0}) is None


def test_a_mean_leaves_out_what_has_no_figure() -> None:
    assert mean([1.0, None, 0.0]) == 0.5
    assert mean([None]) is None


@pytest.mark.parametrize(("percent", "value"), [(50, 5), (95, 10), (99, 10), (10, 1)])
def test_percentiles_are_values_that_were_seen(percent: int, value: int) -> None:
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], percent) == value


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="percentile of nothing"):
        percentile([], 50)


def test_overlap_is_the_share_of_what_was_expected() -> None:
    assert overlap(["a", "x"], ["a", "b"]) == 0.5
    assert overlap(["x"], []) == 1
