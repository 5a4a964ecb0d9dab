"""The US poverty guidelines: what "income at or below 200%" means in dollars."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guideline:
    """US dollars a year: for one person, and for each person more."""

    first: int
    each_more: int


CONTIGUOUS, ALASKA, HAWAII = "", "AK", "HI"
GUIDELINES: Mapping[int, Mapping[str, Guideline]] = {
    2025: {
        CONTIGUOUS: Guideline(15_650, 5_500),
        ALASKA: Guideline(19_550, 6_880),
        HAWAII: Guideline(17_990, 6_330),
    },
    2026: {
        CONTIGUOUS: Guideline(15_960, 5_680),
        ALASKA: Guideline(19_950, 7_100),
        HAWAII: Guideline(18_360, 6_530),
    },
}
"""By year, then by state: Alaska and Hawaii have their own.

Annual Update of the HHS Poverty Guidelines: 90 FR 5917 (January 17, 2025) and 91 FR 1797
(January 15, 2026).
"""
LATEST = max(GUIDELINES)


def is_within(
    income: int, percent: float, household_size: int | None, state: str | None, year: int = LATEST
) -> bool | None:
    """Whether an income in dollars a month is at or below a percentage of the guideline.

    None where that depends on what is not known: how many share it, or in which state they live.
    """
    states = GUIDELINES[year]
    known = [states.get(state, states[CONTIGUOUS])] if state else list(states.values())
    limits = [_yearly(each, percent, household_size or 1) for each in known]
    yearly = income * 12
    if yearly <= min(limits):
        return True
    if household_size is None or yearly <= max(limits):
        return None
    return False


def _yearly(guideline: Guideline, percent: float, size: int) -> float:
    return (guideline.first + guideline.each_more * (size - 1)) * percent / 100
