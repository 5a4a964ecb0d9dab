"""How many cases a team will have, from how they came and went; and how many workers that takes.

The model is plain and says so. Cases come independently of each other, as many a week as lately
(Poisson). Each case that is open when a week begins ends in it with the same chance as lately
(binomial). What comes and ends within one week changes no number of open cases and counts as
neither. Nothing is known of seasons, of cases that stay for years, or of what the team will decide.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, lgamma, log, sqrt

from referral_hub.rules.caseload_weights import Band

FEWEST_WEEKS = 4
"""From fewer weeks nothing is projected."""
WEEKS_USED, WEEKS_AHEAD = 12, 8
_NINE_OF_TEN = 1.6449
"""How many standard deviations to each side hold nine of ten futures."""
_NODES = 200
"""In how many steps what the share of closures may be is gone through."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week of a team: cases open at its start, those that came, and those that ended. `passing`
    are those that came and ended in it: they are among both."""

    open_at_start: int
    arrivals: int
    closures: int
    passing: int = 0

    @property
    def stayed(self) -> int:
        """How many came and were open at the end."""
        return self.arrivals - self.passing

    @property
    def ended(self) -> int:
        """How many of those that were open at the start ended."""
        return self.closures - self.passing


@dataclass(frozen=True, slots=True)
class Expected:
    """How many cases will be open after so many weeks; nine of ten futures lie from `low` to
    `high`."""

    weeks: int
    mean: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Projection:
    """What is expected, and on what it rests: how many come a week and stay past its end, and what
    share of those that were open ends in one."""

    staying_a_week: float
    closing_share: float
    from_weeks: int
    ahead: tuple[Expected, ...]

    @property
    def last(self) -> Expected:
        """The farthest look."""
        return self.ahead[-1]


@dataclass(frozen=True, slots=True)
class Staffing:
    """How many workers keep the band: `fewest` with nobody above it, `most` with nobody below it,
    where all carry the same. `most` is less than `fewest` where no number does both."""

    points: float
    fewest: int
    most: int


def project(weeks: Sequence[Week], open_now: int, ahead: int = WEEKS_AHEAD) -> Projection | None:
    """What to expect after full weeks that were like these, the latest last; None of too few.

    That rates are only known from a few weeks widens the interval: how many come has a gamma, which
    share ends a beta distribution, both after Jeffreys.
    """
    used = weeks[-WEEKS_USED:]
    if len(used) < FEWEST_WEEKS:
        return None
    came = sum(week.stayed for week in used)
    ended = sum(week.ended for week in used)
    exposed = sum(week.open_at_start for week in used)
    rate = _Rate((came + 0.5) / len(used), (came + 0.5) / len(used) ** 2)
    shares = tuple(_beta(ended + 0.5, exposed - ended + 0.5)) if exposed else ()
    return Projection(
        came / len(used),
        ended / exposed if exposed else 0.0,
        len(used),
        tuple(_expected(number, open_now, rate, shares) for number in range(1, ahead + 1)),
    )


def staffing_for(cases: float, points_a_case: float, band: Band) -> Staffing:
    """How many workers keep the band with so many cases of this weight on average."""
    points = cases * points_a_case
    most = floor(points / band.low + 1e-9) if band.low else ceil(points)
    return Staffing(round(points, 1), ceil(points / band.high - 1e-9), most)


@dataclass(frozen=True, slots=True)
class _Rate:
    """How many come a week, as far as that is known."""

    mean: float
    variance: float


def _expected(
    number: int, open_now: int, rate: _Rate, shares: Sequence[tuple[float, float]]
) -> Expected:
    """Mean and variance over all shares that may be true; each gives those of binomially many that
    stay and Poisson many that came and stayed."""
    mean = square = 0.0
    for share, chance in shares or ((0.0, 1.0),):
        stays = (1 - share) ** number
        reach = (1 - stays) / share if share else float(number)
        here = open_now * stays + rate.mean * reach
        variance = open_now * stays * (1 - stays) + rate.mean * reach + rate.variance * reach**2
        mean += chance * here
        square += chance * (variance + here**2)
    half = _NINE_OF_TEN * sqrt(max(square - mean**2, 0))
    return Expected(number, round(mean, 1), max(0, floor(mean - half)), ceil(mean + half))


def _beta(a: float, b: float) -> Iterator[tuple[float, float]]:
    """Values of a beta distribution, each with its part of the whole: five standard deviations to
    each side."""
    mean = a / (a + b)
    reach = 5 * sqrt(mean * (1 - mean) / (a + b + 1))
    low, high = max(0.0, mean - reach), min(1.0, mean + reach)
    places = [low + (high - low) * (step + 0.5) / _NODES for step in range(_NODES)]
    beta = lgamma(a) + lgamma(b) - lgamma(a + b)
    heights = [exp((a - 1) * log(p) + (b - 1) * log(1 - p) - beta) for p in places]
    total = sum(heights)
    yield from ((place, height / total) for place, height in zip(places, heights, strict=True))
