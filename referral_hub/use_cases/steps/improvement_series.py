"""What a cycle measures, week by week or month by month, as far as its viewer oversees it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy.orm import Session

from referral_hub.gateways.figures.choosing import is_seen_as_sender
from referral_hub.gateways.figures.counting import (
    is_undecidable,
    overdue_at,
    periods,
)
from referral_hub.gateways.figures.times import Times
from referral_hub.models import ImprovementCycle
from referral_hub.rules.actor import Actor
from referral_hub.rules.control_charts import Chart, Point
from referral_hub.rules.figure_filters import query_with
from referral_hub.rules.figure_query import LONGEST
from referral_hub.rules.improvement_series import (
    Measurement,
    Series,
    chart_of,
    compare,
    places,
    series,
)
from referral_hub.rules.improvement_words import (
    caution,
    comparison_words,
    signal_words,
    value_words,
    warnings,
)
from referral_hub.rules.improvements import Drawn, Every, Measured, Quantity, edges, measured_of
from referral_hub.rules.measured_times import GOAL, Wait
from referral_hub.rules.measures import Measure
from referral_hub.rules.time_to_event import time_to_end
from referral_hub.use_cases.improvement_views import SeriesView
from referral_hub.use_cases.steps.figures import Asked, Figures, ask, start_of
from referral_hub.use_cases.steps.improvements import network_day


def series_view(
    session: Session,
    actor: Actor,
    figures: Figures,
    cycle: ImprovementCycle,
    changed: Sequence[tuple[date, str]],
    now: datetime,
) -> SeriesView:
    """The series of a cycle up to now, with its chart and what is said of it. `changed` are the
    days on which something was changed, with words. Raises FiguresNotReady."""
    drawn = Drawn(cycle.drawn)
    found, as_of = _measured(session, actor, figures, cycle, now)
    begun = {day: places(found, [day]) for day, _ in changed}
    chart = chart_of(found, drawn, [place for at in begun.values() for place in at])
    marks: dict[int, str] = {}
    for day, words in changed:
        for place in begun[day]:
            marks[place] = f"{marks[place]}; {words}" if place in marks else words
    signals: dict[int, str] = {}
    told = []
    for signal in chart.signals:
        words = signal_words(found, chart, signal)
        told.append(words[0].upper() + words[1:])
        for place in signal.points:
            signals.setdefault(place, told[-1])
    compared = compare(found, chart)
    return SeriesView(
        series=found,
        chart=_within_bounds(found, chart),
        marks=marks,
        signals=signals,
        told=tuple(told),
        comparison=comparison_words(found, compared, drawn) if compared else "",
        caution=caution(compared) if compared else "",
        warnings=warnings(found, chart),
        as_of=as_of,
    )


def stands_words(view: SeriesView) -> str:
    """Where a cycle stands, in a sentence."""
    if view.comparison:
        return view.comparison
    last = next((point.value for point in reversed(view.series.points)), None)
    if last is None:
        return "Nothing can be told yet."
    told = f"Last told: {value_words(view.series.measured, last)}."
    return f"{told} No change is marked yet." if not view.marks else told


def _within_bounds(found: Series, chart: Chart) -> Chart:
    """No number of referrals or days lies below 0, whatever the limit of an XmR chart."""
    if not isinstance(found.measured, Quantity):
        return chart
    return replace(chart, points=tuple(map(_from_zero, chart.points)))


def _from_zero(point: Point) -> Point:
    return point if point.low is None else replace(point, low=max(point.low, 0))


def _measured(
    session: Session, actor: Actor, figures: Figures, cycle: ImprovementCycle, now: datetime
) -> tuple[Series, datetime]:
    measured, every = measured_of(cycle.measured), Every(cycle.every)
    until = network_day(session, now)
    if cycle.ends_on is not None:
        until = min(until, cycle.ends_on + timedelta(days=1))
    bounds = edges(every, max(cycle.baseline_on, until - LONGEST), until)
    if not bounds:
        return series(measured, every, ()), now
    query = query_with(cycle.conditions, bounds[0], bounds[-1])
    asked = ask(session, actor, figures, query, now)
    return series(measured, every, _found(asked, measured, bounds)), asked.view.until


def _found(asked: Asked, measured: Measured, bounds: Sequence[date]) -> list[Measurement]:
    moments = [start_of(day, asked.zone) for day in bounds]
    match measured:
        case Quantity.SENT:
            return _sent(asked, bounds, moments)
        case Quantity.DAYS_TO_DECISION:
            return _days(asked, bounds, moments)
        case Quantity.OVERDUE:
            return _overdue(asked, bounds, moments)
    return _shares(asked, measured, bounds, moments)


def _shares(
    asked: Asked, measure: Measure, bounds: Sequence[date], moments: Sequence[datetime]
) -> list[Measurement]:
    rows = asked.cohort()
    placed = periods(asked.view, rows, moments[:-1])
    (rates,) = asked.rates(rows, [measure], placed, len(bounds) - 1).values()
    found = [Measurement.of_rate(day, rate) for day, rate in zip(bounds, rates, strict=False)]
    return _followed_up(asked, found, moments) if measure is Measure.CLIENT_CONFIRMED else found


def _followed_up(
    asked: Asked, found: Sequence[Measurement], moments: Sequence[datetime]
) -> list[Measurement]:
    """Clients are asked some time after the sending: until the time to follow up is over, a week
    has those alone who were asked early."""
    old = asked.view.until - timedelta(days=asked.terms.follow_up_days)
    return [replace(each, is_young=end > old) for each, end in zip(found, moments[1:], strict=True)]


def _sent(asked: Asked, bounds: Sequence[date], moments: Sequence[datetime]) -> list[Measurement]:
    placed = periods(asked.view, asked.cohort(), moments[:-1])
    counts = np.bincount(placed, minlength=len(bounds) - 1)
    return [
        Measurement(day, int(number), value=float(number))
        for day, number in zip(bounds, counts, strict=False)
    ]


def _days(asked: Asked, bounds: Sequence[date], moments: Sequence[datetime]) -> list[Measurement]:
    """Of those sent in a week or month, told of those too that wait or were never decided on."""
    rows = asked.cohort()
    placed = periods(asked.view, rows, moments[:-1])
    found = []
    for number, day in enumerate(bounds[:-1]):
        mine = rows[placed == number]
        spells = Times(asked.view, mine).waited(Wait.DECISION).spells()
        median = time_to_end(spells).median(GOAL[Wait.DECISION])
        is_young = bool(is_undecidable(asked.view, mine).any())
        found.append(Measurement(day, len(mine), value=median, is_young=is_young))
    return found


def _overdue(
    asked: Asked, bounds: Sequence[date], moments: Sequence[datetime]
) -> list[Measurement]:
    as_sender = is_seen_as_sender(asked.view, asked.oversight, asked.query.side)
    counts = overdue_at(asked.view, asked.ever_sent(), moments[1:], as_sender)
    return [
        Measurement(day, number, value=float(number))
        for day, number in zip(bounds, counts, strict=False)
    ]
