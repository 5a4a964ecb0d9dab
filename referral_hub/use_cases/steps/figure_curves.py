"""Waits as curves: what is drawn of them, and what is told at fixed days."""

from collections.abc import Sequence

from referral_hub.rules.measured_times import GOAL, End, Wait
from referral_hub.rules.time_to_event import Curve, Spell, Step, time_to_end
from referral_hub.use_cases.figure_views import AtDay, CurveView

DAYS = (2, 7, 30, 90)


def curve_view(wait: Wait, found: Sequence[Spell]) -> CurveView:
    """The shares over time, as they are drawn and told at fixed days."""
    curve = time_to_end(found)
    goal = GOAL[wait]
    ends = tuple(dict.fromkeys((*(End(end) for end in curve.ends), goal)))
    shown = [step for step in curve.steps if step.time <= DAYS[-1]]
    return CurveView(
        wait=wait,
        begun=sum(spell.number for spell in found),
        goal=goal,
        ends=ends,
        points=tuple((step.time, {end: _share(step, end) for end in ends}) for step in shown),
        by_day={end: tuple(_at_day(curve, end, day) for day in DAYS) for end in ends},
        median=curve.median(goal),
        median_of_ended=_plain_median(found, goal),
    )


def _share(step: Step, end: End) -> float:
    """The share that had an end by a step; none where nobody had it."""
    return step.incidence[end].value if end in step.incidence else 0


def _at_day(curve: Curve, end: End, day: int) -> AtDay:
    found = curve.incidence(end, day)
    return AtDay(day, None, None) if found is None else AtDay(day, found.value, found.interval())


def _plain_median(found: Sequence[Spell], goal: End) -> float | None:
    """The median of those alone that reached the goal: what others publish."""
    reached = sorted((each.time, each.number) for each in found if each.end is goal)
    total = sum(number for _, number in reached)
    before, middles = 0, []
    for time, number in reached:
        for place in ((total - 1) // 2, total // 2):
            if before <= place < before + number:
                middles.append(time)
        before += number
    return sum(middles) / len(middles) if middles else None
