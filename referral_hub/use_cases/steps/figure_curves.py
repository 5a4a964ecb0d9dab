"""Waits as curves: what is drawn of them, and what is told at fixed days."""

from collections.abc import Sequence
from dataclasses import replace

from referral_hub.gateways.figures.times import Waited
from referral_hub.rules.measured_times import GOAL, End, Wait, is_goal
from referral_hub.rules.time_to_event import Curve, Spell, Step, time_to_end
from referral_hub.use_cases.figure_views import AtDay, CurveView, FollowedByDay, Moving

DAYS = (2, 7, 30, 90)


def wait_view(waited: Waited) -> CurveView:
    """How long some waited: as a curve, as plain shares, and without standing still."""
    moving = waited.moving
    return replace(
        curve_view(waited.wait, waited.spells()),
        followed=tuple(map(FollowedByDay, DAYS, waited.shares_by(DAYS))),
        not_told=waited.not_told,
        moving=None if moving is None else _moving(moving.wait, moving.spells()),
    )


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
        by_day={end: _by_day(curve, end) for end in ends},
        median=curve.median(_told(goal)),
        median_of_ended=_plain_median(wait, found),
    )


def _moving(wait: Wait, found: Sequence[Spell]) -> Moving:
    curve, goal = time_to_end(found), GOAL[wait]
    return Moving(_by_day(curve, goal), curve.median(_told(goal)))


def _told(end: End) -> End | None:
    """An end as curves know it: None is any."""
    return None if end is End.CLOSED else end


def _share(step: Step, end: End) -> float:
    """The share that had an end by a step; none where nobody had it."""
    if end is End.CLOSED:
        return 1 - step.open.value
    return step.incidence[end].value if end in step.incidence else 0


def _by_day(curve: Curve, end: End) -> tuple[AtDay, ...]:
    found = ((day, curve.incidence(_told(end), day)) for day in DAYS)
    return tuple(
        AtDay(day, None, None) if each is None else AtDay(day, each.value, each.interval())
        for day, each in found
    )


def _plain_median(wait: Wait, found: Sequence[Spell]) -> float | None:
    """The median of those alone that reached the goal: what others publish."""
    reached = sorted((each.time, each.number) for each in found if is_goal(wait, each.end))
    total = sum(number for _, number in reached)
    before, middles = 0, []
    for time, number in reached:
        for place in ((total - 1) // 2, total // 2):
            if before <= place < before + number:
                middles.append(time)
        before += number
    return sum(middles) / len(middles) if middles else None
