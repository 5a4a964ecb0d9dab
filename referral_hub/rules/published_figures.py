"""What everybody may know of the network's referrals: fixed tables of quarters that are over.

A quarter is published once, when all its referrals had the time to be completed, as it was known
at that moment: two publications of the same referrals would tell by their difference what each
hides. Small counts are hidden by `rules.suppression`.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import total_ordering

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.measures import ACCEPTED, Standing
from referral_hub.rules.suppression import Cuts


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
    """By what a published table tells referrals apart, beside the outcome."""

    AGENCY = "agency"
    DOMAIN = "domain"
    COUNTY = "county"


TABLES: tuple[tuple[Cut, ...], ...] = (
    (Cut.AGENCY,),
    (Cut.DOMAIN,),
    (Cut.COUNTY,),
)
"""The fixed tables; each with its totals and with the outcome. Crossed with each other they would
have so many small cells that most of their sums had to be hidden as well."""


def cuts_of(agencies: list[str], domains: list[str], counties: list[str]) -> Cuts:
    """The fixed tables over these categories."""
    place = {cut: number for number, cut in enumerate(Cut)}
    outcome = len(place)
    return Cuts(
        (agencies, domains, counties, [each.value for each in Outcome]),
        shown=[[outcome], *([*(place[cut] for cut in table), outcome] for table in TABLES)],
        outcome=outcome,
    )
