"""Improvement cycles as the people see them who oversee the same work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from referral_hub.rules.control_charts import Chart
from referral_hub.rules.figure_whose import Whose
from referral_hub.rules.improvement_series import Series
from referral_hub.rules.improvements import Plan, Stage


@dataclass(frozen=True, slots=True)
class CycleLine:
    """A cycle in a list; `stands` says in a sentence what came of it so far, or what was learned
    where it is closed."""

    id: UUID
    title: str
    stage: Stage
    author: str
    opened_at: datetime
    stands: str


@dataclass(frozen=True, slots=True)
class MarkView:
    """A day on which something was changed."""

    id: UUID
    day: date
    words: str
    author: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """What somebody wrote into the log, and in which stage."""

    stage: Stage
    text: str
    author: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series with its chart and all that is said of it.

    `marks` and `signals` are words by the place of a point. `comparison` is empty where there is
    nothing to compare.
    """

    series: Series
    chart: Chart
    marks: Mapping[int, str]
    signals: Mapping[int, str]
    told: tuple[str, ...]
    comparison: str
    caution: str
    warnings: tuple[str, ...]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class TakenSeries:
    """A series for a file, with what it is of as in a `CycleView`."""

    view: SeriesView
    of: tuple[str, ...]
    whose: Whose


@dataclass(frozen=True, slots=True)
class CycleView:
    """A cycle with all that belongs to it. `of` says in words of which of the referrals it is that
    the viewer oversees; `whose` those are.

    `series` is None while the figures are counted for the first time.
    """

    id: UUID
    version: int
    stage: Stage
    plan: Plan
    conditions: Mapping[str, str]
    of: tuple[str, ...]
    learned: str
    author: str
    opened_at: datetime
    closed_at: datetime | None
    marks: tuple[MarkView, ...]
    log: tuple[LogLine, ...]
    series: SeriesView | None
    whose: Whose
