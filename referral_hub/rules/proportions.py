"""Shares of a whole, and how sure one can be of them."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

LEVEL = 0.95
"""How often an interval holds what it is about."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included."""

    low: float
    high: float


def deviations(level: float) -> float:
    """How many standard deviations to each side hold this much of a normal distribution."""
    if not 0 < level < 1:
        raise ValueError("A level lies between 0 and 1.")
    return NormalDist().inv_cdf((1 + level) / 2)


@dataclass(frozen=True, slots=True)
class Share:
    """`met` of `of`. Of nothing there is no rate."""

    met: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.met <= self.of:
            raise ValueError("A share is from none to all.")

    @property
    def rate(self) -> float | None:
        """The share as a number from 0 to 1."""
        return self.met / self.of if self.of else None

    def interval(self, level: float = LEVEL) -> Interval:
        """The score interval without correction: Wilson, J. Am. Stat. Assoc. 22 (1927), 209-212.

        Of nothing it is everything from 0 to 1.
        """
        z = deviations(level)
        if not self.of:
            return Interval(0, 1)
        missed, scale = self.of - self.met, self.of + z * z
        middle = (self.met + z * z / 2) / scale
        half = z * sqrt(self.met * missed / self.of + z * z / 4) / scale
        return Interval(
            max(middle - half, 0) if self.met else 0, min(middle + half, 1) if missed else 1
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much one rate is above another, as a number from -1 to 1."""

    value: float
    interval: Interval


def difference(before: Share, after: Share, level: float = LEVEL) -> Difference | None:
    """How much the rate rose, None where one of the two does not exist.

    The interval puts two score intervals together: method 10 of Newcombe, Statistics in Medicine
    17 (1998), 873-890. The two must be of different people.
    """
    first, second = before.rate, after.rate
    if first is None or second is None:
        return None
    was, now, value = before.interval(level), after.interval(level), second - first
    down = sqrt((second - now.low) ** 2 + (was.high - first) ** 2)
    up = sqrt((now.high - second) ** 2 + (first - was.low) ** 2)
    return Difference(value, Interval(max(value - down, -1), min(value + up, 1)))
