"""How long what a listing says is believed: when it is asked about, and when it counts no more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import IntEnum, StrEnum

from referral_hub.rules.capacity import CapacityState

CHANGING_OFTEN = ("food", "housing.shelter")
"""Needs whose services change from season to season; all below them among these."""
ESCALATED_AFTER = timedelta(days=14)
"""How long after a review was due the administrators are told."""
STALE_AFTER = timedelta(days=28)
"""How long after a review was due the listing says so to everybody, and the steward sees it."""
DECLINES_THAT_ASK = 2
DECLINES_WITHIN = timedelta(days=7)
"""So many refusals for want of room in so many days ask whether the listing is right."""
LINK_LENGTH = timedelta(days=21)
"""How long the link of a reminder is good."""
MOST_IN_A_MAIL = 25
"""How many listings one mail asks about; the rest waits for the next day."""

_ASKED_AFTER: Mapping[CapacityState, timedelta] = {
    CapacityState.OPEN: timedelta(days=7),
    CapacityState.LIMITED: timedelta(days=7),
    CapacityState.WAITING_LIST: timedelta(days=30),
    CapacityState.CLOSED: timedelta(days=30),
}
_LAPSED_AFTER: Mapping[CapacityState, timedelta] = {
    CapacityState.OPEN: timedelta(days=30),
    CapacityState.LIMITED: timedelta(days=30),
    CapacityState.WAITING_LIST: timedelta(days=90),
    CapacityState.CLOSED: timedelta(days=90),
}
SOONEST_ASK, SOONEST_LAPSE = min(_ASKED_AFTER.values()), min(_LAPSED_AFTER.values())
"""Before these times no word on room is asked about, or lapses, but by the day that it names."""


class Stage(IntEnum):
    """How far the review of a listing is; later ones contain the earlier."""

    CURRENT = 0
    DUE = 1
    ESCALATED = 2
    STALE = 3


class Standing(StrEnum):
    """What the word of an agency on its capacity counts for by now."""

    CURRENT = "current"
    ASKED = "asked"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class ReviewTerms:
    """How many days pass between two reviews of a listing, by its kind."""

    often_days: int = 90
    other_days: int = 180
    organization_days: int = 365
    location_days: int = 365

    def of(self, table: str, *, often: bool = False) -> timedelta:
        """The time between two reviews of a listing of a table; `often` says that it changes from
        season to season."""
        other = {"organization": self.organization_days, "location": self.location_days}
        usual = self.often_days if often else self.other_days
        return timedelta(days=other.get(table, usual))

    def between(self, codes: Iterable[str]) -> timedelta:
        """The time between two reviews of a service that answers these needs."""
        return self.of("service", often=any(changes_often(code) for code in codes))


USUAL_TERMS = ReviewTerms()


def changes_often(code: str) -> bool:
    """Whether services that answer a need change from season to season."""
    return any(code == each or code.startswith(f"{each}.") for each in CHANGING_OFTEN)


def review_on(confirmed: date, codes: Iterable[str], terms: ReviewTerms) -> date:
    """The day on which a listing is to be confirmed again."""
    return confirmed + terms.between(codes)


def stage_on(due: date, today: date) -> Stage:
    """How far the review is of a listing that was to be confirmed on a day."""
    if today < due:
        return Stage.CURRENT
    if today < due + ESCALATED_AFTER:
        return Stage.DUE
    return Stage.ESCALATED if today < due + STALE_AFTER else Stage.STALE


def is_stale(confirmed: date | None, codes: Iterable[str], terms: ReviewTerms, today: date) -> bool:
    """Whether nobody has confirmed a listing for so long that everybody should know. One that
    nobody ever confirmed says that already."""
    return confirmed is not None and is_stale_after(confirmed, terms.between(codes), today)


def is_stale_after(confirmed: date, between: timedelta, today: date) -> bool:
    """Whether a listing is stale that is to be confirmed each time that so long has passed."""
    return stage_on(confirmed + between, today) is Stage.STALE


def standing_at(
    state: CapacityState,
    stated_at: datetime,
    until: date | None,
    now: datetime,
    zone: tzinfo = UTC,
) -> Standing:
    """What an agency's word counts for at a moment: first it is asked about, then nobody knows.

    What names a last day is over when that ends where the agency is. That there is no room until
    then is believed; that there is some grows old as without it.
    """
    ask, lapse = stated_at + _ASKED_AFTER[state], stated_at + _LAPSED_AFTER[state]
    if until is not None:
        end = max(datetime.combine(until + timedelta(days=1), time(), zone), stated_at)
        grows_old = state in (CapacityState.OPEN, CapacityState.LIMITED)
        ask, lapse = (min(ask, end), min(lapse, end)) if grows_old else (end, end)
    if now >= lapse:
        return Standing.LAPSED
    return Standing.ASKED if now >= ask else Standing.CURRENT
