"""Figures as people and programs see them: each number with what it is of and what it leads to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from referral_hub.rules.figure_lists import Behind
from referral_hub.rules.figure_query import FIELD_OF, Dimension, FigureQuery
from referral_hub.rules.figure_whose import Whose
from referral_hub.rules.figure_words import FILTER_LABEL, SIDE_LABEL
from referral_hub.rules.funnel import FunnelLimits, Position
from referral_hub.rules.measured_state import Flow
from referral_hub.rules.measured_times import End, Wait
from referral_hub.rules.measures import Measure, Rate, Stage, Standing
from referral_hub.rules.proportions import Interval, Share
from referral_hub.rules.reason_codes import Attribution
from referral_hub.rules.referral_waiting import Waits
from referral_hub.rules.referrals import PRIORITY_LABEL
from referral_hub.vocabulary import need_words

Choice = tuple[str, str]
"""A value and how it reads."""
NOT_THERE = "one without referrals"
_PLAIN: Mapping[str, Callable[[Any], str]] = {
    "side": SIDE_LABEL.__getitem__,
    "priority": PRIORITY_LABEL.__getitem__,
    "need": need_words,
}
"""How those conditions read that tell nothing of anybody."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around all figures. `as_of` is the time for which they hold: what was asked, or
    up to when all that was recorded is in them. `is_network`: the viewer sees between whom
    referrals are and where they stand. `choices` are what filters offer, by their names; `whose`
    are all that the viewer oversees."""

    query: FigureQuery
    as_of: datetime
    is_past: bool
    is_network: bool
    sides: int
    follow_up_days: int
    answer_days: int
    choices: Mapping[str, Sequence[Choice]]
    whose: Whose


def condition_words(
    query: FigureQuery, choices: Mapping[str, Sequence[Choice]], unknown: str = NOT_THERE
) -> list[tuple[str, str]]:
    """The conditions of a question but for its days, each by its name and in words. `unknown` is
    what `choices` do not name: whoever asks learns nothing of it."""
    named = {FIELD_OF[Dimension(each)]: dict(offered) for each, offered in choices.items()}
    told: list[tuple[str, str]] = []
    for field, label in FILTER_LABEL.items():
        value = getattr(query, field)
        if not value:
            continue
        known = _PLAIN.get(field)
        words = known(value) if known else named.get(field, {}).get(str(value), unknown)
        told.append((label, words))
    return told


@dataclass(frozen=True, slots=True)
class Period:
    """Referrals of a month."""

    begins: date
    rates: Mapping[Measure, Rate]


@dataclass(frozen=True, slots=True)
class Overview:
    """What became of a cohort. `appointments` are those to which clients came, and those that they
    missed; of the others nobody said anything yet."""

    frame: Frame
    sent: int
    standings: Mapping[Standing, int]
    stages: Mapping[Stage, int]
    reversals: int
    rates: Mapping[Measure, Rate]
    months: tuple[Period, ...]
    appointments: tuple[int, int]


@dataclass(frozen=True, slots=True)
class AtDay:
    """A share by a day after the begin, None where nobody was seen for so long."""

    day: int
    value: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class FollowedByDay:
    """The plain share that reached a goal by a day, of those that began at least so long ago."""

    day: int
    share: Share


@dataclass(frozen=True, slots=True)
class Moving:
    """How long a goal takes without the time on hold and on waiting lists."""

    by_day: tuple[AtDay, ...]
    median: float | None


@dataclass(frozen=True, slots=True)
class CurveView:
    """With what a wait ended, over time. `points` are the steps: days and the share of each end by
    then; `by_day` the same at fixed days; `median` is None where half was not reached. `followed`
    is the plain share of the goal at those days, and `moving` what the goal takes without standing
    still, where that is told. `begun` leaves out those of which the viewer may not know whether the
    goal was reached: `not_told`."""

    wait: Wait
    begun: int
    goal: End
    ends: tuple[End, ...]
    points: tuple[tuple[float, Mapping[End, float]], ...]
    by_day: Mapping[End, tuple[AtDay, ...]]
    median: float | None
    median_of_ended: float | None
    followed: tuple[FollowedByDay, ...] = ()
    moving: Moving | None = None
    not_told: int = 0


@dataclass(frozen=True, slots=True)
class Times:
    """How long things took."""

    frame: Frame
    curves: tuple[CurveView, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Referrals that have something in common. `key` is the value of the filter that they are."""

    key: str
    label: str
    sent: int
    rates: Mapping[Measure, Rate]
    positions: Mapping[Measure, Position | None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Groups side by side. `limits` are those of a funnel around the rate of all, by size."""

    frame: Frame
    by: Dimension
    measure: Measure
    groups: tuple[Group, ...]
    total: Rate
    limits: tuple[tuple[int, FunnelLimits], ...]


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many ended so for a reason."""

    code: str
    label: str
    attribution: Attribution | None
    number: int


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why referrals ended as they did, by how they ended; and who the declines are due to."""

    frame: Frame
    by_standing: Mapping[Standing, tuple[ReasonCount, ...]]
    declined_for: Mapping[Attribution, int]


@dataclass(frozen=True, slots=True)
class OverdueOf:
    """What somebody has let become overdue; nobody where it is not assigned."""

    person_id: str
    name: str
    open: int
    overdue: int
    oldest_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Week:
    """What happened to the stock of open referrals in a week: `opening` plus what came in, minus
    what went out, is `closing`."""

    begins: date
    opening: int
    flows: Mapping[Flow, int]
    closing: int


@dataclass(frozen=True, slots=True)
class Stock:
    """What is open, whenever it was sent: by age and by who has the next word."""

    frame: Frame
    open: int
    overdue: int
    oldest_due_at: datetime | None
    since_sent: Mapping[Waits, tuple[int, ...]]
    in_status: Mapping[Waits, tuple[int, ...]]
    workers: tuple[OverdueOf, ...]
    weeks: tuple[Week, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """What became of needs of clients, whichever agencies were asked. `hops` says how many
    agencies were tried until one accepted."""

    frame: Frame
    referred: int
    met: Rate
    met_or_partly: Rate
    first_choice: Rate
    again: Rate
    hops: Mapping[int, int]
    days_to_acceptance: CurveView


@dataclass(frozen=True, slots=True)
class TakenReferral:
    """A referral behind a number as it goes into a file: nothing of the client. What the viewer may
    not know is empty."""

    id: UUID
    from_agency: str
    to_agency: str
    status: str
    first_sent_at: datetime | None
    status_since: datetime
    side: str = ""
    need: str = ""
    service: str = ""
    priority: str = ""
    due_at: datetime | None = None
    worker: str = ""


@dataclass(frozen=True, slots=True)
class TakenReferrals:
    """The referrals behind a number, with what was asked."""

    frame: Frame
    behind: Behind
    referrals: tuple[TakenReferral, ...]
