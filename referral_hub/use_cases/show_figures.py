"""What became of referrals: figures of a cohort, how long things took, why they ended."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.figures.counting import reasons, spells
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import NotPermitted
from referral_hub.rules.figure_query import FigureQuery
from referral_hub.rules.measured_times import GOAL, End, Wait
from referral_hub.rules.measures import Cohort, Standing
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.reason_codes import REASONS_OF, Reason
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.time_to_event import Curve, Spell, time_to_end
from referral_hub.use_cases.figure_views import (
    AtDay,
    CurveView,
    Overview,
    ReasonCount,
    Reasons,
    Times,
)
from referral_hub.use_cases.steps.figure_overview import overview_of
from referral_hub.use_cases.steps.figures import Figures, ask, frame_of
from referral_hub.use_cases.transaction import look

DAYS = (2, 7, 30, 90)


def show_figures(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    query: FigureQuery,
    *,
    now: datetime,
) -> Overview:
    """Each measure of a cohort, how far its referrals came, and the same by month."""
    require(actor, Permission.FIGURES_READ)
    with look(session):
        return overview_of(session, vault, ask(session, actor, figures, query, now))


def show_times(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    query: FigureQuery,
    *,
    now: datetime,
) -> Times:
    """How long a cohort waited for what, told of those too that still wait."""
    require(actor, Permission.FIGURES_READ)
    with look(session):
        asked = ask(session, actor, figures, query, now)
        rows = asked.cohort()
        curves = tuple(curve_view(wait, spells(asked.view, rows, wait)) for wait in Wait)
        return Times(frame_of(session, vault, asked), curves)


def curve_view(wait: Wait, found: Sequence[Spell]) -> CurveView:
    """The shares over time, as they are drawn and told at fixed days."""
    curve = time_to_end(found)
    ends = tuple(End(end) for end in curve.ends)
    goal = GOAL[wait]
    shown = [step for step in curve.steps if step.time <= DAYS[-1]]
    return CurveView(
        wait=wait,
        begun=sum(spell.number for spell in found),
        goal=goal,
        ends=ends,
        points=tuple(
            (step.time, {end: step.incidence[end].value for end in ends}) for step in shown
        ),
        by_day={end: tuple(_at_day(curve, end, day) for day in DAYS) for end in ends or (goal,)},
        median=curve.median(goal) if len(ends) > 1 else curve.median(),
        median_of_ended=_plain_median(found, goal),
    )


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


_MOVES = {
    Standing.DECLINED: Move.DECLINE,
    Standing.UNMET: Move.CLOSE_UNMET,
    Standing.WAITED_IN_VAIN: Move.CLOSE_UNMET,
    Standing.WITHDRAWN: Move.WITHDRAW,
    Standing.STOPPED_WAITING: Move.WITHDRAW,
    Standing.WITHDRAWN_LATER: Move.WITHDRAW,
    Standing.COMPLETED: Move.COMPLETE,
}
NOT_SHOWN = "Not shown: the client took back consent"


def show_reasons(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    query: FigureQuery,
    *,
    now: datetime,
) -> Reasons:
    """Why referrals of a cohort ended as they did. Raises NotPermitted for whoever oversees the
    network: why a referral ended is told to its agencies."""
    require(actor, Permission.FIGURES_READ)
    with look(session):
        asked = ask(session, actor, figures, query, now)
        if asked.oversight.is_network:
            raise NotPermitted("Why referrals ended is told to their agencies alone.")
        rows = asked.cohort()
        found = reasons(asked.view, rows, query.side)
        listed: dict[Standing, list[ReasonCount]] = defaultdict(list)
        for (standing, code), number in sorted(found.items(), key=lambda each: -each[1]):
            if standing in _MOVES:
                listed[standing].append(_reason_count(standing, code, number))
        return Reasons(
            frame_of(session, vault, asked),
            {standing: tuple(counts) for standing, counts in listed.items()},
            Cohort(found).declined_for,
        )


def _reason_count(standing: Standing, code: str, number: int) -> ReasonCount:
    reason: Reason | None = REASONS_OF[_MOVES[standing]].get(code)
    if reason is None:
        return ReasonCount(code, NOT_SHOWN, None, number)
    return ReasonCount(code, reason.label, reason.attribution, number)
