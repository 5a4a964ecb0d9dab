"""What rankings and times are judged by."""

import math
import statistics
from collections.abc import Collection, Iterable, Mapping, Sequence

GOOD_GRADE = 2


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float | None:
    """Return the discounted gain of the first `depth` as a share of the best possible one.

    The gain of a grade g is 2^g - 1; what was not judged counts as 0. None if nothing is relevant.
    """
    best = _gain(sorted(grades.values(), reverse=True)[:depth])
    found = _gain(grades.get(id_, 0) for id_ in ranked[:depth])
    return found / best if best else None


def recall(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 20) -> float | None:
    """Return the share of the good records that stand in the first `depth`; None without any."""
    good = _good(grades)
    return len(good & set(ranked[:depth])) / len(good) if good else None


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int]) -> float | None:
    """Return 1 / rank of the first good record, 0 if none is found; None if none is good."""
    good = _good(grades)
    ranks = (1 / rank for rank, id_ in enumerate(ranked, start=1) if id_ in good)
    return next(ranks, 0.0) if good else None


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of those that are numbers; None without any."""
    numbers = [value for value in values if value is not None]
    return statistics.fmean(numbers) if numbers else None


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the smallest value that `percent` of 100 values do not exceed.

    Raises ValueError without values.
    """
    if not values:
        raise ValueError("There is no percentile of nothing.")
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def overlap(found: Collection[str], expected: Collection[str]) -> float:
    """Return the share of the expected ids that were found; 1 if none are expected."""
    return len(set(found) & set(expected)) / len(expected) if expected else 1.0


def _gain(grades: Iterable[int]) -> float:
    return sum(
        (2.0**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, start=1)
    )


def _good(grades: Mapping[str, int]) -> set[str]:
    return {id_ for id_, grade in grades.items() if grade >= GOOD_GRADE}
