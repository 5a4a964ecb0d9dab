"""Measures over time: what is their usual play, and what points at a cause of its own.

A chart is judged in phases. Each marked change begins one, with limits of its own, so that what
changed is not taken for chance nor chance for what changed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import copysign, inf, isclose, sqrt
from statistics import fmean, median

from referral_hub.rules.proportions import Share

FEWEST_POINTS = 12
"""With fewer points in a phase its limits are a first guess."""

_SIGMAS = 3
_PER_MOVING_RANGE = 2.66
_MOST_MOVING_RANGE = 3.267
"""For ranges of two: 3/d2 and D4 of Shewhart's tables."""


class Cause(StrEnum):
    """What points at a special cause.

    For control charts these are the rules of Provost and Murray, The Health Care Data Guide (2011),
    without "15 points close to the centre": that tells of how data were grouped, not that something
    changed. A run chart has the shift and the trend only.
    """

    BEYOND_LIMIT = "beyond_limit"
    SHIFT = "shift"
    TREND = "trend"
    NEAR_LIMIT = "near_limit"


CAUSE_LABEL: dict[Cause, str] = {
    Cause.BEYOND_LIMIT: "A point beyond a limit",
    Cause.SHIFT: "Many in a row on one side of the centre",
    Cause.TREND: "Many in a row that all rise or all fall",
    Cause.NEAR_LIMIT: "Two of three close to a limit",
}


@dataclass(frozen=True, slots=True)
class Signal:
    """A cause, and the points that show it, by their place in the chart."""

    cause: Cause
    points: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A value beside the centre and limits that hold for it. Where nothing was counted, no value.

    A run chart has no limits.
    """

    value: float | None
    centre: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """The points from `first` to before `end`, judged together."""

    first: int
    end: int
    centre: float | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Points, phases, and what points at special causes, in the order of time.

    `most_range` is the limit of how far two points of one phase may lie apart, of an XmR chart.
    """

    points: tuple[Point, ...]
    phases: tuple[Phase, ...]
    signals: tuple[Signal, ...]
    most_range: tuple[float | None, ...] = ()


def p_chart(shares: Sequence[Share], changes: Iterable[int] = ()) -> Chart:
    """A chart of shares: the limits are three standard deviations of a binomial count.

    `changes` are the places at which something was changed.
    """
    points: list[Point] = []
    phases: list[Phase] = []
    signals: list[Signal] = []
    for first, end in _spans(len(shares), changes):
        part = shares[first:end]
        of = sum(share.of for share in part)
        centre = sum(share.met for share in part) / of if of else None
        sigmas = [_binomial_sigma(centre, share.of) for share in part]
        phases.append(_phase(first, end, centre, [share.rate for share in part]))
        for share, sigma in zip(part, sigmas, strict=True):
            if centre is None or sigma is None:
                points.append(Point(None, centre))
                continue
            reach = _SIGMAS * sigma
            points.append(Point(share.rate, centre, max(centre - reach, 0), min(centre + reach, 1)))
        signals += _special_causes(first, points[first:end], sigmas)
    return Chart(tuple(points), tuple(phases), _in_order(signals))


def xmr_chart(values: Sequence[float | None], changes: Iterable[int] = ()) -> Chart:
    """A chart of single values: the limits come of the mean range between neighbours.

    Montgomery, Introduction to Statistical Quality Control, section 6.4. A value that is missing
    is passed over.
    """
    points: list[Point] = []
    phases: list[Phase] = []
    signals: list[Signal] = []
    most: list[float | None] = []
    for first, end in _spans(len(values), changes):
        part = values[first:end]
        known = [value for value in part if value is not None]
        centre = fmean(known) if known else None
        ranges = [abs(later - earlier) for earlier, later in pairwise(known)]
        phases.append(_phase(first, end, centre, part))
        if centre is None or not ranges:
            points += [Point(value, centre) for value in part]
            most.append(None)
            continue
        reach = _PER_MOVING_RANGE * fmean(ranges)
        points += [Point(value, centre, centre - reach, centre + reach) for value in part]
        most.append(_MOST_MOVING_RANGE * fmean(ranges))
        signals += _special_causes(first, points[first:end], [reach / _SIGMAS] * len(part))
    return Chart(tuple(points), tuple(phases), _in_order(signals), tuple(most))


def run_chart(values: Sequence[float | None], changes: Iterable[int] = ()) -> Chart:
    """A chart around the median, for when there are few points yet.

    Six in a row on one side are a shift, five that all rise or fall a trend: Perla, Provost and
    Murray, BMJ Quality and Safety 20 (2011), 46-51.
    """
    points: list[Point] = []
    phases: list[Phase] = []
    signals: list[Signal] = []
    for first, end in _spans(len(values), changes):
        part = values[first:end]
        known = [value for value in part if value is not None]
        centre = median(known) if known else None
        phases.append(_phase(first, end, centre, part))
        points += [Point(value, centre) for value in part]
        placed = _placed(first, points[first:end])
        signals += _shifts(placed, 6) + _trends(placed, 5)
    return Chart(tuple(points), tuple(phases), _in_order(signals))


def _spans(length: int, changes: Iterable[int]) -> Iterator[tuple[int, int]]:
    inside = {change for change in changes if 0 < change < length}
    return pairwise([0, *sorted(inside), length]) if length else iter(())


def _phase(first: int, end: int, centre: float | None, values: Sequence[float | None]) -> Phase:
    known = sum(value is not None for value in values)
    return Phase(first, end, centre, known < FEWEST_POINTS)


def _binomial_sigma(centre: float | None, of: int) -> float | None:
    return sqrt(centre * (1 - centre) / of) if centre is not None and of else None


@dataclass(frozen=True, slots=True)
class _Placed:
    """A value, its place in the chart, and how far it is above the centre."""

    place: int
    value: float
    above: float
    sigmas: float


def _placed(
    first: int, points: Sequence[Point], sigmas: Sequence[float | None] = ()
) -> list[_Placed]:
    """The points that have values. One on the centre is so by any rounding."""
    found = []
    for offset, point in enumerate(points):
        if point.value is None or point.centre is None:
            continue
        above = point.value - point.centre
        if isclose(point.value, point.centre, rel_tol=1e-9, abs_tol=1e-12):
            above = 0
        sigma = sigmas[offset] if sigmas else None
        far = above / sigma if sigma else copysign(inf, above) if above else 0
        found.append(_Placed(first + offset, point.value, above, far))
    return found


def _special_causes(
    first: int, points: Sequence[Point], sigmas: Sequence[float | None]
) -> list[Signal]:
    placed = _placed(first, points, sigmas)
    beyond = [
        Signal(Cause.BEYOND_LIMIT, (each.place,))
        for each in placed
        if abs(each.sigmas) > _SIGMAS * (1 + 1e-9)
    ]
    return beyond + _shifts(placed, 8) + _trends(placed, 6) + _near_limits(placed)


def _shifts(placed: Sequence[_Placed], fewest: int) -> list[Signal]:
    """So many in a row on one side. One on the centre neither counts nor ends a row."""
    off_centre = [each for each in placed if each.above]
    rows = _rows(off_centre, lambda earlier, later: earlier.above * later.above > 0)
    return [_signal(Cause.SHIFT, row) for row in rows if len(row) >= fewest]


def _trends(placed: Sequence[_Placed], fewest: int) -> list[Signal]:
    """So many in a row that all rise, or all fall. One like the last neither counts nor ends it."""
    moving = [
        each
        for index, each in enumerate(placed)
        if not index or not isclose(each.value, placed[index - 1].value, rel_tol=1e-9)
    ]
    rising = _rows(moving, lambda earlier, later: earlier.value < later.value)
    falling = _rows(moving, lambda earlier, later: earlier.value > later.value)
    return [_signal(Cause.TREND, row) for row in rising + falling if len(row) >= fewest]


def _near_limits(placed: Sequence[_Placed]) -> list[Signal]:
    """Two of three in a row beyond two standard deviations, on the same side."""
    found: dict[tuple[int, ...], None] = {}
    for index in range(len(placed) - 1):
        for side in (1, -1):
            near = [each for each in placed[index : index + 3] if each.sigmas * side > 2]
            if len(near) >= 2:
                found[tuple(each.place for each in near)] = None
    return [
        Signal(Cause.NEAR_LIMIT, places)
        for places in found
        if not any(set(places) < set(others) for others in found)
    ]


def _rows(
    placed: Sequence[_Placed], goes_on: Callable[[_Placed, _Placed], bool]
) -> list[list[_Placed]]:
    rows: list[list[_Placed]] = []
    for each in placed:
        if rows and goes_on(rows[-1][-1], each):
            rows[-1].append(each)
        else:
            rows.append([each])
    return rows


def _signal(cause: Cause, row: Iterable[_Placed]) -> Signal:
    return Signal(cause, tuple(each.place for each in row))


def _in_order(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    causes = list(Cause)
    return tuple(sorted(signals, key=lambda each: (each.points, causes.index(each.cause))))
