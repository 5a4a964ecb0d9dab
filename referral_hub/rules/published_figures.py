"""What everybody may know of the network's referrals: fixed tables of quarters that are over.

A quarter is published once, when all its referrals had the time to be completed, as it was known
at that moment: two publications of the same referrals would tell by their difference what each
hides. Small counts are hidden by `rules.suppression`.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import total_ordering
from math import prod

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.measures import ACCEPTED, Standing
from referral_hub.rules.suppression import Cell, Cuts, publish


@total_ordering
@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year, `number` from 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter in which a day lies."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def begins(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends(self) -> date:
        """The first day after it."""
        return self.next.begins

    @property
    def next(self) -> "Quarter":
        """The one after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    def __lt__(self, other: "Quarter") -> bool:
        return (self.year, self.number) < (other.year, other.number)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


def read_quarter(text: str) -> Quarter:
    """The quarter that was written so. Raises InvalidInput."""
    if re.fullmatch(r"[12]\d{3}-Q[1-4]", text, re.ASCII):
        return Quarter(int(text[:4]), int(text[-1]))
    message = "Write a quarter as 2026-Q1."
    raise InvalidInput(message, {"quarter": message})


def published_on(quarter: Quarter, follow_up_days: int) -> date:
    """The day at whose begin a quarter is published: its last referrals are so old then."""
    return quarter.ends + timedelta(days=follow_up_days)


class Outcome(StrEnum):
    """What became of a referral, as coarse as everybody may know it."""

    COMPLETED = "completed"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"


OUTCOME_LABEL = {
    Outcome.COMPLETED: "Completed",
    Outcome.ACCEPTED: "Accepted, not completed",
    Outcome.NOT_ACCEPTED: "Not accepted",
}


def outcome_of(standing: Standing) -> Outcome:
    """The outcome for everybody; who was accepted and withdrew later was accepted."""
    if standing is Standing.COMPLETED:
        return Outcome.COMPLETED
    return Outcome.ACCEPTED if standing in ACCEPTED else Outcome.NOT_ACCEPTED


class Cut(StrEnum):
    """By what a published table tells referrals apart, beside the outcome. There is one table for
    each: crossed with each other they would have so many small cells that most of their sums had to
    be hidden as well."""

    AGENCY = "agency"
    DOMAIN = "domain"
    COUNTY = "county"


MOST_TOGETHER = 3_000
"""So many combinations of categories are looked at together; it takes the square of that."""
Counts = Mapping[tuple[str, ...], int]


def published_cells(counts: Counts) -> dict[Cell, int | None]:
    """All cells of the fixed tables; None is hidden. `counts` are of agency, domain, county and
    outcome; a cell has these four, None where it is the total over one.

    Each table is made by itself, as long as all of them show the totals of the outcomes: then
    nothing else ties them. Whatever one of them can be is possible beside what the others are,
    since for each outcome there are referrals with any agencies, domains and counties of the same
    total. Where a table has to hide such a total, another one would tell it: then all are made
    together, or, where that is too much, that one is hidden whole.
    """
    alone = {cut: _alone(counts, place) for place, cut in enumerate(Cut)}
    telling = {cut: cells for cut, cells in alone.items() if _tells_totals(cells)}
    if len(telling) < len(alone) and _combinations(counts) <= MOST_TOGETHER:
        return _together(counts)
    found: dict[Cell, int | None] = {}
    for place, (cut, cells) in enumerate(alone.items()):
        for (category, outcome), number in cells.items():
            key: list[str | None] = [None, None, None, outcome]
            key[place] = category
            if cut in telling or category is not None:
                found[tuple(key)] = number if cut in telling else None
    for outcome in (None, *(each.value for each in Outcome)):
        found.setdefault((None, None, None, outcome), None)
    return found


def _alone(counts: Counts, place: int) -> dict[Cell, int | None]:
    """The table of one dimension and the outcome."""
    sums: Counter[tuple[str, ...]] = Counter()
    for key, number in counts.items():
        sums[key[place], key[-1]] += number
    categories = sorted({key[0] for key in sums})
    return publish(Cuts((categories, [each.value for each in Outcome]), outcome=1), sums)


def _tells_totals(cells: Mapping[Cell, int | None]) -> bool:
    return all(cells[None, each] is not None for each in (None, *(o.value for o in Outcome)))


def _combinations(counts: Counts) -> int:
    return prod(len({key[place] for key in counts}) for place in range(len(Cut))) * len(Outcome)


def _together(counts: Counts) -> dict[Cell, int | None]:
    categories = [sorted({key[place] for key in counts}) for place in range(len(Cut))]
    outcome = len(categories)
    cuts = Cuts(
        (*categories, [each.value for each in Outcome]),
        shown=[[outcome], *([place, outcome] for place in range(outcome))],
        outcome=outcome,
    )
    return publish(cuts, counts)
