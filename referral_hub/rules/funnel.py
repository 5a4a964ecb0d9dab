"""How far agencies of different size may lie from a common rate by chance alone."""

from dataclasses import dataclass
from enum import StrEnum
from math import exp, lgamma, log, log1p, sqrt

from referral_hub.rules.proportions import Interval, Share

WARNING_LEVEL = 0.95
ALARM_LEVEL = 0.998


class Position(StrEnum):
    """Where a share lies in the funnel. Of many agencies one in twenty is outside by chance."""

    INSIDE = "inside"
    UNUSUAL = "unusual"
    FAR_OUTSIDE = "far_outside"


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """Between which rates 95 and 99.8 of 100 agencies lie that do as all do."""

    warning: Interval
    alarm: Interval

    def position(self, rate: float) -> Position:
        """Where a rate lies. On a limit is still within it."""
        if not self.alarm.low <= rate <= self.alarm.high:
            return Position.FAR_OUTSIDE
        if not self.warning.low <= rate <= self.warning.high:
            return Position.UNUSUAL
        return Position.INSIDE


def funnel_limits(rate: float, of: int) -> FunnelLimits:
    """The limits for one denominator, of the exact binomial distribution around a common rate.

    Spiegelhalter, Statistics in Medicine 24 (2005), 1185-1202, appendix: between two counts the
    limits are interpolated, so that they are smooth from denominator to denominator. Here the
    upper limit is the mirror of the lower: on each side at most half of what a level leaves lies
    outside.
    """
    if not 0 <= rate <= 1 or of < 1:
        raise ValueError("Limits need a rate from 0 to 1 and a denominator from 1 on.")
    return FunnelLimits(_limits(rate, of, WARNING_LEVEL), _limits(rate, of, ALARM_LEVEL))


def position(share: Share, rate: float) -> Position | None:
    """Where a share lies beside a common rate; None if it is of nothing."""
    if share.rate is None:
        return None
    spread = sqrt(rate * (1 - rate) / share.of)
    if min(rate, 1 - rate) * share.of >= _MANY and abs(share.rate - rate) < _NEAR * spread:
        return Position.INSIDE
    return funnel_limits(rate, share.of).position(share.rate)


_MANY, _NEAR = 50, 1.8
"""Of so many on both sides, nothing nearer than so many standard deviations lies outside: where the
limits are need not be found."""


def _limits(rate: float, of: int, level: float) -> Interval:
    if rate in (0, 1):
        return Interval(rate, rate)
    tail = (1 - level) / 2
    low = _quantile(of, rate, tail)
    high = 1 - _quantile(of, 1 - rate, tail)
    return Interval(max(low, 0), min(high, 1))


def _quantile(of: int, rate: float, tail: float) -> float:
    """The share below which a tail of less than half lies: chances are added up from the first
    count that weighs anything."""
    mean = of * rate
    count = max(0, int(mean - _FAR * sqrt(mean * (1 - rate))) - _SKEW)
    while (weight := _log_chance(count, of, rate)) < _WEIGHTLESS:
        count += 1
    chance = here = exp(weight)
    while here < tail:
        count += 1
        chance *= (of - count + 1) * rate / (count * (1 - rate))
        here += chance
    return (count - (here - tail) / chance) / of


_FAR, _SKEW, _WEIGHTLESS = 12, 40, -600
"""What lies so many standard deviations and counts below the mean, or has such a logarithm of its
chance, weighs nothing beside a tail."""


def _log_chance(count: int, of: int, rate: float) -> float:
    """The logarithm of the chance of exactly so many of `of`."""
    ways = lgamma(of + 1) - lgamma(count + 1) - lgamma(of - count + 1)
    return ways + count * log(rate) + (of - count) * log1p(-rate)
