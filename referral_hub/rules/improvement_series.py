"""A measure week by week or month by month, with its chart, before and after a change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from referral_hub.rules.control_charts import Chart, p_chart, run_chart, xmr_chart
from referral_hub.rules.improvements import Drawn, Every, Measured, Quantity
from referral_hub.rules.measures import Rate
from referral_hub.rules.proportions import Difference, Share, difference


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured of a week or month. Of shares it is `share`, else `value`.

    `size` is of how many referrals it is. It is young where some of them are too young to tell.
    """

    begins: date
    size: int
    share: Share | None = None
    value: float | None = None
    is_young: bool = False

    @classmethod
    def of_rate(cls, begins: date, rate: Rate) -> "Measurement":
        """A share, with how many of its referrals are too young."""
        return cls(begins, rate.share.of, rate.share, rate.share.rate, rate.maturing > 0)

    @property
    def is_told(self) -> bool:
        """Whether it tells anything yet."""
        return not self.is_young and self.value is not None


@dataclass(frozen=True, slots=True)
class Series:
    """Measurements in the order of time, without the last ones that do not tell anything yet.

    `left_out` is how many weeks or months those are, and `too_young` how many of them have
    referrals that are too young to tell. The others have none that counts.
    """

    measured: Measured
    every: Every
    points: tuple[Measurement, ...]
    left_out: int = 0
    too_young: int = 0


def series(measured: Measured, every: Every, found: Sequence[Measurement]) -> Series:
    """The series up to the first of the last points that do not tell yet.

    A point in the middle stays where one of its referrals stands still: that one alone is left out.
    """
    end = len(found)
    while end and not found[end - 1].is_told:
        end -= 1
    too_young = sum(point.is_young for point in found[end:])
    return Series(measured, every, tuple(found[:end]), len(found) - end, too_young)


def places(found: Series, days: Iterable[date]) -> tuple[int, ...]:
    """The places of the first points that begin on or after these days: where phases begin."""
    begins = [point.begins for point in found.points]
    at = {sum(begin < day for begin in begins) for day in days}
    return tuple(sorted(place for place in at if 0 < place < len(begins)))


def chart_of(found: Series, drawn: Drawn, changes: Iterable[int]) -> Chart:
    """The chart: of shares a p chart, of other numbers an XmR chart, or of any a run chart."""
    if drawn is Drawn.RUN:
        return run_chart([point.value for point in found.points], changes)
    if isinstance(found.measured, Quantity):
        return xmr_chart([point.value for point in found.points], changes)
    return p_chart([point.share or Share(0, 0) for point in found.points], changes)


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares before and after the first change, and how far they lie apart."""

    before: Share
    after: Share
    difference: Difference


@dataclass(frozen=True, slots=True)
class Centres:
    """The centres before and after the first change, of a series that is not of shares. There is no
    interval: single values say little of how sure their middle is."""

    before: float
    after: float


def compare(found: Series, chart: Chart) -> Shares | Centres | None:
    """Before and after the first change; None where there is nothing to compare."""
    if len(chart.phases) < 2:
        return None
    first, second = chart.phases[:2]
    if isinstance(found.measured, Quantity):
        known = first.centre is not None and second.centre is not None
        return Centres(first.centre or 0, second.centre or 0) if known else None
    before = _total(found.points[first.first : first.end])
    after = _total(found.points[second.first : second.end])
    between = difference(before, after)
    return None if between is None else Shares(before, after, between)


def _total(points: Sequence[Measurement]) -> Share:
    shares = [point.share for point in points if point.share is not None]
    return Share(sum(each.met for each in shares), sum(each.of for each in shares))
