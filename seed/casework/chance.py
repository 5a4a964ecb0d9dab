"""Chance that falls the same way each time."""

from collections.abc import Mapping
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance(Random):
    """A source of chance with a seed, and what a story asks it for."""

    def happens(self, share: float) -> bool:
        """True in this share of cases."""
        return self.random() < share

    def one_of(self, weights: Mapping[T, float]) -> T:
        """One of the keys, each as often as its weight says."""
        return self.choices(list(weights), list(weights.values()))[0]

    def hours(self, typical: float) -> float:
        """A time in hours: half of them around what is typical, some much longer."""
        return typical * min(6.0, self.lognormvariate(0, 0.7))
