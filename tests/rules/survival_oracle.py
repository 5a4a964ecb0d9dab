"""Shares over time from one row for each person, in fractions: slow, plain, and not how the hub
does it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Row:
    """One person. `end` is empty where they were only last seen; `entered` 0 is from the start."""

    time: int
    end: str
    entered: int = 0


def _steps(rows: Sequence[Row], until: int) -> Iterator[tuple[int, list[Row]]]:
    for time in range(until + 1):
        late = [row for row in rows if row.entered and row.entered >= time]
        at_risk = [row for row in rows if row.time >= time and row not in late]
        ended = [row for row in at_risk if row.time == time and row.end]
        if ended:
            yield len(at_risk), ended


def still_open(rows: Sequence[Row], time: int) -> Fraction:
    share = Fraction(1)
    for at_risk, ended in _steps(rows, time):
        share *= 1 - Fraction(len(ended), at_risk)
    return share


def incidence(rows: Sequence[Row], end: str, time: int) -> Fraction:
    share, still = Fraction(0), Fraction(1)
    for at_risk, ended in _steps(rows, time):
        share += still * Fraction(sum(row.end == end for row in ended), at_risk)
        still *= 1 - Fraction(len(ended), at_risk)
    return share


def greenwood(rows: Sequence[Row], time: int) -> Fraction:
    """As Greenwood wrote it; 0 once nobody is left."""
    total = Fraction(0)
    for at_risk, ended in _steps(rows, time):
        if at_risk == len(ended):
            return Fraction(0)
        total += Fraction(len(ended), at_risk * (at_risk - len(ended)))
    return still_open(rows, time) ** 2 * total


def incidence_variance(rows: Sequence[Row], end: str, time: int) -> Fraction:
    """The three sums of Marubini and Valsecchi."""
    found = total = Fraction(0)
    final = incidence(rows, end, time)
    still = Fraction(1)
    for at_risk, ended in _steps(rows, time):
        own, out = sum(row.end == end for row in ended), len(ended)
        found += still * Fraction(own, at_risk)
        to_come = final - found
        if to_come:
            total += to_come**2 * Fraction(out, at_risk * (at_risk - out))
        total += still**2 * Fraction((at_risk - own) * own, at_risk**3)
        total -= 2 * to_come * still * Fraction(own, at_risk**2)
        still *= 1 - Fraction(out, at_risk)
    return total
